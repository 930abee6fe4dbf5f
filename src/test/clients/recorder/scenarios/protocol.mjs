// MCP itself, in both eras: the handshake, what is listed and read, and every way to be wrong.
import { readFileSync } from "node:fs";

const ROOT = "../../../..";
const CATALOG = new URL(`${ROOT}/main/resources/dev/clerkmcp/catalog.jsonl`, import.meta.url);
const LEGACY = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
const LISTS = ["tools/list", "prompts/list", "resources/list", "resources/templates/list"];
const MODERN = { modern: {} };
const SEED_USER = "edith.fenwick@example.com";

export function protocol() {
  return [
    { name: "protocol-handshake", run: handshake },
    { name: "protocol-lists", run: lists },
    { name: "protocol-standard", run: standard },
    { name: "protocol-mistakes", run: mistakes },
    { name: "protocol-batches", run: batches },
    { name: "protocol-waiting", run: waiting },
  ];
}

async function handshake(stage) {
  await stage.start();
  await stage.lines("a call before the session", [request(1, "tools/list")]);
  await stage.lines("a ping before the session", [request(2, "ping")]);
  for (const protocolVersion of [...LEGACY, "1999-01-01", "2026-07-28", 7, null]) {
    const params = { protocolVersion, capabilities: {}, clientInfo: { name: "c", version: "1" } };
    await stage.request(`initialize with ${protocolVersion}`, "initialize", params);
    await stage.request("tools/list", "tools/list");
  }
  await stage.request("initialize without parameters", "initialize", {});
  await stage.request("discovery", "server/discover", {}, MODERN);
  for (const version of ["1900-01-01", "2025-11-25", "2099-01-01", ""]) {
    const _meta = { "io.modelcontextprotocol/protocolVersion": version };
    await stage.request(`the modern version ${version}`, "tools/list", { _meta });
  }
  await stage.stop();
}

async function lists(stage) {
  await stage.start({ CLERK_MCP_TOOLSETS: "all", CLERK_MCP_DEPRECATED: "true" }, { session: {} });
  for (const method of LISTS) {
    await stage.request(`${method}, legacy`, method);
    await stage.request(`${method}, modern`, method, {}, MODERN);
    await stage.request(`${method}, a cursor`, method, { cursor: "x" });
  }
  await readResources(stage);
  await getPrompts(stage);
  await complete(stage);
  await stage.stop();
}

async function readResources(stage) {
  const [user, organization] = [SEED_USER, "aurora-robotics"];
  const uris = [
    "clerk://instance",
    `clerk://users/${user}`,
    "clerk://users/nobody@example.com",
    "clerk://users/",
    `clerk://organizations/${organization}`,
    "clerk://organizations/no-such",
    "clerk://instance?instance=other",
    "clerk://nothing",
    "http://example.com",
    "clerk://tools/no_such",
  ];
  for (const uri of uris) {
    await stage.request(`read ${uri}, legacy`, "resources/read", { uri });
    await stage.request(`read ${uri}, modern`, "resources/read", { uri }, MODERN);
  }
  for (const line of readFileSync(CATALOG, "utf8").trim().split("\n")) {
    const uri = `clerk://tools/${JSON.parse(line).tool.name}`;
    await stage.request(`read ${uri}`, "resources/read", { uri });
  }
}

async function getPrompts(stage) {
  const { prompts } = await stage.request("prompts", "prompts/list");
  for (const { name, arguments: declared = [] } of prompts) {
    const all = Object.fromEntries(declared.map((each) => [each.name, `the ${each.name}`]));
    await stage.request(`prompt ${name}`, "prompts/get", { name, arguments: all });
    await stage.request(`prompt ${name}, modern`, "prompts/get", { name, arguments: all }, MODERN);
    await stage.request(`prompt ${name}, no arguments`, "prompts/get", { name });
    const wrong = { ...all, colour: "red" };
    await stage.request(`prompt ${name}, wrong ones`, "prompts/get", { name, arguments: wrong });
  }
  await stage.request("no such prompt", "prompts/get", { name: "no_such" });
}

