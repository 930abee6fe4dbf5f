package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** The tools that change something, found by what they do rather than by name. */
final class ToolLookup {
  private static final String VARIABLE = "{}";

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
        byRoute.put(KnownEffect.route(tool.endpoint()), tool);
      }
    }
    ofSeveral.sort(Comparator.comparingInt(tool -> tool.argumentNames().size()));
    composed = List.copyOf(ofSeveral);
  }

  /** The tool of that operation; names of variables do not count. */
  @Nullable ToolDefinition find(String method, List<String> segments) {
    List<String> path = new ArrayList<>();
    segments.forEach(segment -> path.add(isVariable(segment) ? VARIABLE : segment));
    return byRoute.get(method + " /" + String.join("/", path));
  }

  /** The tool of an operation on one of the things in a collection. */
  @Nullable ToolDefinition findBelow(String method, List<String> collection, String... further) {
    List<String> segments = new ArrayList<>(collection);
    segments.addAll(List.of(further));
    return find(method, segments);
  }

  static boolean isVariable(String segment) {
    return segment.startsWith("{");
  }

  /**
   * The tool that sends such a change: the one that was called or, where that was only a door to
   * others, the one that takes what was sent.
   */
  @Nullable ToolDefinition findSender(Change change) {
    Set<String> sent = new HashSet<>(change.endpoint().variables());
    change.body().fieldNames().forEachRemaining(sent::add);
    ToolDefinition called = byName.get(change.tool());
    if (called != null && called.argumentNames().containsAll(sent)) {
      return called;
    }
    ToolDefinition single = find(change.endpoint().method(), change.endpoint().segments());
    if (single != null) {
      return single;
    }
    for (ToolDefinition tool : composed) {
      if (tool.argumentNames().containsAll(sent)) {
        return tool;
      }
    }
    return null;
  }

  /** The arguments for a tool's path, taken over from a change whose path begins alike. */
  static ObjectNode address(ToolDefinition tool, Change change) {
    ObjectNode address = Json.object();
    if (tool.endpoint() == null) {
      return change.address();
    }
    List<JsonNode> known = new ArrayList<>();
    change.address().forEach(known::add);
    List<String> variables = tool.endpoint().variables();
    for (int i = 0; i < Math.min(known.size(), variables.size()); i++) {
      address.set(variables.get(i), known.get(i));
    }
    return address;
  }
}
