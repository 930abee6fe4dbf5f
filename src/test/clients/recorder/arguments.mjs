// Arguments for every tool that the sandbox takes: what must be given, or all that can be.
import { CODE, PASSWORD } from "./things.mjs";

/** Arguments of the server's own, which the scenarios add where they are about them. */
const OURS = new Set(["all", "confirmation", "dry_run", "export", "fields", "include_private"]);

const thing = (name) => (scene) => scene.thing(name);
const fresh = (form) => (scene) => scene.fresh(form);
const metadata = { colour: "red", deep: { count: 1 } };

/** What an argument holds; `tool argument` goes before `argument`. */
const VALUES = {
  actor: async (scene) => ({ sub: await scene.thing("second user") }),
  actor_token_id: thing("actor token"),
  admin: fresh("boss%d@example.com"),
  admin_portal_link_token_id: thing("portal token"),
  agent_task_id: thing("agent task"),
  allowed_origins: ["https://app.example.com"],
  amount: 500,
  annual_monthly_amount: 400,
  api_key_id: thing("API key"),
  attribute_mapping: { user_id: "sub", email_address: "mail" },
  backup_codes: ["another backup code"],
  blocked_country_codes: ["AQ"],
  body: "Come in: {{action_url}}",
  claims: { plan: "{{user.public_metadata.plan}}" },
  clerk_js_version: "5",
  client_id: thing("client"),
  code: CODE,
  created_at: "2025-01-02T03:04:05Z",
  created_by: thing("user"),
  creator_role_key: "org:admin",
  currency: "USD",
  custom_attributes: (scene) => [{ name: "Cost centre", key: scene.fresh("attribute%d") }],
  default_role_key: "org:member",
  dest_role_set_key: thing("other role set key"),
  development_origin: "http://localhost:3000",
  creator_role_id: thing("admin role"),
  directory_id: thing("directory"),
  discount_id: "disc_1",
  domain: fresh("client%d.example"),
  domain_id: thing("organization domain"),
  domains: (scene) => [scene.fresh("company%d.example")],
  domains_enrollment_modes: ["automatic_invitation"],
  email_address: fresh("person%d@example.com"),
  email_address_id: thing("email address"),
  email_address_identification_status: ["verified"],
  emails: (scene) => [scene.fresh("guest%d@example.com"), scene.fresh("guest%d@example.com")],
  enrollment_mode: "automatic_invitation",
  enterprise_connection_id: thing("enterprise connection"),
  entries: (scene) => [{ email_address: scene.fresh("hopeful%d@example.com"), notify: false }],
  except: thing("session"),
  expired_token: thing("session token"),
  extend_to: "2026-07-01T00:00:00Z",
  external_account_id: thing("Google account"),
  external_id: fresh("crm_%d"),
  file: (scene) => scene.image,
  first: "development",
  from: "2026-03-01",
  from_email_address: "noreply",
  from_email_name: "noreply",
  from_price_id: thing("free price"),
  group_role_mappings: async (scene) => [
    { scim_group_id: scene.fresh("group-%d"), role_id: await scene.thing("role") },
  ],
  home_url: "https://www.example.com",
  id: thing("redirect URL"),
  idempotency_key: fresh("adjustment-%d"),
  identifier: fresh("listed%d@example.com"),
  invitation_id: thing("organization invitation"),
  invitations: (scene) => [
    { email_address: scene.fresh("guest%d@example.com"), public_metadata: metadata },
    { email_address: scene.fresh("guest%d@example.com"), expires_in_days: 7 },
  ],
  inviter_user_id: thing("admin"),
  it_contact_id: "it@example.com",
  key: fresh("org:reader%d"),
  legal_accepted_at: "2025-01-02T03:04:05Z",
  limit: 5,
  login_hint: { mode: "email_address" },
  m2m_token_id: thing("M2M token"),
  machine_id: thing("machine"),
  mapping_id: thing("directory mapping"),
  markup: "Come in: {{action_url}}",
  max_allowed_memberships: 20,
  members: (scene) => [{ email_address: scene.fresh("colleague%d@example.com") }],
  name: fresh("Name %d"),
  oauth_application_id: thing("OAuth application"),
  offset: 0,
  oidc: { client_id: "client", discovery_url: "https://idp.example.com/.well-known" },
  on_behalf_of: async (scene) => ({ user_id: await scene.thing("user") }),
  order_by: "-created_at",
  org_id: thing("organization of user"),
  organization: thing("organization of user"),
  organization_id: thing("organization"),
  organization_role_id: thing("role"),
  other_machine_id: thing("machine in scope"),
  overrides: [],
  passkey_identification_id: thing("passkey"),
  password: PASSWORD,
  permission_id: thing("permission"),
  permissions: async (scene) => [await scene.thing("permission")],
  phone_number: fresh("+1202555%04d"),
  phone_number_id: thing("phone number"),
  phone_number_identification_status: ["verified"],
  plan_id: thing("plan"),
  primary_email_address_id: thing("email address"),
  primary_phone_number_id: thing("phone number"),
  primary_web3_wallet_id: thing("wallet"),
  private_metadata: { note: "for us" },
  provider: "okta",
  proxy_url: thing("proxy URL"),
  public_metadata: metadata,
  query: "a",
  reassignment_mappings: { "org:member": "org:member" },
  redirect_uris: ["https://app.example.com/callback"],
  redirect_url: "https://app.example.com/after",
  refresh_token: "sandbox_refresh_token_1",
  remove: ["public_metadata.seats"],
  reply_to_email_name: "support",
  request_headers: { "user-agent": ["browser"] },
  request_origin: "https://app.example.com",
  request_originating_ip: "192.0.2.1",
  requesting_user_id: thing("admin"),
  role: "org:member",
  role_id: thing("role"),
  role_key: thing("role in set"),
  role_keys: async (scene) => [(await scene.thing("role")) && (await scene.thing("role key"))],
  role_set_key: thing("role set key"),
  role_set_key_or_id: thing("role set"),
  roles: ["org:admin", "org:member"],
  saml: { idp_metadata_url: "https://idp.example.com/metadata" },
  saml_connection_id: thing("SAML connection"),
  scim_directory_id: thing("SCIM directory"),
  scoped_machines: async (scene) => [await scene.thing("other machine")],
  scopes: "profile email",
  second: "other",
  secret: thing("API key secret"),
  session_id: thing("session"),
  sign_in_token_id: thing("sign-in token"),
  signing_algorithm: "HS256",
  slug: fresh("slug-%d"),
  starting_after: thing("user"),
  statement_id: thing("statement"),
  subject: thing("user"),
  subscription_item_id: thing("subscription item"),
  support_email: "support@example.com",
  template_id: thing("JWT template"),
  template_name: thing("JWT template name"),
  to: "2026-06-01",
  to_machine_id: thing("other machine"),
  to_price_id: thing("price"),
  to_role_key: "org:member",
  token: thing("session token"),
  totp_secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  trusted_device_id: "td_300000000000000000000000001",
  uploader_user_id: thing("user"),
  url: fresh("https://app%d.example.com/back"),
  user: thing("email of user"),
  user_id: thing("user"),
  user_ids: async (scene) => [await scene.thing("user"), await scene.thing("second user")],
  username: fresh("name%d"),
  verification_id: thing("email verification"),
  waitlist_entry_id: thing("waitlist entry"),
  web3_wallet: fresh("0x%040d"),
  web3_wallet_identification_id: thing("wallet"),

  "agent_task_create permissions": "*",
  "allowlist_delete identifier_id": thing("allowed"),
  "api_key_create scopes": ["read"],
  "api_key_update scopes": ["read"],
  "admin_portal_link_token_create scopes": ["admin_portal:read"],
  "billing_price_transition_create subscription_item_id": thing("free item"),
  "blocklist_delete identifier_id": thing("blocked"),
  "directory_update attribute_mapping": { email_address: "mail" },
  "directory_role_mapping_create directory_group_id": fresh("group-%d"),
  "directory_role_mapping_replace mappings": async (scene) => [
    { directory_group_id: "group-1", role_id: await scene.thing("role") },
  ],
  "domain_create name": fresh("satellite%d.example"),
  "domain_delete domain_id": thing("domain"),
  "domain_get domain_id": thing("domain"),
  "domain_proxy_verify domain_id": thing("domain"),
  "domain_update domain_id": thing("domain"),
  "domain_update name": fresh("satellite%d.example"),
  domains_default_role_id: thing("role"),
  "email_address_verification_attempt email_address_id": thing("unverified email address"),
  "email_address_verification_prepare email_address_id": thing("unverified email address"),
  "enterprise_connection_create provider": "saml_custom",
  "instance_update preferred_sign_in_strategy_when_password_required": "otp",
  "invitation_revoke invitation_id": thing("invitation"),
  "jwt_template_create name": fresh("template-%d"),
  "jwt_template_update name": fresh("template-%d"),
  "m2m_token_create min_remaining_ttl_seconds": 60,
  "m2m_token_create seconds_until_expiration": 3600,
  "m2m_token_verify token": thing("M2M token secret"),
  "m2m_tokens_list subject": thing("machine"),
  "message_template_delivery_toggle slug": "invitation",
  "message_template_get slug": "invitation",
  "message_template_preview slug": "invitation",
  "message_template_preview template_type": "email",
  "message_template_revert slug": "invitation",
  "message_template_update slug": "invitation",
  "metadata_set mode": "merge",
  "org_domain_create name": fresh("organization%d.example"),
  "org_domains_list verified": "true",
  "org_invitation_create_bulk invitations": (scene) => [
    { email_address: scene.fresh("guest%d@example.com"), role: "org:member" },
    { email_address: scene.fresh("guest%d@example.com"), role: "org:admin" },
  ],
  "org_membership_delete user_id": thing("member"),
  "org_membership_get user_id": thing("member"),
  "org_membership_metadata_update user_id": thing("member"),
  "org_membership_update user_id": thing("member"),
  "org_memberships_list role": ["org:member"],
  "org_overview members": 3,
  "org_permission_create key": fresh("org:thing:read%d"),
  "org_permission_update key": fresh("org:thing:read%d"),
  "org_role_permission_remove permission_id": thing("permission of role"),
  "phone_number_verification_attempt phone_number_id": thing("unverified phone number"),
  "phone_number_verification_prepare phone_number_id": thing("unverified phone number"),
  "phone_number_verification_attempt verification_id": thing("phone verification"),
  "role_set_create key": fresh("role_set:set%d"),
  "role_set_update key": fresh("role_set:set%d"),
  "role_set_create type": "custom",
  "role_set_update type": "initial",
  "saml_connection_create provider": "saml_custom",
  "scim_role_mapping_delete mapping_id": thing("SCIM mapping"),
  "scim_role_mapping_replace mappings": async (scene) => [
    { scim_group_id: "group-1", role_id: await scene.thing("role") },
  ],
  "session_create active_organization_id": thing("organization of user"),
  "sign_up_get id": "sua_300000000000000000000000001",
  "sign_up_update id": "sua_300000000000000000000000001",
  "tools_read arguments": { limit: 2 },
  "tools_read name": "clerk_users_list",
  "tools_search query": "invite a colleague",
  "tools_write arguments": (scene) => ({ email_address: scene.fresh("guest%d@example.com") }),
  "tools_write name": "clerk_invitation_create",
  "undo_plan change": "chg_0000000000",
  "user_change_email email_address": fresh("new%d@example.com"),
  "user_create password_hasher": "md5",
  "user_external_account_delete user_id": thing("user with Google"),
  "user_passkey_delete user_id": thing("user with passkey"),
  "user_oauth_access_tokens_list user_id": thing("user with Google"),
  "user_oauth_access_tokens_list provider": "oauth_google",
  "users_count provider": "oauth_google",
  "users_list provider": "oauth_google",
};

