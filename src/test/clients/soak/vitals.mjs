// What the operating system and Java tell of a server: threads, open files, memory.
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { promisify } from "node:util";
import { javaTool } from "../mcpProcess.mjs";
import { until } from "./client.mjs";

const EVERY_MS = 1_000;
const SETTLE_MS = 5_000;

/** What runs at once, what waits for a person, and some 40 of Java's and the HTTP client's own. */
const MOST_THREADS = 128 + 20 + 40;

/** How far a settled server may be from what it was after the first round. */
const MORE_THREADS = 16;
const MORE_FILES = 64;
const MORE_HEAP_MB = 16;
const MORE_HEAP_SHARE = 0.5;

const run = promisify(execFile);

export class Vitals {
  #server;
  #samples = [];
  #settled = [];
  #timer;

  constructor(server) {
    this.#server = server;
  }

  start() {
    this.#timer = setInterval(() => this.#samples.push(this.#sample()), EVERY_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** Measures the server at rest. It may take a while until what is idle has been let go. */
  async settle() {
    const first = this.#settled[0];
    await until(() => first && !grew(first, this.#sample()), SETTLE_MS);
    await run(javaTool("jcmd"), [String(this.#server.pid), "GC.run"]);
    const { stdout } = await run(javaTool("jcmd"), [String(this.#server.pid), "GC.heap_info"]);
    const areas = [...stdout.matchAll(/total \d+K, used (\d+)K/g)];
    const heap = areas.reduce((sum, [, used]) => sum + (Number(used) * 1024) / 1e6, 0);
    this.#settled.push({ ...this.#sample(), heap });
  }

  check(ledger) {
    const most = Math.max(...this.#samples.map(({ threads }) => threads));
    ledger.check(most <= MOST_THREADS, `at most ${MOST_THREADS} threads`, `there were ${most}`);
    const [first, ...others] = this.#settled;
    // A leak stays; that the best of several is far off is no accident of the machine's.
    const later = others.slice(Math.floor(others.length / 2));
    const least = (name) => Math.min(...later.map((state) => state[name]));
    for (const [name, limit] of Object.entries(limits(first))) {
      const detail = `at rest: ${this.#settled.map((state) => Math.round(state[name])).join(", ")}`;
      ledger.check(later.length === 0 || least(name) <= limit, `${name} do not grow`, detail);
    }
  }

  /** Rows of name, first, median, most, last, and the slope of the second half a minute. */
  rows() {
    const running = ["threads", "files", "rss"].map((name) => row(name, "running", this.#samples));
    const names = ["threads", "files", "rss", "heap"];
    return [...running, ...names.map((name) => row(name, "at rest", this.#settled))];
  }

  #sample() {
    return {
      at: performance.now(),
      threads: this.#server.status("Threads"),
      files: openFiles(this.#server.pid),
      rss: this.#server.memory("VmRSS"),
    };
  }
}

function limits(first) {
  return {
    threads: first.threads + MORE_THREADS,
    files: first.files + MORE_FILES,
    heap: first.heap + Math.max(MORE_HEAP_MB, first.heap * MORE_HEAP_SHARE),
  };
}

function grew(first, now) {
  const limit = limits(first);
  return now.threads > limit.threads || now.files > limit.files;
}

function openFiles(pid) {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return NaN; // it ended
  }
}

function row(name, when, samples) {
  const values = samples.map((sample) => sample[name]);
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  const half = samples.slice(Math.floor(samples.length / 2));
  const shown = [values[0], middle, sorted.at(-1), values.at(-1), slope(half, name)];
  return [`${name}, ${when}`, ...shown.map((value) => value.toFixed(0))];
}

/** By how much a value grows in a minute, by the method of least squares. */
function slope(samples, name) {
  const mean = (value) => samples.reduce((sum, sample) => sum + value(sample), 0) / samples.length;
  const at = mean((sample) => sample.at);
  const level = mean((sample) => sample[name]);
  const covariance = mean((sample) => (sample.at - at) * (sample[name] - level));
  const variance = mean((sample) => (sample.at - at) ** 2);
  return variance === 0 ? 0 : (covariance / variance) * 60_000;
}
