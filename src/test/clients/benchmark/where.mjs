// Finds one in twenty of 100,000 users by a condition that Clerk has no filter for: how long it
// takes, and how much memory the server holds. Clerk is the sandbox on a port, behind a proxy that
// delays each answer by 20 ms. With --users another number.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { environment, java, McpProcess } from "../mcpProcess.mjs";

const { values: options } = parseArgs({ options: { users: { type: "string", default: "100000" } } });
const LATENCY_MS = 20;
const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const jar = path.resolve(process.env.CLERK_MCP_JAR ?? path.join(ROOT, "target/clerk-mcp.jar"));
const FLAGS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms8m"];
const where = ["unverified_email"];
const CALLS = [
  ["their number", { where, count: true }],
  ["by plan", { where, by: ["public_metadata.plan"] }],
  ["their rows, to a file", { where, export: "found.csv" }],
  ["without organization", { where: [...where, "organizations = 0"], count: true }],
];

const folder = mkdtempSync(path.join(tmpdir(), "clerk-mcp-where-"));
const sandbox = spawn(java, ["-Xmx3g", "-jar", jar, "sandbox", "--port", "0"], {
  env: environment({
    CLERK_MCP_SANDBOX_CLOCK: "2026-06-01T09:00:00Z",
    CLERK_MCP_SANDBOX_USERS: options.users,
  }),
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const [url, key] = await addressOf(sandbox);
  const proxy = await delayed(Number(new URL(url).port));
  const settings = { CLERK_API_URL: proxy, CLERK_SECRET_KEY: key };
  console.log(`${options.users} users, ${LATENCY_MS} ms for each answer, a test key's pace\n`);
  console.log("| call | flags | seconds | found | looked at | memory, MB | its peak, MB |");
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
  for (const [name, flags] of [["none", []], ["README's", FLAGS]]) {
    for (const [index, [what, args]] of CALLS.entries()) {
      const exports = path.join(folder, `${name.length}-${index}`);
      await measure(what, args, name, flags, { ...settings, CLERK_MCP_EXPORT_DIR: exports });
    }
  }
} finally {
  sandbox.kill();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

async function measure(what, args, name, flags, settings) {
  const env = environment({ ...settings, CLERK_MCP_TIMEOUT: "600" });
  const server = new McpProcess({ command: java, args: [...flags, "-jar", jar], env });
  await server.initialize();
  const begin = performance.now();
  const answer = await server.call({ name: "clerk_users_list", args });
  const seconds = (performance.now() - begin) / 1000;
  const found = answer.structuredContent;
  const cells = [what, name, seconds.toFixed(1), found.count ?? found.rows, found.looked_at];
  const memory = ["VmRSS", "VmHWM"].map((field) => server.memory(field).toFixed(0));
  console.log(`| ${[...cells, ...memory].join(" | ")} |`);
  await server.close();
}

async function addressOf(process) {
  const found = {};
  for await (const line of createInterface({ input: process.stdout })) {
    const [, variable, value] = line.match(/^(CLERK_\w+)=(.*)$/) ?? [];
    found[variable] = value;
    if (found.CLERK_API_URL && found.CLERK_SECRET_KEY) {
      return [found.CLERK_API_URL, found.CLERK_SECRET_KEY];
    }
  }
  throw new Error("The sandbox did not start");
}

/** A proxy that passes every byte of an answer on later. */
async function delayed(port) {
  const proxy = net.createServer((client) => {
    const clerk = net.connect(port, "127.0.0.1");
    client.on("data", (bytes) => clerk.write(bytes)).on("close", () => clerk.destroy());
    clerk.on("data", (bytes) => setTimeout(() => client.write(bytes), LATENCY_MS));
    clerk.on("close", () => setTimeout(() => client.destroy(), LATENCY_MS));
    client.on("error", () => {});
    clerk.on("error", () => client.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return `http://127.0.0.1:${proxy.address().port}`;
}
