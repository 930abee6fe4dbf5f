// Measures clerk-mcp beside its peers, all in one run and in turn, so that the machine's moods
// reach each of them. With --short it measures once, to show that it runs; else README is updated.
// With --base <jar> another build of this server is measured along, for a comparison that is printed.
import { once } from "node:events";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { environment, java, McpProcess } from "../mcpProcess.mjs";
import { circumstances, Measurements, median, publish } from "./table.mjs";

const { values: options } = parseArgs({
  options: { short: { type: "boolean" }, base: { type: "string" } },
});
const SHORT = options.short;
const STARTS = SHORT ? 1 : 11;
const IDLE_MS = SHORT ? 500 : 5_000;
const WARM_UP_CALLS = SHORT ? 20 : 12_000; // after which no compiler has much to do
const ROUNDS = SHORT ? 2 : 40;
const CALLS_PER_ROUND = SHORT ? 10 : 25;
const BURSTS = SHORT ? 1 : 7;
const EXPORTS = SHORT ? 1 : 5;
const SLOW_ROUNDS = SHORT ? 1 : 2;
const SLOW_CALLS = SHORT ? 100 : 800;
const CONNECTIONS = 128; // as many calls as clerk-mcp runs at once
const USERS = 10_000;
const SECRET_KEY = "sk_test_0123456789abcdef";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const FLAGS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms8m", "-XX:-UsePerfData"];
const BASE = "the base";
const PEER = "@modelcontextprotocol/server-everything/dist/index.js";
const jar = path.resolve(process.env.CLERK_MCP_JAR ?? path.join(ROOT, "target/clerk-mcp.jar"));

const M = {
  initialize: "start to `initialize`, ms",
  list: "start to `tools/list`, ms",
  call: "start to the first call's answer, ms",
  memory: "memory after the first call, MB",
  peak: "its peak until then, MB",
  idleMemory: "memory after idling, MB",
  idleCall: "first call after a second of idleness, ms",
  warm: "a warm call, ms",
  http: "its HTTP request alone, ms",
  overhead: "what the server adds, ms",
  hundred: "100 calls at once, ms",
  thousand: "1,000 calls at once, ms",
  floor: "1,000 such requests over 128 connections alone, ms",
  slowThreads: "threads during 800 calls of a second, at most",
  slowPeak: "peak memory after them, MB",
  export: "10,000 users to a file, ms",
  exportPeak: "peak memory after that, MB",
};

if (!existsSync(jar)) {
  throw new Error(`${jar} is not there; build it with: mvn -q -Dquick -DskipTests package`);
}
const folder = mkdtempSync(path.join(tmpdir(), "clerk-mcp-benchmark-"));
const clerk = new Worker(new URL("clerk.mjs", import.meta.url), { workerData: { users: USERS } });
try {
  const [url] = await once(clerk, "message");
  const results = new Measurements();
  const servers = all(url);
  await measureStarts(servers, results);
  await measureWarm(
    servers.filter(({ callsClerk }) => callsClerk),
    url,
    results,
  );
  await measureSlowCalls(
    servers.filter(({ callsClerk }) => callsClerk),
    results,
  );
  await measureExports(
    servers.filter(({ exports }) => exports),
    results,
  );
  const names = servers.map(({ name }) => name);
  const table = (columns) =>
    `${circumstances(java)}\n\n${results.table(Object.values(M), columns)}`;
  console.log(table(names));
  if (!SHORT) {
    publish(path.join(ROOT, "README.md"), table(names.filter((name) => name !== BASE)));
  }
} finally {
  await clerk.terminate();
  rmSync(folder, { recursive: true });
}

function all(url) {
  const env = environment({
    CLERK_SECRET_KEY: SECRET_KEY,
    CLERK_API_URL: url,
  });
  const user = (id) => ({ name: "clerk_user_get", args: { user_id: id } });
  const ours = { env, user, callsClerk: true, exports: true };
  const base = options.base
    ? [{ name: BASE, command: java, args: ["-jar", path.resolve(options.base)], ...ours }]
    : [];
  return [
    ...base,
    { name: "`java -jar`", command: java, args: ["-jar", jar], ...ours },
    { name: "with flags", command: java, args: [...FLAGS, "-jar", jar], ...ours },
    { name: "after `warm`", ...warmed(), ...ours },
    {
      name: "server-everything",
      command: process.execPath,
      args: [fileURLToPath(import.meta.resolve(PEER)), "stdio"],
      env,
      user: () => ({ name: "echo", args: { message: "hello" } }),
    },
    {
      name: "TypeScript SDK",
      command: process.execPath,
      args: [fileURLToPath(new URL("forwarder.mjs", import.meta.url))],
      env,
      user: (id) => ({ name: "user_get", args: { user_id: id } }),
      callsClerk: true,
    },
  ];
}

