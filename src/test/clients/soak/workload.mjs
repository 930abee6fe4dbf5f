// The mixed work of a soak: reads, changes, questions to the person, exports, errors and cancellations,
// in both eras of MCP.
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** The load is bounded: so many calls at once, and a pause after each; and so many in a burst. */
const WORKERS = 16;
const LONGEST_PAUSE_MS = 50;
const BURST = 300;
const MOST_TRIES = 20;
const MOST_IN_POOL = 40;

/** A yes that is given so soon after the call is surely in time. */
const SURELY_IN_TIME_MS = 3_000;

/** A change that comes this long after connections were closed must not fail. */
const NOTICE_MS = 500;

/** A cancelled change may still reach Clerk within this time. */
const CANCELLED_MS = 500;

/** The most open questions of a session, except in a burst of questions. */
const MOST_WAITING = 10;

/** The most calls that may wait for the person at the same time. */
const QUESTIONS_ALLOWED = 20;

const VERSIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/** Lines that are no request, each with the number of answers without an id that it is owed. */
const MALFORMED = [
  ['{"jsonrpc":"2.0","id":1,"method"', 1],
  ["nonsense", 1],
  ["\u0000", 1],
  ['"2.0"', 1],
  ['{"jsonrpc":"2.0","id":null,"method":"ping"}', 1],
  ['{"jsonrpc":"2.0","method":"notifications/unheard_of"}', 0],
  ['{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"unheard of"}}', 0],
  ["  ", 0],
];

const BATCH = ['[{"jsonrpc":"2.0","id":"in a batch","method":"ping"}]', 1];
/** Newer versions have no batches. */
const LAST_WITH_BATCHES = "2025-03-26";

/** The outcomes of a call that still needs a yes. */
const UNDONE = ["asked_too_often", "not_confirmed", "confirmation_needed", "input_required"];

let lastName = 0;

export class Workload {
  #client;
  #random;
  #results;
  #folder;
  #password;

  /** Of the protocol, in the legacy era. */
  #version;

  /** The users and organizations that the sandbox begins with; the soak does not delete them. */
  #people = [];
  #organizations = [];

  #pool;

  /** What the person does with the question about each target. */
  #plans = new Map();

