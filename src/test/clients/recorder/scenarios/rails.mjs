// What stands between a caller and Clerk, and how answers are shaped: each setting with calls that
// meet it. Most go to the proxy; those of the sandbox inside the jar say so by their name.
const USER = "edith.fenwick@example.com";
const OTHER = "zoe.munoz2@example.com";
const ORGANIZATION = "aurora-robotics";
const ASKING = { capabilities: { elicitation: {} } };
const ban = ["clerk_user_ban", { user_id: USER }];
const unban = ["clerk_user_unban", { user_id: USER }];
const remove = ["clerk_user_delete", { user_id: OTHER }];
const rename = ["clerk_user_update", { user_id: USER, first_name: "Edit" }];
const get = ["clerk_user_get", { user_id: USER }];
const list = ["clerk_users_list", { limit: 2 }];
const invite = ["clerk_invitation_create", { email_address: "new@example.com" }];
const count = ["clerk_users_count", {}];

export function rails() {
  return [
    { name: "rails-confirmation", run: confirmation },
    { name: "rails-confirmation-modern", run: confirmationModern },
    { name: "rails-live-key", run: liveKey },
    { name: "rails-policy", run: policy },
    { name: "rails-undo", run: undo },
    { name: "rails-instances", run: instances },
    { name: "rails-secrets", run: secrets },
    { name: "clerk-troubles", run: troubles },
    { name: "clerk-troubles-inside", run: troublesInside },
    { name: "answers", run: answers },
    { name: "answers-exports", run: exports },
    { name: "workflows", run: workflows },
    { name: "workflows-inside", run: workflowsInside },
    ...Object.entries(SETTINGS).map(([name, settings]) => ({
      name: `setting-${name}`,
      run: (stage) => setting(stage, settings),
    })),
  ];
}

/** A variable or two, and the same calls with each; the sandbox is the one inside the jar. */
const SETTINGS = {
  "read-only": { CLERK_MCP_READ_ONLY: "true" },
  write: { CLERK_MCP_ACCESS: "write" },
  "dry-run": { CLERK_MCP_DRY_RUN: "true" },
  masked: { CLERK_MCP_PII: "mask" },
  "no-tools": { CLERK_MCP_TOOLSETS: "none" },
  "some-tools": { CLERK_MCP_TOOLSETS: "sessions", CLERK_MCP_TOOLS: "clerk_user_*" },
  "tools-off": { CLERK_MCP_EXCLUDE_TOOLS: "clerk_user_*" },
  "no-schemas": { CLERK_MCP_OUTPUT_SCHEMAS: "false" },
  "few-tokens": { CLERK_MCP_MAX_RESULT_TOKENS: "500" },
  "other-world": { CLERK_MCP_SANDBOX_SEED: "7", CLERK_MCP_SANDBOX_USERS: "3" },
};

async function setting(stage, settings) {
  const audit = { CLERK_MCP_AUDIT_LOG: stage.file("audit.jsonl"), CLERK_MCP_AUDIT_READS: "true" };
  await stage.start({ ...audit, ...settings }, { session: {} });
  await stage.request("tools", "tools/list");
  for (const [name, args] of [list, get, count, rename, ban, unban, remove, invite]) {
    await stage.call(`${name}`, name, args);
  }
  await stage.call("through a door", "clerk_tools_write", { name: ban[0], arguments: ban[1] });
  await stage.call("search", "clerk_tools_search", { query: "ban a user" });
  const overview = { organization_id: ORGANIZATION };
  await stage.call("an organization", "clerk_org_overview", overview);
  await stage.call("all users", "clerk_users_list", { all: true });
  await stage.request("a resource", "resources/read", { uri: `clerk://users/${USER}` });
  await stage.request("prompts", "prompts/list");
  const ref = { type: "ref/resource", uri: "clerk://users/{id}" };
  const argument = { name: "id", value: "ed" };
  await stage.request("completion", "completion/complete", { ref, argument });
  await stage.stop();
}

