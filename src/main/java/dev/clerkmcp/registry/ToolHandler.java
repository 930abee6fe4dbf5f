package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Serves one tool call, its arguments checked and brought into the declared form. */
@FunctionalInterface
interface ToolHandler {
  JsonNode handle(ObjectNode arguments, Invocation invocation);
}
