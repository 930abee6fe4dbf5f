// The jobs: the open half, on which tools may be tuned, and the kept half, on which they may not.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The kept half, packed so that it is not read in passing. */
export const KEPT = new URL("kept.mjs.gz", import.meta.url);

/** The jobs of a half, or of both: "open", "kept" or "all". */
export async function loadJobs(which) {
  assert.ok(["open", "kept", "all"].includes(which), `Jobs are open, kept or all, not ${which}`);
  const jobs = [];
  if (which !== "kept") {
    jobs.push(...(await import("./jobs.mjs")).default);
  }
  if (which !== "open" && existsSync(KEPT)) {
    jobs.push(...(await evaluate(gunzipSync(readFileSync(KEPT)).toString())));
  }
  checkForm(jobs);
  return jobs;
}

/**
 * The jobs that a module's source exports, and with them how many users their world has, if it
 * exports that. Its imports are relative to this folder.
 */
export async function evaluate(source) {
  const absolute = source.replace(
    /\b(from|import)(\s*\(?\s*)"(\.\.?\/[^"]+)"/g,
    (all, word, space, file) => `${word}${space}"${new URL(file, import.meta.url)}"`,
  );
  const url = `data:text/javascript;base64,${Buffer.from(absolute).toString("base64")}`;
  const { default: jobs, users } = await import(url);
  return users === undefined ? jobs : jobs.map((job) => ({ ...job, users }));
}

export function checkForm(jobs) {
  assert.ok(jobs.length > 0, "There are no such jobs");
  for (const { id, job, check } of jobs) {
    assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/, "an id is in kebab-case");
    assert.equal(typeof job, "string", `the job of ${id} is in words`);
    assert.equal(typeof check, "function", `${id} has a check`);
  }
  assert.equal(new Set(jobs.map(({ id }) => id)).size, jobs.length, "ids are unique");
}
