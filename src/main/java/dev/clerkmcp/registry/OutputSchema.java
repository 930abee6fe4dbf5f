package dev.clerkmcp.registry;

/**
 * The schemas of answers, for hosts that read structured content. They are short, since the model
 * pays for each of them, and also fit the answers of a dry run and of an export.
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

  /** Whether the JSON of a listed tool has a schema. */
  static boolean isIn(String tool) {
    return tool.contains(MEMBER);
  }

  /** The JSON of a listed tool without its schema. */
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