async function confirmation(stage) {
  await stage.startClerk();
  const settings = { CLERK_MCP_CONFIRM: "always", CLERK_MCP_AUDIT_LOG: stage.file("audit.jsonl") };
  await stage.start(settings, { session: ASKING });
  const answers = [
    { action: "decline" },
    { action: "cancel" },
    { action: "accept", content: { sure: false } },
    { action: "perhaps" },
    {},
    { action: "accept", content: {} },
  ];
  for (const answer of answers) {
    stage.server.answer = answer;
    await stage.call(`ban, answered ${JSON.stringify(answer)}`, ...ban);
  }
  await stage.call("unban needs no answer", ...unban);
  const offboard = { user_id: OTHER, dry_run: true };
  await stage.call("offboard, shown", "clerk_user_offboard", offboard);
  await stage.call("offboard", "clerk_user_offboard", { user_id: OTHER });
  await stage.stop();

  await stage.start(settings, { session: {} });
  const { confirmation } = await told(stage, "ban", ban);
  await stage.call("another call with its code", remove[0], { ...remove[1], confirmation });
  await stage.call("a forged code", ban[0], { ...ban[1], confirmation: `${confirmation}x` });
  await stage.call("with its code", ban[0], { ...ban[1], confirmation });
  await stage.call("with its code again", ban[0], { ...ban[1], confirmation });
  const second = await told(stage, "delete", remove);
  await stage.call("a change between", "clerk_user_update", { user_id: OTHER, last_name: "Other" });
  const late = { ...remove[1], confirmation: second.confirmation };
  await stage.call("with a code of before", remove[0], late);
  const door = { name: ban[0], arguments: ban[1] };
  const third = await told(stage, "through a door", ["clerk_tools_write", door]);
  const confirmed = { ...door, confirmation: third.confirmation };
  await stage.call("through a door with the code", "clerk_tools_write", confirmed);
  await stage.stop();
}

async function told(stage, title, [name, args]) {
  const result = await stage.call(`${title}, without a person to ask`, name, args);
  return JSON.parse(result.content[0].text);
}

async function confirmationModern(stage) {
  await stage.startClerk();
  await stage.start({ CLERK_MCP_CONFIRM: "always" });
  const modern = { elicitation: {} };
  const yes = { action: "accept", content: {} };
  const ask = (title, [name, args]) => stage.call(`${title}: asked`, name, args, { modern });
  const answer = (title, [name, args], requestState, confirmation, can = modern) =>
    stage.call(title, name, args, {
      modern: can,
      more: { requestState, inputResponses: { confirmation } },
    });
  for (const no of [{ action: "decline" }, { action: "cancel" }, { action: "perhaps" }, {}, 7]) {
    const title = `answered ${JSON.stringify(no)}`;
    const { requestState } = await ask(title, ban);
    await answer(title, ban, requestState, no);
    await answer(`${title}, then with a yes`, ban, requestState, yes);
  }
  const { requestState } = await ask("yes", remove);
  await answer("yes to another call", ban, requestState, yes);
  await answer("yes with a forged state", remove, `A${requestState.slice(1)}`, yes);
  await answer("yes of a client that cannot ask", remove, requestState, yes, {});
  await answer("yes", remove, requestState, yes);
  await answer("yes again", remove, requestState, yes);
  await stage.call("no state", ...unban, {
    modern,
    more: { inputResponses: { confirmation: yes } },
  });
  await stage.call("cannot ask", ...ban, { modern: { sampling: {} } });
  await stage.stop();
}

async function liveKey(stage) {
  await stage.startClerk();
  const key = { CLERK_SECRET_KEY: "sk_live_0123456789abcdefRECORDED" };
  for (const more of [{}, { CLERK_MCP_ALLOW_IRREVERSIBLE: "true" }]) {
    await stage.start({ ...key, ...more }, { session: ASKING });
    await stage.request("tools", "tools/list");
    for (const [name, args] of [get, rename, ban, remove]) {
      await stage.call(name, name, args);
    }
    const instance = { name: "clerk_instance_update", arguments: { test_mode: true } };
    await stage.call("the instance", "clerk_tools_write", instance);
    await stage.stop();
  }
}