/** Arguments that others exclude, as Clerk takes only one of them. */
const LEFT_OUT = {
  directory_role_mapping_create: ["scim_group_id"],
  domain_create: ["proxy_url"],
  enterprise_connection_create: ["oidc"],
  enterprise_connection_update: ["oidc"],
  metadata_set: ["organization_id", "remove"],
  user_create: ["password_digest", "password_hasher"],
  user_update: ["password_digest", "password_hasher", "profile_image_id"],
  users_list: ["organization_id", "starting_after"],
};

/** Arguments that the schema does not require, and without which nothing happens. */
const NEEDED = {
  directory_role_mapping_create: ["directory_group_id"],
  beta_domain_update: ["home_url"],
  domain_proxy_verify: ["domain_id", "proxy_url"],
  instance_domain_change: ["home_url"],
  metadata_set: ["user_id", "public_metadata"],
  oauth_access_token_verify: ["access_token"],
  org_domain_create: ["name"],
  organization_update: ["name"],
  saml_connection_create: ["domains"],
  sessions_list: ["user_id"],
  tools_write: ["arguments"],
  user_create: ["email_address"],
  user_update: ["first_name"],
};

/** What must be there that no argument names. */
const FIRST = {
  enterprise_test_runs_list: ["test run"],
  m2m_token_create: ["machine"],
  message_template_revert: ["changed template"],
  directory_role_mappings_list: ["directory mapping"],
  scim_role_mappings_list: ["SCIM mapping"],
  organization_logo_delete: ["logo"],
  sessions_list: ["session"],
  user_image_delete: ["profile image"],
  user_memberships_list: ["membership"],
  user_offboard: ["membership", "session", "API key"],
  user_overview: ["membership", "session"],
  user_sessions_revoke: ["session"],
  webhook_svix_app_create: ["no svix app"],
  webhook_svix_app_delete: ["svix app"],
  webhook_svix_url_create: ["svix app"],
};

