// An MCP client that checks everything: it accounts for each line that a server writes, and judges the
// end of each call by the faults that the proxy injected into its requests.
import { setTimeout as delay } from "node:timers/promises";
import { McpProcess } from "../mcpProcess.mjs";

const MODERN = "2026-07-28";
const OVERLONG = 16 * 1024 * 1024 + 1;

/** What is promised of the answers, each with a short name. */
export const ANSWERS = {
  lost: "every request is answered",
  doubled: "a request is answered once",
  "for unknown ids": "an answer has the id of a request",
  "lines that are no message": "stdout carries JSON-RPC messages and nothing else",
};

/** Answers to requests that the server never made. */
const STRAY_ANSWERS = [
  { jsonrpc: "2.0", id: "unheard of", result: {} },
  { jsonrpc: "2.0", id: null, error: { code: -32700, message: "What?" } },
];

/** Longer than any call takes: a tool gives up when Clerk does not answer. */
const LOST_AFTER_MS = 60_000;

/** How long a server may take to withdraw a question whose call has ended. */
const WITHDRAWAL_MS = 2_000;

let lastTrace = 0;

export class Client extends McpProcess {
  #name;
  #proxy;
  #results;
  #secrets;
  #lastId = 0;
  #open = new Map();
  #answered = new Map();
  #subscriptions = new Set();
  #unnamedAnswersOwed = 0;
  #isClosing = false;

  /** The open questions to the person, by the id of the server's request. */
  questions = new Map();

  mostQuestions = 0;

  hasEnded = false;

  /** Is called with each question of the legacy era. */
  onQuestion = () => {};

  constructor({ command, name, canAsk, proxy, results, secrets }) {
    super(command);
    this.#name = name;
    this.canAsk = canAsk;
    this.#proxy = proxy;
    this.#results = results;
    this.#secrets = secrets;
  }

  async initialize(protocolVersion) {
    await this.ask("initialize", "initialize", {
      protocolVersion,
      capabilities: this.canAsk ? { elicitation: {} } : {},
      clientInfo: { name: this.#name, version: "1.0.0" },
    });
    this.send({ jsonrpc: "2.0", method: "notifications/initialized" });
  }

  /** Calls a tool, and returns how that ended; a number for `cancelAfter` cancels it meanwhile. */
  tool(kind, name, args, { more, ...options } = {}) {
    return this.ask(kind, "tools/call", { name, arguments: args, ...more }, options);
  }

  /**
   * Sends a request and returns how it ended: its id, the outcome, the answer and what a tool said.
   * The outcome is "ok", "input_required", "cancelled", "ended", a code of the tool's, or "rpc" with
   * a code of JSON-RPC.
   *
   * @param options `expect`: the outcomes that are right besides "ok"; `tolerant`: any error is that a
   *     tool tells; `modern`: the era; `canAsk`: whether the person can be asked, in the modern era;
   *     `cancelAfter`: milliseconds; `onSent` is told the id
   */
  async ask(kind, method, params, options = {}) {
    const { expect = [], tolerant = false, modern = false, canAsk = this.canAsk } = options;
    const { cancelAfter, onSent } = options;
    const trace = (++lastTrace).toString(16).padStart(32, "0");
    const _meta = { traceparent: `00-${trace}-00000000000000a1-01`, ...params._meta };
    if (modern) {
      _meta["io.modelcontextprotocol/protocolVersion"] = MODERN;
      _meta["io.modelcontextprotocol/clientCapabilities"] = canAsk ? { elicitation: {} } : {};
      _meta["io.modelcontextprotocol/clientInfo"] = { name: this.#name, version: "1.0.0" };
    }
    const untraced = this.#proxy.untraced;
    const call = this.#send(kind, method, { ...params, _meta });
    onSent?.(call.id);
    if (cancelAfter !== undefined) {
      delay(cancelAfter).then(() => this.cancel(call.id));
    }
    const answer = await call.answer;
    const milliseconds = performance.now() - call.begin;
    const outcome = typeof answer === "string" ? answer : outcomeOf(answer);
    const faults = this.#proxy.takeFaults(trace);
    if (method !== "tools/call" && this.#proxy.untraced > untraced) {
      faults.push("untraced");
    }
    const isRight =
      ["ok", "cancelled", "lost", "ended", ...expect].includes(outcome) || // or noted elsewhere
      (outcome === "rpc -32603" && this.#isClosing) ||
      ((tolerant || faults.length > 0) && mayComeOfFaults(method, outcome));
    const detail = `faults [${faults}] ${JSON.stringify(answer).slice(0, 300)}`;
    this.#results.end(kind, outcome, milliseconds, isRight, detail);
    return { id: call.id, outcome, answer, said: said(answer), faults, milliseconds };
  }

  /** Cancels a call; what comes of it is not waited for. */
  cancel(id) {
    const call = this.#open.get(id);
    if (call === undefined) {
      return;
    }
    this.#open.delete(id);
    this.#answered.set(id, "cancelled");
    this.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: id } });
    call.resolve("cancelled");
  }

