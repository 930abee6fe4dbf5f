// Streamable HTTP in front of our server, which speaks stdio, for a suite that speaks HTTP only.
// Messages pass as they are. What is added is what HTTP has and stdio has not: sessions, streams and
// statuses.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { json } from "node:stream/consumers";
import { StdioServer } from "./stdioServer.mjs";

const SESSION = "mcp-session-id";
const VERSION = "io.modelcontextprotocol/protocolVersion";

/** The suite leaves its sessions open, and with a process for each they would fill the machine. */
const MOST_SESSIONS = 4;

/** Since 2026-07-28 the status says again what an error does; before, an error is an answer like all. */
const STATUSES = new Map([
  [-32600, 400],
  [-32601, 404],
  [-32602, 400],
  [-32022, 400],
]);

export class Bridge {
  #command;
  #http = http.createServer((request, response) => this.#receive(request, response));

  /** The server of each session, oldest first. */
  #sessions = new Map();

  /** The servers for requests without one; more than one only while an id is in use twice. */
  #sessionless = [];

  /** A bridge to servers that the command starts, one for each session. */
  constructor(command) {
    this.#command = command;
  }

  async start() {
    this.#http.listen(0, "127.0.0.1");
    await once(this.#http, "listening");
    return `http://localhost:${this.#http.address().port}/mcp`;
  }

  async close() {
    this.#http.close();
    this.#http.closeAllConnections();
    const servers = [...this.#sessions.values(), ...this.#sessionless];
    await Promise.all(servers.map((server) => server.close()));
  }

  async #receive(request, response) {
    const id = request.headers[SESSION];
    if (id !== undefined && !this.#sessions.has(id)) {
      response.writeHead(404).end();
    } else if (request.method === "POST") {
      this.#post(await json(request), id, response);
    } else if (id === undefined) {
      response.writeHead(405).end();
    } else if (request.method === "GET") {
      this.#listen(this.#sessions.get(id), response);
    } else if (request.method === "DELETE") {
      await this.#endSession(id);
      response.writeHead(200).end();
    }
  }

  #post(message, id, response) {
    if (message.params?._meta?.[VERSION] !== undefined || message.method?.startsWith("server/")) {
      this.#postSessionless(message, response);
    } else if (message.method === "initialize" && id === undefined) {
      const session = this.#openSession();
      const stream = new Stream(response, { [SESSION]: session });
      this.#sessions.get(session).send(message, stream);
    } else if (id === undefined) {
      response.writeHead(400).end();
    } else if (message.method !== undefined && message.id !== undefined) {
      this.#sessions.get(id).send(message, new Stream(response));
    } else {
      this.#sessions.get(id).send(message);
      response.writeHead(202).end();
    }
  }

  #postSessionless(message, response) {
    let server = this.#sessionless.find((each) => !each.isWaitingFor(message.id));
    if (!server) {
      server = new StdioServer(this.#command);
      this.#sessionless.push(server);
    }
    server.send(message, new Stream(response, {}, STATUSES));
    response.on("close", () => {
      if (!response.writableFinished) {
        // To hang up is to cancel, which over stdio takes a message.
        const params = { requestId: message.id };
        server.send({ jsonrpc: "2.0", method: "notifications/cancelled", params });
        server.forget(message.id);
      }
    });
  }

  #openSession() {
    if (this.#sessions.size === MOST_SESSIONS) {
      this.#endSession(this.#sessions.keys().next().value);
    }
    const id = randomUUID();
    this.#sessions.set(id, new StdioServer(this.#command));
    return id;
  }

  #endSession(id) {
    const server = this.#sessions.get(id);
    this.#sessions.delete(id);
    return server.close();
  }

  #listen(server, response) {
    server.listener = new Stream(response);
    server.listener.begin();
    response.on("close", () => (server.listener = undefined));
  }
}

/** What goes back over HTTP: plain JSON where the answer is all there is, else a stream of events. */
class Stream {
  #response;
  #headers;
  #statuses;

  constructor(response, headers = {}, statuses = new Map()) {
    this.#response = response;
    this.#headers = headers;
    this.#statuses = statuses;
  }

  begin() {
    if (!this.#response.headersSent) {
      this.#response.writeHead(200, { ...this.#headers, "Content-Type": "text/event-stream" });
      this.#response.flushHeaders();
    }
  }

  write(message) {
    this.begin();
    this.#response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
  }

  end(answer) {
    if (this.#response.headersSent) {
      this.write(answer);
      this.#response.end();
    } else {
      const status = this.#statuses.get(answer.error?.code) ?? 200;
      this.#response.writeHead(status, { ...this.#headers, "Content-Type": "application/json" });
      this.#response.end(JSON.stringify(answer));
    }
  }

  abort() {
    this.#response.destroy();
  }
}
