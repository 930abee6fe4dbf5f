package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;

/**
 * Stands between callers and Clerk. Guards are asked in one order, each around the next, for every
 * way to reach a tool; one that throws has refused, and what it stands before is not done.
 */
public interface ToolInterceptor {
  /** Around a tool's work. */
  default JsonNode tool(ToolCallContext run, Supplier<JsonNode> next) {
    return next.get();
  }

  /**
   * Before a tool goes on at another instance than the one that its call was let pass for; one that
   * throws has refused.
   */
  default void elsewhere(ToolCallContext run) {}

  /** Around a single request to Clerk, those of composed tools included. */
  default JsonNode operation(ClerkRequest operation, Supplier<JsonNode> next) {
    return next.get();
  }

  /** The last look at what the caller is told, failures included. */
  default ToolResult result(ToolResult result) {
    return result;
  }
}
