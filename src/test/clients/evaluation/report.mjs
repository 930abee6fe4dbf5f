// What became of a run, from its log.
import { readFileSync } from "node:fs";
import path from "node:path";

/** Tables in Markdown: all jobs together, each job, and what was wrong. */
export function report(folder) {
  const log = readFileSync(path.join(folder, "log.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map(JSON.parse);
  const begin = log.find(({ event }) => event === "start");
  const rows = begin.jobs
    .map((id) =>
      summarize(
        id,
        log.filter(({ job }) => job === id),
      ),
    )
    .filter(({ answered }) => answered);
  const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
  const listTokens = log.find(({ event }) => event === "job").listTokens;
  return [
    table([
      [
        "jobs",
        "right",
        "calls",
        "searches",
        "errors",
        "questions",
        "list, tokens",
        "answers, tokens",
      ],
      [
        `${begin.which}, ${begin.setting}: ${rows.length} of ${begin.jobs.length}`,
        sum("right"),
        sum("calls"),
        sum("searches"),
        sum("errors"),
        sum("questions"),
        listTokens,
        sum("tokens"),
      ],
    ]),
    table([
      ["job", "right", "calls", "searches", "errors", "questions", "tokens"],
      ...rows.map((row) => [
        row.id,
        row.right ? "yes" : "no",
        row.calls,
        row.searches,
        row.errors,
        row.questions,
        row.tokens,
      ]),
    ]),
    ...section(
      "Wrong",
      rows.filter(({ right }) => !right).map(({ id, wrong }) => `${id}: ${wrong}`),
    ),
    ...section(
      "Questions",
      rows.flatMap(({ id, asked }) => asked.map((text) => `${id}: ${text}`)),
    ),
  ].join("\n\n");
}

function summarize(id, entries) {
  const calls = entries.filter(({ event }) => event === "call");
  const answer = entries.find(({ event }) => event === "answer");
  const asked = entries
    .filter(({ event }) => event === "question")
    .map(({ text }) => text.replaceAll("\n", " / "));
  return {
    id,
    answered: answer !== undefined,
    right: answer?.right ?? false,
    wrong: answer?.wrong,
    calls: calls.length,
    searches: calls.filter(({ name }) => name === "clerk_tools_search").length,
    errors: calls.filter(({ isError }) => isError).length,
    asked,
    questions: asked.length,
    tokens: calls.reduce((total, call) => total + call.tokens, 0),
  };
}

function section(title, lines) {
  return lines.length === 0 ? [] : [`${title}:\n\n${lines.map((line) => `- ${line}`).join("\n")}`];
}

function table([head, ...rows]) {
  const line = (cells) => `| ${cells.map(figure).join(" | ")} |`;
  const rule = head.map((_, i) => (i === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map(line).join("\n");
}

function figure(cell) {
  return typeof cell === "number" ? cell.toLocaleString("en-US") : cell;
}
