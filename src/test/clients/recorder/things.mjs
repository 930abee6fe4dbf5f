// What a call needs to be there before it: how each thing is made at the sandbox, by name.
import { readFileSync } from "node:fs";

export const PASSWORD = "a passphrase of 7 words, for tests";

/** Clerk's test code, which the sandbox takes for every address and authenticator. */
export const CODE = "424242";

const THINGS = {
  user: async (scene) => {
    const user = await scene.post("/users", {
      ...person(scene),
      external_id: scene.fresh("crm_%d"),
      password: PASSWORD,
      totp_secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
      backup_codes: ["one backup code"],
      phone_number: [scene.fresh("+1202555%04d")],
      username: scene.fresh("person%d"),
      web3_wallet: [scene.fresh("0x%040d")],
      public_metadata: { plan: "team", seats: { used: 1 } },
    });
    scene.keep({
      "email of user": user.email_addresses[0].email_address,
      "email address": user.email_addresses[0].id,
      "phone number": user.phone_numbers[0].id,
      wallet: user.web3_wallets[0].id,
    });
    return user.id;
  },
  "email of user": from("user"),
  wallet: from("user"),
  "second user": (scene) => scene.post("/users", person(scene)),
  "third user": (scene) => scene.post("/users", person(scene)),
  "email address": async (scene) =>
    scene.post("/email_addresses", {
      user_id: await scene.thing("user"),
      email_address: scene.fresh("person%d@example.com"),
      verified: true,
    }),
  "phone number": async (scene) =>
    scene.post("/phone_numbers", {
      user_id: await scene.thing("user"),
      phone_number: scene.fresh("+1202555%04d"),
      verified: true,
    }),
  "unverified email address": async (scene) =>
    scene.post("/email_addresses", {
      user_id: await scene.thing("user"),
      email_address: scene.fresh("person%d@example.com"),
      verified: false,
    }),
  "unverified phone number": async (scene) =>
    scene.post("/phone_numbers", {
      user_id: await scene.thing("user"),
      phone_number: scene.fresh("+1202555%04d"),
      verified: false,
    }),
  "email verification": async (scene) => {
    const id = await scene.thing("unverified email address");
    return scene.post(`/email_addresses/${id}/prepare_verification`);
  },
  "phone verification": async (scene) => {
    const id = await scene.thing("unverified phone number");
    return scene.post(`/phone_numbers/${id}/prepare_verification`);
  },
  "profile image": async (scene) =>
    scene.ask("POST", `/users/${await scene.thing("user")}/profile_image`, scene.imageForm()),
  // No operation makes these, so they come from the users that the sandbox begins with.
  "user with Google": (scene) =>
    grown(scene, "user with Google", { "Google account": "external_accounts" }),
  "Google account": from("user with Google"),
  "user with passkey": (scene) => grown(scene, "user with passkey", { passkey: "passkeys" }),
  passkey: from("user with passkey"),

  organization: (scene) =>
    scene.post("/organizations", {
      name: scene.fresh("Organization %d"),
      slug: scene.fresh("organization-%d"),
      max_allowed_memberships: 50,
      public_metadata: { plan: "team" },
    }),
  membership: (scene) => joined(scene, "user", "org:member"),
  member: async (scene) => {
    await joined(scene, "second user", "org:member");
    return scene.thing("second user");
  },
  admin: async (scene) => {
    await joined(scene, "third user", "org:admin");
    return scene.thing("third user");
  },
  "organization of user": async (scene) => {
    await scene.thing("membership");
    return scene.thing("organization");
  },
  logo: async (scene) => {
    const id = await scene.thing("organization");
    return scene.ask("PUT", `/organizations/${id}/logo`, scene.imageForm());
  },
  "organization invitation": async (scene) =>
    scene.post(`/organizations/${await scene.thing("organization")}/invitations`, {
      email_address: scene.fresh("guest%d@example.com"),
      role: "org:member",
    }),
  "organization domain": async (scene) =>
    scene.post(`/organizations/${await scene.thing("organization")}/domains`, {
      name: scene.fresh("organization%d.example"),
      enrollment_mode: "manual_invitation",
    }),
  "admin role": async (scene) => {
    const { data } = await scene.ask("GET", "/organization_roles?query=org:admin");
    return data[0].id;
  },
  role: async (scene) => {
    await removeRoles(scene);
    const role = await scene.post("/organization_roles", {
      name: scene.fresh("Reader %d"),
      key: scene.fresh("org:reader%d"),
    });
    scene.keep({ "role key": role.key });
    return role.id;
  },
  "role key": from("role"),
  permission: (scene) =>
    scene.post("/organization_permissions", {
      name: scene.fresh("Read %d"),
      key: scene.fresh("org:thing:read%d"),
    }),
  "permission of role": async (scene) => {
    const permission = await scene.thing("permission");
    await scene.post(`/organization_roles/${await scene.thing("role")}/permissions/${permission}`);
    return permission;
  },
  "role set": roleSet("role set key"),
  "role set key": from("role set"),
  "other role set": roleSet("other role set key"),
  "other role set key": from("other role set"),
  "role in set": async (scene) => {
    const set = await scene.thing("role set");
    await scene.thing("role");
    const key = await scene.thing("role key");
    await scene.post(`/role_sets/${set}/roles`, { role_keys: [key] });
    return key;
  },

  session: async (scene) => {
    const session = await scene.post("/sessions", { user_id: await scene.thing("user") });
    scene.keep({ client: session.client_id });
    return session.id;
  },
  client: from("session"),
  "session token": async (scene) => {
    const { jwt } = await scene.post(`/sessions/${await scene.thing("session")}/tokens`);
    return jwt;
  },
  "sign-in token": async (scene) =>
    scene.post("/sign_in_tokens", { user_id: await scene.thing("user") }),
  "actor token": async (scene) =>
    scene.post("/actor_tokens", {
      user_id: await scene.thing("user"),
      actor: { sub: await scene.thing("second user") },
    }),
  "agent task": async (scene) => {
    const task = await scene.post("/agents/tasks", {
      on_behalf_of: { user_id: await scene.thing("user") },
      permissions: "*",
      agent_name: "agent",
      task_description: "tidy up",
      redirect_url: "https://app.example.com/after",
    });
    return task.agent_task_id;
  },
  "portal token": (scene) => scene.post("/admin_portal_link_tokens", {}),
  invitation: (scene) =>
    scene.post("/invitations", { email_address: scene.fresh("guest%d@example.com") }),
  "waitlist entry": (scene) =>
    scene.post("/waitlist_entries", { email_address: scene.fresh("hopeful%d@example.com") }),
  allowed: (scene) =>
    scene.post("/allowlist_identifiers", { identifier: scene.fresh("allowed%d@example.com") }),
  blocked: (scene) =>
    scene.post("/blocklist_identifiers", { identifier: scene.fresh("blocked%d@example.com") }),
  "redirect URL": (scene) =>
    scene.post("/redirect_urls", { url: scene.fresh("https://app%d.example.com/back") }),
  "JWT template": async (scene) => {
    const template = await scene.post("/jwt_templates", {
      name: scene.fresh("template-%d"),
      claims: { plan: "{{user.public_metadata.plan}}" },
    });
    scene.keep({ "JWT template name": template.name });
    return template.id;
  },
  "JWT template name": from("JWT template"),
  "OAuth application": (scene) =>
    scene.post("/oauth_applications", {
      name: scene.fresh("Application %d"),
      redirect_uris: ["https://app.example.com/callback"],
    }),

  domain: async (scene) => {
    const name = scene.fresh("satellite%d.example");
    const domain = await scene.post("/domains", { name, is_satellite: true });
    scene.keep({ "proxy URL": `https://${name}/__clerk` });
    return domain.id;
  },
  "proxy URL": from("domain"),
  "changed template": async (scene) => {
    await scene.ask("PUT", "/templates/email/invitation", {
      name: "Invitation",
      subject: "Come in",
      markup: "Come in at once: {{action_url}}",
      body: "Come in at once: {{action_url}}",
    });
    return "invitation";
  },
  // There is one Svix app at most.
  "svix app": (scene) => scene.ask("POST", "/webhooks/svix").catch(() => ({})),
  "no svix app": (scene) => scene.ask("DELETE", "/webhooks/svix").catch(() => ({})),

  "SAML connection": (scene) =>
    scene.post("/saml_connections", {
      name: scene.fresh("SAML %d"),
      domain: scene.fresh("company%d.example"),
      provider: "saml_custom",
    }),
  "enterprise connection": (scene) =>
    scene.post("/enterprise_connections", {
      name: scene.fresh("Connection %d"),
      domains: [scene.fresh("company%d.example")],
      provider: "saml_custom",
    }),
  "test run": async (scene) =>
    scene.post(`/enterprise_connections/${await scene.thing("enterprise connection")}/test_runs`),
  "SCIM directory": directory("/scim_directories"),
  directory: directory("/directories"),
  "SCIM mapping": mapping("/scim_directories", "SCIM directory", "scim_group_id"),
  "directory mapping": mapping("/directories", "directory", "directory_group_id"),

  machine: (scene) => scene.post("/machines", { name: scene.fresh("machine-%d") }),
  "other machine": (scene) => scene.post("/machines", { name: scene.fresh("machine-%d") }),
  "machine in scope": async (scene) => {
    const other = await scene.thing("other machine");
    await scene.post(`/machines/${await scene.thing("machine")}/scopes`, { to_machine_id: other });
    return other;
  },
  "API key": async (scene) => {
    const key = await scene.post("/api_keys", {
      name: scene.fresh("key %d"),
      subject: await scene.thing("user"),
    });
    scene.keep({ "API key secret": key.secret });
    return key.id;
  },
  "API key secret": from("API key"),
  "M2M token": async (scene) => {
    await scene.thing("machine");
    const token = await scene.post("/m2m_tokens", {});
    scene.keep({ "M2M token secret": token.token });
    return token.id;
  },
  "M2M token secret": from("M2M token"),

  plan: async (scene) => {
    const { data } = await scene.ask("GET", "/billing/plans?paginated=true&payer_type=user");
    return data[0].id;
  },
  price: price(500),
  "dearer price": price(900),
  "free item": async (scene) => {
    await scene.thing("user");
    const { data } = await scene.ask(
      "GET",
      "/billing/subscription_items?paginated=true&payer_type=user&include_free=true",
    );
    scene.keep({ "free price": data[0].price_id });
    return data[0].id;
  },
  "free price": from("free item"),
  "subscription item": async (scene) => {
    const { subscription_item: item } = await scene.post(
      `/billing/subscription_items/${await scene.thing("free item")}/price_transition`,
      { from_price_id: await scene.thing("free price"), to_price_id: await scene.thing("price") },
    );
    return item.id;
  },
  // The trial ends with the first change, so that the second one costs something.
  statement: async (scene) => {
    const item = await scene.thing("subscription item");
    await scene.post(`/users/${await scene.thing("user")}/billing/credits`, {
      amount: 9000,
      action: "increase",
      idempotency_key: scene.fresh("credit-%d"),
    });
    await scene.post(`/billing/subscription_items/${item}/price_transition`, {
      from_price_id: await scene.thing("price"),
      to_price_id: await scene.thing("dearer price"),
    });
    const { data } = await scene.ask("GET", "/billing/statements?paginated=true");
    return data[0].id;
  },
};

