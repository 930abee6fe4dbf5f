package dev.clerkmcp.transport;

import java.util.Map;

/**
 * What the server says of itself: its version, and how a model should work with it.
 *
 * @param mark goes into the {@code _meta} of every result
 */
public record ServerCard(String version, String instructions, Map<String, Boolean> mark) {
  /** The {@code serverInfo} of both eras, as JSON. */
  String serverInfo() {
    return "{\"name\":\"clerk-mcp\",\"title\":\"Clerk\",\"version\":%s}"
        .formatted(JsonText.quote(version));
  }

  /** A result of the given members, with the mark. */
  String result(String members) {
    return "{" + metaMember() + members + "}";
  }

  /** The mark as the first member of a result, with a comma after it; empty without a mark. */
  String metaMember() {
    if (mark.isEmpty()) {
      return "";
    }
    StringBuilder members = new StringBuilder();
    mark.forEach(
        (name, value) ->
            members
                .append(members.length() == 0 ? "" : ",")
                .append(JsonText.quote(name))
                .append(':')
                .append(value));
    return "\"_meta\":{%s},".formatted(members);
  }
}
