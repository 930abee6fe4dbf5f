// Shows how well an agent does everyday jobs with nothing but the tools. To measure an agent, run
// `start`, give the agent the brief that it prints, and run `report` when the agent has finished.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const USAGE = `Usage: node run.mjs COMMAND --out DIR
  start --out DIR [--jobs open|kept|all] [--live]   begin a run; DIR is new
  job, list, call NAME 'JSON', answer 'TEXT'        what the agent uses
  report                                            how it went
  stop                                              end a run before its last job
  check [--jobs ...] [--only ID] [--live]           checks the jobs themselves; needs no DIR`;
const START_MS = 60_000;

const SELF = fileURLToPath(import.meta.url);
const [command, ...rest] = process.argv.slice(2);
// By hand, since an answer may begin with a hyphen, as lists do.
const place = rest.indexOf("--out");
const out = place >= 0 && path.resolve(rest.splice(place, 2)[1] ?? fail(USAGE));

if (command === "check") {
  await import("./check.mjs"); // reads its own options
} else if (!out) {
  fail(USAGE);
} else if (command === "start") {
  await start();
} else if (command === "report") {
  const { report } = await import("./report.mjs");
  console.log(report(out));
} else if (["job", "list", "call", "answer", "stop"].includes(command)) {
  await ask();
} else {
  fail(USAGE);
}

async function start() {
  const { values } = parseArgs({
    args: rest,
    options: {
      jobs: { type: "string", default: "open" },
      live: { type: "boolean", default: false },
    },
  });
  if (existsSync(path.join(out, "log.jsonl"))) {
    fail(`${out} holds a run already; name a new folder.`);
  }
  mkdirSync(out, { recursive: true });
  const output = openSync(path.join(out, "background.txt"), "w");
  const script = fileURLToPath(new URL("background.mjs", import.meta.url));
  const background = spawn(
    process.execPath,
    [script, out, values.jobs, values.live ? "live" : "test"],
    { detached: true, stdio: ["ignore", output, output] },
  );
  background.unref();
  const end = Date.now() + START_MS;
  while (!existsSync(path.join(out, "address"))) {
    if (background.exitCode !== null || Date.now() > end) {
      background.kill();
      fail(`The run did not start:\n${readFileSync(path.join(out, "background.txt"), "utf8")}`);
    }
    await delay(50);
  }
  console.log(brief(`node ${SELF}`, `--out ${out}`));
}

/** All that an agent is told. */
function brief(run, folder) {
  return `You look after the users of an application that keeps them in Clerk. You have jobs to do, one after the other,
with tools that you reach by shell commands. Use these four commands and nothing else: read no files, and ask
nobody.

To see the present job:
  ${run} job ${folder}
To see the tools and how to work with them (once; it stays the same):
  ${run} list ${folder}
To call a tool with its arguments and see its answer:
  ${run} call ${folder} NAME 'JSON'
To end the job with your answer and see the next one:
  ${run} answer ${folder} 'TEXT'

Do what the job says and no more, in as few calls as you need. Answer in the form that it asks for; where it asks for
none, say in a sentence or two what you did or found. If something cannot or should not be done, say so
instead. Each job begins in a fresh world: nothing that you did before is still there. You are not told whether an
answer is right. Go on until no job is left.`;
}

async function ask() {
  let answer;
  try {
    const response = await fetch(readFileSync(path.join(out, "address"), "utf8"), {
      method: "POST",
      body: JSON.stringify({ command, args: rest }),
    });
    answer = await response.json();
  } catch {
    fail(`No run is open in ${out}.`);
  }
  console.log(answer.text);
  process.exitCode = answer.code;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