/** The things that one call is about. Each is made once, when it is asked for. */
export class Scene {
  #clerk;
  #numbers;
  #made = new Map();

  /**
   * @param numbers counts what is made, so that no two scenes of a sandbox make the same
   * @param image a file to upload
   */
  constructor(clerk, numbers, image) {
    this.#clerk = clerk;
    this.#numbers = numbers;
    this.image = image;
  }

  async thing(name) {
    if (!this.#made.has(name)) {
      const make = THINGS[name];
      if (!make) {
        throw new Error(`There is no way to make: ${name}`);
      }
      const made = await make(this);
      this.#made.set(name, typeof made === "string" ? made : made.id);
    }
    return this.#made.get(name);
  }

  /** Keeps what was made along with another thing. */
  keep(things) {
    Object.entries(things).forEach(([name, id]) => this.#made.set(name, id));
  }

  /** How often this was asked for by that name. */
  next(name) {
    this.#numbers[name] = (this.#numbers[name] ?? -1) + 1;
    return this.#numbers[name];
  }

  /** A text that was not there before: the form has a place for a number. */
  fresh(form) {
    const number = this.next("fresh") + 1;
    return form.replace(/%(?:0(\d+))?d/, (_, width) => String(number).padStart(width ?? 0, "0"));
  }

  ask(method, path, body) {
    return this.#clerk.ask(method, path, body);
  }

  /** The image as a form that uploads it. */
  imageForm() {
    const form = new FormData();
    form.append("file", new Blob([readFileSync(this.image)], { type: "image/png" }), "pixel.png");
    return form;
  }

  post(path, body) {
    return this.ask("POST", path, body);
  }
}

function person(scene) {
  return {
    email_address: [scene.fresh("person%d@example.com")],
    first_name: "Ada",
    last_name: scene.fresh("Example %d"),
  };
}

/** A thing that is made along with another one. */
function from(other) {
  const make = async (scene) => {
    await scene.thing(other);
    return scene.thing(Object.keys(THINGS).find((name) => THINGS[name] === make));
  };
  return make;
}

/** A user of the sandbox's own who has one of the things, another one each time. */
async function grown(scene, name, things) {
  const [[thing, list]] = Object.entries(things);
  const users = await scene.ask("GET", "/users?limit=200");
  const fitting = users.filter((user) => user[list].length > 0);
  const user = fitting[scene.next(name) % fitting.length];
  scene.keep({ [thing]: user[list][0].id });
  return user.id;
}

/** An instance has few roles of its own, so those of earlier scenes go. */
async function removeRoles(scene) {
  const { data } = await scene.ask("GET", "/organization_roles?query=org:reader&limit=100");
  if (data.length < 8) {
    return;
  }
  for (const { id } of data) {
    await scene.ask("DELETE", `/organization_roles/${id}`).catch(() => {}); // some are in use
  }
}

async function joined(scene, user, role) {
  const organization = await scene.thing("organization");
  return scene.post(`/organizations/${organization}/memberships`, {
    user_id: await scene.thing(user),
    role,
  });
}

function roleSet(key) {
  return async (scene) => {
    const set = await scene.post("/role_sets", {
      name: scene.fresh("Set %d"),
      key: scene.fresh("role_set:set%d"),
      default_role_key: "org:member",
      creator_role_key: "org:admin",
      roles: ["org:admin", "org:member"],
    });
    scene.keep({ [key]: set.key });
    return set.id;
  };
}

function directory(path) {
  return async (scene) => {
    const connection = await scene.thing("enterprise connection");
    const body = { enterprise_connection_id: connection, provider: "okta" };
    const { id } = await scene.post(path, body);
    return scene.ask("PATCH", `${path}/${id}`, { group_role_mapping_enabled: true });
  };
}

function mapping(path, directory, group) {
  return async (scene) =>
    scene.post(`${path}/${await scene.thing(directory)}/group_role_mappings`, {
      [group]: scene.fresh("group-%d"),
      role_id: await scene.thing("role"),
    });
}

function price(amount) {
  return async (scene) =>
    scene.post("/billing/prices", { plan_id: await scene.thing("plan"), amount });
}
