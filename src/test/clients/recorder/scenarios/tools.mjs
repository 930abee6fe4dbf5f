// Every tool: with what must be given and with all that can be, in both eras; shown as a dry run,
// confirmed in both ways, exported, by its other names, and with mistakes.
import { readFileSync } from "node:fs";
import { all, required } from "../arguments.mjs";
import { Scene } from "../things.mjs";

const CATALOG = new URL("../../../../main/resources/dev/clerkmcp/catalog.jsonl", import.meta.url);
const ASKING = { elicitation: {} };
const YES = { confirmation: { action: "accept", content: {} } };

/** So many tools share a server and a Clerk: enough to pay for their start. */
const AT_ONCE = 30;

/** Scenarios of whole groups of tools, named after the first and last of them. */
export function tools() {
  const entries = readFileSync(CATALOG, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const batches = [];
  for (const group of new Set(entries.map(({ group }) => group))) {
    const members = entries.filter((entry) => entry.group === group);
    if (batches.length === 0 || batches.at(-1).length + members.length > AT_ONCE) {
      batches.push([]);
    }
    batches.at(-1).push(...members);
  }
  return batches.map((batch) => ({
    name: `tools-${batch[0].group}-to-${batch.at(-1).group}`,
    run: (stage) => playBatch(stage, batch),
  }));
}

async function playBatch(stage, entries) {
  await stage.startClerk();
  await stage.start(
    {
      CLERK_MCP_AUDIT_LOG: stage.file("audit.jsonl"),
      CLERK_MCP_CONFIRM: "always",
      CLERK_MCP_DEPRECATED: "true",
      CLERK_MCP_EXPORT_DIR: stage.file("exports"),
      CLERK_MCP_PACING: "false",
      CLERK_MCP_TOOLSETS: "all",
    },
    { session: { capabilities: ASKING } },
  );
  const numbers = {};
  for (const entry of entries) {
    await new Tool(stage, entry, numbers).play();
  }
  await stage.stop();
}

class Tool {
  #stage;
  #entry;
  #numbers;

  constructor(stage, entry, numbers) {
    this.#stage = stage;
    this.#entry = entry;
    this.#numbers = numbers;
  }

  async play() {
    const { effect, tool, aliases } = this.#entry;
    const properties = tool.inputSchema.properties ?? {};
    await this.#requiredOnly();
    await this.#everything();
    if (properties.dry_run) {
      await this.#call("dry run", { ...(await this.#all()), dry_run: true });
    }
    if (properties.confirmation) {
      await this.#withCode();
    }
    if (properties.export && effect === "read") {
      const file = `${tool.name}.csv`;
      await this.#call("export", { ...(await this.#required()), export: file });
    }
    for (const alias of aliases) {
      await this.#stage.call(`${tool.name}: as ${alias}`, alias, await this.#required());
    }
    await this.#throughDoor();
    await this.#mistakes();
  }

  async #requiredOnly() {
    const result = await this.#call("what is required", await this.#required());
    const [change] = /chg_\w+/.exec(JSON.stringify(result)) ?? [];
    if (change) {
      await this.#stage.call(`${this.#entry.tool.name}: undo`, "clerk_undo_plan", { change });
    }
  }

  async #everything() {
    const args = await this.#all();
    const asked = await this.#call("all arguments", args, { modern: ASKING });
    if (asked.resultType === "input_required") {
      const more = { requestState: asked.requestState, inputResponses: YES };
      await this.#call("all arguments, confirmed", args, { modern: ASKING, more });
    }
  }

  async #withCode() {
    const args = await this.#required();
    const told = await this.#call("without a person to ask", args, { modern: {} });
    const { confirmation } = JSON.parse(told.content[0].text);
    if (confirmation) {
      await this.#call("with the code", { ...args, confirmation }, { modern: {} });
    }
  }

  async #throughDoor() {
    const { effect, tool, group } = this.#entry;
    if (group === "tools") {
      return;
    }
    const door = effect === "read" ? "clerk_tools_read" : "clerk_tools_write";
    const args = { name: tool.name, arguments: await this.#required() };
    await this.#stage.call(`${tool.name}: through ${door}`, door, args);
  }

  async #mistakes() {
    const { tool } = this.#entry;
    const wrong = { colour: "red" };
    for (const [name, { type }] of Object.entries(tool.inputSchema.properties ?? {})) {
      wrong[name] = type === "string" ? 7 : { not: type };
    }
    await this.#call("arguments of wrong types", wrong);
    if (tool.inputSchema.required) {
      await this.#call("nothing given", {});
      await this.#call("ids of nothing", nowhere(await this.#required()));
    }
  }

  #call(title, args, options) {
    const { name } = this.#entry.tool;
    return this.#stage.call(`${name}: ${title}`, name, args, options);
  }

  #required() {
    return required(this.#entry.tool, this.#scene());
  }

  #all() {
    return all(this.#entry.tool, this.#scene());
  }

  #scene() {
    return new Scene(this.#stage.clerk, this.#numbers, this.#stage.file("pixel.png"));
  }
}

/** The same arguments, with ids that nothing has. */
function nowhere(args) {
  return JSON.parse(
    JSON.stringify(args).replace(
      /"([a-z]+_)3[0-9A-Za-z]{25}"/g,
      '"$13zzzz$1missing00000000000000"',
    ),
  );
}