  #kinds = [
    [8, "list users", () => ["clerk_users_list", { limit: this.#random.between(1, 100) }]],
    [8, "get user", () => ["clerk_user_get", { user_id: this.#person().id }]],
    [4, "count users", () => ["clerk_users_count", { query: "example" }]],
    [4, "find user", () => ["clerk_user_find", { user: this.#person().email }]],
    [3, "user overview", () => ["clerk_user_overview", { user_id: this.#person().id }]],
    [3, "organization overview", () => ["clerk_org_overview", this.#organization()]],
    [3, "list members", () => ["clerk_org_memberships_list", this.#organization()]],
    [3, "list sessions", () => ["clerk_sessions_list", { user_id: this.#person().id }]],
    [1, "growth report", () => ["clerk_growth_report", {}]],
    [1, "security report", () => ["clerk_security_report", {}]],
    [3, "search tools", () => ["clerk_tools_search", { query: "who may sign in" }]],
    [3, "read by name", () => ["clerk_tools_read", { name: "clerk_instance_get", arguments: {} }]],
    [2, "undo plan", () => ["clerk_undo_plan", {}]],
    [2, "dry run", () => ["clerk_user_delete", { user_id: this.#person().id, dry_run: true }]],
    [3, "file", (kind) => this.#export(kind)],
    [4, "lists", (kind) => this.#list(kind)],
    [2, "prompt", (kind) => this.#prompt(kind)],
    [4, "resource", (kind) => this.#resource(kind)],
    [2, "completion", (kind) => this.#complete(kind)],
    [2, "subscription", () => this.#subscribe()],
    [3, "create user", (kind) => this.#create(kind)],
    [5, "update user", (kind) => this.#update(kind)],
    [3, "set metadata", (kind) => this.#setMetadata(kind)],
    [2, "allowlist", (kind) => this.#allow(kind)],
    [2, "bulk invitations", (kind) => this.#invitations(kind)],
    [1, "onboarding", (kind) => this.#onboard(kind)],
    [4, "ban user", (kind) => this.#ban(kind, "clerk_user_ban")],
    [2, "lock user", (kind) => this.#lock(kind)],
    [2, "offboarding", (kind) => this.#ban(kind, "clerk_user_offboard")],
    [2, "delete user", (kind) => this.#delete(kind)],
    [2, "ban many", (kind) => this.#banMany(kind)],
    [6, "cancelled reading", (kind) => this.#cancelReading(kind)],
    [3, "cancelled change", (kind) => this.#cancelChange(kind)],
    [2, "unknown tool", (kind) => this.#unknown(kind)],
    [2, "bad arguments", (kind) => this.#bad(kind)],
    [3, "malformed line", () => this.#malformed()],
    [1, "initialize", () => this.#client.initialize(this.#version)],
  ];

  /**
   * @param folder where the server writes files
   * @param password a secret, for the users that are made
   * @param pool the IDs of what the soak made and no call works with: users, allowed, organizations;
   *     and the addresses of guests, whom it invites again and again
   */
  constructor({ client, random, results, folder, password, pool }) {
    this.#client = client;
    this.#random = random;
    this.#results = results;
    this.#folder = folder;
    this.#password = password;
    this.#pool = pool;
    client.onQuestion = (question, message) => this.#answer(question, message);
  }

  /** Opens the session, and lists the users and organizations to work with. */
  async begin() {
    this.#version = this.#client.canAsk ? VERSIONS.at(-1) : this.#random.pick(VERSIONS);
    await this.#client.initialize(this.#version);
    const oldest = { limit: 100, order_by: "created_at" }; // what the soak makes comes last
    const users = await this.#surely("list users", "clerk_users_list", oldest);
    const isOurs = ({ email, name }) => /^(soak\d|Soak \d)/.test(email ?? name);
    this.#people = users.filter((user) => user.email && !isOurs(user));
    const organizations = await this.#surely("list organizations", "clerk_organizations_list", oldest);
    this.#organizations = organizations.filter((organization) => !isOurs(organization));
    assert.ok(this.#people.length > 50 && this.#organizations.length > 1, "The sandbox is empty");
  }

  /** Calls a list tool again until it succeeds. */
  async #surely(kind, tool, args) {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const { outcome, said } = await this.#client.tool(kind, tool, args);
      if (outcome === "ok") {
        return said.data;
      }
    }
    throw new Error(`${tool} failed ${MOST_TRIES} times\n${this.#client.errors}`);
  }

  /** Works for a time, with several calls at once. */
  async run(milliseconds) {
    const end = performance.now() + milliseconds;
    const work = async () => {
      while (performance.now() < end && !this.#client.hasEnded) {
        await this.#one();
        await delay(this.#random.between(0, LONGEST_PAUSE_MS));
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
  }

  /** Sends hundreds of calls at once. */
  async burst() {
    await Promise.all(
      Array.from({ length: BURST }, () => {
        const args = { user_id: this.#person().id };
        return this.#client.tool("in a burst", "clerk_user_get", args, this.#era());
      }),
    );
  }

  /** Makes more calls that ask the person than may wait, and declines all questions. */
  async questionBurst() {
    const users = this.#people.slice(0, QUESTIONS_ALLOWED + 10);
    const asked = users.map(({ id }) => {
      this.#plans.set(id, { action: "decline", after: 1_500 });
      const options = { tolerant: true };
      return this.#client.tool("question in a burst", "clerk_user_ban", { user_id: id }, options);
    });
    const ends = await Promise.all(asked);
    users.forEach(({ id }) => this.#plans.delete(id));
    this.#checkNotDone(ends, "clerk_user_ban");
    this.#results.check(
      this.#client.mostQuestions <= QUESTIONS_ALLOWED,
      `at most ${QUESTIONS_ALLOWED} calls wait for a person`,
      `${this.#client.mostQuestions} questions were open at once`,
    );
  }

  /** Makes changes after the proxy closed the idle connections. */
  async changeAfterClosing() {
    await delay(NOTICE_MS);
    const kind = "change after closing";
    const changes = Array.from({ length: 4 }, () => [this.#allow(kind), this.#update(kind)]);
    await Promise.all(changes.flat());
  }

  overlong() {
    return this.#client.overlong();
  }

  /** Leaves some calls in flight, and returns when all have ended. */
  leave() {
    return Promise.all(
      Array.from({ length: 10 }, () => this.#client.tool("at the end", "clerk_users_list", {})),
    );
  }

  /** Picks a kind of work and does it; some kinds only name a tool and its arguments. */
  async #one() {
    const [, kind, make] = this.#random.weighted(this.#kinds.map((entry) => [entry, entry[0]]));
    const made = await make(kind);
    if (Array.isArray(made)) {
      await this.#client.tool(kind, ...made, this.#era());
    }
  }

  #era() {
    return { modern: this.#random.chance(0.5) };
  }

  #person() {
    return this.#random.pick(this.#people);
  }

  #organization() {
    return { organization_id: this.#random.pick(this.#organizations).id };
  }

  async #export(kind) {
    const isCsv = this.#random.chance(0.5);
    const name = `users-${process.pid}-${++lastName}.${isCsv ? "csv" : "jsonl"}`;
    const args = { export: name, fields: ["id", "email"] };
    const { outcome, said } = await this.#client.tool(kind, "clerk_users_list", args, {
      ...this.#era(),
      ...(this.#random.chance(0.2) && { cancelAfter: this.#random.between(0, 50) }),
    });
    if (outcome === "ok") {
      const file = path.join(this.#folder, name);
      const lines = readFileSync(file, "utf8").split("\n").length - 1 - (isCsv ? 1 : 0);
      this.#results.check(
        said.file === file && said.rows === lines && lines >= this.#people.length,
        "a file has all rows",
        `${lines} in ${name}: ${JSON.stringify(said).slice(0, 200)}`,
      );
      rmSync(file);
    }
  }

  #list(kind) {
    const modern = this.#random.chance(0.5);
    const lists = ["tools/list", "prompts/list", "resources/list", "resources/templates/list"];
    const method = this.#random.pick([...lists, modern ? "server/discover" : "ping"]);
    return this.#client.ask(kind, method, {}, { modern });
  }

  #prompt(kind) {
    const params = { name: "diagnose_sign_in", arguments: { user: this.#person().email } };
    return this.#client.ask(kind, "prompts/get", params, this.#era());
  }

  #resource(kind) {
    const uri = this.#random.pick([
      "clerk://instance",
      "clerk://tools/clerk_user_get",
      `clerk://users/${this.#person().id}`,
      `clerk://organizations/${this.#organization().organization_id}`,
    ]);
    return this.#client.ask(kind, "resources/read", { uri }, this.#era());
  }

  #complete(kind) {
    const params = {
      ref: { type: "ref/resource", uri: "clerk://users/{id}" },
      argument: { name: "id", value: this.#random.pick(["", "a", "user_"]) },
    };
    return this.#client.ask(kind, "completion/complete", params, this.#era());
  }

  async #subscribe() {
    const id = this.#client.subscribe();
    await delay(this.#random.between(0, 300));
    this.#client.unsubscribe(id);
  }

  async #create(kind) {
    if (this.#pool.users.length >= MOST_IN_POOL) {
      await this.#delete("delete user");
      return;
    }
    const name = `soak${process.pid}x${++lastName}`;
    const email = `${name}@example.com`;
    const args = { email_address: [email], username: name, password: this.#password };
    const { outcome, said } = await this.#confirm(kind, "clerk_user_create", args, email);
    if (outcome === "ok") {
      this.#pool.users.push(said.id);
    }
  }

  /** Takes a user from the pool while a call works with it. */
  async #withUser(work) {
    const id = this.#pool.users.shift();
    if (id === undefined) {
      await this.#create("create user");
    } else {
      await work(id);
      this.#pool.users.push(id);
    }
  }

  #update(kind) {
    return this.#withUser((id) => {
      const args = { user_id: id, first_name: this.#random.pick(["Ada", "Grace", "Zoë"]) };
      return this.#random.chance(0.5)
        ? this.#client.tool(kind, "clerk_user_update", args, this.#era())
        : this.#client.tool(
            kind,
            "clerk_tools_write",
            { name: "clerk_user_update", arguments: args },
            this.#era(),
          );
    });
  }

  #setMetadata(kind) {
    return this.#withUser((id) => {
      const args = { user_id: id, public_metadata: { seats: this.#random.between(1, 1_000) } };
      const tool = this.#random.pick(["clerk_metadata_set", "clerk_user_metadata_update"]);
      return this.#client.tool(kind, tool, args, this.#era());
    });
  }

  async #allow(kind) {
    if (this.#pool.allowed.length < MOST_IN_POOL) {
      const identifier = `allowed${process.pid}x${++lastName}@example.com`;
      const args = { identifier, notify: false };
      const made = await this.#confirm(kind, "clerk_allowlist_create", args, identifier);
      if (made.outcome === "ok") {
        this.#pool.allowed.push(made.said.id);
      }
    }
    await this.#takeBack(kind, this.#pool.allowed, (id) => [
      "clerk_allowlist_delete",
      { identifier_id: id },
    ]);
  }

  /** Deletes the oldest of a pool; without a yes it stays there. */
  async #takeBack(kind, ids, deletion) {
    const id = ids.shift();
    if (id === undefined) {
      return;
    }
    const { outcome } = await this.#confirm(kind, ...deletion(id), id);
    if (UNDONE.includes(outcome)) {
      ids.push(id);
    }
  }

  /** Invites people whom no other call invites meanwhile: that would change what was confirmed. */
  async #invitations(kind) {
    const emails = this.#pool.guests.splice(0, this.#random.between(5, 20));
    if (emails.length > 0) {
      const args = { emails, notify: false };
      await this.#confirm(kind, "clerk_invitations_send_bulk", args, emails[0]);
      this.#pool.guests.push(...emails);
    }
  }

  async #onboard(kind) {
    if (this.#pool.organizations.length < MOST_IN_POOL) {
      const name = `Soak ${process.pid} ${++lastName}`;
      const members = [1, 2].map((n) => ({
        email_address: `member${n}of${lastName}@example.com`,
        role: "org:member",
      }));
      const args = { name, admin: this.#person().id, members };
      const { said } = await this.#client.tool(kind, "clerk_org_onboard", args, this.#era());
      if (said?.organization?.id) {
        this.#pool.organizations.push(said.organization.id);
      }
    }
    await this.#takeBack(kind, this.#pool.organizations, (id) => [
      "clerk_organization_delete",
      { organization_id: id },
    ]);
  }

  #ban(kind, tool) {
    return this.#withUser(async (id) => {
      await this.#confirm(kind, tool, { user_id: id }, id);
      await this.#confirm("unban user", "clerk_user_unban", { user_id: id }, id);
    });
  }

  #lock(kind) {
    return this.#withUser(async (id) => {
      await this.#confirm(kind, "clerk_user_lock", { user_id: id }, id);
      await this.#client.tool("unlock user", "clerk_user_unlock", { user_id: id }, this.#era());
    });
  }

  #delete(kind) {
    return this.#takeBack(kind, this.#pool.users, (id) => ["clerk_user_delete", { user_id: id }]);
  }

  async #banMany(kind) {
    const ids = this.#pool.users.splice(0, 8);
    if (ids.length > 0) {
      const args = { user_ids: ids };
      await this.#confirm(kind, "clerk_user_ban_bulk", args, ids[0]);
      await this.#confirm("unban many", "clerk_user_unban_bulk", args, ids[0]);
      this.#pool.users.push(...ids);
    }
  }

  #cancelReading(kind) {
    return this.#client.tool(
      kind,
      ...this.#random.pick([
        ["clerk_users_list", { all: true }],
        ["clerk_security_report", {}],
        ["clerk_user_get", { user_id: this.#person().id }],
      ]),
      { ...this.#era(), cancelAfter: this.#random.between(0, 200) },
    );
  }

  #cancelChange(kind) {
    return this.#withUser(async (id) => {
      const options = { ...this.#era(), cancelAfter: this.#random.between(0, 100) };
      const args = { user_id: id, last_name: "Cancelled" };
      await this.#client.tool(kind, "clerk_user_update", args, options);
      await delay(CANCELLED_MS);
    });
  }

  #unknown(kind) {
    return this.#random.chance(0.5)
      ? this.#client.tool(kind, "clerk_user_conjure", {}, { ...this.#era(), expect: ["rpc -32602"] })
      : this.#client.ask(kind, "tools/conjure", {}, { ...this.#era(), expect: ["rpc -32601"] });
  }

  #bad(kind) {
    const args = this.#random.pick([{ user_id: 7 }, {}, { user_id: "user_1", colour: "red" }]);
    const options = { ...this.#era(), expect: ["invalid_arguments"] };
    return this.#client.tool(kind, "clerk_user_get", args, options);
  }

  #malformed() {
    const hasBatches = this.#version <= LAST_WITH_BATCHES;
    this.#client.malformed(...this.#random.pick(hasBatches ? MALFORMED : [...MALFORMED, BATCH]));
  }

  /** Makes a call that needs a person's yes, by one of the three ways to get it. */
  #confirm(kind, tool, args, target) {
    const way = this.#random.pick(["question", "between calls", "code"]);
    if (way === "question" && this.#client.canAsk && this.#plans.size < MOST_WAITING) {
      return this.#byQuestion(kind, tool, args, target);
    }
    return way === "between calls"
      ? this.#betweenCalls(kind, tool, args)
      : this.#byCode(kind, tool, args);
  }

  async #byQuestion(kind, tool, args, target) {
    const action = this.#random.weighted([
      ["accept", 5],
      ["decline", 2],
      ["cancel", 1],
      ["cancel the call", 3],
      ["nothing", 1],
    ]);
    const expect = ["not_confirmed", "asked_too_often"]; // until the person says yes
    const plan = { action, after: this.#random.between(10, 200), expect, begin: performance.now() };
    this.#plans.set(target, plan);
    const result = await this.#client.tool(`${kind}, question`, tool, args, {
      expect,
      onSent: (id) => (plan.call = id),
    });
    this.#plans.delete(target);
    if (action !== "accept") {
      this.#checkNotDone([result], tool);
    }
    return result;
  }

  async #answer(question, message) {
    const target = [...this.#plans.keys()].find((known) => message.includes(known));
    if (target === undefined) {
      this.#client.answer(question, "decline"); // a change that changes nothing names no target
      return;
    }
    const plan = this.#plans.get(target);
    await delay(plan.after);
    if (plan.action === "cancel the call") {
      this.#client.cancel(plan.call);
    } else if (plan.action !== "nothing" && this.#client.answer(question, plan.action)) {
      const inTime = performance.now() - plan.begin < SURELY_IN_TIME_MS;
      if (plan.action === "accept" && inTime) {
        plan.expect.length = 0;
      }
    }
  }

  async #betweenCalls(kind, tool, args) {
    const name = `${kind}, asked between calls`;
    const asked = await this.#client.tool(name, tool, args, {
      modern: true,
      canAsk: true,
      expect: ["input_required", "asked_too_often"],
    });
    if (asked.outcome !== "input_required" || this.#random.chance(0.2)) {
      return asked; // the person never answers
    }
    const { requestState, inputRequests } = asked.answer.result;
    const action = this.#random.pick(["accept", "accept", "decline"]);
    const content = action === "accept" ? {} : undefined;
    const inputResponses = Object.fromEntries(
      Object.keys(inputRequests).map((key) => [key, { action, content }]),
    );
    const result = await this.#client.tool(name, tool, args, {
      modern: true,
      canAsk: true,
      expect: action === "accept" && asked.faults.length === 0 ? [] : ["not_confirmed"],
      more: { requestState, inputResponses },
    });
    if (action !== "accept") {
      this.#checkNotDone([result], tool);
    }
    return result;
  }

  async #byCode(kind, tool, args) {
    const options = { modern: this.#client.canAsk || this.#random.chance(0.5), canAsk: false };
    const name = `${kind}, by code`;
    const planned = await this.#client.tool(name, tool, args, {
      ...options,
      expect: ["confirmation_needed"],
    });
    this.#checkNotDone([planned], tool);
    if (planned.outcome !== "confirmation_needed" || this.#random.chance(0.2)) {
      return planned;
    }
    // A plan that could not read everything differs from the next one, so its code does not fit.
    const expect = planned.faults.length > 0 ? ["confirmation_needed"] : [];
    const { confirmation } = planned.said;
    return this.#client.tool(name, tool, { ...args, confirmation }, { ...options, expect });
  }

  #checkNotDone(ends, tool) {
    for (const { outcome, said } of ends) {
      const isDone = outcome === "ok" && !foundNothingToDo(said);
      this.#results.check(!isDone, "nothing is taken away without a yes", tool);
    }
  }
}

/** Whether a workflow found all its steps done, or all addresses invited, which needs no yes. */
function foundNothingToDo({ steps, counts }) {
  const isNothing = (told) => told === 0 || told === true || told.length === 0;
  const isDone = ({ step, ...done }) => Object.values(done).every(isNothing);
  return steps?.every(isDone) ?? (counts?.sent === 0 && counts.unknown === undefined);
}
