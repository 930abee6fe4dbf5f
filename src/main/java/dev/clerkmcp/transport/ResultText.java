package dev.clerkmcp.transport;

import dev.clerkmcp.registry.ToolResult;

/**
 * What a tool answered, as the result of {@code tools/call}. Written as text: the answer is JSON
 * already, and to bind it again would take longer than all else that is done for a call.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result">
 *     MCP on tool results</a>
 */
final class ResultText {
  private ResultText() {}

  /**
   * The members of the result, but for {@code _meta}.
   *
   * @param structured whether the host was told what the tool answers
   */
  static String members(ToolResult result, boolean structured) {
    StringBuilder members = new StringBuilder(2 * result.json().length() + 256);
    members.append("\"content\":[");
    append(result.json(), members);
    for (String note : result.notes()) {
      append(note, members.append(','));
    }
    members.append("],\"isError\":").append(result.isError());
    if (structured && !result.isError()) {
      members.append(",\"structuredContent\":").append(result.json());
    }
    return members.toString();
  }

  private static void append(String text, StringBuilder members) {
    members.append("{\"type\":\"text\",\"text\":").append(JsonText.quote(text)).append('}');
  }
}
