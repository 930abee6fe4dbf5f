package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.Set;

/**
 * Writes what tools answered as results of {@code tools/call}, for an era. Written as text: the
 * answer is JSON already, and to bind it again would take longer than all else that is done for a
 * call.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result">
 *     MCP on tool results</a>
 */
final class ToolResultWriter {
  private final ResultWriter results;
  private final Set<String> structured;

  /**
   * Prepares to write.
   *
   * @param toolFilter which of the tools tell hosts what they answer
   */
  ToolResultWriter(ToolFilter toolFilter, ResultWriter results) {
    this.results = results;
    this.structured = ToolList.structured(toolFilter.listed());
  }

  /** The result of a call. */
  String of(ToolDefinition tool, ToolResult result) {
    StringBuilder members = new StringBuilder(2 * result.json().length() + 256);
    members.append("\"content\":[");
    append(result.json(), members);
    for (String note : result.notes()) {
      append(note, members.append(','));
    }
    members.append("],\"isError\":").append(result.isError());
    if (!result.isError() && structured.contains(tool.name())) {
      members.append(",\"structuredContent\":").append(result.json());
    }
    return results.of(members.toString(), result.meta());
  }

  private static void append(String text, StringBuilder members) {
    members.append("{\"type\":\"text\",\"text\":").append(RawJson.quote(text)).append('}');
  }
}
