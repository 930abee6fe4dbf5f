// Compares an audit log with the requests that reached Clerk. The log promises that a line is in it
// before a changing request is sent, and that another line tells how the request ended.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parse } from "./client.mjs";

/** The times of the server and of this process may differ by so many milliseconds. */
const CLOCKS_MS = 20;

/** A cancelled request may arrive this long after the line of its end. */
const UNDERWAY_MS = 2_000;

/**
 * Notes each broken promise in the results.
 *
 * @param requests the changing requests that reached Clerk
 * @param secrets texts that the log must not contain
 * @returns counts for the report
 */
export async function compareAudit(file, requests, secrets, results) {
  const changes = await read(file, secrets, results);
  const byTraceId = new Map(requests.flatMap((r) => r.traceIds.map((id) => [id, r])));
  const counts = { requests: requests.length, begun: changes.size, answered: 0, unanswered: 0 };
  const recorded = new Set();
  for (const change of changes.values()) {
    const request = byTraceId.get(change.end?.trace_id);
    if (request !== undefined) {
      recorded.add(request);
    }
    checkEnd(change, request, results);
  }
  counts.answered = recorded.size;

  const byPlace = new Map([...changes.values()].map((change) => [change.place, []]));
  changes.forEach((change) => byPlace.get(change.place).push(change));
  for (const request of requests) {
    if (!recorded.has(request)) {
      counts.unanswered++;
      checkUnanswered(request, byPlace.get(place(request)) ?? [], results);
    }
  }
  return counts;
}

async function read(file, secrets, results) {
  const changes = new Map();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const leaks = secrets.some((secret) => line.includes(secret));
    results.check(!leaks, "no secret is written", "in the audit log");
    const record = parse(line) ?? {}; // a server that was killed leaves a torn line
    const key = `${record.change}/${record.part}`; // one request of a call's change
    if (record.event === "begin") {
      const [method, route] = record.route.split(" ");
      const path = `/v1${route.replace(/\{(\w+)\}/g, (_, name) => record.request[name])}`;
      const begin = Date.parse(record.time);
      changes.set(key, { ...record, place: place({ method, path }), begin });
    } else if (record.event === "end") {
      const change = changes.get(key);
      results.check(change && !change.end, "each change ends once in the audit log", line);
      if (change) {
        change.end = record;
      }
    }
  }
  return changes;
}

function place({ method, path }) {
  return `${method} ${path}`;
}

/** Clerk must have given the answer that is recorded for a change. */
function checkEnd({ end, ...change }, request, results) {
  if (end === undefined) {
    results.violation("each change ends once in the audit log", `no end: ${shown(change)}`);
    return;
  }
  const promise = "each change with an answer in the audit log had that answer from Clerk";
  if (end.outcome === "done" || end.status > 0) {
    const agrees = request && place(request) === change.place && request.status === end.status;
    results.check(agrees, promise, `${shown(change)} ended as ${shown(end)}`);
  }
  const outcomes = ["done", "refused", "unknown", "stopped"];
  results.check(outcomes.includes(end.outcome), "a change has an outcome", shown(end));
}

/** A request without a recorded answer must lie between the begin and the end of a change. */
function checkUnanswered(request, changes, results) {
  const around = changes.filter(
    ({ begin, end }) =>
      begin <= request.at + CLOCKS_MS &&
      request.at <= (end ? Date.parse(end.time) : Infinity) + UNDERWAY_MS,
  );
  results.check(
    around.length > 0,
    "each changing request has its line in the audit log, written before it is sent",
    shown(request),
  );
  if (request.carriedOut && around.length === 1) {
    results.check(
      around[0].end?.outcome !== "refused",
      "what was carried out is not called refused in the audit log",
      `${shown(request)} ended as ${shown(around[0].end)}`,
    );
  }
}

/** The members that say what it is about, without people's data. */
function shown(record) {
  const audit = ["time", "change", "tool", "route", "outcome", "status", "code", "trace_id"];
  return JSON.stringify(record, [...audit, "method", "path", "action", "at", "carriedOut"]);
}
