package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code _meta} of a request, in which every request of the modern protocol describes its
 * client.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/index#meta">MCP on
 *     _meta</a>
 */
public final class RequestMeta {
  /** A method of the modern protocol only, so that a request without version is modern too. */
  public static final String DISCOVER = "server/discover";

  /** A method of the modern protocol only. */
  public static final String LISTEN = "subscriptions/listen";

  private static final String VERSION = "io.modelcontextprotocol/protocolVersion";
  private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
  private static final String CLIENT = "io.modelcontextprotocol/clientInfo";
  private static final String LEVEL = "io.modelcontextprotocol/logLevel";

  private final @Nullable String meta;

  private RequestMeta(@Nullable String meta) {
    this.meta = meta;
  }

  /** Reads the {@code _meta} of a request with the given parameters. */
  static RequestMeta of(@Nullable String params) {
    String meta = RawJson.find(params, "_meta");
    return new RequestMeta(meta != null && RawJson.isObject(meta) ? meta : null);
  }

  /** Whether a request is of the modern protocol, the only one that puts a version there. */
  public static boolean isModern(JsonRpcMessage.Request request) {
    return request.method().equals(DISCOVER)
        || request.method().equals(LISTEN)
        || RawJson.find(of(request.params()).meta, VERSION) != null;
  }

  /** The version of the protocol; null if the request has none. */
  @Nullable String version() {
    return RawJson.findText(meta, VERSION);
  }

  /** A sentence about missing or invalid entries; null if all are valid. */
  @Nullable String problem() {
    List<String> missing = new ArrayList<>();
    if (version() == null) {
      missing.add(VERSION + " (a string)");
    }
    String capabilities = RawJson.find(meta, CAPABILITIES);
    if (capabilities == null || !RawJson.isObject(capabilities)) {
      missing.add(CAPABILITIES + " (an object)");
    }
    if (!missing.isEmpty()) {
      return "_meta needs " + String.join(" and ", missing);
    }
    String client = RawJson.find(meta, CLIENT);
    if (client != null && !RawJson.isObject(client)) {
      return CLIENT + " must be an object with name and version";
    }
    if (RawJson.find(meta, LEVEL) != null && logLevel() == null) {
      List<String> levels =
          Stream.of(LogNotifier.Level.values()).map(LogNotifier.Level::wireName).toList();
      return "%s must be one of %s".formatted(LEVEL, String.join(", ", levels));
    }
    return null;
  }

  /** The client that sent the request. */
  ClientInfo client() {
    return new ClientInfo(RawJson.find(meta, CLIENT), RawJson.find(meta, CAPABILITIES));
  }

  /** The lowest level that the client wants to have logged; null if it wants no log. */
  LogNotifier.@Nullable Level logLevel() {
    return LogNotifier.Level.find(RawJson.findText(meta, LEVEL));
  }
}
