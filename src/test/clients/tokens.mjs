// The estimate of tokens against the real vocabularies: o200k of OpenAI's newer models, within 10 %
// for each answer and 5 % for all, and Claude's public one, under the 25,000 at which hosts cut.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { countTokens } from "@anthropic-ai/tokenizer";
import { countTokens as o200k } from "gpt-tokenizer/encoding/o200k_base";
import { check } from "./checks.mjs";
import { McpProcess, environment, java } from "./mcpProcess.mjs";

const LISTED = 8_000; // the most tokens of core's tools/list
const DISCOVERY = 1_000; // the most of the list from which all of Clerk's API is reached
const USERS = 8_000; // the most of 100 users
const CUT = 25_000; // where Claude Code cuts an answer
const SMALL = 250; // shorter answers are not judged alone

const jar = process.env.CLERK_MCP_JAR;
assert.ok(jar, "Set CLERK_MCP_JAR to the path of clerk-mcp.jar");

const NAMES = {
  Arabic: "مريم الحسيني", Armenian: "Արամ Սարգսյան", Bengali: "আয়েশা রহমান", Chinese: "王秀英", Georgian: "ნინო ბერიძე",
  Greek: "Ελένη Παπαδοπούλου", Hebrew: "נועה כהן", Hindi: "प्रिया शर्मा", Japanese: "高橋 さくら", Korean: "김서연",
  Persian: "می‌خواهم رضایی", Polish: "Łukasz Wiśniewski", Russian: "Екатерина Иванова", Tamil: "கவிதா முருகன்",
  Thai: "สมชาย ใจดี", Turkish: "Gökçe Yıldırım", Vietnamese: "Nguyễn Thị Hương",
};

async function start(settings) {
  const server = new McpProcess({
    command: java,
    args: ["-jar", jar],
    env: environment({ CLERK_MCP_SANDBOX: "true", CLERK_MCP_SANDBOX_USERS: "400", ...settings }),
  });
  await server.initialize();
  return server;
}

async function answer(server, name, args) {
  const { content } = await server.call({ name, args });
  return content.map(({ text }) => text).join("\n");
}

/** The server's estimates of texts: tokens of o200k, and those that count against the limit. */
function estimates(texts) {
  const source = fileURLToPath(new URL("TokenEstimates.java", import.meta.url));
  const input = texts.map((text) => `${JSON.stringify(text)}\n`).join("");
  const output = execFileSync(java, ["-cp", jar, source], { input, encoding: "utf8", maxBuffer: 1e8 });
  return output.trim().split("\n").map((line) => line.split(" ").map(Number));
}

const answers = new Map();
const server = await start({ CLERK_MCP_MAX_RESULT_TOKENS: "1000000" });
const ask = async (name, args, label = "") => {
  const text = await answer(server, name, args);
  answers.set(`${name} ${label || JSON.stringify(args)}`, text);
  return JSON.parse(text.split("\n")[0]);
};

await check("answers of all kinds are collected", async () => {
  const { data } = await ask("clerk_users_list", { limit: 100 });
  for (const fields of [["*"], ["id"], ["email_addresses"], ["public_metadata", "private_metadata"], ["name", "created_at", "last_sign_in_at"]]) {
    await ask("clerk_users_list", { limit: 100, fields });
  }
  for (const { id } of data.slice(0, 5)) {
    await ask("clerk_user_get", { user_id: id, fields: ["*"] });
    await ask("clerk_user_overview", { user_id: id });
  }
  for (const { id } of (await ask("clerk_organizations_list", { limit: 100 })).data) {
    await ask("clerk_org_overview", { organization_id: id });
    await ask("clerk_org_memberships_list", { organization_id: id, limit: 100 });
    await ask("clerk_org_memberships_list", { organization_id: id, limit: 100, fields: ["*"] });
    await ask("clerk_org_invitations_list", { organization_id: id, limit: 100 });
  }
  for (const name of ["clerk_security_report", "clerk_growth_report", "clerk_waitlist_entries_list", "clerk_memberships_list", "clerk_billing_plans_list", "clerk_instance_org_invitations_list"]) {
    await ask("clerk_tools_read", { name, arguments: {} }, name);
  }
  await ask("clerk_invitations_list", { limit: 100, fields: ["*"] });
  await ask("clerk_tools_search", { query: "invite many people", limit: 10 });
  await ask("clerk_tools_search", { query: "invite many people", limit: 10, detail: "schema" });
});

