package dev.clerkmcp.config;

import dev.clerkmcp.registry.Access;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolIndexReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/** Which tools a person lists and switches off, read from environment variables. */
final class ToolsConfig {
  private static final String DEPRECATED = "CLERK_MCP_DEPRECATED";
  private static final String EXCLUDE_TOOLS = "CLERK_MCP_EXCLUDE_TOOLS";
  private static final String OUTPUT_SCHEMAS = "CLERK_MCP_OUTPUT_SCHEMAS";
  private static final String TOOLS = "CLERK_MCP_TOOLS";
  private static final String TOOLSETS = "CLERK_MCP_TOOLSETS";

  /** All variables, for the check of misspelt ones. */
  static final List<String> ALL =
      List.of(DEPRECATED, EXCLUDE_TOOLS, OUTPUT_SCHEMAS, TOOLS, TOOLSETS);

  private ToolsConfig() {}

  /**
   * Reads the settings.
   *
   * @param access what the tools may do; what it forbids is not listed either
   * @throws ConfigException for the first name that means nothing; the message has the nearest ones
   */
  static ToolFilter from(Map<String, String> environment, Access access) throws ConfigException {
    boolean deprecated = Config.flag(environment, DEPRECATED);
    List<String> toolsets = words(Config.value(environment, TOOLSETS, ToolFilter.CORE));
    if (toolsets.contains(ToolFilter.DEPRECATED) && !deprecated) {
      throw new ConfigException(
          "%s names the toolset deprecated; set %s=true as well.".formatted(TOOLSETS, DEPRECATED));
    }
    try {
      return ToolFilter.of(
          catalog(Config.flag(environment, OUTPUT_SCHEMAS, true)),
          new ToolFilter.Choice(
              toolsets,
              words(Config.value(environment, TOOLS, "")),
              words(Config.value(environment, EXCLUDE_TOOLS, "")),
              deprecated,
              access));
    } catch (ToolFilter.UnknownName e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(text, ", \t\r\n\f");
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    return words;
  }

  private static List<ToolIndexEntry> catalog(boolean structured) {
    List<ToolIndexEntry> lines = ToolIndexReader.lines();
    return structured ? lines : lines.stream().map(ToolIndexEntry::unstructured).toList();
  }
}
