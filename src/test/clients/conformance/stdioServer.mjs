// Our server as a process, each request tied to the stream on which its answer is to go.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export class StdioServer {
  #process;
  #ended;
  #errors = "";

  /** The streams of the requests that are not answered yet, each under the JSON of its id. */
  #open = new Map();

  /** The stream for what belongs to no request; undefined while the client has none open. */
  listener;

  constructor({ command, args, env }) {
    this.#process = spawn(command, args, { env });
    this.#process.stdin.on("error", () => {}); // it ended, and its streams say so
    this.#process.stderr.on("data", (text) => (this.#errors += text));
    createInterface({ input: this.#process.stdout }).on("line", (line) => this.#carry(line));
    this.#ended = once(this.#process, "close").then(() => this.#fail());
  }

  isWaitingFor(id) {
    return this.#open.has(JSON.stringify(id));
  }

  forget(id) {
    this.#open.delete(JSON.stringify(id));
  }

  /** Sends a message; if it is a request, all that comes of it goes to the stream. */
  send(message, stream) {
    if (stream) {
      this.#open.set(JSON.stringify(message.id), stream);
    }
    this.#process.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** Ends the input, whereupon the server ends by itself. */
  async close() {
    this.#process.stdin.end();
    await this.#ended;
  }

  #carry(line) {
    const message = JSON.parse(line);
    const id = JSON.stringify(message.id);
    if (message.method === undefined && this.#open.has(id)) {
      const stream = this.#open.get(id);
      this.#open.delete(id);
      stream.end(message);
    } else {
      this.#streamFor(message)?.write(message);
    }
  }

  /** Over stdio not all says what it belongs to; for the rest, the newest request is a guess. */
  #streamFor({ params }) {
    const name = params?._meta?.["io.modelcontextprotocol/subscriptionId"] ?? params?.progressToken;
    const named = this.#open.get(JSON.stringify(name));
    return named ?? [...this.#open.values()].at(-1) ?? this.listener;
  }

  #fail() {
    if (this.#open.size > 0) {
      console.error(`The server ended before it answered:\n${this.#errors}`);
    }
    this.#open.forEach((stream) => stream.abort());
    this.listener?.abort();
  }
}
