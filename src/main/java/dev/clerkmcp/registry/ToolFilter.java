package dev.clerkmcp.registry;

import dev.clerkmcp.Setting;
import dev.clerkmcp.registry.search.ToolDiscoveryTools;
import dev.clerkmcp.registry.text.NameSuggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which tools are listed and which are disabled. A tool that is neither can be found by the
 * search and called by its name.
 */
public final class ToolFilter {
  /** The toolset of the tools for daily work. */
  public static final String CORE = "core";

  /** The toolset of all tools. */
  public static final String ALL = "all";

  /** The toolset of the discovery tools only. */
  public static final String NONE = "none";

  /** The group of the discovery tools, which find and run other tools; every toolset lists them. */
  public static final String DISCOVERY = "tools";

  /** The group of the tools for deprecated endpoints. */
  public static final String DEPRECATED = "deprecated";

  private final List<ToolIndexEntry> catalog;
  private final List<ToolIndexEntry> listed;
  private final Map<String, String> disabled;

  private ToolFilter(
      Collection<ToolIndexEntry> catalog,
      List<ToolIndexEntry> listed,
      Map<String, String> disabled) {
    this.catalog = List.copyOf(catalog);
    this.listed = List.copyOf(listed);
    this.disabled = Map.copyOf(disabled);
  }

  /**
   * Applies a choice to the catalogue.
   *
   * @throws UnknownName for all unknown names in the choice
   */
  public static ToolFilter of(Collection<ToolIndexEntry> catalog, Choice choice)
      throws UnknownName {
    Names names = new Names(catalog);
    Set<String> toolsets = names.toolsets(choice.toolsets());
    Set<String> included = names.tools(Setting.TOOLS, choice.tools());
    Set<String> excluded = names.tools(Setting.EXCLUDE_TOOLS, choice.excluded());
    names.check();
    List<ToolIndexEntry> listed = new ArrayList<>();
    Map<String, String> disabled = new HashMap<>();
    for (ToolIndexEntry tool : catalog) {
      String forbidden = choice.access().disabledReason(tool);
      boolean retired = tool.group().equals(DEPRECATED) && !choice.deprecated();
      boolean wanted = isIn(toolsets, tool) || included.contains(tool.name());
      if (excluded.contains(tool.name())) {
        disabled.put(tool.name(), Setting.EXCLUDE_TOOLS + " names it");
      } else if (retired) {
        disabled.put(tool.name(), "it needs " + Setting.DEPRECATED + "=true");
      } else if (forbidden != null) {
        disabled.put(tool.name(), forbidden);
      } else if (wanted) {
        listed.add(tool);
      }
    }
    return new ToolFilter(catalog, listed, disabled);
  }

  private static boolean isIn(Set<String> toolsets, ToolIndexEntry tool) {
    return tool.group().equals(DISCOVERY)
        || toolsets.contains(ALL)
        || toolsets.contains(tool.group())
        || (tool.core() && toolsets.contains(CORE));
  }

  /**
   * The filter of several instances: a tool is listed, or enabled, if it is listed, or enabled, on
   * one of them.
   *
   * @param instances their names and filters of the same catalogue
   */
  public static ToolFilter union(Map<String, ToolFilter> instances) {
    List<String> names = List.copyOf(instances.keySet());
    ToolFilter first = instances.values().iterator().next();
    Set<String> listed = new TreeSet<>();
    Map<String, String> disabled = new HashMap<>(first.disabled);
    for (ToolFilter toolFilter : instances.values()) {
      toolFilter.listed.forEach(tool -> listed.add(tool.name()));
      disabled.keySet().retainAll(toolFilter.disabled.keySet());
    }
    List<ToolIndexEntry> catalog = first.catalog.stream().map(tool -> tool.onOneOf(names)).toList();
    return new ToolFilter(
        catalog, catalog.stream().filter(tool -> listed.contains(tool.name())).toList(), disabled);
  }

  /** A filter that disables no tool, and lists none. */
  public static ToolFilter allowingAll() {
    return new ToolFilter(List.of(), List.of(), Map.of());
  }

