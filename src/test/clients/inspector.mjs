// The MCP Inspector on the command line, as somebody would try the server by hand.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { check, checkTools, errorText, runChecks, text } from "./checks.mjs";
import { shownUser } from "./fakeClerk.mjs";

const INSPECTOR = fileURLToPath(new URL("node_modules/.bin/mcp-inspector", import.meta.url));
const TOOL_IS_ERROR = 5;

await runChecks(async (server) => {
  assert.ok(
    Number(process.versions.node.split(".")[0]) >= 24,
    `The Inspector needs Node 24 or newer, and this is ${process.version}. ` +
      "npm ci brings one along: put node_modules/.bin first on the PATH.",
  );

  await check("tools/list shows at least 30 tools, with schemas that travel", async () => {
    const { code, stdout, stderr } = await inspect(server, "tools/list", "--strict");
    assert.equal(code, 0, stderr);
    checkTools(JSON.parse(stdout).result.tools);
  });

  await check("tools/call shows Clerk's JSON", async () => {
    const { code, stdout, stderr } = await callTool(server, "user_id=user_1");
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(text(JSON.parse(stdout).result)), shownUser("user_1"));
  });

  await check("tools/call with bad arguments shows an error that names them", async () => {
    const { code, stdout, stderr } = await callTool(server, "colour=red");
    assert.equal(code, TOOL_IS_ERROR, stderr);
    assert.match(errorText(JSON.parse(stdout).result), /colour.*user_id/);
  });
});

function callTool(server, argument) {
  return inspect(server, "tools/call", "--tool-name", "clerk_user_get", "--tool-arg", argument);
}

/** Runs one method in a session of its own. */
function inspect({ command, args, env }, method, ...options) {
  const variables = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const line = ["--cli", ...variables, "--method", method, ...options, "--format", "json"];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [INSPECTOR, ...line, "--", command, ...args],
      { maxBuffer: 16 << 20, timeout: 30_000 },
      (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}
