// The jar on a command line: its commands, their mistakes, and settings that stop the start.

const SANDBOX = "--sandbox";

export function commandLines() {
  return [
    { name: "command-lines", run: play(commands) },
    { name: "command-line-mistakes", run: play(mistakes) },
    { name: "bad-settings", run: badSettings },
  ];
}

function play(lines) {
  return async (stage) => {
    for (const [args, env, input] of lines(stage)) {
      await stage.command(`clerk-mcp ${args.join(" ")}`, args, env, input);
    }
  };
}

function commands(stage) {
  const user = "user_id=edith.fenwick@example.com";
  const audit = { CLERK_MCP_AUDIT_LOG: stage.file("audit.jsonl") };
  return [
    [["--help"]],
    [["--version"]],
    [["tools", "--help"]],
    [["call", "--help"]],
    [["sandbox", "--help"]],
    [["warm", "--help"]],
    [["audit", "--help"]],
    [["tools"]],
    [["tools", "--json"]],
    [["tools", "--read-only", "--toolsets", "users,organizations", "--exclude-tools", "*_delete"]],
    [["call", "clerk_users_list", "limit=3", SANDBOX]],
    [["call", "clerk_users_list", "limit=1", "--pretty", SANDBOX]],
    [["call", "clerk_user_get", user, "fields=id", "fields=email_addresses", SANDBOX]],
    [["call", "clerk_user_get", "user_id=nobody", SANDBOX]],
    [["call", "clerk_user_update", user, "--json", '{"first_name":null}', SANDBOX], audit],
    [["call", "clerk_user_delete", user, "dry_run=true", SANDBOX], audit],
    [["call", "clerk_user_delete", user, SANDBOX], { ...audit, CLERK_MCP_CONFIRM: "always" }],
    [["audit", "verify", stage.file("audit.jsonl")]],
    [["audit", "verify", stage.file("broken.jsonl", '{"prev":"x"}\n')]],
    [["--toolsets", "none", SANDBOX], {}, '{"jsonrpc":"2.0","id":1,"method":"ping"}\n'],
  ];
}

function mistakes() {
  return [
    [["call"]],
    [["call", "clerk_user_list", SANDBOX]],
    [["call", "clerk_user_get", "user_1", SANDBOX]],
    [["call", "clerk_user_get", "=user_1", SANDBOX]],
    [["call", "clerk_user_get", "id=user_1", SANDBOX]],
    [["call", "clerk_user_get", "--json", "[]", SANDBOX]],
    [["call", "clerk_user_get", "--json", "x", SANDBOX]],
    [["call", "clerk_user_get", "a=1", "--json", '{"a":2}', SANDBOX]],
    [["call", "clerk_user_get", "--compact", "--pretty", SANDBOX]],
    [["call", "clerk_users_list", "limit=many", SANDBOX]],
    [["call", "clerk_user_ban", "user_id=edith.fenwick@example.com", "--read-only", SANDBOX]],
    [["call", "clerk_users_list"], { CLERK_MCP_SANDBOX: "" }],
    [["cal", "clerk_user_get"]],
    [["--verbose"]],
    [["tools", "--toolsets", "usrs"]],
    [["tools", "--access", "some"]],
    [["sandbox", "--port", "65536"]],
    [["audit"]],
    [["audit", "verify"]],
    [["audit", "verify", "no-such-file"]],
  ];
}

/** Each is answered to a client that asks, too. */
async function badSettings(stage) {
  const initialize = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: {} },
  };
  for (const env of settings(stage)) {
    const title = `settings ${JSON.stringify(env)}`;
    await stage.command(
      title,
      [],
      { CLERK_MCP_SANDBOX: "", ...env },
      `${JSON.stringify(initialize)}\n`,
    );
  }
}

function settings(stage) {
  const sandbox = { CLERK_MCP_SANDBOX: "true" };
  const key = { CLERK_SECRET_KEY: "sk_test_0123456789abcdef" };
  return [
    {},
    key,
    { CLERK_SECRET_KEY: "pk_test_0123456789abcdef" },
    { CLERK_SECRET_KEY: "'sk_test_0123456789abcdef'" },
    { ...key, CLERK_SECRET_KEY_FILE: "no-such-file" },
    { CLERK_SECRET_KEY_FILE: "no-such-file" },
    { CLERK_SECRET_KEY: "sk_test_sandbox_not_a_real_key" },
    { ...key, CLERK_API_URL: "http://api.example.com" },
    { ...key, CLERK_API_URL: "nonsense" },
    { ...key, CLERK_MCP_TIMEOUT: "0" },
    { ...key, CLERK_MCP_PACING: "perhaps" },
    { ...key, CLERK_MCP_LOG_LEVEL: "loud" },
    { ...key, CLERK_MCP_CONFRIM: "always" },
    { ...key, CLERK_MCP_CONFIRM: "sometimes" },
    { ...key, CLERK_MCP_ACCESS: "some" },
    { ...key, CLERK_MCP_TOOLSETS: "usrs" },
    { ...key, CLERK_MCP_TOOLS: "clerk_user_conjure" },
    { ...key, CLERK_MCP_EXPORT_DIR: "/no/such/folder" },
    { ...key, CLERK_MCP_AUDIT_LOG: "/no/such/folder/audit.jsonl" },
    { ...key, CLERK_MCP_MAX_RESULT_TOKENS: "1" },
    { ...key, CLERK_MCP_PII: "hide" },
    { ...key, CLERK_MCP_POLICY: "no-such-file" },
    { ...key, CLERK_MCP_POLICY: stage.file("policy.json", { rules: [{ decision: "perhaps" }] }) },
    { ...key, CLERK_MCP_INSTANCES: stage.file("instances.json", []) },
    { CLERK_MCP_INSTANCES: stage.file("instances.json", []) },
    { CLERK_MCP_INSTANCES: stage.file("unnamed.json", [{ key: key.CLERK_SECRET_KEY }]) },
    { CLERK_MCP_SANDBOX_SEED: "2" },
    { ...sandbox, ...key },
    { ...sandbox, CLERK_API_URL: "http://127.0.0.1:9" },
    { ...sandbox, CLERK_MCP_SANDBOX_FAULTS: "418" },
    { ...sandbox, CLERK_MCP_SANDBOX_CLOCK: "yesterday" },
    { ...sandbox, CLERK_MCP_SANDBOX_USERS: "-1" },
    { ...sandbox, CLERK_MCP_SANDBOX_FILE: stage.file("world.json", "{}") },
  ];
}
