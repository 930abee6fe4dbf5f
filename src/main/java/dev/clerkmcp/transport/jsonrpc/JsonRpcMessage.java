package dev.clerkmcp.transport.jsonrpc;

import org.jspecify.annotations.Nullable;

/**
 * One JSON-RPC message as it was received. Ids and parameters are kept as the JSON text that the
 * peer wrote, since a JSON library need not be loaded to answer a handshake.
 *
 * @see <a href="https://www.jsonrpc.org/specification">JSON-RPC 2.0</a>
 */
public sealed interface JsonRpcMessage {
  /** A request, which gets exactly one response. */
  record Request(String id, String method, @Nullable String params) implements JsonRpcMessage {}

  /** A notification, which gets no response. */
  record Notification(String method, @Nullable String params) implements JsonRpcMessage {}

  /**
   * The client's response to a request of the server.
   *
   * @param id null if it is missing or not usable; the response then belongs to no request
   * @param whole the message as JSON
   */
  record Response(@Nullable String id, String whole) implements JsonRpcMessage {}

  /**
   * Text that is not a valid message; it gets an error response.
   *
   * @param id null if it is missing or not usable
   */
  record Malformed(@Nullable String id, int code, String reason) implements JsonRpcMessage {}
}
