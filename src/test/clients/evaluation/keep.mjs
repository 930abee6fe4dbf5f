// Packs a file of jobs as the kept half: node keep.mjs FILE.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { checkForm, evaluate, KEPT, loadJobs } from "./halves.mjs";

const [file] = process.argv.slice(2);
if (!file) {
  console.error("Usage: node keep.mjs FILE.mjs");
  process.exit(2);
}
const source = readFileSync(file, "utf8");
const jobs = await evaluate(source);
checkForm([...(await loadJobs("open")), ...jobs]);
writeFileSync(KEPT, gzipSync(source, { level: 9 }));
console.log(`${jobs.length} jobs are kept; check them with: node run.mjs check --jobs kept`);