async function policy(stage) {
  await stage.startClerk();
  const rules = [
    { name: "owners", decision: "deny", public_metadata: { plan: "pro" } },
    {
      decision: "allow",
      tools: ["clerk_user_unban"],
      email_domains: ["*.example.com", "example.com"],
    },
    { decision: "confirm", effects: ["update", "destroy"], organizations: [ORGANIZATION] },
    { decision: "deny", tools: ["clerk_users_count"] },
    { decision: "confirm", tools: ["clerk_invitation_*"], email_domains: ["example.com"] },
  ];
  const settings = {
    CLERK_MCP_POLICY: stage.file("policy.json", { rules }),
    CLERK_MCP_AUDIT_LOG: stage.file("audit.jsonl"),
  };
  await stage.start(settings, { session: ASKING });
  const organization = { organization_id: ORGANIZATION };
  const calls = [
    get,
    count,
    rename,
    ban,
    unban,
    invite,
    ["clerk_invitation_create", { email_address: "new@elsewhere.example" }],
    ["clerk_organization_update", { ...organization, name: "Aurora" }],
    ["clerk_organization_delete", { ...organization, dry_run: true }],
    ["clerk_user_ban_bulk", { user_ids: [USER, OTHER] }],
    ["clerk_org_membership_delete", { ...organization, user_id: OTHER }],
    remove,
  ];
  for (const [name, args] of calls) {
    await stage.call(`${name} ${JSON.stringify(args)}`, name, args);
  }
  await stage.stop();
}

async function undo(stage) {
  await stage.startClerk();
  await stage.start({ CLERK_MCP_TOOLSETS: "all" }, { session: {} });
  const user = { user_id: USER };
  const organization = { organization_id: ORGANIZATION };
  const calls = [
    rename,
    ban,
    ["clerk_user_metadata_update", { ...user, public_metadata: { plan: null, a: { b: [1] } } }],
    ["clerk_user_metadata_replace", { ...user, unsafe_metadata: { only: "this" } }],
    ["clerk_organization_update", { ...organization, name: "Aurora", slug: "aurora" }],
    ["clerk_org_membership_delete", { organization_id: "aurora", user_id: OTHER }],
    ["clerk_instance_update", { support_email: "help@example.com" }],
    [
      "clerk_user_change_email",
      { user_id: OTHER, email_address: "zoe@new.example", verified: true },
    ],
    remove,
    ["clerk_user_offboard", user],
  ];
  for (const [name, args] of calls) {
    await stage.call(name, name, args);
  }
  const { content } = await stage.call("the latest changes", "clerk_undo_plan", {});
  for (const change of new Set(content[0].text.match(/chg_\w+/g))) {
    await stage.call("the undo of one", "clerk_undo_plan", { change });
  }
  await stage.stop();
}

async function instances(stage) {
  await stage.startClerk();
  const key = (name) => `sk_test_0123456789abcdef${name}`;
  const file = stage.file("instances.json", [
    { name: "staging", key: key("staging"), toolsets: ["core", "workflows"] },
    { name: "production", key: "sk_live_0123456789abcdef", access: "read" },
    { name: "other", key_file: stage.file("other.key", key("other")), default: true },
  ]);
  const settings = { CLERK_SECRET_KEY: "", CLERK_MCP_INSTANCES: file };
  await stage.start(settings, { session: ASKING });
  await stage.request("tools", "tools/list");
  for (const instance of [undefined, "staging", "production", "nowhere"]) {
    for (const [name, args] of [get, rename, ban, unban]) {
      await stage.call(`${name} at ${instance}`, name, { ...args, ...(instance && { instance }) });
    }
  }
  const pair = { first: "staging", second: "production" };
  await stage.call("compared", "clerk_tools_read", {
    name: "clerk_instances_compare",
    arguments: pair,
  });
  const uri = `clerk://users/${USER}?instance=staging`;
  await stage.request("a resource", "resources/read", { uri });
  await stage.stop();
}

