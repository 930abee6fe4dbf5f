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
 * Which tools are listed, and which are off. What is neither can be called by its name, and found
 * by searching.
 */
public final class ToolFilter {
  /** The toolset of the tools that people use daily. */
  public static final String CORE = "core";

  /** The toolset of everything. */
  public static final String ALL = "all";

  /** The toolset of nothing but the tools that find and run others. */
  public static final String NONE = "none";

  /** The group of the tools that find and run others, which are listed in any toolset. */
  public static final String DOORS = "tools";

  /** The group of what Clerk has deprecated. */
  public static final String DEPRECATED = "deprecated";

  private final List<ToolIndexEntry> catalog;
  private final List<ToolIndexEntry> listed;
  private final Map<String, String> off;

  private ToolFilter(
      Collection<ToolIndexEntry> catalog, List<ToolIndexEntry> listed, Map<String, String> off) {
    this.catalog = List.copyOf(catalog);
    this.listed = List.copyOf(listed);
    this.off = Map.copyOf(off);
  }

  /**
   * Selects from the catalogue.
   *
   * @throws UnknownName for all names that mean nothing
   */
  public static ToolFilter of(Collection<ToolIndexEntry> catalog, Choice choice)
      throws UnknownName {
    Names names = new Names(catalog);
    Set<String> toolsets = names.toolsets(choice.toolsets());
    Set<String> included = names.tools(Setting.TOOLS, choice.tools());
    Set<String> excluded = names.tools(Setting.EXCLUDE_TOOLS, choice.excluded());
    names.check();
    List<ToolIndexEntry> listed = new ArrayList<>();
    Map<String, String> off = new HashMap<>();
    for (ToolIndexEntry line : catalog) {
      String forbidden = choice.access().whyNot(line);
      boolean retired = line.group().equals(DEPRECATED) && !choice.deprecated();
      boolean wanted = isIn(toolsets, line) || included.contains(line.name());
      if (excluded.contains(line.name())) {
        off.put(line.name(), Setting.EXCLUDE_TOOLS + " names it");
      } else if (retired) {
        off.put(line.name(), "it needs " + Setting.DEPRECATED + "=true");
      } else if (forbidden != null) {
        off.put(line.name(), forbidden);
      } else if (wanted) {
        listed.add(line);
      }
    }
    return new ToolFilter(catalog, listed, off);
  }

  private static boolean isIn(Set<String> toolsets, ToolIndexEntry line) {
    return line.group().equals(DOORS)
        || toolsets.contains(ALL)
        || toolsets.contains(line.group())
        || (line.core() && toolsets.contains(CORE));
  }

  /**
   * What is listed, or on, for at least one of several instances.
   *
   * @param instances their names and selections from the same catalogue
   */
  public static ToolFilter union(Map<String, ToolFilter> instances) {
    List<String> names = List.copyOf(instances.keySet());
    ToolFilter first = instances.values().iterator().next();
    Set<String> listed = new TreeSet<>();
    Map<String, String> off = new HashMap<>(first.off);
    for (ToolFilter toolFilter : instances.values()) {
      toolFilter.listed.forEach(line -> listed.add(line.name()));
      off.keySet().retainAll(toolFilter.off.keySet());
    }
    List<ToolIndexEntry> catalog = first.catalog.stream().map(line -> line.onOneOf(names)).toList();
    return new ToolFilter(
        catalog, catalog.stream().filter(line -> listed.contains(line.name())).toList(), off);
  }

  /** Nothing is off, and nothing listed. */
  public static ToolFilter allowingAll() {
    return new ToolFilter(List.of(), List.of(), Map.of());
  }

  /** All tools that were selected from, sorted by name. */
  public List<ToolIndexEntry> catalog() {
    return catalog;
  }

  /** The listed tools, sorted by name. */
  public List<ToolIndexEntry> listed() {
    return listed;
  }

  /** Whether a tool that runs any reading tool is listed. */
  public boolean readsAll() {
    return isListed(ToolDiscoveryTools.READ);
  }

  /** Whether a tool that runs any changing tool is listed. */
  public boolean changesAll() {
    return isListed(ToolDiscoveryTools.WRITE);
  }

  private boolean isListed(String tool) {
    for (ToolIndexEntry line : listed) {
      if (line.name().equals(tool)) {
        return true;
      }
    }
    return false;
  }

  /** Why a tool cannot be called, naming the variable to change; null if it can. */
  public @Nullable String disabledReason(String tool) {
    return off.get(tool);
  }

  /** The names of the toolsets that the groups of a catalogue make. */
  public static Set<String> toolsetsOf(Collection<ToolIndexEntry> catalog) {
    Set<String> groups = new TreeSet<>();
    for (ToolIndexEntry line : catalog) {
      groups.add(line.group());
    }
    groups.remove(DOORS);
    Set<String> names = new LinkedHashSet<>(List.of(CORE, ALL, NONE));
    names.addAll(groups);
    return names;
  }

  /**
   * What a person chose.
   *
   * @param toolsets names of groups, {@code core}, {@code all} or {@code none}
   * @param tools names of further tools, in which {@code *} stands for anything
   * @param excluded names of tools to switch off, which beats everything else
   * @param deprecated whether tools for what Clerk has deprecated are on
   * @param access what the tools may do
   */
  public record Choice(
      List<String> toolsets,
      List<String> tools,
      List<String> excluded,
      boolean deprecated,
      Access access) {}

  /**
   * A name that means nothing.
   *
   * @param setting where it stands
   * @param nearest the closest names that there are, best first
   */
  public record Unknown(Setting setting, String name, List<String> nearest) {}

  /** A choice has names that mean nothing. */
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

  /** The names of a catalogue, to check choices against. */
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
}
