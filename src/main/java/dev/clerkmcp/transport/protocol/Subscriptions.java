package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.transport.jsonrpc.JsonRpcErrorCode;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The streams of notifications that clients have open. No list and no resource changes while the
 * server runs, so that after the first one no other comes: a stream tells when the server ends.
 *
 * @see <a
 *     href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions">MCP
 *     on subscriptions</a>
 */
final class Subscriptions {
  private final MessageWriter writer;
  private final ModernResultWriter results;
  private final Map<String, PendingResponse> open = new ConcurrentHashMap<>();

  Subscriptions(MessageWriter writer, ModernResultWriter results) {
    this.writer = writer;
    this.results = results;
  }

  /** What every message of a stream carries in its {@code _meta}. */
  static String tag(String id) {
    return "\"io.modelcontextprotocol/subscriptionId\":" + id;
  }

  /** Opens a stream, and says that nothing of what it could tell will ever happen. */
  void listen(String id, @Nullable String params, PendingResponse response) {
    String filter = RawJson.find(params, "notifications");
    if (filter == null || !RawJson.isObject(filter)) {
      response.error(
          JsonRpcErrorCode.INVALID_PARAMS,
          "subscriptions/listen needs notifications, an object with the kinds that are wanted");
      return;
    }
    writer.notify(
        "notifications/subscriptions/acknowledged",
        "{\"_meta\":{%s},\"notifications\":{}}".formatted(tag(id)));
    open.put(id, response);
    response.beforeEnd(() -> open.remove(id));
  }

  /** Ends all streams. */
  void end() {
    open.forEach((id, response) -> response.result(results.subscriptionEnd(id)));
  }
}
