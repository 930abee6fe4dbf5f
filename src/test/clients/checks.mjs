// What the scripts share: the server's command, and checks that say what they check.
import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { FakeClerk, SECRET_KEY } from "./fakeClerk.mjs";

/** Runs checks against a server's command line and a fake Clerk; the first that fails ends all. */
export async function runChecks(checks) {
  try {
    const jar = process.env.CLERK_MCP_JAR;
    assert.ok(jar, "Set CLERK_MCP_JAR to the path of clerk-mcp.jar");
    const clerk = await new FakeClerk().start();
    await checks(
      {
        command: "java",
        args: ["-jar", jar],
        env: { CLERK_SECRET_KEY: SECRET_KEY, CLERK_API_URL: clerk.url },
      },
      clerk,
    );
    clerk.close();
  } catch (failure) {
    console.error(failure.message);
    process.exit(1); // a server that is still there ends with its input
  }
}

/** Prints what holds, or throws an error that says what does not. */
export async function check(what, body) {
  try {
    await body();
  } catch (cause) {
    throw new Error(`FAILED: ${what}\n${cause.stack}`, { cause });
  }
  console.log(`ok: ${what}`);
}

export async function until(condition, milliseconds, what) {
  const end = Date.now() + milliseconds;
  while (!condition()) {
    assert.ok(Date.now() < end, `${what} within ${milliseconds} ms`);
    await delay(10);
  }
}

/** What a tool answered. */
export function text(result) {
  assert.ok(!result.isError, JSON.stringify(result));
  return result.content[0].text;
}

/** What a tool answered that did not do its work. */
export function errorText(result) {
  assert.equal(result.isError, true, JSON.stringify(result));
  return result.content[0].text;
}

export function checkTools(tools) {
  assert.ok(tools.length >= 30, `${tools.length} tools`);
  for (const tool of tools) {
    for (const hint of ["readOnlyHint", "destructiveHint", "openWorldHint"]) {
      assert.equal(typeof tool.annotations?.[hint], "boolean", `${hint} of ${tool.name}`);
    }
  }
}

/** Closes a client and checks that the server ended by itself, before the client would kill it. */
export async function checkClose(client) {
  // The clients keep the process to themselves, and nothing else knows its exit code.
  const exit = once(client.transport._process, "exit");
  await client.close();
  const [code, signal] = await exit;
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
}
