package dev.clerkmcp.transport;

import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.transport.protocol.ToolRegistryProvider;
import java.util.function.Supplier;

/** Makes the given tools, and rehearses on the same. */
record TestToolProvider(Supplier<ToolRegistry> registry) implements ToolRegistryProvider {
  @Override
  public ToolRegistry tools() {
    return registry.get();
  }

  @Override
  public ToolRegistry rehearsal() {
    return registry.get();
  }
}
