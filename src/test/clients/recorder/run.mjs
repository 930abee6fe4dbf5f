// Drives the jar of a commit and the jar at hand with the same calls, and prints every difference in
// what they answer, ask and send to Clerk. The exit code is 1 if there is a difference.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { baseJar } from "./baseJar.mjs";
import { scenarios } from "./scenarios.mjs";
import { Stage } from "./stage.mjs";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const TARGET = path.join(ROOT, "target/recorder");

/** Scenarios at a time, each with two or four processes. */
const AT_ONCE = 2;

const { values: options } = parseArgs({
  options: {
    base: { type: "string", default: "HEAD" },
    "base-jar": { type: "string" },
    jar: { type: "string", default: path.join(ROOT, "target/clerk-mcp.jar") },
    only: { type: "string", default: "" },
  },
});
const java = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, "bin/java") : "java";
const jar = path.resolve(options.jar);
if (!existsSync(jar)) {
  throw new Error(`${jar} does not exist. Build it: mvn -q -Dquick -DskipTests package`);
}
const base = options["base-jar"]
  ? path.resolve(options["base-jar"])
  : baseJar(ROOT, options.base, path.join(TARGET, "jars"));

const begin = Date.now();
const only = new RegExp(options.only);
const queue = scenarios()
  .filter(({ name }) => only.test(name))
  .map((scenario, index) => ({ ...scenario, index }));
if (queue.length === 0) {
  throw new Error(`No scenario's name fits ${only}.`);
}
const temporary = mkdtempSync(path.join(tmpdir(), "clerk-mcp-recorder-"));
const sides = [
  { name: "base", jar: base },
  { name: "now", jar },
].map((side) => ({ ...side, version: version(side.jar), calls: 0, failures: 0, broken: [] }));
for (const { name } of sides) {
  rmSync(path.join(TARGET, name), { recursive: true, force: true });
  mkdirSync(path.join(TARGET, name), { recursive: true });
}
try {
  const firstId = await firstNewId();
  await Promise.all(Array.from({ length: AT_ONCE }, () => work(firstId)));
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
const differences = spawnSync(
  "git",
  ["diff", "--no-index", "--no-color", "--no-ext-diff", "--unified=4", "base", "now"],
  { cwd: TARGET, stdio: ["ignore", "inherit", "inherit"] },
);
const [{ calls, failures }] = sides;
const broken = sides.flatMap((side) => side.broken.map((name) => `${side.name}: ${name}`));
const same = differences.status === 0 && broken.length === 0;
console.log(
  [
    `${calls} calls of each jar in ${Math.round((Date.now() - begin) / 1000)} s,`,
    `of which the base refused ${failures}.`,
    ...(broken.length > 0 ? [`Scenarios that broke off: ${broken.join(", ")}.`] : []),
    differences.status === 0 ? "No differences." : "There are differences.",
  ].join(" "),
);
process.exitCode = same ? 0 : 1;

async function work(firstId) {
  for (let scenario = queue.shift(); scenario; scenario = queue.shift()) {
    await Promise.all(sides.map((side) => play(scenario, side, firstId)));
  }
}

async function play({ name, index, run }, side, firstId) {
  // As long for both sides: the server shortens what is long.
  const folder = path.join(temporary, String(sides.indexOf(side)), String(index));
  const stage = new Stage({ ...side, java, sandboxJar: base, folder, begin, firstId });
  try {
    await run(stage);
  } catch (error) {
    side.broken.push(name);
    console.error(`${side.name}: ${name} broke off: ${error.stack}`);
  } finally {
    await stage.close();
  }
  side.calls += stage.calls;
  side.failures += stage.failures;
  writeFileSync(path.join(TARGET, side.name, `${name}.txt`), stage.text);
}

/** The first id that a fresh sandbox gives out. What it begins with has lower ones. */
async function firstNewId() {
  const folder = path.join(temporary, "first");
  const stage = new Stage({ ...sides[0], java, sandboxJar: base, folder, begin });
  try {
    await stage.startClerk();
    const { id } = await stage.clerk.ask("POST", "/redirect_urls", {
      url: "https://x.example.com",
    });
    return id;
  } finally {
    await stage.close();
  }
}

function version(jar) {
  const line = execFileSync(java, ["-jar", jar, "--version"], { encoding: "utf8" });
  return line.trim().replace("clerk-mcp ", "");
}
