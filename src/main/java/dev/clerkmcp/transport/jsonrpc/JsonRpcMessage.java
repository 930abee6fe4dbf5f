package dev.clerkmcp.transport.jsonrpc;

import org.jspecify.annotations.Nullable;

/**
 * One JSON-RPC message as it came in. Identifiers and parameters are kept as the JSON they were
 * written in, so that nothing needs to be bound before it is known who wants it.
 *
 * @see <a href="https://www.jsonrpc.org/specification">JSON-RPC 2.0</a>
 */
public sealed interface JsonRpcMessage {
  /** A call that must be answered once. */
  record Request(String id, String method, @Nullable String params) implements JsonRpcMessage {}

  /** News that is never answered. */
  record Notification(String method, @Nullable String params) implements JsonRpcMessage {}

  /**
   * The answer to a request of the server, which is never answered; {@code whole} is the message.
   * Without a usable id it answers nothing.
   */
  record Response(@Nullable String id, String whole) implements JsonRpcMessage {}

  /** No message: answered with an error, under its id where it has a usable one. */
  record Malformed(@Nullable String id, int code, String reason) implements JsonRpcMessage {}
}