async function secrets(stage) {
  await stage.startClerk();
  const calls = [
    ["clerk_api_key_create", { name: "key", subject: "user_300004VFc4nVbFGkGTLWvVRWkqT" }],
    ["clerk_machine_create", { name: "machine" }],
    ["clerk_sign_in_token_create", { user_id: USER }],
    ["clerk_testing_token_create", {}],
    ["clerk_invitation_create", { email_address: "guest@example.com", ignore_existing: true }],
    ["clerk_oauth_application_create", { name: "app", redirect_uris: ["https://example.com/x"] }],
    ["clerk_user_get", { user_id: USER, fields: ["*"] }],
    ["clerk_user_get", { user_id: USER, include_private: true }],
    ["clerk_user_get", { user_id: USER, fields: ["private_metadata"] }],
  ];
  for (const settings of [{}, { CLERK_MCP_REVEAL_SECRETS: "true" }, { CLERK_MCP_PII: "mask" }]) {
    await stage.start({ CLERK_MCP_TOOLSETS: "all", ...settings }, { session: {} });
    for (const [name, args] of calls) {
      await stage.call(name, name, args);
    }
    await stage.stop(`the end with ${JSON.stringify(settings)}`);
  }
}

/** What Clerk may answer besides what was asked for. */
async function troubles(stage) {
  await stage.startClerk();
  await stage.start({ CLERK_MCP_AUDIT_LOG: stage.file("audit.jsonl") }, { session: {} });
  const error = (code) => JSON.stringify({ errors: [{ code, message: `It is ${code}.` }] });
  const answers = [
    ...[400, 401, 402, 403, 404, 409, 413, 415, 422, 500, 502, 503, 504].map((status) => ({
      status,
      body: error("wrong"),
    })),
    { status: 429, body: error("too_many_requests"), headers: { "Retry-After": "1" } },
    { status: 429, body: error("too_many_requests"), headers: { "Retry-After": "600" } },
    { status: 404, body: "<html>not found</html>" },
    { status: 500, body: "" },
    { status: 200, body: "no JSON" },
    { status: 200, body: "" },
    { status: 200, body: "[]" },
    { status: 204 },
    { status: 302, headers: { Location: "http://127.0.0.1:9/" } },
    { status: 422, body: '{"errors":[]}' },
    {
      status: 422,
      body: '{"errors":[{"code":"a","message":"b","long_message":"c","meta":{"param_name":"d"}}],"clerk_trace_id":"t"}',
    },
    { drop: true },
  ];
  for (const [index, answer] of answers.entries()) {
    for (const [[name, args], pattern] of [
      [count, /^GET/],
      [rename, /^PATCH/],
      [invite, /^POST/],
    ]) {
      stage.clerk.fail(pattern, answer);
      const address = { email_address: `new${index}@example.com` };
      const title = `${name}: ${JSON.stringify(answer)}`;
      await stage.call(title, name, name === invite[0] ? address : args);
    }
  }
  stage.clerk.fail(/^GET/, ...Array(20).fill({ status: 503, body: error("down") }));
  await stage.call("down for good", ...get);
  stage.clerk.fail(/^PATCH \/v1\/users\/[^/]+\/metadata/, { status: 422, body: error("half") });
  const both = { user_id: USER, first_name: "Ada", public_metadata: { a: 1 } };
  await stage.call("the second of two requests fails", "clerk_user_update", both);
  await stage.stop();
}

/** The sandbox's own faults, which hit requests by their number, so they must come one by one. */
async function troublesInside(stage) {
  const faults = "429@2,500@4,drop@6,lost@8,503@10,504@12,502@14,500:0.1";
  await stage.start({ CLERK_MCP_SANDBOX_FAULTS: faults }, { session: {} });
  for (let round = 1; round <= 4; round++) {
    for (const [name, args] of [get, count, rename, ban, unban]) {
      await stage.call(`${name}, round ${round}`, name, args);
    }
    const address = { email_address: `new${round}@example.com` };
    await stage.call(`${invite[0]}, round ${round}`, invite[0], address);
  }
  await stage.stop();
}

