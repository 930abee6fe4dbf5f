package dev.clerkmcp.registry;

import dev.clerkmcp.registry.text.NameSuggestions;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds the tools that a name, alias or pattern in a setting stands for. */
public final class ToolNames {
  private static final int NEAREST = 3;

  private final Map<String, String> toolByName = new HashMap<>();

  /** Indexes the names and aliases of a catalogue. */
  public ToolNames(Collection<ToolIndexEntry> catalog) {
    for (ToolIndexEntry tool : catalog) {
      toolByName.put(tool.name(), tool.name());
      for (String alias : tool.aliases()) {
        toolByName.put(alias, tool.name());
      }
    }
  }

  /**
   * The names of the tools that match; empty if none does.
   *
   * @param pattern a name, an alias, or a pattern in which {@code *} matches anything
   */
  public Set<String> matching(String pattern) {
    Set<String> tools = new TreeSet<>();
    toolByName.forEach(
        (name, tool) -> {
          if (matches(pattern, name)) {
            tools.add(tool);
          }
        });
    return tools;
  }

  /** The three names and aliases most similar to an unknown one, best first. */
  public List<String> nearest(String pattern) {
    return NameSuggestions.of(pattern, toolByName.keySet(), NEAREST);
  }

  private static boolean matches(String pattern, String name) {
    List<String> parts = List.of(pattern.split("\\*", -1));
    int from = 0;
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      boolean last = i == parts.size() - 1;
      int found = last ? name.length() - part.length() : name.indexOf(part, from);
      boolean fits = found >= from && name.startsWith(part, found) && (i > 0 || found == 0);
      if (!fits) {
        return false;
      }
      from = found + part.length();
    }
    return true;
  }
}
