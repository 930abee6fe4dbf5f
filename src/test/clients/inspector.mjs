// The MCP Inspector on the command line, as somebody would try the server by hand, in each of its eras.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  const folder = mkdtempSync(join(tmpdir(), "clerk-mcp-"));
  try {
    for (const protocolEra of ["legacy", "auto", "modern"]) {
      const config = join(folder, `${protocolEra}.json`);
      writeFileSync(config, JSON.stringify({ mcpServers: { clerk: { ...server, protocolEra } } }));
      await checkEra(config, protocolEra);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

async function checkEra(config, era) {
  await check(`${era}: initialize shows the newest version of the era`, async () => {
    const { protocolVersion, serverInfo } = await result(config, "initialize");
    assert.equal(protocolVersion, era === "legacy" ? "2025-11-25" : "2026-07-28");
    assert.equal(serverInfo.name, "clerk-mcp");
  });

  await check(`${era}: tools/list shows at least 30 tools, with schemas that travel`, async () => {
    checkTools((await result(config, "tools/list", "--strict")).tools);
  });

  await check(`${era}: tools/call shows Clerk's JSON`, async () => {
    const { code, stdout, stderr } = await callTool(config, "user_id=user_1");
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(text(JSON.parse(stdout).result)), shownUser("user_1"));
  });

  await check(`${era}: tools/call with bad arguments shows an error that names them`, async () => {
    const { code, stdout, stderr } = await callTool(config, "colour=red");
    assert.equal(code, TOOL_IS_ERROR, stderr);
    assert.match(errorText(JSON.parse(stdout).result), /colour.*user_id/);
  });

  await check(`${era}: a resource is read`, async () => {
    const { contents } = await result(config, "resources/read", "--uri", "clerk://users/user_1");
    assert.equal(JSON.parse(contents[0].text).id, "user_1");
  });
}

function callTool(config, argument) {
  return inspect(config, "tools/call", "--tool-name", "clerk_user_get", "--tool-arg", argument);
}

async function result(config, method, ...options) {
  const { code, stdout, stderr } = await inspect(config, method, ...options);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout).result;
}

/** Runs one method in a session of its own. */
function inspect(config, method, ...options) {
  const line = ["--cli", "--config", config, "--server", "clerk", "--method", method];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [INSPECTOR, ...line, ...options, "--format", "json"],
      { maxBuffer: 16 << 20, timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}
