// The least that a server on the official TypeScript SDK can do for Clerk: it forwards one GET.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const server = new McpServer({ name: "forwarder", version: "1.0.0" });
const headers = { Authorization: `Bearer ${process.env.CLERK_SECRET_KEY}` };

server.registerTool(
  "user_get",
  { description: "One user in full, by ID.", inputSchema: { user_id: z.string() } },
  async ({ user_id: id }) => {
    const url = `${process.env.CLERK_API_URL}/v1/users/${encodeURIComponent(id)}`;
    const response = await fetch(url, { headers });
    return {
      content: [{ type: "text", text: JSON.stringify(await response.json()) }],
      isError: !response.ok,
    };
  },
);

await server.connect(new StdioServerTransport());