/** The command that `warm` prints for a host's configuration. */
function warmed() {
  const archive = path.join(folder, "clerk-mcp.jsa");
  const printed = execFileSync(java, ["-jar", jar, "warm", archive], {
    env: environment({}),
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  const { command, args } = JSON.parse(printed).mcpServers.clerk;
  return { command, args };
}

async function measureStarts(servers, results) {
  for (let i = 0; i < STARTS; i++) {
    for (const server of servers) {
      await measureStart(server, results);
      await measureFirstCall(server, results);
    }
  }
}

async function measureStart(server, results) {
  const add = (measure, sample) => results.add(measure, server.name, sample);
  const mcp = new McpProcess(server);
  await mcp.initialize();
  add(M.initialize, mcp.age);
  await mcp.listTools();
  add(M.list, mcp.age);
  await mcp.call(server.user("user_1"));
  add(M.call, mcp.age);
  add(M.memory, mcp.memory("VmRSS"));
  add(M.peak, mcp.memory("VmHWM"));
  await delay(IDLE_MS);
  add(M.idleMemory, mcp.memory("VmRSS"));
  await mcp.close();
}

async function measureFirstCall(server, results) {
  const mcp = new McpProcess(server);
  await mcp.initialize();
  await mcp.listTools();
  await delay(1_000);
  results.add(M.idleCall, server.name, await time(() => mcp.call(server.user("user_1"))));
  await mcp.close();
}

async function measureWarm(servers, url, results) {
  const processes = await Promise.all(servers.map(open));
  const agent = new http.Agent({ keepAlive: true });
  const pool = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  for (let i = 0; i < WARM_UP_CALLS; i++) {
    for (const { mcp, server } of processes) {
      await mcp.call(server.user(`user_${i}`));
    }
    await get(`${url}/v1/users/user_${i}`, agent);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const { mcp, server } of processes) {
      await measureRound(mcp, server, url, agent, results);
    }
  }
  for (let burst = 0; burst < BURSTS; burst++) {
    for (const { mcp, server } of processes) {
      await measureBurst(mcp, server, 100, M.hundred, results);
      await measureBurst(mcp, server, 1_000, M.thousand, results);
      results.add(M.floor, server.name, await time(() => requestsAlone(1_000, url, pool)));
    }
  }
  agent.destroy();
  pool.destroy();
  await Promise.all(processes.map(({ mcp }) => mcp.close()));
}

/** Opens a server that neither keeps to Clerk's rate limits nor keeps files from being written. */
async function open(server) {
  const env = { ...server.env, CLERK_MCP_PACING: "false", CLERK_MCP_EXPORT_DIR: folder };
  const mcp = new McpProcess({ ...server, env });
  await mcp.initialize();
  await mcp.listTools();
  return { mcp, server };
}

async function measureRound(mcp, server, url, agent, results) {
  const calls = [];
  const requests = [];
  for (let i = 0; i < CALLS_PER_ROUND; i++) {
    calls.push(await time(() => mcp.call(server.user(`user_${i}`))));
    requests.push(await time(() => get(`${url}/v1/users/user_${i}`, agent)));
  }
  calls.forEach((sample) => results.add(M.warm, server.name, sample));
  requests.forEach((sample) => results.add(M.http, server.name, sample));
  results.add(M.overhead, server.name, median(calls) - median(requests));
}

/** Clerk takes 50 ms for each, so that those that do not overlap are seen. */
async function measureBurst(mcp, server, count, measure, results) {
  const calls = () =>
    Promise.all(
      Array.from({ length: count }, (_, i) => mcp.call(server.user(`user_after_50ms_${i}`))),
    );
  results.add(measure, server.name, await time(calls));
}

/** The least that calls take which are not all at Clerk at once. */
async function requestsAlone(count, url, agent) {
  const ids = Array.from({ length: count }, (_, i) => `user_after_50ms_${i}`);
  await Promise.all(ids.map((id) => get(`${url}/v1/users/${id}`, agent)));
}

async function measureSlowCalls(servers, results) {
  for (let i = 0; i < SLOW_ROUNDS; i++) {
    for (const server of servers) {
      const { mcp } = await open(server);
      await mcp.call(server.user("user_1"));
      await delay(IDLE_MS);
      let threads = 0;
      const look = setInterval(() => (threads = Math.max(threads, mcp.status("Threads"))), 100);
      const ids = Array.from({ length: SLOW_CALLS }, (_, j) => `user_after_1000ms_${j}`);
      await Promise.all(ids.map((id) => mcp.call(server.user(id))));
      clearInterval(look);
      results.add(M.slowThreads, server.name, threads);
      results.add(M.slowPeak, server.name, mcp.memory("VmHWM"));
      await mcp.close();
    }
  }
}

async function measureExports(servers, results) {
  for (let i = 0; i < EXPORTS; i++) {
    for (const server of servers) {
      const { mcp } = await open(server);
      await delay(1_000);
      const file = `${servers.indexOf(server)}-${i}.jsonl`;
      const call = { name: "clerk_users_list", args: { export: file } };
      const begin = performance.now();
      const result = await mcp.call(call);
      results.add(M.export, server.name, performance.now() - begin);
      const { rows } = JSON.parse(result.content[0].text);
      if (rows !== USERS) {
        throw new Error(`${rows} rows were exported`);
      }
      results.add(M.exportPeak, server.name, mcp.memory("VmHWM"));
      await mcp.close();
    }
  }
}

async function time(work) {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function get(url, agent) {
  const headers = { Authorization: `Bearer ${SECRET_KEY}` };
  const [response] = await once(http.get(url, { agent, headers }), "response");
  const chunks = [];
  for await (const chunk of response) {
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
}
