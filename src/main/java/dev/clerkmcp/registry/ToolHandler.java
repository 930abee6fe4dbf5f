package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;

/** Does the work of a tool. */
@FunctionalInterface
interface ToolHandler {
  JsonNode handle(ToolCallContext run);
}
