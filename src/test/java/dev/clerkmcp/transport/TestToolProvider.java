package dev.clerkmcp.transport;

import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.transport.protocol.ToolRegistryProvider;
import java.util.function.Supplier;

/** Provides the given tools, also for the warm-up. */
record TestToolProvider(Supplier<ToolRegistry> registry) implements ToolRegistryProvider {
  @Override
  public ToolRegistry tools() {
    return registry.get();
  }

  @Override
  public ToolRegistry warmUpTools() {
    return registry.get();
  }
}
