// A soak test: some minutes of mixed work on the jar as a process, against its own sandbox behind a
// proxy that injects faults. It prints figures, and ends with 1 if the server broke a promise.
import { once } from "node:events";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { environment, java } from "../mcpProcess.mjs";
import { compareAudit } from "./audit.mjs";
import { ANSWERS, Client, until } from "./client.mjs";
import { FaultyProxy } from "./faultyProxy.mjs";
import { Results, table } from "./results.mjs";
import { Random } from "./random.mjs";
import { Vitals } from "./vitals.mjs";
import { Workload } from "./workload.mjs";

const ROUND_MS = 12_000;
const VISIT_MS = 4_000;
const PROFILE_MS = 2_500;
const PROFILES = ["fair", "slow", "stormy", "closing"];

/** How long a stalled request takes; long enough that a busy machine does not reach it. */
const TIMEOUT_S = 10;

const CONFIRM_TIMEOUT_S = 5;

/** Few, so that lists hold people who are invited already. */
const GUESTS = 60;

const PASSWORD = "soak-password-7f3a!";

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    jar: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const minutes = Number(options.minutes);
const seed = Number(options.seed);
const root = fileURLToPath(new URL("../../../../", import.meta.url));
const jar = path.resolve(options.jar ?? path.join(root, "target/clerk-mcp.jar"));
if (!(minutes > 0) || !Number.isInteger(seed)) {
  throw new Error("--minutes takes a number above 0, --seed an integer");
}
if (!existsSync(jar)) {
  throw new Error(`${jar} is not there; build it with: mvn -q -Dquick -DskipTests package`);
}

const random = new Random(seed);
const results = new Results();
const guests = Array.from({ length: GUESTS }, (_, n) => `guest${n + 1}@example.com`);
const pool = { users: [], allowed: [], organizations: [], guests };
const folder = mkdtempSync(path.join(tmpdir(), "clerk-mcp-soak-"));
const files = path.join(folder, "files");
const audit = path.join(folder, "audit.jsonl");
mkdirSync(files);

// No process and no file outlives this process, however it ends.
const children = new Set();
process.on("exit", () => {
  children.forEach((child) => child.kill("SIGKILL"));
  rmSync(folder, { recursive: true });
});
process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(143));

console.log(`${minutes} minutes of ${jar}, --seed ${seed}`);
const sandbox = await startSandbox();
const proxy = new FaultyProxy(sandbox.url, random, (TIMEOUT_S * 1_000) / 2);
const url = await proxy.start();
const secrets = [sandbox.key, PASSWORD];
await soak();
process.exit(results.isClean ? 0 : 1);

