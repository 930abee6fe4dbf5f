// Libraries that convert the tools for a model's provider take all of them, and a call with
// metadata goes through each of them. No model is asked: the converted tools are called directly.
import assert from "node:assert/strict";
import { createMCPClient } from "@ai-sdk/mcp";
import { Experimental_StdioMCPTransport as StdioTransport } from "@ai-sdk/mcp/mcp-stdio";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { MultiServerMCPClient } from "@langchain/mcp-adapters";
import { MCPServerStdio, RunContext, getAllMcpTools } from "@openai/agents-core";
import { environment } from "./mcpProcess.mjs";
import { check } from "./checks.mjs";

const PLAN = { plan: "team", nested: { seats: [1, 2] } };

const jar = process.env.CLERK_MCP_JAR;
assert.ok(jar, "Set CLERK_MCP_JAR to the path of clerk-mcp.jar");

function server(freeForm) {
  return {
    command: "java",
    args: ["-jar", jar],
    env: environment({
      CLERK_MCP_SANDBOX: "true",
      CLERK_MCP_TOOLSETS: "all",
      CLERK_MCP_FREE_FORM: freeForm,
    }),
  };
}

/** The arguments of a call with metadata, as a model writes them for these schemas. */
function call(freeForm) {
  return {
    user_id: "olena.koval@example.com",
    public_metadata: freeForm === "string" ? JSON.stringify(PLAN) : PLAN,
  };
}

function checkTools(tools) {
  assert.ok(tools >= 250, `${tools} tools`);
}

/** The answer of clerk_metadata_set names what was set. */
function checkAnswer(text) {
  assert.match(text, /team/, text);
  assert.match(text, /seats/, text);
}

/** Every free-form object, at any depth, is open, or none is left. */
function checkOpen(schema, freeForm, path) {
  if (schema?.type === "object" && !Object.keys(schema.properties ?? {}).length && path.includes(".")) {
    assert.equal(freeForm, "object", `${path} is an object without fields`);
    assert.notEqual(schema.additionalProperties, false, `${path} is closed`);
  }
  for (const [name, part] of Object.entries(schema?.properties ?? {})) {
    checkOpen(part, freeForm, `${path}.${name}`);
  }
  if (schema?.items) {
    checkOpen(schema.items, freeForm, `${path}.[]`);
  }
}

for (const freeForm of ["object", "string"]) {
  await check(`the AI SDK takes all tools with ${freeForm}s`, async () => {
    const client = await createMCPClient({ transport: new StdioTransport(server(freeForm)) });
    const tools = await client.tools();
    checkTools(Object.keys(tools).length);
    for (const [name, tool] of Object.entries(tools)) {
      checkOpen(tool.inputSchema.jsonSchema, freeForm, name);
    }
    const result = await tools.clerk_metadata_set.execute(call(freeForm), { toolCallId: "1", messages: [] });
    checkAnswer(JSON.stringify(result));
    await client.close();
  });

  await check(`LangChain takes all tools with ${freeForm}s`, async () => {
    const client = new MultiServerMCPClient({ mcpServers: { clerk: { transport: "stdio", ...server(freeForm) } } });
    const tools = await client.getTools();
    checkTools(tools.length);
    for (const tool of tools) {
      checkOpen(convertToOpenAITool(tool).function.parameters, freeForm, tool.name);
    }
    const set = tools.find(({ name }) => name === "clerk_metadata_set");
    checkAnswer(JSON.stringify(await set.invoke(call(freeForm))));
    await client.close();
  });

  await check(`OpenAI Agents takes all tools with ${freeForm}s${freeForm === "string" ? ", strict" : ""}`, async () => {
    const mcp = new MCPServerStdio({ ...server(freeForm), timeout: 60_000 });
    await mcp.connect();
    const context = new RunContext({});
    const tools = await getAllMcpTools({
      mcpServers: [mcp],
      convertSchemasToStrict: freeForm === "string",
      runContext: context,
    });
    checkTools(tools.length);
    const strict = tools.filter((tool) => tool.strict).length;
    assert.equal(strict, freeForm === "string" ? tools.length : 0, `${strict} of ${tools.length} are strict`);
    const set = tools.find(({ name }) => name === "clerk_metadata_set");
    checkAnswer(JSON.stringify(await set.invoke(context, JSON.stringify(call(freeForm)))));
    await mcp.close();
  });
}
