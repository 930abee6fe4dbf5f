// A server as a process, spoken to over its pipes with nothing in between that would take time.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

export class McpProcess {
  #process;
  #exit;
  #lastId = 0;
  #waiting = new Map();
  #errors = "";

  constructor({ command, args, env }) {
    this.begin = performance.now();
    this.#process = spawn(command, args, { env });
    this.#exit = once(this.#process, "exit");
    this.#process.stderr.on("data", (text) => (this.#errors += text));
    this.#process.stdin.on("error", () => {}); // it ended; the requests that wait say so
    createInterface({ input: this.#process.stdout }).on("line", (line) => this.#receive(line));
    this.#exit.then(
      () => this.#fail(new Error(`The server ended: ${command} ${args.join(" ")}\n${this.#errors}`)),
      (failure) => this.#fail(failure),
    );
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
    this.#send({ jsonrpc: "2.0", method: "notifications/initialized" });
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
    this.#send({ jsonrpc: "2.0", id, method, params });
    const { result, error } = await answer;
    assert.ok(result, JSON.stringify(error));
    return result;
  }

  /** MB of memory: VmRSS is what is held now, VmHWM the most that ever was; known on Linux alone. */
  memory(field) {
    const file = `/proc/${this.#process.pid}/status`;
    if (!existsSync(file)) {
      return NaN;
    }
    const kilobytes = readFileSync(file, "utf8").match(new RegExp(`^${field}:\\s+(\\d+)`, "m"))[1];
    return (Number(kilobytes) * 1024) / 1e6;
  }

  async close() {
    const late = setTimeout(() => this.#process.kill("SIGKILL"), 10_000);
    this.#process.stdin.end();
    await this.#exit;
    clearTimeout(late);
  }

  #send(message) {
    this.#process.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #receive(line) {
    const message = JSON.parse(line);
    if (message.method === undefined) {
      this.#waiting.get(message.id)?.resolve(message);
      this.#waiting.delete(message.id);
    } else if (message.id !== undefined) {
      this.#send({ jsonrpc: "2.0", id: message.id, result: {} });
    }
  }

  #fail(failure) {
    for (const { reject } of this.#waiting.values()) {
      reject(failure);
    }
    this.#waiting.clear();
  }
}
