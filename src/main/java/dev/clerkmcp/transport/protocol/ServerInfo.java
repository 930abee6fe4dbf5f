package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.Map;

/**
 * What the server says of itself: its version, and how a model should work with it.
 *
 * @param mark goes into the {@code _meta} of every result
 */
public record ServerInfo(String version, String instructions, Map<String, Boolean> mark) {
  /** The {@code serverInfo} of both eras, as JSON. */
  String serverInfo() {
    return "{\"name\":\"clerk-mcp\",\"title\":\"Clerk\",\"version\":"
        + RawJson.quote(version)
        + "}";
  }
}
