package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentSchema;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A registered tool: what the model sees, and the code that serves a call.
 *
 * @param core whether it is in the toolset {@code core}, besides that of its group
 * @param alwaysLoad whether hosts that load tools on demand load it at once
 * @param searchHint words for the search of such hosts; empty if there are none
 * @param needsInstance whether a call must name one of several instances that have no default
 * @param listing whether it returns a {@link ListPage}
 * @param risks the risks of the operations that it can send
 * @param certain the risks that every call has, and about which a person is asked
 * @param endpoint the operation behind it, or null if it is composed of several
 */
public record ToolDefinition(
    String name,
    String title,
    String description,
    String group,
    boolean core,
    boolean alwaysLoad,
    String searchHint,
    Effect effect,
    List<Risky> risks,
    SortedSet<Risk> certain,
    boolean openWorld,
    boolean needsInstance,
    List<String> aliases,
    ArgumentSchema arguments,
    boolean listing,
    @Nullable Endpoint endpoint,
    Handler handler) {

  /** Serves the calls of a tool. */
  @FunctionalInterface
  interface Handler {
    JsonNode handle(ToolCallContext context);
  }

  /** The names of the tool's own arguments, without those for parts of another one. */
  public List<String> argumentNames() {
    return arguments.all().stream()
        .filter(argument -> !argument.isOption() && argument.partOf().isEmpty())
        .map(Argument::name)
        .toList();
  }

  /** The names of the required arguments. */
  public List<String> requiredNames() {
    return arguments.requiredNames();
  }

  /**
   * Converts a value, such as one that Clerk returned, to an argument of this tool, without fields
   * that the tool does not know.
   *
   * @return null if the argument does not exist or cannot have such a value
   */
  public @Nullable JsonNode toArgument(String argument, JsonNode value) {
    return arguments.toArgument(argument, value);
  }

  /**
   * The risks that a call can have, besides that of concerning many people, which depends on how
   * many it names.
   */
  public SortedSet<Risk> possibleRisks() {
    return OperationFacts.possible(risks);
  }

  /** Whether a person may be asked before a call, if the settings and the key say so. */
  public boolean mayAskPerson() {
    Argument confirmation = arguments.find(CallOptions.CONFIRMATION);
    return confirmation != null && confirmation.listed();
  }

  /** Whether it only finds and runs other tools. */
  public boolean isDiscovery() {
    return group.equals(ToolFilter.DISCOVERY);
  }

  /** Whether its body makes several requests, rather than being one request itself. */
  public boolean isComposed() {
    return endpoint == null;
  }
}
