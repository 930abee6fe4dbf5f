package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A registered tool: what the model sees, and what serves a call.
 *
 * @param core whether it is in the toolset core, beside that of its group
 * @param listing whether it answers a {@link ListPage}
 * @param endpoint the operation behind it, or null if it is composed of several
 */
public record ToolDefinition(
    String name,
    String title,
    String description,
    String group,
    boolean core,
    Effect effect,
    boolean openWorld,
    List<String> aliases,
    ArgumentSchema arguments,
    boolean listing,
    @Nullable Endpoint endpoint,
    ToolHandler handler) {

  /** The names of the tool's own arguments. */
  public List<String> argumentNames() {
    return arguments.all().stream()
        .filter(argument -> !argument.isOption())
        .map(Argument::name)
        .toList();
  }

  /** The arguments without which it cannot be called. */
  public List<String> requiredNames() {
    return arguments.requiredNames();
  }

  /**
   * A value as the tool reads it for an argument, without parts that the tool does not know; null
   * if the argument takes no such value, or does not exist.
   */
  public @Nullable JsonNode adapted(String argument, JsonNode value) {
    return arguments.adapted(argument, value);
  }

  /** What it answers, where models are told; else null. */
  @Nullable OutputSchema outputSchema() {
    if (!core) {
      return null;
    }
    if (listing) {
      return OutputSchema.LISTING;
    }
    return endpoint == null ? OutputSchema.ANYTHING : OutputSchema.OBJECT_OF_CLERK;
  }

  /** Whether it does nothing itself but find and run others. */
  public boolean isDoor() {
    return group.equals(ToolFilter.DOORS);
  }
}
