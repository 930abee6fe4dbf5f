package dev.clerkmcp.transport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;

/** A {@code tools/call} on its way to the registry. */
record ToolCall(
    ToolRegistry registry,
    ToolDefinition tool,
    JsonNode arguments,
    Invocation invocation,
    Reply reply) {

  /** Runs the tool on the current thread. */
  ToolResult run() {
    return registry.call(tool, arguments, invocation);
  }
}
