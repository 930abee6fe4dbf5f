// What a soak saw: how calls ended, how long they took, and which promises were broken.
const EXAMPLES = 3;

export class Ledger {
  #outcomes = new Map();
  #times = new Map();
  #broken = new Map();

  calls = 0;

  /** Notes how a call ended. One that ended as nothing explains is a broken promise. */
  end(kind, outcome, milliseconds, expected, detail) {
    this.calls++;
    const key = `${expected ? "expected" : "UNEXPECTED"}\t${outcome}`;
    this.#outcomes.set(key, (this.#outcomes.get(key) ?? 0) + 1);
    if (!this.#times.has(kind)) {
      this.#times.set(kind, []);
    }
    this.#times.get(kind).push(milliseconds);
    if (!expected) {
      this.break("every error has a cause", `${kind}: ${outcome}: ${detail}`);
    }
  }

  /** Notes that a promise was broken. */
  break(promise, detail) {
    const broken = this.#broken.get(promise) ?? { times: 0, examples: [] };
    broken.times++;
    if (broken.examples.length < EXAMPLES) {
      broken.examples.push(detail.slice(0, 400));
    }
    this.#broken.set(promise, broken);
  }

  /** Breaks a promise unless something holds. */
  check(holds, promise, detail) {
    if (!holds) {
      this.break(promise, detail);
    }
  }

  get isClean() {
    return this.#broken.size === 0;
  }

  /** How often each of some promises was broken, by the names that they are given. */
  counts(promises) {
    const times = (promise) => this.#broken.get(promise)?.times ?? 0;
    return Object.fromEntries(
      Object.entries(promises).map(([name, promise]) => [name, times(promise)]),
    );
  }

  outcomes() {
    const rows = [...this.#outcomes].map(([key, count]) => [...key.split("\t"), count]);
    return rows.sort((a, b) => a[0].localeCompare(b[0]) || b[2] - a[2]);
  }

  /** Rows of kind, count, p50, p99 and the longest, in milliseconds. */
  times() {
    return [...this.#times].sort().map(([kind, times]) => {
      times.sort((a, b) => a - b);
      const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
      return [kind, times.length, ...[at(0.5), at(0.99), times.at(-1)].map((ms) => ms.toFixed(1))];
    });
  }

  /** Sentences, one for each promise that was broken. */
  broken() {
    return [...this.#broken].map(
      ([promise, { times, examples }]) =>
        `${promise}: broken ${times} times\n${examples.map((text) => `    ${text}`).join("\n")}`,
    );
  }
}

/** Lays out rows below each other. */
export function table(heads, rows) {
  const all = [heads, ...rows].map((row) => row.map(String));
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const isText = heads.map((_, column) => rows.some((row) => Number.isNaN(Number(row[column]))));
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          isText[column] ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