/** What must be given. */
export function required(tool, scene) {
  const { required = [] } = tool.inputSchema;
  const names = [...required, ...(NEEDED[short(tool)] ?? [])];
  return made(tool, scene, [...new Set(names)]);
}

/** Everything that can be given in one call. */
export function all(tool, scene) {
  const names = Object.keys(tool.inputSchema.properties ?? {});
  const leftOut = LEFT_OUT[short(tool)] ?? [];
  return made(
    tool,
    scene,
    names.filter((name) => !OURS.has(name) && !leftOut.includes(name)),
  );
}

async function made(tool, scene, names) {
  for (const first of FIRST[short(tool)] ?? []) {
    await scene.thing(first);
  }
  const values = {};
  for (const name of names) {
    values[name] = await value(short(tool), name, tool.inputSchema.properties[name], scene);
  }
  return values;
}

async function value(tool, name, schema, scene) {
  const told = VALUES[`${tool} ${name}`] ?? (schema.enum ? undefined : VALUES[name]);
  const given = typeof told === "function" ? await told(scene) : told;
  if (given !== undefined) {
    return schema.type === "array" && !Array.isArray(given) ? [given] : given;
  }
  if (schema.enum) {
    return schema.enum[0];
  }
  switch (schema.type) {
    case "boolean":
      return true;
    case "integer":
      return Math.max(schema.minimum ?? 1, 1);
    case "array":
      return [await value(tool, name, schema.items, scene)];
    case "object":
      return metadata;
    default:
      return /_(after|from)$/.test(name)
        ? "2026-01-02"
        : /_(before|to)$/.test(name)
          ? "2026-05-03T00:00:00+01:00"
          : `${name.replaceAll("_", " ")} 1`;
  }
}

function short({ name }) {
  return name.replace(/^clerk_/, "");
}
