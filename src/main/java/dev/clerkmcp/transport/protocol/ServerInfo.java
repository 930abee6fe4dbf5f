package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.Map;

/**
 * Describes the server to clients.
 *
 * @param instructions how a model should work with the tools
 * @param resultMeta added to the {@code _meta} of every result
 */
public record ServerInfo(String version, String instructions, Map<String, Boolean> resultMeta) {
  /** MCP's {@code serverInfo}, as JSON. */
  String json() {
    return "{\"name\":\"clerk-mcp\",\"title\":\"Clerk\",\"version\":"
        + RawJson.quote(version)
        + "}";
  }
}
