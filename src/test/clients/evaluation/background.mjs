// The process behind a run: it holds the present job's world and writes down what the agent does.
import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { text as read } from "node:stream/consumers";
import { loadJobs } from "./halves.mjs";
import { tokens, World } from "./world.mjs";

const IDLE_MS = 2 * 60 * 60 * 1_000;

const [folder, which, setting] = process.argv.slice(2);
const jobs = await loadJobs(which);
let number = 0;
let world;
let listed;
let queue = Promise.resolve();
const address = path.join(folder, "address");

log({ event: "start", jobs: jobs.map(({ id }) => id), which, setting });
await enter();

// One after the other, so that an answer never overtakes a call.
const server = http.createServer((request, response) => {
  queue = queue.then(async () => {
    idle.refresh();
    const { command, args } = JSON.parse(await read(request));
    const answer = await COMMANDS[command](...args).catch((failure) => ({
      text: failure.message,
      code: 2,
    }));
    response.end(JSON.stringify({ code: 0, ...answer }));
    if (command === "stop" || number === jobs.length) {
      await end();
    }
  });
});
const idle = setTimeout(end, IDLE_MS);
server.listen(0, "127.0.0.1", () => {
  // Renamed, so that it is never read half.
  writeFileSync(`${address}.new`, `http://127.0.0.1:${server.address().port}`);
  renameSync(`${address}.new`, address);
});
process.once("SIGTERM", end);

const COMMANDS = {
  async job() {
    return { text: present() };
  },

  async list() {
    log({ event: "list", tokens: tokens(listed) });
    return { text: listed };
  },

  async call(name, json = "{}") {
    const asked = world.questions.length;
    const begin = performance.now();
    const { text, isError } = await call(name, json);
    for (const question of world.questions.slice(asked)) {
      log({ event: "question", text: question });
    }
    const ms = Math.round(performance.now() - begin);
    log({ event: "call", name, args: json, isError, tokens: tokens(text), ms, text });
    return { text: isError ? `Error: ${text}` : text, code: isError ? 1 : 0 };
  },

  async answer(...words) {
    const text = words.join(" ");
    const wrong = await world.grade(text);
    log({ event: "answer", text, right: wrong === undefined, wrong });
    await world.close();
    world = undefined;
    number++;
    if (number === jobs.length) {
      return { text: "Noted. That was the last job." };
    }
    await enter();
    return { text: `Noted.\n\n${present()}` };
  },

  async stop() {
    return { text: "The run is over." };
  },
};

async function enter() {
  const job = jobs[number];
  world = await World.open(job, {
    live: setting === "live",
    folder: path.join(folder, "files", job.id),
  });
  listed = await world.list();
  log({ event: "job", listTokens: tokens(listed) });
}

async function call(name, json) {
  let args;
  try {
    args = JSON.parse(json);
  } catch (failure) {
    return { text: `The arguments are not JSON: ${failure.message}`, isError: true };
  }
  return world.call(name, args);
}

function present() {
  return `Job ${number + 1} of ${jobs.length}: ${jobs[number].job}`;
}

function log(entry) {
  const line = { at: new Date().toISOString(), job: jobs[number]?.id, ...entry };
  appendFileSync(path.join(folder, "log.jsonl"), `${JSON.stringify(line)}\n`);
}

async function end() {
  clearTimeout(idle);
  rmSync(address, { force: true });
  server.close();
  server.closeIdleConnections();
  await world?.close();
}