  /** Opens a stream of notifications, which ends with the server or when it is cancelled. */
  subscribe() {
    const call = this.#send("subscriptions/listen", "subscriptions/listen", {
      notifications: { toolsListChanged: true },
      _meta: {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    });
    this.#open.delete(call.id);
    call.resolve(); // only when the server ends
    this.#subscriptions.add(call.id);
    return call.id;
  }

  unsubscribe(id) {
    this.#subscriptions.delete(id);
    this.#answered.set(id, "cancelled");
    this.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: id } });
  }

  /** Answers a question unless it was withdrawn, and says whether it did. */
  answer(question, action) {
    const isOpen = this.questions.delete(question);
    if (isOpen) {
      const content = action === "accept" ? {} : undefined;
      this.send({ jsonrpc: "2.0", id: question, result: { action, content } });
    }
    return isOpen;
  }

  /** Sends a line that is no request; the server owes it this number of answers without an id. */
  malformed(line, answers) {
    this.#unnamedAnswersOwed += answers;
    this.write(line);
  }

  /** Sends a request that is longer than a line may be. */
  overlong() {
    return this.ask(
      "over-long line",
      "tools/call",
      { name: "clerk_users_count", arguments: { query: "x".repeat(OVERLONG) } },
      { expect: ["rpc -32600"] },
    );
  }

  /** Waits until no request and no question is open. */
  async settle() {
    await until(() => this.#open.size === 0, LOST_AFTER_MS);
    await until(() => this.questions.size === 0, WITHDRAWAL_MS);
    for (const [id, message] of this.questions) {
      const detail = `${id}: ${JSON.stringify(message)}`;
      this.#results.violation("a question is withdrawn when its call ends", detail);
      this.questions.delete(id);
    }
    await until(() => this.#unnamedAnswersOwed <= 0, WITHDRAWAL_MS);
    this.#checkUnnamed("a line that is no message is answered once, without an id");
    STRAY_ANSWERS.forEach((message) => this.send(message));
    await this.ask("ping", "ping", {});
    this.#checkUnnamed("an answer is never answered");
  }

  #checkUnnamed(promise) {
    const missing = this.#unnamedAnswersOwed;
    this.#results.check(missing === 0, promise, `${missing} are missing (below 0: too many)`);
    this.#unnamedAnswersOwed = 0;
  }

  /** Ends the input and checks that everything is answered and that the server ends by itself. */
  async finish() {
    this.#isClosing = true;
    this.questions.clear(); // they end with the session
    const { code, signal } = await this.close();
    this.#results.check(
      code === 0,
      "the server ends with exit code 0 when its input ends",
      `exit code ${code}, signal ${signal}\n${this.errors.slice(-1_000)}`,
    );
    for (const id of this.#subscriptions) {
      this.#results.violation("a stream ends with an answer", `id ${id}`);
    }
    this.#checkSecrets("stderr", this.errors);
  }

  receive(line) {
    this.#checkSecrets("stdout", line);
    const message = parse(line);
    if (!isMessage(message)) {
      this.#results.violation(ANSWERS["lines that are no message"], line.slice(0, 300));
    } else if (message.method === undefined) {
      this.#receiveAnswer(message);
    } else if (message.method === "elicitation/create") {
      this.questions.set(message.id, message.params.message);
      this.mostQuestions = Math.max(this.mostQuestions, this.questions.size);
      this.onQuestion(message.id, message.params.message);
    } else if (message.method === "notifications/cancelled") {
      this.questions.delete(message.params.requestId);
    } else if (message.id !== undefined) {
      this.#results.violation("the server asks nothing but questions", line.slice(0, 300));
    }
  }

  #receiveAnswer(message) {
    const { id } = message;
    const call = this.#open.get(id);
    if (call !== undefined) {
      this.#open.delete(id);
      this.#answered.set(id, "answered");
      call.resolve(message);
    } else if (this.#subscriptions.delete(id)) {
      this.#answered.set(id, "answered");
      this.#results.check(this.#isClosing, "a stream stays open", JSON.stringify(message));
    } else if (id === null) {
      this.#receiveUnnamed(message);
    } else if (this.#answered.get(id) === "cancelled") {
      this.#answered.set(id, "answered"); // it was on its way already
    } else if (this.#answered.has(id)) {
      this.#results.violation(ANSWERS.doubled, JSON.stringify(message));
    } else {
      this.#results.violation(ANSWERS["for unknown ids"], JSON.stringify(message));
    }
  }

  /** An answer without an id may belong to an over-long request, which then waits no longer. */
  #receiveUnnamed(message) {
    const overlong = [...this.#open].find(([, { kind }]) => kind === "over-long line");
    if (message.error?.code === -32600 && message.error.message.includes("MiB") && overlong) {
      const promise = "an over-long request is answered under its id";
      this.#results.violation(promise, JSON.stringify(message));
      this.#receiveAnswer({ ...message, id: overlong[0] });
    } else {
      this.#unnamedAnswersOwed--;
    }
  }

  fail() {
    this.hasEnded = true;
    this.#open.forEach((call) => this.#lose(call, "ended"));
    if (!this.#isClosing) {
      const detail = this.errors.slice(-1_000);
      this.#results.violation("the server runs until its input ends", detail);
    }
  }

  #send(kind, method, params) {
    const id = ++this.#lastId;
    const call = { id, kind, begin: performance.now() };
    const late = setTimeout(() => this.#lose(call, "lost"), LOST_AFTER_MS);
    call.answer = new Promise((resolve) => {
      call.resolve = (answer) => {
        clearTimeout(late);
        resolve(answer);
      };
    });
    this.#open.set(id, call);
    if (this.hasEnded) {
      this.#lose(call, "ended");
      return call;
    }
    this.send({ jsonrpc: "2.0", id, method, params });
    return call;
  }

  #lose(call, how) {
    const after = (performance.now() - call.begin).toFixed(0);
    this.#open.delete(call.id);
    this.#answered.set(call.id, how);
    this.#results.violation(ANSWERS.lost, `${call.kind}, id ${call.id}, ${after} ms`);
    call.resolve(how);
  }

  #checkSecrets(where, text) {
    for (const secret of this.#secrets) {
      this.#results.check(!text.includes(secret), "no secret is written", `on ${where}`);
    }
  }
}

export async function until(condition, milliseconds) {
  const end = performance.now() + milliseconds;
  while (!condition() && performance.now() < end) {
    await delay(10);
  }
}

function isMessage(value) {
  const isAnswer = value?.id !== undefined && ("result" in value || "error" in value);
  return value?.jsonrpc === "2.0" && isAnswer !== (typeof value.method === "string");
}

function outcomeOf({ result, error }) {
  if (error !== undefined) {
    return `rpc ${error.code}`;
  }
  if (result.resultType === "input_required") {
    return "input_required";
  }
  return result.isError ? (said({ result })?.error?.code ?? "error without a code") : "ok";
}

/** The JSON that a tool answered. */
function said(answer) {
  return parse(answer.result?.content?.[0]?.text);
}

/** The value of a JSON text; undefined if it is no JSON. */
export function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A fault never causes an internal error, and a tool reports it in a result. */
function mayComeOfFaults(method, outcome) {
  return outcome !== "internal_error" && (method !== "tools/call" || !outcome.startsWith("rpc"));
}
