// The client that speaks both eras: it probes with server/discover, and initializes if it must.
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { check, checkClose, checkTools, errorText, runChecks, text } from "./checks.mjs";
import { shownUser } from "./fakeClerk.mjs";

await runChecks(async (server) => {
  const client = new Client(
    { name: "clerk-mcp-checks", version: "1.0.0" },
    { versionNegotiation: { mode: "auto", probe: { timeoutMs: 10_000 } } },
  );
  const complaints = [];
  client.onerror = (complaint) => complaints.push(complaint.message);
  const call = (name, args) => client.callTool({ name, arguments: args });

  await check("finds out the era and connects in its newest version", async () => {
    await client.connect(new StdioClientTransport(server));
    assert.equal(client.getProtocolEra(), "modern");
    assert.equal(client.getNegotiatedProtocolVersion(), "2026-07-28");
    assert.equal(client.getServerVersion().name, "clerk-mcp");
    assert.match(client.getInstructions(), /clerk_tools_search/);
  });
  await check("lists at least 30 tools, each with its hints", async () => {
    checkTools((await client.listTools()).tools);
  });

  await check("a tool answers with Clerk's JSON", async () => {
    const result = await call("clerk_user_get", { user_id: "user_1" });
    assert.deepEqual(JSON.parse(text(result)), shownUser("user_1"));
  });

  await check("Clerk's refusal is a result with status and code", async () => {
    const result = await call("clerk_user_get", { user_id: "user_missing" });
    const { error } = JSON.parse(errorText(result));
    assert.equal(error.status, 404);
    assert.equal(error.code, "resource_not_found");
  });

  await check("bad arguments are a result that names them", async () => {
    assert.match(errorText(await call("clerk_user_get", { user_id: 7 })), /user_id/);
  });

  await check("an unknown tool is the protocol error -32602", async () => {
    await assert.rejects(call("clerk_user_conjure", {}), { code: -32602 });
  });

  await check("the client has nothing to complain of", () => {
    assert.deepEqual(complaints, []);
  });

  await check("the server ends with code 0 when its input does", () => checkClose(client));
});
