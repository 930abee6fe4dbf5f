// A proxy on the loopback between a server and its Clerk. It is a bad one: it can be slow, break
// connections, stall, answer for Clerk, and close connections that are kept alive. It remembers what
// it did to whom, so that each failure of a call can be traced to its cause.
import { once } from "node:events";
import http from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** How probable each fate of a request is, by the proxy's mood. */
const MOODS = {
  calm: { pass: 100 },
  fair: { pass: 90, slow: 5, closeLater: 3, status: 1.5, stall: 0.5 },
  slow: { pass: 50, slow: 46, closeLater: 3, stall: 1 },
  stormy: { pass: 60, slow: 8, closeLater: 6, status: 12, junk: 3, drop: 4, lose: 3, cut: 3, stall: 1 },
  closing: { pass: 50, closeLater: 50 },
  lazy: { wait: 100 },
};

/** How long after a connection was closed a request may still come that was on its way then. */
const CROSSING_MS = 500;

/** The fates after which a call may succeed without trying again. */
const HARMLESS = new Set(["pass", "slow", "wait", "closeLater", "stale"]);

const JUNK = ["<html><body>Bad gateway</body></html>", '{"id": "user_', "", "\u0000\u0001\u0002"];

export class FaultyProxy {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 64, timeout: 5_000 });
  #target;
  #random;
  #lateAfter;
  #mood = MOODS.calm;
  #server = http.createServer((request, response) => this.#receive(request, response));
  #busy = new WeakSet();
  #closedAt = new WeakMap();
  #byTrace = new Map();
  #lastAnswer = 0;

  /** The requests that change something, in the order in which they came. */
  changes = [];

  /** How often each fate struck. */
  fates = {};

  requests = 0;
  inFlight = 0;

  /** Faults of requests that name no call. */
  untraced = 0;

  /**
   * @param target the URL of the real server
   * @param lateAfter milliseconds after which an answer counts as a fault of the machine
   */
  constructor(target, random, lateAfter) {
    this.#target = new URL(target);
    this.#random = random;
    this.#lateAfter = lateAfter;
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on("clientError", (_, socket) => socket.destroy());
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

  /** Changes what happens to the requests that come from now on. */
  set mood(name) {
    this.#mood = MOODS[name];
  }

  /** What was done to the requests of a call, named by the ID of its trace; asked for once. */
  takeFaults(trace) {
    const records = this.#byTrace.get(trace) ?? [];
    this.#byTrace.delete(trace);
    return records.map((record) => this.#faultOf(record)).filter((fault) => fault !== undefined);
  }

  #faultOf({ fate, at, closedAt = Date.now() }) {
    const late = closedAt - at > this.#lateAfter ? "late" : undefined;
    return HARMLESS.has(fate) ? late : fate;
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
      record.fate = "broken"; // by the sandbox
      response.destroy();
    }
  }

  #open(request, response) {
    const fate = this.#fate(request.socket);
    const record = {
      method: request.method,
      path: decodeURIComponent(new URL(request.url, this.#target).pathname),
      trace: request.headers.traceparent?.split("-")[1],
      fate,
      at: Date.now(),
      traceIds: [],
    };
    this.requests++;
    this.inFlight++;
    this.fates[fate] = (this.fates[fate] ?? 0) + 1;
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

  /** A request on a connection that was closed long ago is the client's own fault. */
  #fate(socket) {
    const closedAt = this.#closedAt.get(socket);
    if (closedAt !== undefined) {
      return performance.now() - closedAt < CROSSING_MS ? "crossed" : "stale";
    }
    return this.#random.weighted(Object.entries(this.#mood));
  }

  async #carry(record, request, body, response) {
    switch (record.fate) {
      case "crossed":
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
      case "junk":
        this.#answer(record, response, 200, { "Content-Type": "text/html" }, this.#random.pick(JUNK));
        return;
      case "slow":
        await delay(this.#random.between(50, 600));
        break;
      case "wait":
        await delay(300);
        break;
    }
    const { status, headers, bytes } = await this.#forward(request, body);
    record.carriedOut = status < 400;
    if (record.fate === "lose") {
      request.socket.destroy();
    } else if (record.fate === "cut") {
      response.writeHead(status, { ...headers, "Content-Length": bytes.length + 1 });
      response.write(bytes, () => request.socket.destroy());
    } else {
      this.#answer(record, response, status, headers, bytes);
      if (record.fate === "closeLater") {
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

  /** Ends a connection while it is idle, without having said so, as load balancers do. */
  async #closeLater(socket) {
    await delay(this.#random.between(20, 200));
    if (this.#busy.has(socket)) {
      return;
    }
    this.#closedAt.set(socket, performance.now());
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