async function complete(stage) {
  const templates = ["clerk://users/{id}", "clerk://organizations/{id}", "clerk://tools/{name}"];
  for (const uri of templates) {
    const name = /\{(\w+)\}/.exec(uri)[1];
    for (const value of ["", "a", "edith", "clerk_user", "zzz"]) {
      const params = { ref: { type: "ref/resource", uri }, argument: { name, value } };
      await stage.request(`complete ${uri} with '${value}'`, "completion/complete", params);
    }
  }
  const ofPrompt = (name, argument) => ({ ref: { type: "ref/prompt", name }, argument });
  const organization = { name: "organization", value: "au" };
  const params = ofPrompt("audit_access", organization);
  await stage.request("complete a prompt", "completion/complete", params);
  await stage.request("complete a prompt, modern", "completion/complete", params, MODERN);
  await stage.request("complete no such", "completion/complete", ofPrompt("no", organization));
  const wrong = ofPrompt("audit_access", { name: "colour", value: "" });
  await stage.request("complete a wrong argument", "completion/complete", wrong);
  await stage.request("complete nothing", "completion/complete", {});
}

/** With nothing set but the key and the address, as most hosts start it. */
async function standard(stage) {
  await stage.startClerk();
  await stage.start({}, { session: { capabilities: { elicitation: {} } } });
  for (const method of LISTS) {
    await stage.request(method, method);
  }
  stage.showHeaders = true;
  await stage.call("a reading call", "clerk_users_list", { limit: 2 });
  const user = { user_id: SEED_USER, first_name: "Edit" };
  await stage.call("a changing call", "clerk_user_update", user);
  const file = stage.file("pixel.png");
  await stage.call("an upload", "clerk_user_image_upload", { user_id: SEED_USER, file });
  await stage.call("a destroying call", "clerk_user_ban", { user_id: SEED_USER });
  await stage.stop();
}

async function mistakes(stage) {
  await stage.start({ CLERK_MCP_LOG_LEVEL: "debug" }, { session: {} });
  for (const line of MALFORMED) {
    await stage.lines(`the line ${JSON.stringify(line)}`, [line]);
  }
  await stage.lines("invalid UTF-8", [Buffer.from([0x22, 0xc0, 0xaf, 0x22])]);
  await stage.lines("a line over the limit", [shown("x".repeat((16 << 20) + 1))]);
  for (const line of UNANSWERED) {
    await stage.lines(`never answered: ${line}`, [line], 0);
  }
  for (const [method, params] of REFUSED) {
    await stage.request(`${method} ${JSON.stringify(params)}, legacy`, method, params);
    await stage.request(`${method} ${JSON.stringify(params)}, modern`, method, params, MODERN);
  }
  await stage.stop();
}

/** A line that is written as it is, and recorded by its length. */
function shown(line) {
  const bytes = Buffer.from(line);
  bytes.toString = () => `${line.length} characters`;
  return bytes;
}

async function batches(stage) {
  for (const protocolVersion of [...LEGACY, undefined]) {
    const session = protocolVersion && { protocolVersion };
    await stage.start({}, { session });
    const title = (what) => `${what}, ${protocolVersion ?? "no session"}`;
    const ping = request(7, "ping");
    await stage.lines(title("a batch"), [
      [ping, { jsonrpc: "2.0", method: "x" }, 1, request(8, "no")],
    ]);
    await stage.lines(title("a call in a batch"), [[call(9, "clerk_users_count", {})]]);
    await stage.lines(title("an empty batch"), ["[]"]);
    await stage.lines(title("too many"), [
      Array.from({ length: 101 }, (_, i) => request(i, "ping")),
    ]);
    await stage.lines(title("a batch of two with one id"), [[ping, ping]]);
    await stage.stop();
  }
}

/** Calls that take their time: progress, cancelling, an id that is taken, the end of the input. */
async function waiting(stage) {
  await stage.startClerk();
  await stage.start({}, { session: {} });
  const slow = (wait) => stage.clerk.fail(/GET \/v1\/users/, { delay: wait });
  const count = (id) => call(id, "clerk_users_count", {});
  const progress = { _meta: { progressToken: "token" } };
  slow(2_000);
  await stage.call("progress", "clerk_users_count", {}, { more: progress });
  slow(2_000);
  await stage.call("progress, modern", "clerk_users_count", {}, { modern: {}, more: progress });
  const first = slow(1_000);
  stage.server.write(count("same"));
  await first;
  await stage.lines("an id that is taken", [count("same")], 2);
  const reached = slow(5_000);
  stage.server.write(count("slow"));
  await reached;
  const cancelled = { requestId: "slow", reason: "no longer wanted" };
  const cancel = { jsonrpc: "2.0", method: "notifications/cancelled", params: cancelled };
  await stage.lines("a call that is cancelled", [cancel], 0);
  const log = { _meta: { "io.modelcontextprotocol/logLevel": "debug" } };
  await stage.call("with a log", "clerk_users_count", {}, { modern: {}, more: log });
  const last = slow(700);
  stage.server.write(count("last"));
  await last;
  await stage.stop("the input ends while a call runs");
}

