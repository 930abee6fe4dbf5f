// The results of a soak: how calls ended, how long they took, and which promises the server broke.
const EXAMPLES = 3;

export class Results {
  #outcomes = new Map();
  #times = new Map();
  #violations = new Map();

  calls = 0;

  /** Notes how a call ended. An unexpected end is a violation. */
  end(kind, outcome, milliseconds, expected, detail) {
    this.calls++;
    const key = `${expected ? "expected" : "UNEXPECTED"}\t${outcome}`;
    this.#outcomes.set(key, (this.#outcomes.get(key) ?? 0) + 1);
    if (!this.#times.has(kind)) {
      this.#times.set(kind, []);
    }
    this.#times.get(kind).push(milliseconds);
    if (!expected) {
      this.violation(`an error has a cause (${kind}: ${outcome})`, detail);
    }
  }

  /** Notes that the server broke a promise. */
  violation(promise, detail) {
    const violation = this.#violations.get(promise) ?? { times: 0, examples: [] };
    violation.times++;
    if (violation.examples.length < EXAMPLES) {
      violation.examples.push(detail.slice(0, 400));
    }
    this.#violations.set(promise, violation);
  }

  /** Notes a violation unless the condition holds. */
  check(holds, promise, detail) {
    if (!holds) {
      this.violation(promise, detail);
    }
  }

  get isClean() {
    return this.#violations.size === 0;
  }

  /** How often each of some promises was broken, by the names that they are given. */
  counts(promises) {
    const times = (promise) => this.#violations.get(promise)?.times ?? 0;
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

  /** A text for each promise that was broken, with examples. */
  violations() {
    return [...this.#violations].map(
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
