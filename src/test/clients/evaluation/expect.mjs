// What checks of jobs are made of. Each returns what is wrong, or undefined: join them with `??`.
import { isDeepStrictEqual } from "node:util";

/** The answer holds one number, and it is this. */
export function isNumber(answer, expected) {
  const numbers = (answer.match(/\d[\d,]*/g) ?? []).map((digits) =>
    Number(digits.replaceAll(",", "")),
  );
  return numbers.length === 1 && numbers[0] === expected
    ? undefined
    : `expected the number ${expected}, not: ${answer}`;
}

/** The answer holds these email addresses and no others. */
export function areAddresses(answer, expected) {
  const given = new Set(answer.toLowerCase().match(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g));
  const missing = expected.filter((address) => !given.has(address));
  const extra = [...given].filter((address) => !expected.includes(address));
  return missing.length + extra.length === 0
    ? undefined
    : `addresses missing: ${missing.join(", ") || "none"}; not asked for: ${extra.join(", ") || "none"}`;
}

/** The answer says it. */
export function says(answer, ...patterns) {
  const missing = patterns.find((pattern) => !pattern.test(answer));
  return missing && `expected ${missing} in: ${answer}`;
}

/** The answer does not say it. */
export function saysNot(answer, pattern) {
  return pattern.test(answer) ? `did not expect ${pattern} in: ${answer}` : undefined;
}

/**
 * These changes were made and no others. Each expected one is `{ kind, id, what, after }`, of which
 * all but `kind` may be left out; `after` may be a function. One with `may` need not be there.
 */
export function changed(changes, ...expected) {
  const left = [...changes];
  for (const { may, ...pattern } of expected) {
    const place = left.findIndex((change) => fits(change, pattern));
    if (place >= 0) {
      left.splice(place, 1);
    } else if (!may) {
      return `not done: ${describe(pattern)}; instead: ${left.map(describe).join("; ") || "nothing"}`;
    }
  }
  return left.length === 0 ? undefined : `not asked for: ${left.map(describe).join("; ")}`;
}

/** Nothing was changed at all. */
export function unchanged(changes) {
  return changed(changes);
}

function fits(change, { after, ...pattern }) {
  const matches = Object.entries(pattern).every(([name, value]) => change[name] === value);
  const becomes = typeof after === "function" ? after : (value) => isDeepStrictEqual(value, after);
  return matches && (after === undefined || becomes(change.after));
}

function describe({ kind, id = "", what = "changed", before, after }) {
  const value = (thing) =>
    typeof thing === "function" ? "as asked" : JSON.stringify(thing)?.slice(0, 200);
  const values =
    before === undefined && after === undefined ? "" : `: ${value(before)} -> ${value(after)}`;
  return `${kind} ${id} ${what}${values}`;
}
