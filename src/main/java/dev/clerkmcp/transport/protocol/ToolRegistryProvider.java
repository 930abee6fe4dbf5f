package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.ToolRegistry;

/**
 * Builds the tools, which takes a while. It is done once: by the warm-up in the background, or by a
 * call that comes earlier.
 */
public interface ToolRegistryProvider {
  /** The {@code tools/call} parameters of the dummy call that warms up the server. */
  String WARM_UP_CALL = "{\"name\":\"clerk_users_list\",\"arguments\":{\"limit\":1}}";

  /** All tools. */
  ToolRegistry tools();

  /**
   * The tool of {@link #WARM_UP_CALL} and a few others, built like all tools, but with a client
   * that sends nothing. Also starts to connect to Clerk, so that the first real call does not wait
   * for that.
   */
  ToolRegistry warmUpTools();
}
