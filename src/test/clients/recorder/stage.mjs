// Where a scenario plays: one jar, its processes and folder, and what it was seen to do.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Clerk } from "./clerk.mjs";
import { Normaliser } from "./normalise.mjs";
import { auditLines, byId, logLines, requests, withoutBeats } from "./order.mjs";
import { Server } from "./server.mjs";

/** For processes that end soon: they compile less. */
const FLAGS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"];

/** A key that no sandbox takes, so that the server does not know it is one. */
const KEY = "sk_test_0123456789abcdefRECORDED";
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==";

export class Stage {
  #setting;
  #normaliser;
  #text = "";
  #seen = new Map();
  #open = [];

  calls = 0;
  failures = 0;
  clerk;
  server;

  /** Whether the headers of requests to Clerk are recorded as well. */
  showHeaders = false;

  /** @param setting java, jar, sandboxJar, folder, version, begin and firstId */
  constructor(setting) {
    this.#setting = setting;
    const { folder, jar, version, begin, firstId } = setting;
    mkdirSync(path.join(folder, "exports"), { recursive: true });
    writeFileSync(this.file("pixel.png"), Buffer.from(PIXEL, "base64"));
    const names = [
      [folder, "<folder>"],
      [jar, "<jar>"],
      [`clerk-mcp/${version}`, "clerk-mcp/<version>"],
      [`clerk-mcp ${version}`, "clerk-mcp <version>"],
      [`"version": "${version}"`, '"version": "<version>"'],
    ];
    this.#normaliser = new Normaliser({ names, begin, firstId });
  }