async function answers(stage) {
  await stage.startClerk();
  await stage.start({ CLERK_MCP_TOOLSETS: "all" }, { session: {} });
  const users = "clerk_users_list";
  const calls = [
    [users, { limit: 5, offset: 118 }],
    [users, { limit: 3, fields: ["email_addresses.email_address", "public_metadata.plan"] }],
    [users, { limit: 1, fields: ["*"] }],
    [users, { limit: 2, fields: ["shoe_size"] }],
    [users, { all: true, fields: ["id"] }],
    [users, { all: true }],
    [users, { query: "Edith" }],
    [users, { organization: ORGANIZATION, limit: 3 }],
    [users, { banned: true }],
    [users, { created_at_after: "2026-05-01", created_at_before: "2026-05-20T12:00:00+02:00" }],
    [users, { last_active_at_after: 1780000000000 }],
    [users, { created_at_after: "400d", created_at_before: "30d", limit: 2 }],
    [users, { last_sign_in_at_before: "2h", limit: 1 }],
    [users, { userId: ["user_x"], limit: "2" }],
    [users, { limit: 1000 }],
    ["clerk_user_find", { user: "Fenwick" }],
    ["clerk_user_find", { user: USER }],
    ["clerk_user_find", { user: "+15550000118" }],
    ["clerk_user_find", { user: "nobody at all" }],
    ["clerk_user_get", { user_id: "edith.fenwick@EXAMPLE.com" }],
    ["clerk_user_get", { user_id: "eleni_dimitriou" }],
    ["clerk_user_get", { user_id: "crm_001084" }],
    ["clerk_user_get", { user_id: "+15550000118" }],
    ["clerk_user_get", { user_id: "Edith Fenwick" }],
    ["clerk_organization_get", { organization_id: ORGANIZATION }],
    ["clerk_organization_get", { organization_id: "no-such" }],
    ["clerk_organizations_list", {}],
    ["clerk_org_memberships_list", { organization_id: ORGANIZATION, all: true }],
    ["clerk_invitations_list", { status: "pending" }],
    ["clerk_tools_search", { query: "reset a password", detail: "names" }],
    ["clerk_tools_search", { query: "who is admin", detail: "schema", limit: 1 }],
    ["clerk_tools_search", { query: "qwertz" }],
    ["clerk_tools_search", { query: "sessions", detail: "summary", limit: 20 }],
    ["clerk_billing_free_trial_extend", { subscription_item_id: "x", extend_to: "in 7d" }],
  ];
  for (const [name, args] of calls) {
    await stage.call(`${name} ${JSON.stringify(args)}`, name, args);
  }
  await stage.stop();
}

async function exports(stage) {
  const folder = { CLERK_MCP_EXPORT_DIR: stage.file("exports") };
  await stage.start(folder, { session: {} });
  const users = (title, args) => stage.call(title, "clerk_users_list", args);
  await users("rows", { export: "users.jsonl" });
  await users("the same file again", { export: "users.jsonl" });
  await users("a table", {
    export: "users.csv",
    fields: ["id", "first_name", "public_metadata.plan"],
  });
  await users("a page", { export: "page.csv", limit: 2 });
  await users("with a filter", { export: "banned.csv", banned: true });
  for (const name of ["users.txt", "../users.csv", "/users.csv", "", "a/b.csv", ".csv", "x"]) {
    await users(`a file called '${name}'`, { export: name });
  }
  await stage.call("a report", "clerk_tools_read", {
    name: "clerk_security_report",
    arguments: { export: "report.csv" },
  });
  await stage.stop();
  await stage.start({}, { session: {} });
  await users("without a folder", { export: "users.csv" });
  await stage.stop();
  await stage.start({ ...folder, CLERK_MCP_PII: "mask" }, { session: {} });
  await users("masked", { export: "masked.csv" });
  await stage.stop();
}

