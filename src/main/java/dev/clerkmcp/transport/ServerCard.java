package dev.clerkmcp.transport;

/** What the server says of itself: its version, and how a model should work with it. */
public record ServerCard(String version, String instructions) {
  /** The {@code serverInfo} of both eras, as JSON. */
  String serverInfo() {
    return "{\"name\":\"clerk-mcp\",\"title\":\"Clerk\",\"version\":%s}"
        .formatted(JsonText.quote(version));
  }
}
