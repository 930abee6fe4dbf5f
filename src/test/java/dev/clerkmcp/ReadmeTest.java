package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.config.Config;
import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.server.ToolModule;
import dev.clerkmcp.server.ToolModuleTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The tables between the markers of README are what the declarations say. */
final class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final ToolRegistry REGISTRY =
      ToolModule.registry(FakeClerk.answering("{}").client());

  @Test
  void tablesAreCurrent() throws Exception {
    String readme = Files.readString(README);
    String current = replace(replace(readme, "costs", costs()), "tools", tools());
    current = replace(current, "toolsets", toolsets());
    Golden.assertMatches(README, replace(current, "aliases", aliases()));
  }

  @Test
  void numberOfToolsIsCurrent() throws Exception {
    assertThat(Files.readString(README))
        .contains(
            "%s tools are listed, %s can be reached"
                .formatted(ToolModuleTest.listed("core").size(), REGISTRY.tools().size()));
  }

  @Test
  void everySettingIsExplained() throws IOException {
    assertThat(Files.readString(README).lines())
        .filteredOn(line -> line.startsWith("| `CLERK_MCP_"))
        .extracting(line -> line.substring(3, line.indexOf('`', 3)))
        .containsExactlyInAnyOrderElementsOf(Config.allOurs());
  }

  @Test
  void everydayAnswersAreAffordable() throws ConfigException {
    assertThat(AnswerCosts.measured())
        .hasSizeGreaterThan(5)
        .allSatisfy(row -> assertThat(row.tokens()).as(row.what()).isLessThanOrEqualTo(row.most()));
  }

  private static String costs() throws ConfigException {
    StringBuilder table =
        new StringBuilder(
            "| answer | tool | tokens | Clerk's own |\n| --- | --- | ---: | ---: |\n");
    for (AnswerCosts.Row row : AnswerCosts.measured()) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | `%s` | %,d | %,d |\n",
              row.what(),
              row.call(),
              row.tokens(),
              row.raw()));
    }
    return table.toString();
  }

  private static String toolsets() throws ToolFilter.UnknownName {
    StringBuilder table =
        new StringBuilder(
            "| toolset | what is in it | tools | tokens |\n| --- | --- | ---: | ---: |\n");
    for (String toolset : ToolModuleTest.toolsets()) {
      List<ToolIndexEntry> listed = ToolModuleTest.listed(toolset);
      table.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %s | %d | %,d |\n",
              toolset,
              about(toolset),
              listed.size(),
              ToolModuleTest.tokens(listed)));
    }
    return table.toString();
  }

  private static String about(String toolset) {
    return switch (toolset) {
      case ToolFilter.CORE -> "What people use daily, of several groups; the default";
      case ToolFilter.ALL -> "Everything";
      case ToolFilter.NONE -> "Nothing but the three tools that find and run all others";
      default -> REGISTRY.groups().getOrDefault(toolset, "");
    };
  }

  private static String tools() {
    StringBuilder table =
        new StringBuilder("| tool | what it does | effect |\n| --- | --- | --- |\n");
    REGISTRY
        .groups()
        .forEach(
            (group, description) -> {
              table.append("| | **%s** | |\n".formatted(description));
              for (ToolDefinition tool : REGISTRY.tools()) {
                if (tool.group().equals(group)) {
                  table.append(
                      "| `%s` | %s | %s |\n"
                          .formatted(tool.name(), tool.description(), effect(tool)));
                }
              }
            });
    return table.toString();
  }

  private static String effect(ToolDefinition tool) {
    return tool.effect().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String aliases() {
    Map<String, String> byAlias = new TreeMap<>();
    for (ToolDefinition tool : REGISTRY.tools()) {
      tool.aliases().forEach(alias -> byAlias.put(alias, tool.name()));
    }
    StringBuilder table = new StringBuilder("| their name | our tool |\n| --- | --- |\n");
    byAlias.forEach((alias, tool) -> table.append("| `%s` | `%s` |\n".formatted(alias, tool)));
    return table.toString();
  }

  private static String replace(String readme, String name, String table) {
    String begin = "<!-- %s: generated -->\n".formatted(name);
    String end = "<!-- %s: end -->".formatted(name);
    assertThat(readme).contains(begin, end);
    return readme.substring(0, readme.indexOf(begin) + begin.length())
        + table
        + readme.substring(readme.indexOf(end));
  }
}
