// The sandbox's HTTP API, and what is different in it after a job: the tools under test have no part.

/** What a job could change, and where all of it is listed. */
const KINDS = {
  users: ["/v1/users"],
  organizations: ["/v1/organizations"],
  memberships: ["/v1/organization_memberships"],
  org_invitations: ["/v1/organization_invitations", "/v1/organization_invitations?status=revoked"],
  org_domains: ["/v1/organization_domains"],
  org_roles: ["/v1/organization_roles"],
  org_permissions: ["/v1/organization_permissions"],
  invitations: ["/v1/invitations", "/v1/invitations?status=revoked"],
  clients: ["/v1/clients?paginated=true"],
  allowlist: ["/v1/allowlist_identifiers"],
  blocklist: ["/v1/blocklist_identifiers"],
  waitlist: ["/v1/waitlist_entries"],
  jwt_templates: ["/v1/jwt_templates"],
  oauth_applications: ["/v1/oauth_applications"],
  redirect_urls: ["/v1/redirect_urls"],
  domains: ["/v1/domains"],
  machines: ["/v1/machines"],
};

/** Times that move by themselves. */
const TIMES = ["updated_at", "last_active_at"];

/** Fields that repeat what another kind or field holds. */
const COPIES = {
  memberships: ["organization", "public_user_data", "role_name", "permissions"],
  org_invitations: ["public_organization_data", "public_inviter_data", "role_name"],
};

const PAGE = 500;

export class Clerk {
  #url;
  #key;

  constructor(url, key) {
    this.#url = url;
    this.#key = key;
  }

  get(path) {
    return this.#request("GET", path);
  }

  post(path, body) {
    return this.#request("POST", path, body);
  }

  patch(path, body) {
    return this.#request("PATCH", path, body);
  }

  /** All rows of a list, whichever of its two forms Clerk gives it. */
  async all(path) {
    const rows = [];
    for (;;) {
      const query = `${path.includes("?") ? "&" : "?"}limit=${PAGE}&offset=${rows.length}`;
      const answer = await this.get(path + query);
      const page = Array.isArray(answer) ? answer : answer.data;
      rows.push(...page);
      if (page.length < PAGE) {
        return rows;
      }
    }
  }

  /** The user with this email address. */
  async user(address) {
    const [user] = await this.get(`/v1/users?email_address=${encodeURIComponent(address)}`);
    if (!user) {
      throw new Error(`The sandbox has no user ${address}`);
    }
    return user;
  }

  /** The organization with this slug. */
  organization(slug) {
    return this.get(`/v1/organizations/${slug}`);
  }

  /** The memberships in the organization with this slug. */
  async members(slug) {
    const { id } = await this.organization(slug);
    return this.all(`/v1/organizations/${id}/memberships`);
  }

  /** Everything that a job could change, by kind and ID. */
  async snapshot() {
    const kinds = await Promise.all(
      Object.entries(KINDS).map(async ([kind, paths]) => [
        kind,
        byId((await Promise.all(paths.map((path) => this.all(path)))).flat()),
      ]),
    );
    const { clients, ...snapshot } = Object.fromEntries(kinds);
    // Clerk lists sessions only by user or client.
    snapshot.sessions = byId(Object.values(clients).flatMap(({ sessions }) => sessions));
    return snapshot;
  }

  async #request(method, path, body) {
    const response = await fetch(this.#url + path, {
      method,
      headers: { Authorization: `Bearer ${this.#key}`, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) {
      const reason = `${method} ${path}: ${response.status} ${JSON.stringify(answer.errors)}`;
      throw Object.assign(new Error(reason), { status: response.status });
    }
    return answer;
  }
}

/**
 * What is different between two snapshots: `{ kind, id, what, before, after }`, where `what` is the
 * field that changed, "created" or "removed".
 */
export function differences(before, after) {
  return Object.keys(before).flatMap((kind) => {
    const ids = new Set([...Object.keys(before[kind]), ...Object.keys(after[kind])]);
    const ignored = new Set([...TIMES, ...(COPIES[kind] ?? [])]);
    return [...ids].flatMap((id) =>
      rowDifferences(before[kind][id], after[kind][id])
        .filter(({ what }) => !ignored.has(what))
        .map((change) => ({ kind, id, ...change })),
    );
  });
}

function rowDifferences(before, after) {
  if (before === undefined || after === undefined) {
    return [{ what: before === undefined ? "created" : "removed", before, after }];
  }
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ what: field, before: before[field], after: after[field] }));
}

function byId(rows) {
  return Object.fromEntries(rows.map((row) => [row.id, row]));
}
