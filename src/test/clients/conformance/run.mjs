// The official conformance suite: all its scenarios for servers, of each version that the list names.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { check, runChecks } from "../checks.mjs";
import { Bridge } from "./bridge.mjs";
import { NOT_APPLICABLE } from "./notApplicable.mjs";

const SUITE = fileURLToPath(
  new URL("../node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url),
);

await runChecks(async ({ command, args }) => {
  const env = { PATH: process.env.PATH, CLERK_MCP_SANDBOX: "true" };
  const bridge = new Bridge({ command, args, env });
  const url = await bridge.start();
  try {
    for (const [version, groups] of Object.entries(NOT_APPLICABLE)) {
      await checkVersion(url, version, byScenario(groups));
    }
  } finally {
    await bridge.close();
  }
});

function byScenario(groups) {
  return new Map(groups.flatMap((group) => group.scenarios.map((scenario) => [scenario, group])));
}

async function checkVersion(url, version, notApplicable) {
  const { problems, output } = await runSuite(url, version);
  await check(`${version}: the suite runs, and has every scenario that is listed`, () => {
    assert.ok(problems.size > 0, output);
    assert.deepEqual([...notApplicable.keys()].filter((scenario) => !problems.has(scenario)), []);
  });
  for (const [scenario, found] of problems) {
    const listed = notApplicable.get(scenario);
    if (listed) {
      await check(`${version}: ${scenario} does not apply: ${listed.reason}`, () => {
        assert.notEqual(found.length, 0, "It passes: take it off the list");
        found.forEach((each) => assert.match(each, listed.problem));
      });
    } else {
      await check(`${version}: ${scenario} passes`, () => assert.deepEqual(found, []));
    }
  }
}

/** Runs all scenarios of a version; the problems are those that each of them found. */
async function runSuite(url, version) {
  const folder = mkdtempSync(join(tmpdir(), "clerk-mcp-"));
  try {
    const options = ["--url", url, "--suite", "all", "--spec-version", version, "-o", folder];
    const output = await runNode(SUITE, "server", ...options);
    return { problems: readProblems(folder), output };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a script and returns what it says; that something failed, the results tell better. */
function runNode(...line) {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      line,
      { maxBuffer: 64 << 20, timeout: 100_000 },
      (error, stdout, stderr) => {
        if (error?.signal) {
          reject(new Error(`The suite was ended by ${error.signal}:\n${stdout}${stderr}`));
        } else {
          resolve(stdout + stderr);
        }
      },
    );
  });
}

function readProblems(folder) {
  const problems = new Map();
  for (const name of readdirSync(folder).sort()) {
    const scenario = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(name)[1];
    const file = join(folder, name, "checks.json");
    const checks = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
    problems.set(scenario, problemsOf(checks));
  }
  return problems;
}

/** A warning counts, since it says what a server should do; so does a scenario that checks nothing. */
function problemsOf(checks) {
  const bad = checks.filter(({ status }) => status === "FAILURE" || status === "WARNING");
  if (bad.length === 0 && !checks.some(({ status }) => status === "SUCCESS")) {
    return ["Nothing was checked"];
  }
  return bad.map(({ id, errorMessage }) => `${id}: ${errorMessage}`);
}
