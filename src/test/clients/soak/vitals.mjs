// Measures the threads, open files and memory of a server process.
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { javaTool } from "../mcpProcess.mjs";
import { until } from "./client.mjs";

const EVERY_MS = 1_000;
const REST_MS = 1_500;
const SETTLE_MS = 5_000;

/** Running calls, calls that wait for a person, and the threads of Java and the HTTP client. */
const MOST_THREADS = 128 + 20 + 40 + 2 * availableParallelism();

/** How much more a server at rest may have than after the first round. */
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
    this.#timer = setInterval(() => {
      if (!this.#server.hasEnded) {
        this.#samples.push(this.#sample());
      }
    }, EVERY_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** Measures the server at rest, after some time to release what is idle. */
  async settle() {
    await delay(REST_MS);
    const [first] = this.#settled;
    await until(() => first === undefined || !grew(first, this.#sample()), SETTLE_MS);
    await run(javaTool("jcmd"), [String(this.#server.pid), "GC.run"]);
    const { stdout } = await run(javaTool("jcmd"), [String(this.#server.pid), "GC.heap_info"]);
    const areas = [...stdout.matchAll(/total \d+K, used (\d+)K/g)];
    const heap = areas.reduce((sum, [, used]) => sum + (Number(used) * 1024) / 1e6, 0);
    this.#settled.push({ ...this.#sample(), heap });
  }

  check(results) {
    // Off Linux the figures are NaN, which is above no limit.
    const most = Math.max(...this.#samples.map(({ threads }) => threads));
    results.check(!(most > MOST_THREADS), `at most ${MOST_THREADS} threads`, `there were ${most}`);
    const [first, ...others] = this.#settled;
    if (first === undefined) {
      return; // the server ended before, which is a violation already
    }
    // The least of several: a leak stays, an accident of a busy machine does not.
    const later = others.slice(Math.floor(others.length / 2));
    const least = (name) => Math.min(...later.map((state) => state[name]));
    for (const [name, limit] of Object.entries(limits(first))) {
      const detail = `at rest: ${this.#settled.map((state) => Math.round(state[name])).join(", ")}`;
      results.check(later.length === 0 || !(least(name) > limit), `${name} do not grow`, detail);
    }
  }

  /** Rows of name, first, median, most, last, and by how much a minute the second half grows. */
  rows() {
    const running = ["threads", "files", "rss"].map((name) => row(name, "running", this.#samples));
    const names = ["threads", "files", "rss", "heap"];
    const settled = names.map((name) => row(name, "at rest", this.#settled));
    return [...running, ...settled].filter((row) => row !== undefined);
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
  if (samples.length === 0) {
    return undefined;
  }
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
