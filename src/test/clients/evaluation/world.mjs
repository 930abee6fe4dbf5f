// A fresh world for one job: a sandbox of fixed seed, and clerk-mcp as its child with the official client.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { Clerk, differences } from "./clerk.mjs";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const JAR = path.resolve(process.env.CLERK_MCP_JAR ?? path.join(ROOT, "target/clerk-mcp.jar"));
const JAVA = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, "bin/java") : "java";
const FLAGS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", JAR];
/** The jobs name times of this world. */
const NOW = "2026-06-01T09:00:00Z";
const SEED = "1";
const USERS = 400;
const CALL_TIMEOUT_MS = 120_000;

/** Real tokens, as recent models of OpenAI count them. */
export const tokens = countTokens;

export class World {
  questions = [];
  #sandbox;
  #server;
  #client;
  #before;
  #job;
  #expected;

  /** Opens the world that a job begins in; files that tools write are put into `folder`. */
  static async open(job, { live = false, folder }) {
    const world = new World();
    try {
      await world.#open(job, live, path.resolve(folder));
      return world;
    } catch (failure) {
      await world.close();
      throw failure;
    }
  }

  async #open(job, live, folder) {
    this.#job = job;
    this.exports = path.join(folder, "exports");
    mkdirSync(this.exports, { recursive: true });
    const [url, testKey] = await this.#startSandbox();
    const key = live ? testKey.replace("sk_test_", "sk_live_") : testKey;
    this.clerk = new Clerk(url, key);
    this.#expected = await job.expected?.(this.clerk);
    this.#before = await this.clerk.snapshot();
    this.#server = {
      CLERK_API_URL: url,
      CLERK_SECRET_KEY: key,
      CLERK_MCP_EXPORT_DIR: this.exports,
      CLERK_MCP_SECRETS_DIR: path.join(folder, "secrets"),
      // Some jobs end in what cannot be undone: here a person is asked, not a setting.
      ...(live && { CLERK_MCP_ALLOW_IRREVERSIBLE: "true" }),
    };
  }

  async #startSandbox() {
    this.#sandbox = spawn(JAVA, [...FLAGS, "sandbox", "--port", "0"], {
      env: {
        ...clean(process.env),
        CLERK_MCP_SANDBOX_CLOCK: NOW,
        CLERK_MCP_SANDBOX_SEED: SEED,
        CLERK_MCP_SANDBOX_USERS: String(this.#job.users ?? USERS),
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const printed = {};
    for await (const line of createInterface({ input: this.#sandbox.stdout })) {
      const [, name, value] = line.match(/^(\w+)=(.*)$/) ?? [];
      printed[name] = value;
      if (printed.CLERK_API_URL && printed.CLERK_SECRET_KEY) {
        return [printed.CLERK_API_URL, printed.CLERK_SECRET_KEY];
      }
    }
    throw new Error(`The sandbox of ${JAR} did not start`);
  }

  /** The client, with the server as its child; started when it is first used. */
  #connected() {
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect() {
    const client = new Client(
      { name: "clerk-mcp-evaluation", version: "1.0.0" },
      { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: "auto" } },
    );
    client.setRequestHandler("elicitation/create", ({ params }) => {
      this.questions.push(params.message);
      return { action: "accept", content: yes(params.requestedSchema) };
    });
    await client.connect(
      new StdioClientTransport({
        command: JAVA,
        args: FLAGS,
        env: this.#server,
        stderr: "inherit",
      }),
    );
    return client;
  }

  /** What a host gives to a model before its first word. */
  async list() {
    const client = await this.#connected();
    const { tools } = await client.listTools();
    const shown = tools.map(({ name, description, inputSchema }) =>
      JSON.stringify({ name, description, input_schema: inputSchema }),
    );
    return [client.getInstructions(), ...shown].join("\n");
  }

  /** Calls a tool, and returns what a host gives to the model of the answer. */
  async call(name, args) {
    const client = await this.#connected();
    try {
      const result = await client.callTool({ name, arguments: args }, { timeout: CALL_TIMEOUT_MS });
      const texts = result.content.filter(({ type }) => type === "text").map(({ text }) => text);
      // Structured content says the same again; hosts show it where there is no text.
      const text = texts.join("\n\n") || JSON.stringify(result.structuredContent ?? {});
      return { text, isError: result.isError === true };
    } catch (failure) {
      return { text: failure.message, isError: true };
    }
  }

  /** Says what is wrong with how the job was done and answered; undefined if it is right. */
  async grade(answer) {
    const changes = differences(this.#before, await this.clerk.snapshot());
    const { clerk, exports } = this;
    try {
      return await this.#job.check({ clerk, answer, expected: this.#expected, changes, exports });
    } catch (failure) {
      return `the check failed: ${failure.message}`;
    }
  }

  async close() {
    await (await this.#client)?.close();
    if (this.#sandbox && this.#sandbox.exitCode === null && this.#sandbox.signalCode === null) {
      const exit = once(this.#sandbox, "exit");
      this.#sandbox.kill();
      await exit;
    }
  }
}

/** Nothing that is set here for Java or Clerk may reach the sandbox. */
function clean(env) {
  const kept = Object.entries(env).filter(
    ([name]) => !/^(CLERK_|JAVA_TOOL_OPTIONS$|JDK_JAVA_OPTIONS$)/.test(name),
  );
  return Object.fromEntries(kept);
}

/** A form with every box ticked. */
function yes(schema) {
  const boxes = Object.entries(schema?.properties ?? {}).filter(
    ([, { type }]) => type === "boolean",
  );
  return Object.fromEntries(boxes.map(([name]) => [name, true]));
}
