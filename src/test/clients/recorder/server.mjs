// The server as a process. Every line in and out is under the caller's control, in both eras.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const PATIENCE_MS = 30_000;
const MODERN = "2026-07-28";
const CLIENT = { name: "recorder", version: "1.0.0" };

export class Server {
  #process;
  #exit;
  #stderr = "";
  #lastId = 0;
  #messages = [];
  #arrived = () => {};

  /** What the person at the client answers to a question; the default is a yes. */
  answer = { action: "accept", content: {} };

  constructor({ command, args, env }) {
    this.#process = spawn(command, args, { env });
    this.#exit = once(this.#process, "close");
    this.#process.stdin.on("error", () => {}); // the process ended; the exchange that waits says so
    this.#process.stderr.setEncoding("utf8").on("data", (text) => (this.#stderr += text));
    createInterface({ input: this.#process.stdout }).on("line", (line) => this.#receive(line));
  }

  /** Opens a session of the legacy era and returns what the server says about itself. */
  async initialize({ protocolVersion = "2025-11-25", capabilities = {} } = {}) {
    const messages = await this.request("initialize", {
      protocolVersion,
      capabilities,
      clientInfo: CLIENT,
    });
    this.write({ jsonrpc: "2.0", method: "notifications/initialized" });
    return messages;
  }

  /** Sends a request and returns all messages up to its answer. */
  request(method, params) {
    const id = ++this.#lastId;
    return this.exchange([{ jsonrpc: "2.0", id, method, params }], 1);
  }

  /** Sends a request of the modern era, which names its version and what the client can do. */
  modernRequest(method, params = {}, capabilities = {}) {
    return this.request(method, {
      ...params,
      _meta: {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientInfo": CLIENT,
        "io.modelcontextprotocol/clientCapabilities": capabilities,
        ...params._meta,
      },
    });
  }

  /** Sends lines and returns all messages until the given number of them are answers. */
  async exchange(lines, answers) {
    lines.forEach((line) => this.write(line));
    await this.#until((messages) => messages.filter(isAnswer).length >= answers);
    return this.#messages.splice(0);
  }

  /** The same, and then waits for the answer to a ping: an answer too many comes before it. */
  async exchangeAndPing(lines, answers) {
    lines.forEach((line) => this.write(line));
    await this.#until((messages) => messages.filter(isAnswer).length >= answers);
    this.write({ jsonrpc: "2.0", id: "ping", method: "ping" });
    await this.#until((messages) => messages.some(({ id }) => id === "ping"));
    return this.#messages.splice(0).filter(({ id }) => id !== "ping");
  }

  /** Writes a message, or text or bytes as they are, as one line. */
  write(line) {
    const raw = typeof line === "string" || Buffer.isBuffer(line);
    this.#process.stdin.write(raw ? line : JSON.stringify(line));
    this.#process.stdin.write("\n");
  }

  /** Ends the input and returns what is left to say: messages, exit code and standard error. */
  async close() {
    this.#process.stdin.end();
    return this.end();
  }

  /** Waits for the end of the process. */
  async end() {
    const late = setTimeout(() => this.#process.kill("SIGKILL"), PATIENCE_MS);
    const [code, signal] = await this.#exit;
    clearTimeout(late);
    const stderr = this.#stderr.split("\n").filter((line) => line !== "");
    return { messages: this.#messages.splice(0), code: code ?? signal, stderr };
  }

  kill() {
    this.#process.kill("SIGKILL");
  }

  #receive(line) {
    const message = parse(line);
    this.#messages.push(message);
    if (message.method !== undefined && message.id !== undefined) {
      this.write({ jsonrpc: "2.0", id: message.id, result: this.answer });
    }
    this.#arrived();
  }

  async #until(complete) {
    let timer;
    const late = new Promise((resolve, reject) => {
      const fail = (what) => reject(new Error(`${what}: ${JSON.stringify(this.#messages)}`));
      timer = setTimeout(fail, PATIENCE_MS, "No answer in time");
      this.#exit.then(() => fail(`The server ended: ${this.#stderr}`));
    });
    late.catch(() => {}); // the process ends at some time, mostly when nothing is waited for
    try {
      while (!complete(this.#messages)) {
        await Promise.race([new Promise((resolve) => (this.#arrived = resolve)), late]);
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

function isAnswer(message) {
  return Array.isArray(message) || message.method === undefined;
}

/** What is no JSON is kept as it is: a recording shows whatever the server writes. */
function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { "not JSON": line };
  }
}
