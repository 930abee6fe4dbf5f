// Makes recordings comparable: what differs from run to run is replaced by a name for it. Names are
// numbered within a record, so that a wrong id shows where two were the same before.
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The longest that a run takes. */
const RUN = 15 * MINUTE;

/** The time at which the sandbox begins. Every change moves it by a second. */
const SANDBOX_START = Date.parse("2026-06-01T09:00:00Z");
const SANDBOX_SPAN = 60 * MINUTE;

const TIME =
  /(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(?:\.\d+)?(?:Z|[+]00:00)|\b(1[5-9]\d{11})\b/g;

/** What the sandbox makes up: a number that counts up, and digits that depend on it. */
const ID = /(?<![0-9A-Za-z])3([0-9A-Za-z]{6})[0-9A-Za-z]{20}(?![0-9A-Za-z])/g;
const HEX_ID = /(?<=_)([0-9a-f]{16})[0-9a-f]{16}\b/g;
const SECRET = /(?<=_)([0-9a-f]{8})[0-9a-f]{8}\b/g;

/** What a process makes up by chance, each with the name that stands for it. */
const RANDOM = [
  [/\bchg_[0-9a-z]+\b/g, "change"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "uuid"],
  [/(?<="(?:confirmation|requestState)": ")[\w-]{30,}(?=")/g, "code"],
  [/\b[0-9a-f]{64}\b/g, "hash"],
  [/\bsandbox0{8,}[0-9a-f]+\b/g, "trace"],
];

export class Normaliser {
  #names;
  #begin;
  #first;

  /**
   * @param names texts that only this machine or this jar has, each with the name that stands for it
   * @param begin when the run began, the same for both jars
   * @param firstId the first id that a fresh sandbox gives out: it and later ones get names
   */
  constructor({ names, begin, firstId }) {
    this.#names = names;
    this.#begin = begin;
    this.#first = firstId === undefined ? undefined : serials(firstId);
  }

  /** A text without what only this machine or this jar has. */
  named(text) {
    return this.#names.reduce((named, [own, name]) => named.replaceAll(own, name), text);
  }

  /** The lines of a record. */
  text(record) {
    let text = this.named(JSON.stringify(readable(record), null, 2));
    text = text
      .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
      .replace(/("duration_ms": )\d+/g, "$1<duration>")
      .replace(/\b\d+ ms\b/g, "<duration>");
    for (const [pattern, name] of RANDOM) {
      text = numbered(text, pattern, name);
    }
    text = text.replace(TIME, (time) => this.#time(time));
    if (this.#first) {
      text = numbered(text, ID, "new id", (_, serial) => serial >= this.#first.text);
      const later = (_, serial) => Number.parseInt(serial, 16) >= this.#first.number;
      text = numbered(text, HEX_ID, "new hex id", later);
      text = numbered(text, SECRET, "new secret", later);
    }
    return text;
  }

  /** A time of this machine or of a change at the sandbox, as far from it as it is. */
  #time(time) {
    const at = milliseconds(time);
    const form = time.includes("-") ? "" : time.includes("T") ? " compact" : " ms";
    const since = at - this.#begin;
    if (Math.abs(at - Date.now()) < DAY) {
      const minutes = Math.round((at - Date.now()) / MINUTE);
      return minutes === 0 ? `<now${form}>` : `<now ${signed(minutes)} min${form}>`;
    }
    if (remainder(since, DAY) < RUN) {
      return `<now ${signed(Math.floor(since / DAY))} d${form}>`;
    }
    const change = remainder(at - SANDBOX_START, DAY);
    if (this.#first && change > 0 && change < SANDBOX_SPAN) {
      return `<change ${signed(Math.floor((at - SANDBOX_START) / DAY))} d${form}>`;
    }
    return time;
  }
}

/** Answers of tools are JSON in a text; they are shown as what they hold, if that loses nothing. */
function readable(value, key) {
  if (typeof value === "string" && ["text", "body", "line"].includes(key)) {
    const parsed = parse(value);
    return parsed !== undefined && JSON.stringify(parsed) === value ? readable(parsed) : value;
  }
  if (Array.isArray(value)) {
    return value.map((each) => readable(each));
  }
  if (value !== null && typeof value === "object") {
    const { structuredContent, content } = value;
    const same = structuredContent && JSON.stringify(structuredContent) === content?.[0]?.text;
    const shown = same ? { ...value, structuredContent: "<the same as the text>" } : value;
    const members = Object.entries(shown).map(([name, each]) => [name, readable(each, name)]);
    return Object.fromEntries(key === "requestedSchema" ? members.sort(byName) : members);
  }
  return value;
}

/** The server writes the schema of a question in an order that differs from process to process. */
function byName([a], [b]) {
  return a < b ? -1 : 1;
}

function parse(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}

function numbered(text, pattern, name, applies = () => true) {
  const numbers = new Map();
  return text.replace(pattern, (...match) => {
    if (!applies(...match)) {
      return match[0];
    }
    if (!numbers.has(match[0])) {
      numbers.set(match[0], numbers.size + 1);
    }
    return `<${name} ${numbers.get(match[0])}>`;
  });
}

function milliseconds(time) {
  if (!time.includes("T")) {
    return Number(time);
  }
  const [year, month, day, hour, minute, second] = time
    .match(/\d+/g)
    .join("")
    .match(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/)
    .slice(1)
    .map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function serials(id) {
  const text = id.slice(id.lastIndexOf("_") + 2).slice(0, 6);
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const number = [...text].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
  return { text, number };
}

function remainder(a, b) {
  return ((a % b) + b) % b;
}

function signed(number) {
  return number < 0 ? String(number) : `+${number}`;
}