function request(id, method, params = {}) {
  return { jsonrpc: "2.0", id, method, params };
}

function call(id, name, args) {
  return request(id, "tools/call", { name, arguments: args });
}

const MALFORMED = [
  '{"jsonrpc":"2.0","id":1,"method":',
  '{"jsonrpc":"2.0","id":1,"method":"ping"} {}',
  "nonsense",
  '\uFEFF{"jsonrpc":"2.0","id":1,"method":"ping"}',
  '{"jsonrpc":"2.0","id":1,\u0000"method":"ping"}',
  '{"id":1,"method":"ping"}',
  '{"jsonrpc":"1.0","id":1,"method":"ping"}',
  '{"jsonrpc":"2.0","id":1}',
  '{"jsonrpc":"2.0","id":1,"method":7}',
  "1",
  '"ping"',
  "null",
  "{}",
  "[]",
  '{"jsonrpc":"2.0","id":null,"method":"ping"}',
  '{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
  '{"jsonrpc":"2.0","id":true,"method":"ping"}',
  '{"jsonrpc":"2.0","id":"text","method":"ping","params":7}',
  '{"jsonrpc":"2.0","id":1,"method":"ping","id":2}',
];

const UNANSWERED = [
  " ",
  '{"jsonrpc":"2.0","method":"notifications/no_such"}',
  '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}',
  '{"jsonrpc":"2.0","id":99,"result":{}}',
  '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}',
];

const REFUSED = [
  ["no/such", {}],
  ["initialize", { protocolVersion: "2025-11-25" }],
  ["ping", {}],
  ["logging/setLevel", { level: "debug" }],
  ["resources/subscribe", { uri: "clerk://instance" }],
  ["subscriptions/listen", {}],
  ["subscriptions/listen", { notifications: true }],
  ["tools/call", {}],
  ["tools/call", { name: 7 }],
  ["tools/call", { name: "clerk_user_list" }],
  ["tools/call", { name: "clerk_user_get" }],
  ["tools/call", { name: "clerk_user_get", arguments: [] }],
  ["tools/call", { name: "clerk_user_get", arguments: { user_id: 7 } }],
  ["tools/call", { name: "clerk_user_get", arguments: { user_id: "" } }],
  ["tools/call", { name: "clerk_user_get", arguments: { user_id: null } }],
  ["tools/call", { name: "clerk_user_get", arguments: { userId: SEED_USER } }],
  ["tools/call", { name: "clerk_user_get", arguments: { user_id: SEED_USER, colour: "red" } }],
  ["tools/call", { name: "clerk_users_list", arguments: { limit: "many" } }],
  ["tools/call", { name: "clerk_users_list", arguments: { limit: 100_000 } }],
  ["tools/call", { name: "clerk_users_list", arguments: { limit: 0 } }],
  ["tools/call", { name: "clerk_users_list", arguments: { order_by: "shoe_size" } }],
  ["tools/call", { name: "clerk_users_list", arguments: { created_at_after: "soon" } }],
  ["tools/call", { name: "clerk_users_list", arguments: { email_address: "a@example.com" } }],
  ["tools/call", { name: "clerk_users_list", arguments: { email_address: [] } }],
  ["tools/call", { name: "clerk_tools_read", arguments: { name: "clerk_user_delete" } }],
  ["tools/call", { name: "clerk_tools_write", arguments: { name: "clerk_user_get" } }],
  ["tools/call", { name: "clerk_tools_read", arguments: { name: "no_such" } }],
  ["prompts/get", {}],
  ["resources/read", {}],
  ["resources/read", { uri: 7 }],
];
