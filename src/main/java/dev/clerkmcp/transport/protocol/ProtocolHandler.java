package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import org.jspecify.annotations.Nullable;

/** One way of speaking MCP; which one is meant is seen from how a request opens. */
public interface ProtocolHandler {
  /** Begins to serve a request, without blocking; {@code reply} is settled sooner or later. */
  void handle(JsonRpcMessage.Request request, PendingResponse reply);

  /** Begins a call of a tool, without blocking. */
  void call(ToolCallHandler calls, @Nullable String params, PendingResponse reply);

  /** Takes the answer to a request that this era sent, without blocking. */
  void handle(JsonRpcMessage.Response response);

  /** Ends what would stay open for as long as the server runs; no more input comes. */
  void end();
}
