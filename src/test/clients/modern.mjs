// The era since 2026-07-28, pinned and as a client finds it out: no session, and questions that end a call.
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { check, checkClose, checkTools, errorText, runChecks, text, until } from "./checks.mjs";
import { shownUser, slowUser } from "./fakeClerk.mjs";

const VERSION = "2026-07-28";
const SANDBOX = { CLERK_MCP_SANDBOX: "true", CLERK_MCP_CONFIRM: "always" };

/** Connects; `answer` is what the person does with a question, if they can be asked. */
async function connect(server, mode, answer) {
  const client = new Client(
    { name: "modern-checks", version: "1.0.0" },
    {
      capabilities: answer ? { elicitation: { form: {} } } : {},
      versionNegotiation: { mode, probe: { timeoutMs: 10_000 } },
    },
  );
  const complaints = [];
  client.onerror = (complaint) => complaints.push(complaint.message);
  const questions = [];
  if (answer) {
    client.setRequestHandler("elicitation/create", (request) => {
      questions.push(request.params.message);
      return answer;
    });
  }
  await client.connect(new StdioClientTransport(server));
  const call = (name, args, options) => client.callTool({ name, arguments: args }, options);
  return { client, call, complaints, questions };
}

await runChecks(async (server, clerk) => {
  await checkServer(server, clerk, { pin: VERSION });
  await checkServer(server, clerk, "auto");
  const sandbox = { ...server, env: SANDBOX };
  await checkConfirmation(sandbox, { pin: VERSION });
  await checkConfirmation(sandbox, "auto");
});

