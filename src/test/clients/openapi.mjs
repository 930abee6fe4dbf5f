// Prints Clerk's OpenAPI file with what Clerk's API has besides, for Prism: node openapi.mjs FILE
import { readFileSync } from "node:fs";
import { parse } from "yaml";

const NEWER = new URL("../resources/dev/clerkmcp/newer-than-openapi.yml", import.meta.url);

const read = (file) => parse(readFileSync(file, "utf8"));
const file = read(process.argv[2]);
for (const [pointer, added] of Object.entries(read(NEWER))) {
  const keys = pointer.slice(1).split("/");
  const names = keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = names.pop();
  const parent = names.reduce((value, name) => value?.[name], file);
  if (parent === undefined) {
    throw new Error(`The file has no place for ${pointer}`);
  }
  parent[last] = added;
}
console.log(JSON.stringify(file));