  /** All tools, sorted by name. */
  public List<ToolIndexEntry> catalog() {
    return catalog;
  }

  /** The listed tools, sorted by name. */
  public List<ToolIndexEntry> listed() {
    return listed;
  }

  /** Whether the discovery tool that runs any read-only tool is listed. */
  public boolean readsAll() {
    return isListed(ToolDiscoveryTools.READ);
  }

  /** Whether the discovery tool that runs any tool that changes something is listed. */
  public boolean changesAll() {
    return isListed(ToolDiscoveryTools.WRITE);
  }

  private boolean isListed(String tool) {
    for (ToolIndexEntry entry : listed) {
      if (entry.name().equals(tool)) {
        return true;
      }
    }
    return false;
  }

  /** Why a tool is disabled, naming the variable to change; null if it is enabled. */
  public @Nullable String disabledReason(String tool) {
    return disabled.get(tool);
  }

  /** The names of all toolsets: the groups of the catalogue, and those that are not groups. */
  public static Set<String> toolsetsOf(Collection<ToolIndexEntry> catalog) {
    Set<String> groups = new TreeSet<>();
    for (ToolIndexEntry tool : catalog) {
      groups.add(tool.group());
    }
    groups.remove(DISCOVERY);
    Set<String> names = new LinkedHashSet<>(List.of(CORE, ALL, NONE));
    names.addAll(groups);
    return names;
  }

  /**
   * The choice of tools in the settings.
   *
   * @param toolsets names of groups, {@code core}, {@code all} or {@code none}
   * @param tools names of further tools, in which {@code *} matches anything
   * @param excluded names of disabled tools, which take precedence over everything else
   * @param deprecated whether the tools for deprecated endpoints are enabled
   * @param access the limit of what tools may do
   */
  public record Choice(
      List<String> toolsets,
      List<String> tools,
      List<String> excluded,
      boolean deprecated,
      Access access) {}

  /**
   * An unknown name in a setting.
   *
   * @param setting the setting that contains it
   * @param nearest the most similar known names, best first
   */
  public record Unknown(Setting setting, String name, List<String> nearest) {}

  /** Reports the unknown names in a choice. */
  public static final class UnknownName extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Unknown> names;

    UnknownName(List<Unknown> names) {
      super(names.toString());
      this.names = List.copyOf(names);
    }

    public List<Unknown> names() {
      return names;
    }
  }

  /** Resolves the names in a choice. */
  private static final class Names {
    private static final int NEAREST = 3;

    private final Set<String> toolsets;
    private final Collection<ToolIndexEntry> catalog;
    private final List<Unknown> unknown = new ArrayList<>();

    Names(Collection<ToolIndexEntry> catalog) {
      this.catalog = catalog;
      toolsets = toolsetsOf(catalog);
    }

    Set<String> toolsets(List<String> chosen) {
      for (String name : chosen) {
        if (!toolsets.contains(name)) {
          unknown.add(
              new Unknown(Setting.TOOLSETS, name, NameSuggestions.of(name, toolsets, NEAREST)));
        }
      }
      return Set.copyOf(chosen);
    }

    Set<String> tools(Setting setting, List<String> patterns) {
      if (patterns.isEmpty()) {
        return Set.of();
      }
      Set<String> tools = new TreeSet<>();
      ToolNames names = new ToolNames(catalog);
      for (String pattern : patterns) {
        Set<String> matched = names.matching(pattern);
        if (matched.isEmpty()) {
          unknown.add(new Unknown(setting, pattern, names.nearest(pattern)));
        }
        tools.addAll(matched);
      }
      return tools;
    }

    void check() throws UnknownName {
      if (!unknown.isEmpty()) {
        throw new UnknownName(unknown);
      }
    }
  }

  /** Finds the tools that match a name, alias or pattern in a setting. */
  public static final class ToolNames {
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

    /** The names of the three tools most similar to an unknown one, best first; no aliases. */
    public List<String> nearest(String pattern) {
      return NameSuggestions.of(pattern, Set.copyOf(toolByName.values()), NEAREST);
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
}