async function startSandbox() {
  const sandbox = spawn(java, ["-jar", jar, "sandbox", "--port", "0"], {
    env: environment({ CLERK_MCP_SANDBOX_CLOCK: "2026-06-01T09:00:00Z" }),
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(sandbox);
  const settings = {};
  for await (const line of createInterface({ input: sandbox.stdout })) {
    const [name, value] = line.split("=");
    settings[name] = value;
    if (settings.CLERK_API_URL && settings.CLERK_SECRET_KEY) {
      return { url: settings.CLERK_API_URL, key: settings.CLERK_SECRET_KEY };
    }
  }
  throw new Error("The sandbox does not listen");
}

/** Starts a server and the client that works with it. */
function start(name, canAsk) {
  const settings = {
    CLERK_API_URL: url,
    CLERK_SECRET_KEY: sandbox.key,
    CLERK_MCP_AUDIT_LOG: audit,
    CLERK_MCP_CONFIRM: "always",
    CLERK_MCP_CONFIRM_TIMEOUT: String(CONFIRM_TIMEOUT_S),
    CLERK_MCP_AUDIT_MAX_MB: "100000", // one file, which is compared with the requests
    CLERK_MCP_EXPORT_DIR: files,
    CLERK_MCP_PACING: "false",
    CLERK_MCP_SECRETS_DIR: path.join(folder, "secrets"),
    CLERK_MCP_TIMEOUT: String(TIMEOUT_S),
    CLERK_MCP_TRACEPARENT: "true",
  };
  const command = { command: java, args: ["-jar", jar], env: environment(settings) };
  const client = new Client({ command, name, canAsk, proxy, results, secrets });
  children.add(client);
  client.ended.finally(() => children.delete(client));
  const common = { random, results, folder: files, password: PASSWORD, pool };
  return { client, workload: new Workload({ client, ...common }) };
}

async function soak() {
  const begin = performance.now();
  const { client, workload } = start("soak", true);
  const vitals = new Vitals(client);
  await workload.begin();
  client.subscribe();
  vitals.start();
  do {
    await round(workload);
    await settle(client, workload);
    if (!client.hasEnded) {
      await vitals.settle();
    }
  } while (performance.now() - begin < minutes * 60_000 && !client.hasEnded);
  vitals.stop();
  await finish(client, workload);
  checkFiles();
  await checkChain();
  const counts = await compareAudit(audit, proxy.changes, secrets, results);
  vitals.check(results);
  report(vitals, counts, (performance.now() - begin) / 1_000);
}

/** Mixed work under changing profiles, with bursts, an over-long line and a short-lived server. */
async function round(workload) {
  await Promise.all([workload.run(ROUND_MS), workload.overlong(), visit(), changeProfiles(workload)]);
  await workload.questionBurst();
}

async function changeProfiles(workload) {
  for (let left = ROUND_MS; left > 0; left -= PROFILE_MS) {
    proxy.profile = random.pick(PROFILES);
    await delay(PROFILE_MS);
    if (random.chance(0.3)) {
      await workload.burst();
    }
  }
  proxy.profile = "calm";
}

/** Starts a second server on the same audit log, works with it, and ends it. */
async function visit() {
  const { client, workload } = start("visitor", false);
  await workload.begin();
  await workload.run(VISIT_MS);
  await client.settle();
  await finish(client, workload);
}

/** Ends the input while calls are in flight. */
async function finish(client, workload) {
  const left = workload.leave();
  await client.finish();
  await left;
}

/** Brings the server to rest. A burst of slow calls before makes it start all the threads it may have. */
async function settle(client, workload) {
  proxy.profile = "lazy";
  await workload.burst();
  proxy.profile = "calm";
  proxy.closeIdle();
  await workload.changeAfterClosing();
  await client.settle();
  await until(() => proxy.inFlight === 0, (TIMEOUT_S + 1) * 1_000);
  results.check(
    proxy.inFlight === 0,
    "a call that ended or was cancelled leaves no request open",
    `${proxy.inFlight} requests are open`,
  );
}

/** Files that are left over belong to calls that were cancelled; they are complete all the same. */
function checkFiles() {
  for (const name of readdirSync(files)) {
    const text = readFileSync(path.join(files, name), "utf8");
    const isWhole = /^users-\d+-\d+\.(csv|jsonl)$/.test(name) && text.endsWith("\n");
    results.check(isWhole, "a file is never half there", name);
  }
}

async function checkChain() {
  const args = ["-jar", jar, "audit", "verify", audit];
  const verify = spawn(java, args, { env: environment({}), stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  verify.stdout.on("data", (part) => (text += part));
  verify.stderr.on("data", (part) => (text += part));
  const [code] = await once(verify, "close");
  results.check(code === 0, "the audit log's chain holds", text);
}

function report(vitals, counts, seconds) {
  const rate = (results.calls / seconds).toFixed(0);
  console.log(`${results.calls} calls in ${seconds.toFixed(0)} s, ${rate} a second\n`);
  console.log(table(["how calls ended", "", "calls"], results.outcomes()));
  console.log(`\n${table(["kind, ms", "calls", "p50", "p99", "most"], results.times())}`);
  const heads = ["server, memory in MB", "first", "median", "most", "last", "more a minute"];
  console.log(`\n${table(heads, vitals.rows())}`);
  console.log(`\nAnswers: ${shown(results.counts(ANSWERS))}`);
  console.log(`Requests: ${proxy.requests}, ${proxy.mostAtOnce} at once: ${shown(proxy.actions)}`);
  console.log(`Audit log: ${shown(counts)}\n`);
  console.log(results.isClean ? "Every promise was kept." : results.violations().join("\n"));
}

function shown(counts) {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
