// What was measured, as a table of medians with their quartiles.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";

const BEGIN = "<!-- benchmark: generated -->\n";
const END = "<!-- benchmark: end -->";

/** Samples by what was measured and by the server on which. */
export class Measurements {
  #samples = new Map();

  add(measure, server, sample) {
    const key = JSON.stringify([measure, server]);
    this.#samples.set(key, [...(this.#samples.get(key) ?? []), sample]);
  }

  /** A row for each measure and a column for each server. */
  table(measures, servers) {
    const rows = [
      ["", ...servers],
      ["---", ...servers.map(() => "---:")],
      ...measures.map((measure) => [measure, ...servers.map((server) => this.#cell(measure, server))]),
    ];
    return rows.map((row) => `| ${row.join(" | ")} |\n`).join("");
  }

  #cell(measure, server) {
    const samples = this.#samples.get(JSON.stringify([measure, server]));
    if (!samples || samples.some(Number.isNaN)) {
      return "";
    }
    const [low, median, high] = [0.25, 0.5, 0.75].map((share) => figure(quantile(samples, share)));
    return samples.length > 1 ? `${median} (${low} to ${high})` : median;
  }
}

export function median(samples) {
  return quantile(samples, 0.5);
}

function quantile(samples, share) {
  const sorted = samples.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  return below + (sorted[Math.ceil(place)] - below) * (place % 1);
}

function figure(value) {
  return value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString("en-US");
}

/** When and on what it was measured, without anything that would name the machine. */
export function circumstances(java) {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return (
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${cpu.model.trim()}, ` +
    `${os.availableParallelism()} cores, ${memory} GiB, ${os.type()} ${os.release().match(/^\d+\.\d+/)}, ` +
    `JDK ${javaVersion(java)}, Node ${process.versions.node}.`
  );
}

function javaVersion(java) {
  const { stderr } = spawnSync(java, ["-XshowSettings:properties", "-version"], {
    encoding: "utf8",
  });
  return stderr.match(/java\.version = (\S+)/)[1];
}

/** Puts the text between the markers of a file. */
export function publish(file, text) {
  const whole = readFileSync(file, "utf8");
  const begin = whole.indexOf(BEGIN);
  const end = whole.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`${file} has no ${BEGIN.trim()} before ${END}`);
  }
  writeFileSync(file, whole.slice(0, begin + BEGIN.length) + text + whole.slice(end));
}