  /** A file of this scenario, with the given content if there is any. */
  file(name, content) {
    const file = path.join(this.#setting.folder, name);
    if (content !== undefined) {
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    }
    return file;
  }

  /** Starts a Clerk, which is always the base jar's: only the server may make a difference. */
  async startClerk(env = {}) {
    this.clerk = await Clerk.start({
      ...this.#java(this.#setting.sandboxJar),
      env: this.#env(env),
    });
    this.#open.push(() => this.clerk.close());
  }

  /** Starts a server, which reaches the Clerk if one was started, and its own sandbox otherwise. */
  async start(env = {}, { args = [], session } = {}) {
    const { command, args: first } = this.#java(this.#setting.jar);
    const server = new Server({ command, args: [...first, ...args], env: this.#serverEnv(env) });
    this.#open.push(() => server.kill());
    this.server = server;
    if (session) {
      this.record("initialize", { messages: await server.initialize(session) });
    }
    return server;
  }

  /** Ends the server's input and records what it says at last. */
  async stop(title = "the input ends") {
    this.record(title, await this.server.close());
  }

  /** Calls a tool in the legacy era, or in the modern one if capabilities are given. */
  async call(title, name, args, { modern, more = {} } = {}) {
    const params = { name, arguments: args, ...more };
    const messages = modern
      ? await this.server.modernRequest("tools/call", params, modern)
      : await this.server.request("tools/call", params);
    this.calls++;
    this.record(title, { call: params, ...(modern && { capabilities: modern }), messages });
    const { result, error } = messages.at(-1);
    this.failures += error || result.isError ? 1 : 0;
    return result ?? {};
  }

  /** Sends a request of either era and records what comes. */
  async request(title, method, params = {}, { modern } = {}) {
    const messages = modern
      ? await this.server.modernRequest(method, params, modern)
      : await this.server.request(method, params);
    this.calls++;
    this.record(title, { request: { method, params }, messages });
    return messages.at(-1).result;
  }

  /** Sends lines as they are and records what comes, until that many are answered. */
  async lines(title, lines, answers = 1) {
    const messages = await this.server.exchangeAndPing(lines, answers);
    this.calls++;
    this.record(title, { lines: lines.map(shown), messages: byId(messages) });
    return messages;
  }

  /** Runs a command line to its end, with the given input. */
  async command(title, args, env = {}, input = "") {
    const { command, args: first } = this.#java(this.#setting.jar);
    const child = spawn(command, [...first, ...args], { env: this.#serverEnv(env) });
    const out = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"]) {
      child[stream].setEncoding("utf8").on("data", (text) => (out[stream] += text));
    }
    child.stdin.on("error", () => {}); // it may end before it has read all
    child.stdin.end(input);
    const [code, signal] = await once(child, "close");
    this.calls++;
    const lines = (text) => text.split("\n").filter((line) => line !== "");
    this.record(title, {
      args,
      env,
      code: code ?? signal,
      stdout: lines(out.stdout).map((line) => ({ line })),
      stderr: lines(out.stderr),
    });
    return out.stdout;
  }

  /** Writes down what was seen, with what Clerk was asked and which files were written meanwhile. */
  record(title, seen) {
    const record = { ...seen };
    if (seen.messages) {
      record.messages = withoutBeats(seen.messages);
    }
    if (seen.stderr) {
      record.stderr = logLines(seen.stderr).map((line) => ({ line }));
    }
    const clerk = requests(this.clerk?.takeRequests() ?? []);
    if (clerk.length > 0) {
      record.clerk = clerk.map(({ method, path, headers, body }) => ({
        request: `${method} ${path}`,
        ...(this.showHeaders && { headers }),
        ...(body !== "" && { body }),
      }));
    }
    const files = this.#newFiles();
    if (Object.keys(files).length > 0) {
      record.files = files;
    }
    this.#text += `${this.#normaliser.named(title)}\n${indented(this.#normaliser.text(record))}\n\n`;
  }

  get text() {
    return this.#text;
  }

  async close() {
    for (const close of this.#open.reverse()) {
      await close();
    }
  }

  #java(jar) {
    return { command: this.#setting.java, args: [...FLAGS, "-jar", jar] };
  }

  #serverEnv(env) {
    const clerk = this.clerk
      ? { CLERK_SECRET_KEY: KEY, CLERK_API_URL: this.clerk.url }
      : { CLERK_MCP_SANDBOX: "true" };
    return this.#env({ ...clerk, ...env });
  }

  /** Nothing that is set on this machine may reach the processes, but what they need to run. */
  #env(env) {
    const kept = Object.entries(process.env).filter(
      ([name]) => !/^(CLERK_|JAVA_TOOL_OPTIONS$|JDK_JAVA_OPTIONS$|XDG_|NODE_OPTIONS$)/.test(name),
    );
    const folder = this.#setting.folder;
    const own = { XDG_STATE_HOME: folder, XDG_CACHE_HOME: folder, TZ: "UTC", COLUMNS: "100" };
    return { ...Object.fromEntries(kept), ...own, ...env };
  }

  /** What was written since the last record: new files, and new lines of the audit log. */
  #newFiles() {
    const files = {};
    for (const file of this.#written()) {
      const content = readFileSync(file, "utf8");
      const known = this.#seen.get(file) ?? 0;
      if (content.length > known) {
        const lines = content
          .slice(known)
          .split("\n")
          .filter((line) => line !== "");
        files[file] = auditLines(lines).map((line) => ({ line }));
        this.#seen.set(file, content.length);
      }
      if (path.basename(path.dirname(file)) === "secrets") {
        rmSync(file); // or its name would have a number, were there another one in this second
        this.#seen.delete(file);
      }
    }
    return files;
  }

  #written() {
    const { folder } = this.#setting;
    const folders = ["exports", "clerk-mcp/secrets"].map((name) => path.join(folder, name));
    const files = folders
      .filter((each) => existsSync(each))
      .flatMap((each) =>
        readdirSync(each)
          .sort()
          .map((name) => path.join(each, name)),
      );
    const audit = path.join(folder, "audit.jsonl");
    return existsSync(audit) ? [...files, audit] : files;
  }
}

function shown(line) {
  return typeof line === "string" || Buffer.isBuffer(line) ? String(line) : line;
}

function indented(text) {
  return text.replace(/^/gm, "  ");
}
