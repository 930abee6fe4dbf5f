package dev.clerkmcp.transport;

/** Writes requests of the modern protocol. */
public final class ModernRequests {
  static final String VERSION = "2026-07-28";

  private ModernRequests() {}

  /** A request of a client without capabilities; the members follow its {@code _meta}. */
  public static String request(String id, String method, String members) {
    return request(id, method, members, "{}", "");
  }

  /**
   * A request.
   *
   * @param members of the parameters, without braces; may be empty
   * @param capabilities the client's capabilities, as JSON
   * @param meta further members of {@code _meta}; may be empty
   */
  public static String request(
      String id, String method, String members, String capabilities, String meta) {
    return ServerProcess.request(
        id,
        method,
        "{\"_meta\":{%s%s}%s}"
            .formatted(
                required(capabilities),
                meta.isEmpty() ? "" : "," + meta,
                members.isEmpty() ? "" : "," + members));
  }

  public static String call(String id, String tool, String arguments) {
    return request(id, "tools/call", toCall(tool, arguments));
  }

  /** The members that call a tool. */
  static String toCall(String tool, String arguments) {
    return "\"name\":\"%s\",\"arguments\":%s".formatted(tool, arguments);
  }

  private static String required(String capabilities) {
    return """
        "io.modelcontextprotocol/protocolVersion":"%s",\
        "io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},\
        "io.modelcontextprotocol/clientCapabilities":%s"""
        .formatted(VERSION, capabilities);
  }
}
