package dev.clerkmcp.config;

import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.registry.Access;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolIndexReader;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads which tools are listed, which are off, and the access level of the others. */
final class ToolFilterConfig {
  private ToolFilterConfig() {}

  /**
   * Reads the settings. Tools that the access level forbids are not listed either.
   *
   * @param key the secret key; null if none is set. With a live key, irreversible calls must be
   *     allowed expressly
   */
  static ToolFilter from(Environment environment, @Nullable SecretKey key) {
    boolean deprecated = environment.isOn(Setting.DEPRECATED);
    List<String> toolsets = environment.words(Setting.TOOLSETS);
    if (toolsets.contains(ToolFilter.DEPRECATED)
        && !deprecated
        && !environment.isMistaken(Setting.DEPRECATED)) {
      environment.mistake(
          "%s names the toolset deprecated; set %s=true as well."
              .formatted(environment.origin(Setting.TOOLSETS), Setting.DEPRECATED));
    }
    ToolFilter.Choice choice =
        new ToolFilter.Choice(
            toolsets,
            environment.words(Setting.TOOLS),
            environment.words(Setting.EXCLUDE_TOOLS),
            deprecated,
            access(environment, key));
    List<ToolIndexEntry> catalog = catalog(environment);
    try {
      return ToolFilter.of(catalog, choice);
    } catch (ToolFilter.UnknownName e) {
      for (ToolFilter.Unknown unknown : e.names()) {
        environment.mistake(
            environment.origin(unknown.setting()) + " names " + mistake(unknown, catalog) + ".");
      }
      return ToolFilter.allowingAll();
    }
  }

  /** What is wrong with a name, and what to write instead. */
  private static String mistake(ToolFilter.Unknown unknown, List<ToolIndexEntry> catalog) {
    boolean toolset = unknown.setting() == Setting.TOOLSETS;
    String name = QuotedText.plain(unknown.name());
    if (toolset && !new ToolFilter.ToolNames(catalog).matching(unknown.name()).isEmpty()) {
      return "%s, which is a tool, not a toolset; write %s=%s or %s=%s"
          .formatted(name, Setting.TOOLS.flag(), name, Setting.TOOLS, name);
    }
    if (!toolset && ToolFilter.toolsetsOf(catalog).contains(unknown.name())) {
      String remedy =
          unknown.setting() == Setting.TOOLS
              ? "write %s=%s or %s=%s"
                  .formatted(Setting.TOOLSETS.flag(), name, Setting.TOOLSETS, name)
              : "name its tools; * stands for anything";
      return "%s, which is a toolset, not a tool; %s".formatted(name, remedy);
    }
    return "the unknown %s %s%s"
        .formatted(toolset ? "toolset" : "tool", name, NameSuggestions.hint(unknown.nearest()));
  }

  private static Access access(Environment environment, @Nullable SecretKey key) {
    Access.Level level =
        switch (environment.word(Setting.ACCESS)) {
          case "read" -> Access.Level.READ;
          case "write" -> Access.Level.WRITE;
          default -> Access.Level.FULL;
        };
    boolean readOnly = environment.isOn(Setting.READ_ONLY);
    boolean allowed = environment.isOn(Setting.ALLOW_IRREVERSIBLE);
    boolean live = key != null && key.isLive();
    return new Access(
        readOnly ? Access.Level.READ : level,
        allowed || !live,
        environment.origin(readOnly ? Setting.READ_ONLY : Setting.ACCESS),
        environment.origin(Setting.ALLOW_IRREVERSIBLE));
  }

  private static List<ToolIndexEntry> catalog(Environment environment) {
    List<ToolIndexEntry> entries = ToolIndexReader.entries();
    if (!environment.isOn(Setting.OUTPUT_SCHEMAS)) {
      entries = entries.stream().map(ToolIndexEntry::unstructured).toList();
    }
    if (environment.word(Setting.FREE_FORM).equals("string")) {
      entries = entries.stream().map(ToolIndexEntry::withFreeFormAsStrings).toList();
    }
    return entries;
  }
}
