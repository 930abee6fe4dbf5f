package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.ToolRegistry;

/** Makes what calls are served with. Everything in it takes a while, and is asked for once. */
public interface ToolRegistryProvider {
  /** All tools. */
  ToolRegistry tools();

  /**
   * Some of the tools, made alike but reaching nothing, on which calls can be tried before the
   * first one comes; {@link #REHEARSED} is among them. Connections that the first call will need
   * are opened meanwhile.
   */
  ToolRegistry rehearsal();

  /** The tool that is tried, with arguments. */
  String REHEARSED = "{\"name\":\"clerk_users_list\",\"arguments\":{\"limit\":1}}";
}
