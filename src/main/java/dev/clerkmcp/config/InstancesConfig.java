package dev.clerkmcp.config;

import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.registry.ToolFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The instances that a person named, read from the file in {@code CLERK_MCP_INSTANCES}. What one of
 * them does not say, the environment's variables say for all.
 */
public final class InstancesConfig {
  static final String INSTANCES = "CLERK_MCP_INSTANCES";

  /** All variables, for the check of misspelt ones. */
  static final List<String> ALL = List.of(INSTANCES);

  private InstancesConfig() {}

  /**
   * An instance as it stands in the file.
   *
   * @param byDefault whether calls that name no instance go to it
   */
  public record Named(String name, SecretKey key, ToolFilter tools, boolean byDefault) {}

  /**
   * Reads the file; empty if none is named.
   *
   * @throws ConfigException for the first mistake; the message says where it is, and never a key
   */
  static List<Named> from(Map<String, String> environment) throws ConfigException {
    return Config.value(environment, INSTANCES, "").isEmpty()
        ? List.of()
        : InstancesFile.read(environment);
  }

  /** The tools that are on for at least one of the instances. */
  static ToolFilter tools(List<Named> instances) {
    if (instances.size() == 1) {
      return instances.get(0).tools(); // it need not be named
    }
    Map<String, ToolFilter> selections = new LinkedHashMap<>();
    for (Named instance : instances) {
      selections.put(instance.name(), instance.tools());
    }
    return ToolFilter.union(selections);
  }
}
