// The client that most hosts are built with, which opens a session by initialize.
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { check, checkClose, checkTools, errorText, runChecks, text, until } from "./checks.mjs";
import { shownUser, slowUser } from "./fakeClerk.mjs";

await runChecks(async (server, clerk) => {
  const client = new Client({ name: "clerk-mcp-checks", version: "1.0.0" });
  const complaints = [];
  client.onerror = (complaint) => complaints.push(complaint.message);
  const call = (name, args, options) =>
    client.callTool({ name, arguments: args }, undefined, options);

  await check("connects, and the server says who it is and how to work with it", async () => {
    await client.connect(new StdioClientTransport(server));
    assert.equal(client.getServerVersion().name, "clerk-mcp");
    assert.match(client.getServerVersion().version, /^\d+\.\d+\.\d+/);
    assert.ok(client.getServerCapabilities().tools);
    assert.match(client.getInstructions(), /clerk_tools_search/);
  });

  await check("lists at least 30 tools, each with its hints", async () => {
    checkTools((await client.listTools()).tools);
  });

  await check("a tool answers with Clerk's JSON", async () => {
    const result = await call("clerk_user_get", { user_id: "user_1" });
    assert.deepEqual(JSON.parse(text(result)), shownUser("user_1"));
  });

  await check("a tool answers to its alias and to a camelCase argument, and says so", async () => {
    const result = await call("clerk_get_user", { userId: "user_1" });
    const { notes, ...user } = JSON.parse(text(result));
    assert.deepEqual(user, shownUser("user_1"));
    assert.match(notes.join(), /userId.*user_id/);
    assert.equal(result.content.length, 1, "one text, with the notes in it");
    assert.deepEqual(result.structuredContent, { ...user, notes });
  });

  await check("a list tells how much there is and how to go on", async () => {
    const page = JSON.parse(text(await call("clerk_users_list", { limit: 10 })));
    assert.deepEqual(page, {
      data: [shownUser("user_1")],
      total_count: 1,
      has_more: false,
    });
  });

  await check("Clerk's refusal is a result with status and code", async () => {
    const result = await call("clerk_user_get", { user_id: "user_missing" });
    const { error } = JSON.parse(errorText(result));
    assert.equal(error.status, 404);
    assert.equal(error.code, "resource_not_found");
    assert.match(error.message, /user_missing/);
  });

  await check("bad arguments are a result that names them", async () => {
    assert.match(errorText(await call("clerk_user_get", { user_id: 7 })), /user_id/);
    assert.match(errorText(await call("clerk_user_get", {})), /user_id/);
    assert.match(
      errorText(await call("clerk_user_get", { user_id: "user_1", colour: "red" })),
      /colour/,
    );
  });

  await check("an unknown tool is the protocol error -32602", async () => {
    await assert.rejects(call("clerk_user_conjure", {}), { code: -32602 });
  });

  await check("a cancelled call hangs up on Clerk, and the session goes on", async () => {
    const id = slowUser(10_000);
    const path = `/v1/users/${id}`;
    const abort = new AbortController();
    const result = call("clerk_user_get", { user_id: id }, { signal: abort.signal });
    const rejected = assert.rejects(result, /no longer wanted/);
    await until(() => clerk.open.has(path), 5_000, "The call must reach Clerk");
    abort.abort("no longer wanted");
    await rejected;
    await until(() => clerk.abandoned.has(path), 2_000, "The connection to Clerk must be closed");
    await client.ping();
  });

  await check("a long call reports progress that grows", async () => {
    const id = slowUser(3_500);
    const reports = [];
    const result = await call(
      "clerk_user_get",
      { user_id: id },
      { onprogress: ({ progress }) => reports.push(progress) },
    );
    assert.equal(JSON.parse(text(result)).id, id);
    assert.ok(reports.length > 0, "No progress was reported");
    assert.ok(
      reports.every((progress, i) => i === 0 || progress > reports[i - 1]),
      `Progress went ${reports}`,
    );
  });

  await check("20 calls at once overlap, and each gets its own answer", async () => {
    const ids = Array.from({ length: 20 }, (_, i) => slowUser(500, `_${i}`));
    clerk.mostAtOnce = 0;
    const results = await Promise.all(ids.map((id) => call("clerk_user_get", { user_id: id })));
    assert.deepEqual(
      results.map((result) => JSON.parse(text(result)).id),
      ids,
    );
    assert.ok(clerk.mostAtOnce > 5, `Clerk saw ${clerk.mostAtOnce} at once at most`);
  });

  await check("lists prompts, and one says what to do for whom", async () => {
    assert.ok(client.getServerCapabilities().prompts);
    const { prompts } = await client.listPrompts();
    assert.ok(prompts.length >= 5, `${prompts.length} prompts`);
    const { messages } = await client.getPrompt({
      name: "diagnose_sign_in",
      arguments: { user: "ada@example.com" },
    });
    assert.match(messages[0].content.text, /"ada@example\.com".*clerk_user_find/s);
    await assert.rejects(client.getPrompt({ name: "diagnose_sign_in" }), { code: -32602 });
  });

  await check("lists, reads and completes resources", async () => {
    const { resources } = await client.listResources();
    assert.deepEqual(
      resources.map(({ uri }) => uri),
      ["clerk://instance"],
    );
    const { resourceTemplates } = await client.listResourceTemplates();
    const uri = "clerk://users/{id}";
    assert.ok(resourceTemplates.some(({ uriTemplate }) => uriTemplate === uri));
    const { contents } = await client.readResource({ uri: "clerk://users/user_1" });
    assert.match(JSON.parse(contents[0].text).id, /^user_1$/);
    await assert.rejects(client.readResource({ uri: "clerk://users/user_missing" }), {
      code: -32002,
    });
    const { completion } = await client.complete({
      ref: { type: "ref/resource", uri },
      argument: { name: "id", value: "" },
    });
    assert.deepEqual(completion.values, ["user_1"]);
  });

  await check("nothing came that is no message, or that answers what nobody asked", () => {
    assert.deepEqual(complaints, []);
  });

  await check("the server ends with code 0 when its input does", () => checkClose(client));
});
