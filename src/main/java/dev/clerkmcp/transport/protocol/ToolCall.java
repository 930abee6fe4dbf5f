package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;

/**
 * A {@code tools/call} on its way to the registry.
 *
 * @param calledAs the tool's name, or the alias that the client used
 */
record ToolCall(
    ToolRegistry registry,
    ToolDefinition tool,
    String calledAs,
    JsonNode arguments,
    Invocation invocation,
    PendingResponse response) {

  /** Runs the tool on the current thread. */
  ToolResult run(Caller caller) {
    return registry.call(tool, calledAs, arguments, invocation.from(caller));
  }
}
