// An HTTP proxy on the loopback that injects faults between a server and Clerk: delays, refusals,
// malformed answers, broken connections, stalls, and closed keep-alive connections. It records what it
// did to each request, so that the failure of a call can be traced to its cause.
import { once } from "node:events";
import http from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** How the proxy treats requests: each profile gives actions and their weights. */
const PROFILES = {
  calm: { pass: 100 },
  fair: { pass: 90, slow: 5, closeLater: 3, status: 1.5, stall: 0.5 },
  slow: { pass: 50, slow: 46, closeLater: 3, stall: 1 },
  stormy: {
    pass: 60,
    slow: 8,
    closeLater: 6,
    status: 12,
    malformed: 3,
    drop: 4,
    lose: 3,
    cut: 3,
    stall: 1,
  },
  closing: { pass: 50, closeLater: 50 },
  lazy: { wait: 100 },
};

/** A request that comes this soon after its connection was closed may have been sent before. */
const RACE_MS = 2_000;

/** The actions that are no reason for a call to fail. */
const HARMLESS = new Set(["pass", "slow", "wait", "closeLater", "stale"]);

const MALFORMED = ["<html><body>Bad gateway</body></html>", '{"id": "user_', "\u0000\u0001\u0002"];

export class FaultyProxy {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 64, timeout: 5_000 });
  #target;
  #random;
  #lateAfter;
  #profile = PROFILES.calm;
  #server = http.createServer((request, response) => this.#receive(request, response));
  #sockets = new Set();
  #busy = new WeakSet();
  #closedAt = new WeakMap();
  #byTrace = new Map();
  #lastAnswer = 0;

  /** The requests that change something, in the order in which they came. */
  changes = [];

  /** How often each action was taken. */
  actions = {};

  requests = 0;
  inFlight = 0;
  mostAtOnce = 0;

  /** The number of faults of requests that carry no trace ID. */
  untraced = 0;

  /**
   * @param target the URL of the real server
   * @param lateAfter milliseconds after which a late answer counts as a fault, of a busy machine
   */
  constructor(target, random, lateAfter) {
    this.#target = new URL(target);
    this.#random = random;
    this.#lateAfter = lateAfter;
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on("clientError", (_, socket) => socket.destroy());
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  async start() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  /** Sets how the requests that come from now on are treated. */
  set profile(name) {
    this.#profile = PROFILES[name];
  }

  /** Closes all idle connections. A request that still uses one of them is "stale". */
  closeIdle() {
    const idle = [...this.#sockets].filter((socket) => !this.#busy.has(socket));
    idle.forEach((socket) => this.#close(socket, -Infinity));
  }

  /** Returns and forgets the faults that were injected into the requests with a trace ID. */
  takeFaults(trace) {
    const records = this.#byTrace.get(trace) ?? [];
    this.#byTrace.delete(trace);
    return records.map((record) => this.#faultOf(record)).filter((fault) => fault !== undefined);
  }

  #faultOf({ action, at, closedAt = Date.now() }) {
    const late = closedAt - at > this.#lateAfter ? "late" : undefined;
    return HARMLESS.has(action) ? late : action;
  }

  async #receive(request, response) {
    const record = this.#open(request, response);
    let body;
    try {
      body = await whole(request);
    } catch {
      response.destroy(); // the client hung up
      return;
    }
    try {
      await this.#carry(record, request, body, response);
    } catch {
      record.action = "broken"; // by the sandbox
      response.destroy();
    }
  }

  #open(request, response) {
    const action = this.#action(request.socket);
    const record = {
      method: request.method,
      path: decodeURIComponent(new URL(request.url, this.#target).pathname),
      trace: request.headers.traceparent?.split("-")[1],
      action,
      at: Date.now(),
      traceIds: [],
    };
    this.requests++;
    this.inFlight++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.inFlight);
    this.actions[action] = (this.actions[action] ?? 0) + 1;
    if (request.method !== "GET") {
      this.changes.push(record);
    }
    if (record.trace !== undefined) {
      this.#byTrace.set(record.trace, [...(this.#byTrace.get(record.trace) ?? []), record]);
    }
    this.#busy.add(request.socket);
    response.on("close", () => {
      this.inFlight--;
      this.#busy.delete(request.socket);
      record.closedAt = Date.now();
      if (record.trace === undefined && this.#faultOf(record) !== undefined) {
        this.untraced++;
      }
    });
    return record;
  }

  /** A request on a connection that was closed long ago is a fault of the client. */
  #action(socket) {
    const closedAt = this.#closedAt.get(socket);
    if (closedAt !== undefined) {
      return performance.now() - closedAt < RACE_MS ? "race" : "stale";
    }
    return this.#random.weighted(Object.entries(this.#profile));
  }

  async #carry(record, request, body, response) {
    switch (record.action) {
      case "race":
      case "stale":
      case "drop":
        request.socket.destroy();
        return;
      case "stall":
        await once(response, "close");
        return;
      case "status":
        this.#answer(record, response, ...this.#refusal());
        return;
      case "malformed":
        this.#answer(record, response, 200, {}, this.#random.pick(MALFORMED));
        return;
      case "slow":
        await delay(this.#random.between(50, 600));
        break;
      case "wait":
        await delay(300);
        break;
    }
    if (response.destroyed) {
      return; // the client hung up
    }
    const { status, headers, bytes } = await this.#forward(request, body);
    record.carriedOut = status < 400;
    if (record.action === "lose") {
      request.socket.destroy();
    } else if (record.action === "cut") {
      response.writeHead(status, { ...headers, "Content-Length": bytes.length + 1 });
      response.write(bytes, () => request.socket.destroy());
    } else {
      this.#answer(record, response, status, headers, bytes);
      if (record.action === "closeLater") {
        this.#closeLater(request.socket);
      }
    }
  }

  #refusal() {
    const status = this.#random.pick([429, 429, 500, 503]);
    const headers = { "Content-Type": "application/json" };
    if (status === 429 && this.#random.chance(0.7)) {
      headers["Retry-After"] = "1";
    }
    const message = `The proxy answers ${status}`;
    const body = { errors: [{ code: "made_up_by_proxy", message, long_message: message }] };
    return [status, headers, this.#random.chance(0.7) ? JSON.stringify(body) : ""];
  }

  #answer(record, response, status, headers, bytes) {
    if (response.destroyed) {
      return; // the client hung up
    }
    const id = `soak${++this.#lastAnswer}`;
    record.status = status;
    record.traceIds = [id, traceId(status, bytes)].filter((known) => known !== undefined);
    response.writeHead(status, { ...headers, "cf-ray": id }).end(bytes);
  }

  async #forward(request, body) {
    const { host: _, connection: __, ...headers } = request.headers;
    const sent = http.request(this.#target, {
      agent: this.#agent,
      method: request.method,
      path: request.url,
      headers,
    });
    sent.end(body);
    const [answer] = await once(sent, "response");
    const bytes = await whole(answer);
    return {
      status: answer.statusCode,
      headers: { "Content-Type": answer.headers["content-type"], "Content-Length": bytes.length },
      bytes,
    };
  }

  /** Closes a connection when it is idle, without an announcement, as load balancers do. */
  async #closeLater(socket) {
    await delay(this.#random.between(20, 200));
    if (!this.#busy.has(socket)) {
      this.#close(socket, performance.now());
    }
  }

  #close(socket, at) {
    this.#closedAt.set(socket, at);
    socket.end();
  }
}

async function whole(stream) {
  const parts = [];
  for await (const part of stream) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The trace ID in an error of the sandbox's. */
function traceId(status, bytes) {
  if (status < 400) {
    return undefined;
  }
  try {
    return JSON.parse(bytes).clerk_trace_id;
  } catch {
    return undefined;
  }
}
