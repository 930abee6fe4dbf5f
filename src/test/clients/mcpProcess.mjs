// A server as a process, spoken to over its pipes with nothing in between that would take time.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const NEWLINE = 0x0a;

export const java = javaTool("java");

/** The path of a program of the JDK: that of JAVA_HOME, else the first on the PATH. */
export function javaTool(name) {
  return process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, "bin", name) : name;
}

/** The environment for a server: what it needs to run, and no settings of this shell's own. */
export function environment(settings) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(CLERK_|JAVA_TOOL_OPTIONS$|JDK_JAVA_OPTIONS$|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$|SSL_CERT_FILE$|\w+_PROXY$)/i.test(name),
  );
  return { ...Object.fromEntries(kept), ...settings };
}

export class McpProcess {
  #process;
  #lastId = 0;
  #waiting = new Map();

  /** Everything that the server wrote to stderr. */
  errors = "";

  /** Fulfilled with the exit code and the signal when the process has ended and all is read. */
  ended;

  constructor({ command, args, env }) {
    this.begin = performance.now();
    this.#process = spawn(command, args, { env });
    this.ended = once(this.#process, "close").then(([code, signal]) => ({ code, signal }));
    this.#process.stderr.setEncoding("utf8").on("data", (text) => (this.errors += text));
    this.#process.stdin.on("error", () => {}); // it ended; the requests that wait say so
    splitLines(this.#process.stdout, (line) => this.receive(line));
    this.ended.then(
      () => this.fail(new Error(`The server ended: ${command} ${args.join(" ")}\n${this.errors}`)),
      (failure) => this.fail(failure),
    );
  }

  get pid() {
    return this.#process.pid;
  }

  /** Milliseconds since the process was started. */
  get age() {
    return performance.now() - this.begin;
  }

  async initialize() {
    await this.request("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "benchmark", version: "1.0.0" },
    });
    this.send({ jsonrpc: "2.0", method: "notifications/initialized" });
  }

  async listTools() {
    const { tools } = await this.request("tools/list", {});
    assert.ok(tools.length > 0, "No tools are listed");
  }

  /** Calls a tool that must do its work. */
  async call({ name, args }) {
    const result = await this.request("tools/call", { name, arguments: args });
    assert.ok(!result.isError, JSON.stringify(result));
    return result;
  }

  async request(method, params) {
    const id = ++this.#lastId;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.send({ jsonrpc: "2.0", id, method, params });
    const { result, error } = await answer;
    assert.ok(result, JSON.stringify(error));
    return result;
  }

  /** MB of memory: VmRSS is what is held now, VmHWM the most that ever was; known on Linux alone. */
  memory(field) {
    return (this.status(field) * 1024) / 1e6;
  }

  /** A number that Linux tells of the process; NaN elsewhere, and when the process is gone. */
  status(field) {
    const file = `/proc/${this.pid}/status`;
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    return Number(text.match(new RegExp(`^${field}:\\s+(\\d+)`, "m"))?.[1] ?? NaN);
  }

  /** Ends the input, whereupon the server ends by itself, and returns its exit code and signal. */
  async close() {
    const late = setTimeout(() => this.kill(), 15_000);
    this.#process.stdin.end();
    try {
      return await this.ended;
    } finally {
      clearTimeout(late);
    }
  }

  kill() {
    this.#process.kill("SIGKILL");
  }

  send(message) {
    this.write(JSON.stringify(message));
  }

  /** Sends a line, whatever it holds. */
  write(line) {
    this.#process.stdin.write(`${line}\n`);
  }

  /** Takes a line that the server wrote to stdout. */
  receive(line) {
    const message = JSON.parse(line);
    if (message.method === undefined) {
      this.#waiting.get(message.id)?.resolve(message);
      this.#waiting.delete(message.id);
    } else if (message.id !== undefined) {
      this.send({ jsonrpc: "2.0", id: message.id, result: {} });
    }
  }

  /** Takes note that nothing more will be answered. */
  fail(failure) {
    for (const { reject } of this.#waiting.values()) {
      reject(failure);
    }
    this.#waiting.clear();
  }
}

/** Reads lines as MCP has them: readline would also end them at separators inside of a string. */
function splitLines(stream, take) {
  let parts = [];
  stream.on("data", (bytes) => {
    let start = 0;
    for (let end; (end = bytes.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
      parts.push(bytes.subarray(start, end));
      const line = Buffer.concat(parts).toString("utf8");
      parts = [];
      take(line);
    }
    parts.push(bytes.subarray(start));
  });
  stream.on("end", () => {
    const rest = Buffer.concat(parts).toString("utf8");
    if (rest !== "") {
      take(rest);
    }
  });
}
