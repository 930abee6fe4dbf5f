// A Clerk on loopback: it knows a user for every ID, and is as slow as the ID asks for.
import { once } from "node:events";
import http from "node:http";
import { setTimeout as delay } from "node:timers/promises";

export const SECRET_KEY = "sk_test_0123456789abcdef";

export class FakeClerk {
  /** The paths that are being answered. */
  open = new Set();

  /** The paths whose caller hung up before the answer. */
  abandoned = new Set();

  /** The most requests that were being answered at the same time. */
  mostAtOnce = 0;

  #server = http.createServer((request, response) => this.#receive(request, response));

  async start() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #receive(request, response) {
    const { pathname } = new URL(request.url, this.url);
    const hungUp = new AbortController();
    this.open.add(pathname);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.open.size);
    response.on("close", () => {
      this.open.delete(pathname);
      if (!response.writableEnded) {
        this.abandoned.add(pathname);
        hungUp.abort();
      }
    });

    try {
      await delay(millisecondsAskedFor(pathname), undefined, { signal: hungUp.signal });
    } catch {
      return; // nobody is there to be answered
    }
    const [status, body] = answer(request, pathname);
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  }
}

/** A user that Clerk takes so long to answer for; the label keeps several apart. */
export function slowUser(milliseconds, label = "") {
  return `user_after_${milliseconds}ms${label}`;
}

function millisecondsAskedFor(path) {
  return Number(path.match(/user_after_(\d+)ms/)?.[1] ?? 0);
}

function answer(request, path) {
  if (request.headers.authorization !== `Bearer ${SECRET_KEY}`) {
    return [401, error("authentication_invalid", "The secret key is not the expected one")];
  }
  if (request.method !== "GET") {
    return [405, error("method_not_allowed", "Only reading is known here")];
  }
  if (path === "/v1/users") {
    return [200, [user("user_1")]];
  }
  if (path === "/v1/users/count") {
    return [200, { object: "total_count", total_count: 1 }];
  }
  const id = path.match(/^\/v1\/users\/(\w+)$/)?.[1];
  return id === undefined || id === "user_missing"
    ? [404, error("resource_not_found", "No user was found with id user_missing")]
    : [200, user(id)];
}

export function user(id) {
  return { id, object: "user", first_name: "Zoë", email_addresses: [], public_metadata: {} };
}

/** The same as a tool shows it: what matters, and no more. */
export function shownUser(id) {
  return { id, name: "Zoë" };
}

function error(code, message) {
  return {
    errors: [{ message, long_message: message, code, meta: {} }],
    clerk_trace_id: "trace_of_fake_clerk",
  };
}