async function workflows(stage) {
  await stage.startClerk();
  await stage.start(
    { CLERK_MCP_TOOLSETS: "all", CLERK_MCP_AUDIT_LOG: stage.file("audit.jsonl") },
    { session: {} },
  );
  const onboard = { name: "Fjord", admin: "ingrid@fjord.example", domain: "fjord.example" };
  await both(stage, "clerk_org_onboard", onboard);
  await stage.call("onboard again", "clerk_org_onboard", onboard);
  await stage.call("onboard, continued", "clerk_org_onboard", { ...onboard, continue: true });
  const members = [{ email_address: USER }, { email_address: "someone@fjord.example" }];
  stage.clerk.fail(/POST .*\/invitations/, { status: 500, body: "{}" });
  await stage.call("onboard with a fault", "clerk_org_onboard", {
    ...onboard,
    name: "Two",
    members,
  });

  const emails = [USER, "guest01@example.com", "one@new.example", "ONE@new.example", "no address"];
  await both(stage, "clerk_invitations_send_bulk", { emails });
  const many = Array.from({ length: 25 }, (_, i) => `many${i}@new.example`);
  stage.clerk.fail(/POST .*\/bulk/, {
    status: 422,
    body: '{"errors":[{"code":"x","message":"y"}]}',
  });
  await stage.call("invitations with a fault", "clerk_invitations_send_bulk", { emails: many });
  const members2 = { organization_id: ORGANIZATION, emails, role: "org:member" };
  await both(stage, "clerk_org_invitations_send_bulk", members2);

  await both(stage, "clerk_user_offboard", { user_id: USER });
  await both(stage, "clerk_user_offboard", { user_id: OTHER, delete: true });
  await both(stage, "clerk_user_change_email", {
    user_id: "kofi.okonjo@example.com",
    email_address: "kofi@new.example",
    verified: true,
    remove_old: true,
  });
  await both(stage, "clerk_user_sessions_revoke", { user_id: "edith.ives@example.com" });
  await both(stage, "clerk_metadata_set", {
    organization_id: ORGANIZATION,
    public_metadata: { tier: "gold", industry: null },
    remove: ["private_metadata.billing_reference"],
  });
  const report = { from: "2026-03-01", to: "2026-06-01", interval: "month" };
  await stage.call("growth", "clerk_growth_report", report);
  await stage.call("security", "clerk_security_report", { rows: 3 });
  await stage.call("security of one", "clerk_security_report", { organization_id: ORGANIZATION });
  await stage.call("an organization", "clerk_org_overview", { organization_id: ORGANIZATION });
  await stage.call("a user", "clerk_user_overview", { user_id: "eleni.dimitriou5@example.com" });
  await stage.call("a merge", "clerk_user_merge_report", { user_id: "kofi@new.example" });
  const ban = { user_ids: ["edith.ives@example.com", "nobody@example.com"] };
  await stage.call("some that are not there", "clerk_user_ban_bulk", ban);
  await stage.stop();
}

/** Shown first, then done. */
async function both(stage, name, args) {
  await stage.call(`${name}, shown`, name, { ...args, dry_run: true });
  await stage.call(name, name, args);
}

/** What goes by the clock, which stands still in the jar's own sandbox. */
async function workflowsInside(stage) {
  await stage.start({ CLERK_MCP_TOOLSETS: "all" }, { session: {} });
  await stage.call("growth", "clerk_growth_report", {});
  await stage.call("security", "clerk_security_report", { inactive_days: 30 });
  await stage.call("spans", "clerk_users_list", { created_at_after: "90d", limit: 3 });
  await stage.call("spans ahead", "clerk_users_list", { created_at_after: "in 7d" });
  await stage.call("duplicates", "clerk_tools_search", { query: "duplicate users" });
  await stage.call("find", "clerk_user_find", { user: "Dimitriou" });
  await both(stage, "clerk_user_offboard", { user_id: USER });
  await stage.stop();
}
