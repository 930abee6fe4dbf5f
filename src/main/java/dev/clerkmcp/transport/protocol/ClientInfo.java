package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.transport.jsonrpc.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Describes the client, as it does itself in {@code initialize} or in each request's {@code _meta}.
 *
 * @param info MCP's {@code clientInfo}, as JSON
 * @param capabilities the client's capabilities, as JSON
 */
record ClientInfo(@Nullable String info, @Nullable String capabilities) {
  /** The client's name and version; {@code unknown} if it has no name. */
  String name() {
    String name = RawJson.findText(info, "name");
    String version = RawJson.findText(info, "version");
    return name == null ? "unknown" : version == null ? name : name + " " + version;
  }

  /** Whether the client can show its user a form (elicitation). */
  boolean asksByForm() {
    String elicitation = RawJson.find(capabilities, "elicitation");
    // Before MCP named kinds of elicitation, a form was the only one.
    return elicitation != null
        && RawJson.isObject(elicitation)
        && (RawJson.find(elicitation, "form") != null || RawJson.find(elicitation, "url") == null);
  }
}