await check("so are answers in other scripts, and with much metadata", async () => {
  const { data } = JSON.parse((await answer(server, "clerk_users_list", { limit: 10, fields: ["id"] })).split("\n")[0]);
  for (const [script, name] of Object.entries(NAMES)) {
    const [first_name, last_name] = name.split(" ");
    for (const { id } of data) {
      await answer(server, "clerk_user_update", { user_id: id, first_name, last_name });
    }
    await ask("clerk_users_list", { user_id: data.map(({ id }) => id) }, script);
  }
  for (const { id } of data) {
    const hash = createHash("sha256").update(id);
    const public_metadata = {
      plan: "team", seats: 25, renews_at: 1780300800000, flags: ["beta_export", "newDashboard"],
      stripe: { customer: `cus_${hash.copy().digest("base64url").slice(0, 14)}`, digest: hash.copy().digest("hex") },
      notes: "Asked for an invoice by email; the second contact is on holiday until the end of August.",
    };
    await answer(server, "clerk_user_update", { user_id: id, public_metadata, unsafe_metadata: { raw: JSON.stringify(public_metadata) } });
  }
  await ask("clerk_users_list", { user_id: data.map(({ id }) => id), fields: ["public_metadata", "unsafe_metadata"] }, "metadata");
});

await check("each estimate is within 10 %, and their sum within 5 %", () => {
  const texts = [...answers.values()];
  const estimated = estimates(texts);
  const rows = [...answers.keys()].map((what, i) => {
    const tokens = o200k(texts[i]);
    return { what, tokens, claude: countTokens(texts[i]), estimate: estimated[i][0], charged: estimated[i][1], error: estimated[i][0] / tokens - 1 };
  });
  const judged = rows.filter(({ tokens }) => tokens >= SMALL);
  judged.sort((a, b) => Math.abs(b.error) - Math.abs(a.error));
  for (const { what, tokens, estimate: e, claude, error } of judged.slice(0, 12)) {
    console.log(`  ${(error * 100).toFixed(1)} %: ${e} for ${tokens} (Claude ${claude}): ${what.slice(0, 90)}`);
  }
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  console.log(`  ${judged.length} answers, all together ${sum("estimate")} for ${sum("tokens")} (Claude ${sum("claude")})`);
  assert.ok(judged.length > 50, `${judged.length} answers`);
  assert.ok(Math.abs(judged[0].error) <= 0.1, `${judged[0].what}: ${judged[0].error}`);
  assert.ok(Math.abs(sum("estimate") / sum("tokens") - 1) <= 0.05, "the sum");
  const most = Math.max(...judged.map(({ claude, charged }) => claude / charged));
  console.log(`  Claude's tokens are at most ${most.toFixed(2)} of what counts against the limit`);
  assert.ok(most <= 1.32, `${most}`);
});

await check("100 users cost 8,000 tokens at most", () => {
  const tokens = o200k(answers.get('clerk_users_list {"limit":100}'));
  console.log(`  ${tokens} tokens`);
  assert.ok(tokens <= USERS, `${tokens} tokens`);
});

await check("the default limit keeps answers under 25,000 of Claude's tokens", async () => {
  const limited = await start({});
  const all = await answer(limited, "clerk_users_list", { all: true, fields: ["*"] });
  const brief = await answer(limited, "clerk_users_list", { all: true });
  console.log(`  ${countTokens(all)} and ${countTokens(brief)} of Claude's tokens`);
  for (const text of [all, brief]) {
    assert.ok(countTokens(text) < CUT, `${countTokens(text)} tokens`);
  }
  assert.ok(o200k(all) > 15_000, "the limit is used");
  await limited.close();
});

for (const [toolset, most] of [["core", LISTED], ["none", DISCOVERY]]) {
  await check(`the list of ${toolset} has ${most} tokens at most`, async () => {
    const listing = await start({ CLERK_MCP_TOOLSETS: toolset });
    const { tools } = await listing.request("tools/list", {});
    const tokens = o200k(JSON.stringify({ jsonrpc: "2.0", id: 1, result: { tools } }));
    console.log(`  ${tools.length} tools, ${tokens} tokens`);
    assert.ok(tokens <= most, `${tokens} tokens`);
    await listing.close();
  });
}

await server.close();
