package dev.clerkmcp.registry;

/**
 * What a tool answers, for hosts that read structured content. A model pays for each of these with
 * every request, so that they say no more than what always holds, also of a dry run or an export.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools">Tools</a>
 */
enum OutputSchema {
  LISTING(
      "{\"type\":\"object\",\"properties\":{\"data\":{\"type\":\"array\",\"items\":{\"type\":"
          + "\"object\"}},\"total_count\":{\"type\":\"integer\"},\"has_more\":{\"type\":"
          + "\"boolean\"},\"next\":{\"type\":\"object\"}}}"),
  OBJECT_OF_CLERK("{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"}}}"),
  ANYTHING("{\"type\":\"object\"}");

  private static final String MEMBER = ",\"outputSchema\":";

  private final String json;

  OutputSchema(String json) {
    this.json = json;
  }

  String json() {
    return json;
  }

  /** Whether a tool, as it is listed, has one. */
  static boolean isIn(String tool) {
    return tool.contains(MEMBER);
  }

  /** The tool, as it is listed, without it. */
  static String removedFrom(String tool) {
    for (OutputSchema schema : values()) {
      String member = MEMBER.concat(schema.json);
      int at = tool.indexOf(member);
      if (at >= 0) {
        return tool.substring(0, at).concat(tool.substring(at + member.length()));
      }
    }
    return tool;
  }
}
