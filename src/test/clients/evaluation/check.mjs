// Checks the jobs without any model: an agent that answers nothing is graded wrong in each. Where a
// job has a solution, it is graded right, and no longer once it has also touched what was not asked.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { loadJobs } from "./halves.mjs";
import { tokens, World } from "./world.mjs";

const ONLOOKER = "olena.melnyk@example.com"; // has no part in any job

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: "string", default: "all" },
    only: { type: "string" },
    live: { type: "boolean", default: false },
  },
});
const folder = mkdtempSync(path.join(os.tmpdir(), "clerk-mcp-evaluation-"));
const jobs = (await loadJobs(values.jobs)).filter(({ id }) =>
  [undefined, id].includes(values.only),
);
const failures = [];
try {
  const queue = jobs.values();
  await Promise.all(Array.from({ length: os.availableParallelism() }, () => work(queue)));
} finally {
  rmSync(folder, { recursive: true });
}
if (jobs.length === 0 || failures.length > 0) {
  console.error(failures.join("\n") || `There is no job ${values.only}`);
  process.exitCode = 1;
}

async function work(queue) {
  for (const job of queue) {
    try {
      console.log(`ok: ${job.id}${await play(job)}`);
    } catch (failure) {
      failures.push(`FAILED: ${job.id}: ${failure.message}`);
    }
  }
}

/** Plays a job's agents in one world: the first does nothing, so that the next finds it fresh. */
async function play(job) {
  const world = await World.open(job, { live: values.live, folder: path.join(folder, job.id) });
  try {
    insist(await world.grade(""), "doing nothing is graded right");
    if (!job.solve) {
      return "";
    }
    const used = { calls: 0, tokens: 0 };
    const answer = await job.solve({ call: (name, args) => call(world, used, name, args) });
    const wrong = await world.grade(answer);
    insist(wrong === undefined, `the solution is graded wrong: ${wrong}`);
    const { id } = await world.clerk.user(ONLOOKER);
    await world.clerk.patch(`/v1/users/${id}`, { first_name: "Changed" });
    insist(await world.grade(answer), "a change that was not asked for is graded right");
    return (
      `: ${used.calls} calls, ${used.tokens} tokens of answers` +
      (values.live ? `, ${world.questions.length} questions` : "")
    );
  } finally {
    await world.close();
  }
}

async function call(world, used, name, args = {}) {
  const { text, isError } = await world.call(name, args);
  used.calls++;
  used.tokens += tokens(text);
  insist(!isError, `${name} failed: ${text}`);
  // Notes to the model follow the answer.
  return JSON.parse(text.split("\n\n")[0]);
}

function insist(condition, otherwise) {
  if (!condition) {
    throw new Error(otherwise);
  }
}
