// A person's yes: through a host that can ask, and by a code where the host cannot.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { check, errorText, runChecks, text, until } from "./checks.mjs";

const SANDBOX = { CLERK_MCP_SANDBOX: "true", CLERK_MCP_CONFIRM: "always" };

/** Connects to a sandbox; `answer` is what the person does with a question, if they can be asked. */
async function connect(server, answer, env = {}) {
  const client = new Client(
    { name: "confirmation-checks", version: "1.0.0" },
    { capabilities: answer ? { elicitation: {} } : {} },
  );
  const questions = [];
  if (answer) {
    client.setRequestHandler(ElicitRequestSchema, (request) => {
      questions.push(request.params.message);
      return answer(request.params);
    });
  }
  await client.connect(new StdioClientTransport({ ...server, env: { ...SANDBOX, ...env } }));
  const call = (name, args) => client.callTool({ name, arguments: args });
  const data = async (name, args) => JSON.parse(text(await call(name, args)));
  const somebody = async (n) => (await data("clerk_users_list", { limit: n + 1 })).data[n];
  const exists = async (user) => !(await call("clerk_user_get", { user_id: user.id })).isError;
  return { client, call, data, somebody, exists, questions };
}

async function refusesWhen(what, server, answer, code, env) {
  await check(`nothing is deleted when the person ${what}`, async () => {
    const session = await connect(server, answer, env);
    const user = await session.somebody(0);
    const refused = JSON.parse(
      errorText(await session.call("clerk_user_delete", { user_id: user.id })),
    );
    assert.equal(refused.error.code, code);
    assert.ok(await session.exists(user));
    assert.equal(session.questions.length, 1);
    await session.client.close();
  });
}

await runChecks(async (server) => {
  await check("the question names the act, the person, the instance and what is lost", async () => {
    const session = await connect(server, () => ({ action: "accept", content: {} }));
    const user = await session.somebody(0);
    const email = user.email;
    text(await session.call("clerk_user_delete", { user_id: user.id }));
    assert.equal(await session.exists(user), false);
    const [question] = session.questions;
    for (const part of ["Delete user", email, user.id, "sandbox", "session", "cannot be undone"]) {
      assert.ok(question.includes(part), `${part} in: ${question}`);
    }
    await session.client.close();
  });

  await refusesWhen("declines", server, () => ({ action: "decline" }), "not_confirmed");
  await refusesWhen("cancels", server, () => ({ action: "cancel" }), "not_confirmed");
  await refusesWhen(
    "leaves a box unticked",
    server,
    () => ({ action: "accept", content: { confirm: false } }),
    "not_confirmed",
  );
  await refusesWhen(
    "cannot be asked after all",
    server,
    () => {
      throw new Error("no window");
    },
    "confirmation_needed",
  );
  await refusesWhen("does not answer", server, () => new Promise(() => {}), "not_confirmed", {
    CLERK_MCP_CONFIRM_TIMEOUT: "2",
  });

  await check("a session that ends while the question is open deletes nobody", async () => {
    const { mkdtempSync } = await import("node:fs");
    const { tmpdir } = await import("node:os");
    const { join } = await import("node:path");
    const file = join(mkdtempSync(join(tmpdir(), "clerk-mcp-")), "world.json");
    const env = { CLERK_MCP_SANDBOX_FILE: file };
    const session = await connect(server, () => new Promise(() => {}), env);
    const user = await session.somebody(0);
    session.call("clerk_user_delete", { user_id: user.id }).catch(() => {});
    await until(() => session.questions.length === 1, 20_000, "The question must come");
    await session.client.close();
    const next = await connect(server, undefined, env);
    assert.ok(await next.exists(user));
    await next.client.close();
  });

  await check("without a way to ask, a plan and a code come first, and the code is used once", async () => {
    const session = await connect(server);
    const user = await session.somebody(0);
    const args = { user_id: user.id };
    const first = JSON.parse(errorText(await session.call("clerk_user_delete", args)));
    assert.equal(first.error.code, "confirmation_needed");
    assert.ok(first.plan.requests[0].target.includes(user.id));
    assert.ok(await session.exists(user));
    const confirmed = { ...args, confirmation: first.confirmation };
    text(await session.call("clerk_user_delete", confirmed));
    assert.equal(await session.exists(user), false);
    const replay = JSON.parse(errorText(await session.call("clerk_user_delete", confirmed)));
    assert.notEqual(replay.error.code, undefined);
    await session.client.close();
  });

  await check("a code is good for its arguments, its tool and the state it was given for", async () => {
    const session = await connect(server);
    const user = await session.somebody(0);
    const other = await session.somebody(1);
    const code = async (name, args) =>
      JSON.parse(errorText(await session.call(name, args))).confirmation;
    const refused = async (name, args) => {
      const answer = JSON.parse(errorText(await session.call(name, args)));
      assert.equal(answer.error.code, "confirmation_needed");
      assert.ok(answer.plan && answer.confirmation, "a new plan and code");
      return answer.error.message;
    };
    const confirmation = await code("clerk_user_delete", { user_id: user.id });
    await refused("clerk_user_delete", { user_id: other.id, confirmation });
    await refused("clerk_user_ban", { user_id: user.id, confirmation });
    await refused("clerk_user_delete", { user_id: user.id, confirmation: "made-up" });
    text(await session.call("clerk_user_update", { user_id: user.id, first_name: "Changed" }));
    assert.match(
      await refused("clerk_user_delete", { user_id: user.id, confirmation }),
      /changed/,
    );
    assert.ok((await session.exists(user)) && (await session.exists(other)));
    await session.client.close();
  });

  await check("with a live key, an update is asked about if it can let somebody in", async () => {
    const actions = ["decline", "accept"];
    const session = await connect(
      server,
      async () => {
        await delay(600); // a faster refusal counts as one by a program
        return { action: actions.shift(), content: {} };
      },
      { CLERK_SECRET_KEY: "sk_live_sandbox_1", CLERK_MCP_CONFIRM: "auto" },
    );
    const { id } = await session.somebody(0);
    const update = (fields) => session.call("clerk_user_update", { user_id: id, ...fields });
    const name = async () => (await session.data("clerk_user_get", { user_id: id })).name;
    text(await update({ first_name: "Ada" }));
    assert.equal(session.questions.length, 0);
    const takeOver = {
      first_name: "Eve",
      skip_password_checks: true,
      password: "Tr0ub4dor-and-3-horses",
    };
    assert.match(errorText(await update(takeOver)), /The person said no. Nothing was changed./);
    assert.match(await name(), /^Ada /);
    text(await update(takeOver));
    assert.match(await name(), /^Eve /);
    const [declined, accepted] = session.questions;
    assert.equal(accepted, declined);
    assert.match(accepted, /- password: a new password\n- skip_password_checks: true\n- first_name:/);
    assert.ok(!accepted.includes("horses"));
    await session.client.close();
  });

  await check("the way through search and call, and an alias, ask as well", async () => {
    const session = await connect(server, () => ({ action: "decline" }));
    const user = await session.somebody(0);
    const args = { user_id: user.id };
    errorText(await session.call("clerk_delete_user", args));
    errorText(await session.call("clerk_tools_write", { name: "clerk_user_delete", arguments: args }));
    assert.equal(session.questions.length, 2);
    assert.ok(await session.exists(user));
    await session.client.close();
  });
});