async function checkServer(server, clerk, mode) {
  const { client, call, complaints } = await connect(server, mode);
  console.log(`    mode ${JSON.stringify(mode)}`);

  await check("connects without a session, and the server says who it is", async () => {
    assert.equal(client.getProtocolEra(), "modern");
    assert.equal(client.getNegotiatedProtocolVersion(), VERSION);
    assert.equal(client.getServerVersion().name, "clerk-mcp");
    assert.match(client.getInstructions(), /clerk_tools_search/);
    for (const offer of ["tools", "prompts", "resources", "completions", "logging"]) {
      assert.ok(client.getServerCapabilities()[offer], offer);
    }
  });

  await check("lists at least 30 tools, each with its hints", async () => {
    checkTools((await client.listTools()).tools);
  });

  await check("a tool answers with Clerk's JSON, and as its schema says", async () => {
    const result = await call("clerk_user_get", { user_id: "user_1" });
    assert.deepEqual(JSON.parse(text(result)), shownUser("user_1"));
    const page = await call("clerk_users_list", { limit: 10 });
    assert.deepEqual(page.structuredContent, JSON.parse(text(page)));
  });

  await check("what Clerk refuses, and bad arguments, are results", async () => {
    const { error } = JSON.parse(errorText(await call("clerk_user_get", { user_id: "user_missing" })));
    assert.equal(error.status, 404);
    assert.match(errorText(await call("clerk_user_get", { user_id: 7 })), /user_id/);
  });

  await check("an unknown tool is the protocol error -32602", async () => {
    await assert.rejects(call("clerk_user_conjure", {}), { code: -32602 });
  });

  await check("a cancelled call hangs up on Clerk, and the server goes on", async () => {
    const id = slowUser(10_000, `_${JSON.stringify(mode).length}`);
    const path = `/v1/users/${id}`;
    const abort = new AbortController();
    const rejected = assert.rejects(
      call("clerk_user_get", { user_id: id }, { signal: abort.signal }),
      /no longer wanted/,
    );
    await until(() => clerk.open.has(path), 20_000, "The call must reach Clerk");
    abort.abort("no longer wanted");
    await rejected;
    await until(() => clerk.abandoned.has(path), 5_000, "The connection to Clerk must be closed");
    text(await call("clerk_users_count", {}));
  });

  await check("a long call reports progress that grows", async () => {
    const reports = [];
    const onprogress = ({ progress }) => reports.push(progress);
    text(await call("clerk_user_get", { user_id: slowUser(3_500) }, { onprogress }));
    assert.ok(reports.length > 0, "No progress was reported");
    assert.ok(
      reports.every((progress, i) => i === 0 || progress > reports[i - 1]),
      `Progress went ${reports}`,
    );
  });

  await check("a call is logged if it asks for that", async () => {
    const logged = [];
    client.setNotificationHandler("notifications/message", ({ params }) => logged.push(params));
    text(await call("clerk_users_count", {}));
    assert.deepEqual(logged, []);
    const _meta = { "io.modelcontextprotocol/logLevel": "info" };
    text(await client.callTool({ name: "clerk_users_count", arguments: {}, _meta }));
    assert.equal(logged.length, 1);
    assert.match(logged[0].data.message, /^Done after/);
  });

  await check("lists prompts, and one says what to do for whom", async () => {
    const { prompts } = await client.listPrompts();
    assert.ok(prompts.length >= 5, `${prompts.length} prompts`);
    const { messages } = await client.getPrompt({
      name: "diagnose_sign_in",
      arguments: { user: "ada@example.com" },
    });
    assert.match(messages[0].content.text, /"ada@example\.com".*clerk_user_find/s);
  });

  await check("lists, reads and completes resources", async () => {
    const { resources } = await client.listResources();
    assert.deepEqual(
      resources.map(({ uri }) => uri),
      ["clerk://instance"],
    );
    const uri = "clerk://users/{id}";
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.ok(resourceTemplates.some(({ uriTemplate }) => uriTemplate === uri));
    const { contents } = await client.readResource({ uri: "clerk://users/user_1" });
    assert.equal(JSON.parse(contents[0].text).id, "user_1");
    await assert.rejects(client.readResource({ uri: "clerk://users/user_missing" }), {
      code: -32602,
    });
    const { completion } = await client.complete({
      ref: { type: "ref/resource", uri },
      argument: { name: "id", value: "" },
    });
    assert.deepEqual(completion.values, ["user_1"]);
  });

  await check("listens, and is told what there is to hear", async () => {
    const subscription = await client.listen({ toolsListChanged: true });
    assert.deepEqual(subscription.honoredFilter, {});
    await subscription.close();
    assert.equal(await subscription.closed, "local");
    await client.listen({ promptsListChanged: true }); // stays open until the end
  });

  await check("nothing came that is no message, or that answers what nobody asked", () => {
    assert.deepEqual(complaints, []);
  });

  await check("the server ends with code 0 when its input does", () => checkClose(client));
}

async function checkConfirmation(server, mode) {
  const deletes = async (answer, outcome) => {
    const { client, call, questions } = await connect(server, mode, answer);
    const page = JSON.parse(text(await call("clerk_users_list", { limit: 1 })));
    const { id } = page.data[0];
    await outcome(await call("clerk_user_delete", { user_id: id }), questions, id);
    const gone = (await call("clerk_user_get", { user_id: id })).isError === true;
    await client.close();
    return gone;
  };

  await check("a person's yes between two calls lets the second one pass", async () => {
    const gone = await deletes({ action: "accept", content: {} }, (result, questions, id) => {
      text(result);
      assert.equal(questions.length, 1);
      assert.match(questions[0], new RegExp(`Delete user on sandbox.*${id}`, "s"));
    });
    assert.ok(gone);
  });

  for (const action of ["decline", "cancel"]) {
    await check(`nothing is deleted when the person answers with ${action}`, async () => {
      const gone = await deletes({ action }, (result) => {
        assert.equal(JSON.parse(errorText(result)).error.code, "not_confirmed");
      });
      assert.ok(!gone);
    });
  }

  await check("a client that cannot ask is given a plan and a code", async () => {
    const gone = await deletes(undefined, (result) => {
      const { error, plan, confirmation } = JSON.parse(errorText(result));
      assert.equal(error.code, "confirmation_needed");
      assert.ok(plan && confirmation);
    });
    assert.ok(!gone);
  });
}
