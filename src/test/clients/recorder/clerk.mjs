// Clerk for a recording: the sandbox of the base jar, behind a proxy that writes down each request.
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

export class Clerk {
  #sandbox;
  #sandboxUrl;
  #key;
  #agent = new http.Agent({ keepAlive: true });
  #proxy;
  #requests = [];
  #faults = [];

  /** Starts a sandbox of its own, so that no scenario sees what another one changed. */
  static async start({ command, args, env }) {
    const clerk = new Clerk();
    clerk.#sandbox = spawn(command, [...args, "sandbox", "--port", "0"], {
      env: { ...env, CLERK_MCP_SANDBOX_CLOCK: "2026-06-01T09:00:00Z" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: clerk.#sandbox.stdout })) {
      const [, name, value] = /^(CLERK_\w+)=(.*)$/.exec(line) ?? [];
      clerk.#sandboxUrl = name === "CLERK_API_URL" ? value : clerk.#sandboxUrl;
      if (name === "CLERK_SECRET_KEY") {
        clerk.#key = value;
        break;
      }
    }
    if (!clerk.#key) {
      throw new Error("The sandbox ended before it listened.");
    }
    clerk.#proxy = http.createServer((request, response) => clerk.#forward(request, response));
    clerk.#proxy.keepAliveTimeout = 60_000;
    clerk.#proxy.listen(0, "127.0.0.1");
    await once(clerk.#proxy, "listening");
    return clerk;
  }

  /** Where the server reaches it. */
  get url() {
    return `http://127.0.0.1:${this.#proxy.address().port}`;
  }

  /** The key that the sandbox takes. The proxy puts it in place of any other. */
  get key() {
    return this.#key;
  }

  /** Asks the sandbox without the proxy, so that it is not recorded. */
  async ask(method, path, body) {
    const response = await fetch(`${this.#sandboxUrl}/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.#key}`,
        ...(body && !(body instanceof FormData) && { "Content-Type": "application/json" }),
      },
      body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path} ${JSON.stringify(body)}: ${response.status} ${text}`);
    }
    return text === "" ? {} : JSON.parse(text);
  }

  /**
   * What becomes of the next requests that the pattern fits, one each: an answer in place of the
   * sandbox's, a `drop` of the connection, or the sandbox's answer after a `delay` in milliseconds.
   * The promise is kept when the first of them has come.
   */
  fail(pattern, ...answers) {
    return new Promise((resolve) => {
      this.#faults = answers.map((answer) => ({ pattern, resolve, ...answer }));
    });
  }

  /** What came since it was last asked. */
  takeRequests() {
    return this.#requests.splice(0);
  }

  async close() {
    this.#proxy.closeAllConnections();
    this.#proxy.close();
    this.#agent.destroy();
    this.#sandbox.kill("SIGKILL");
    await once(this.#sandbox, "close");
  }

  async #forward(request, response) {
    const { method, url, headers } = request;
    const chunks = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    this.#requests.push({ method, path: url, headers, body: body.toString("utf8") });
    const fault = this.#faults.findIndex(({ pattern }) => pattern.test(`${method} ${url}`));
    if (fault >= 0) {
      const answer = this.#faults.splice(fault, 1)[0];
      answer.resolve();
      if (answer.drop) {
        request.socket.destroy();
        return;
      }
      if (answer.status) {
        const type = { "Content-Type": "application/json", ...answer.headers };
        response.writeHead(answer.status, type).end(answer.body);
        return;
      }
      await delay(answer.delay);
    }
    const authorization = headers.authorization && `Bearer ${this.#key}`;
    const forwarded = http.request(
      this.#sandboxUrl + url,
      { method, agent: this.#agent, headers: { ...headers, authorization } },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      },
    );
    forwarded.on("error", () => request.socket.destroy());
    forwarded.end(body);
  }
}
