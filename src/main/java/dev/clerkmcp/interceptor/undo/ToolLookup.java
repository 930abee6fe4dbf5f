package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the tools that change something by the operation that they call. */
final class ToolLookup {
  /** Path variables whose value is an argument of another name when the object is created. */
  private static final Map<String, String> GIVEN_AS = Map.of("other_machine_id", "to_machine_id");

  /** The composed tools of operations that have no other tool, by route. */
  private static final Map<String, String> COMPOSED_OF =
      Map.of(
          "POST /allowlist_identifiers", "clerk_allowlist_create",
          "POST /blocklist_identifiers", "clerk_blocklist_create");

  private final Map<String, ToolDefinition> byRoute = new TreeMap<>();
  private final Map<String, ToolDefinition> byName = new TreeMap<>();
  private final List<ToolDefinition> composed;

  ToolLookup(Collection<ToolDefinition> tools) {
    List<ToolDefinition> ofSeveral = new ArrayList<>();
    for (ToolDefinition tool : tools) {
      if (tool.effect().readOnly() || tool.isDiscovery()) {
        continue;
      }
      byName.put(tool.name(), tool);
      tool.aliases().forEach(alias -> byName.put(alias, tool));
      if (tool.endpoint() == null) {
        ofSeveral.add(tool);
      } else {
        byRoute.put(tool.endpoint().route(), tool);
      }
    }
    COMPOSED_OF.forEach(
        (route, name) -> {
          ToolDefinition tool = byName.get(name);
          if (tool != null) {
            byRoute.put(route, tool);
          }
        });
    // The tool with the fewest arguments is the closest match for what was sent.
    ofSeveral.sort(Comparator.comparingInt(tool -> tool.argumentNames().size()));
    composed = List.copyOf(ofSeveral);
  }

  /**
   * The tool that calls one operation.
   *
   * @throws IllegalStateException if no tool calls it
   */
  ToolDefinition get(Endpoint endpoint) {
    ToolDefinition tool = byRoute.get(endpoint.route());
    if (tool == null) {
      throw new IllegalStateException("No tool calls " + endpoint.route());
    }
    return tool;
  }

  /**
   * The tool that can send the change again: the tool of the operation. If it has none, the
   * composed tool that was called, or another that takes all sent arguments. Null if no tool does.
   */
  @Nullable ToolDefinition findSender(Change change) {
    ToolDefinition single = byRoute.get(change.endpoint().route());
    if (single != null) {
      return single;
    }
    Set<String> sent = new HashSet<>(change.endpoint().variables());
    change.body().fieldNames().forEachRemaining(sent::add);
    ToolDefinition called = byName.get(change.tool());
    if (called != null && called.argumentNames().containsAll(sent)) {
      return called;
    }
    for (ToolDefinition tool : composed) {
      if (tool.argumentNames().containsAll(sent)) {
        return tool;
      }
    }
    return null;
  }

  /**
   * The path arguments of an operation, taken from a change whose path begins with the same
   * segments.
   */
  static ObjectNode address(Endpoint endpoint, Change change) {
    ObjectNode address = Json.object();
    List<JsonNode> known = new ArrayList<>();
    change.address().forEach(known::add);
    List<String> variables = endpoint.variables();
    for (int i = 0; i < Math.min(known.size(), variables.size()); i++) {
      address.set(variables.get(i), known.get(i));
    }
    return address;
  }

  /** The name of the argument with the value of a path variable when the object is created. */
  static String givenAs(String variable) {
    return GIVEN_AS.getOrDefault(variable, variable);
  }
}
