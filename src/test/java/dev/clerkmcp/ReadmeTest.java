package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.server.ToolModule;
import dev.clerkmcp.server.ToolModuleTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tests that the generated tables of the README match the declarations. */
final class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final ToolRegistry REGISTRY =
      ToolModule.registry(FakeClerk.answering("{}").client());

  /** Which settings are explained together, by the name of the table's markers. */
  private static final Map<String, List<Setting>> SETTINGS =
      Map.ofEntries(
          settings("sandbox", Setting.SANDBOX, Setting.SANDBOX_WEBHOOK_URL),
          settings("connection", Setting.SECRET_KEY, Setting.SSL_CERT_FILE),
          settings("answers", Setting.MAX_RESULT_TOKENS, Setting.FREE_FORM),
          settings("access", Setting.ACCESS, Setting.ALLOW_IRREVERSIBLE),
          settings("confirmation", Setting.CONFIRM, Setting.CONFIRM_TIMEOUT),
          settings("dry run", Setting.DRY_RUN, Setting.DRY_RUN),
          settings("policy", Setting.POLICY, Setting.POLICY),
          settings("limits", Setting.LIMITS, Setting.LIMITS),
          settings("secrets", Setting.SECRETS_DIR, Setting.PRIVATE_METADATA),
          settings("audit", Setting.AUDIT_LOG, Setting.AUDIT_READS),
          settings("instances", Setting.INSTANCES, Setting.INSTANCES),
          settings("toolsets", Setting.TOOLSETS, Setting.DEPRECATED));

  @Test
  void tablesAreCurrent() throws Exception {
    String readme = Files.readString(README);
    String current = replace(replace(readme, "costs", costs()), "tools", tools());
    current = replace(current, "toolsets", toolsets());
    for (Map.Entry<String, List<Setting>> table : SETTINGS.entrySet()) {
      current = replace(current, "settings of " + table.getKey(), settings(table.getValue()));
    }
    Golden.assertMatches(README, replace(current, "aliases", aliases()));
  }

  @Test
  void numberOfToolsIsCurrent() throws Exception {
    assertThat(Files.readString(README))
        .contains(
            "%s tools are listed, %s can be reached, and %s with `--deprecated`"
                .formatted(listed("core").size(), listed("all").size(), REGISTRY.tools().size()));
  }

  @Test
  void everySettingIsInOneTable() {
    assertThat(SETTINGS.values().stream().flatMap(List::stream))
        .containsExactlyInAnyOrder(Setting.values());
  }

  @Test
  void everydayAnswersStayWithinTheirTokenLimits() throws ConfigException {
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

  /** The settings from one to another, which stand together in the enum. */
  private static Map.Entry<String, List<Setting>> settings(
      String table, Setting first, Setting last) {
    return Map.entry(table, List.copyOf(EnumSet.range(first, last)));
  }

  private static String settings(List<Setting> settings) {
    boolean flags = settings.stream().anyMatch(setting -> setting.flag() != null);
    StringBuilder table =
        new StringBuilder(
            flags
                ? "| variable | flag | meaning | default |\n| --- | --- | --- | --- |\n"
                : "| variable | meaning | default |\n| --- | --- | --- |\n");
    for (Setting setting : settings) {
      table.append("| ").append(code(setting.variable())).append(" | ");
      if (flags) {
        table.append(code(Objects.requireNonNullElse(setting.flag(), ""))).append(" | ");
      }
      table.append(setting.doc()).append(" | ").append(code(setting.defaultValue())).append(" |\n");
    }
    return table.toString();
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }

  private static String toolsets() throws ToolFilter.UnknownName {
    StringBuilder table =
        new StringBuilder(
            "| toolset | what is in it | tools | tokens |\n| --- | --- | ---: | ---: |\n");
    for (String toolset : ToolModuleTest.toolsets()) {
      List<ToolIndexEntry> listed = listed(toolset);
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

  /** What is listed of a toolset; deprecated tools only in their own, which needs a setting. */
  private static List<ToolIndexEntry> listed(String toolset) throws ToolFilter.UnknownName {
    return ToolModuleTest.listed(toolset).stream()
        .filter(
            tool ->
                toolset.equals(ToolFilter.DEPRECATED)
                    || !tool.group().equals(ToolFilter.DEPRECATED))
        .toList();
  }

  private static String about(String toolset) {
    return switch (toolset) {
      case ToolFilter.CORE -> "What people use daily, of several groups; the default";
      case ToolFilter.ALL -> "Everything but what Clerk has deprecated";
      case ToolFilter.NONE -> "Nothing but the three tools that find and run all others";
      default -> REGISTRY.groups().getOrDefault(toolset, "");
    };
  }

  private static String tools() {
    StringBuilder table =
        new StringBuilder("| tool | what it does | effect | risks |\n| --- | --- | --- | --- |\n");
    REGISTRY
        .groups()
        .forEach(
            (group, description) -> {
              table.append("| | **%s** | | |\n".formatted(description));
              for (ToolDefinition tool : REGISTRY.tools()) {
                if (tool.group().equals(group)) {
                  table.append(
                      "| `%s` | %s | %s | %s |\n"
                          .formatted(tool.name(), tool.description(), effect(tool), risks(tool)));
                }
              }
            });
    return table.toString();
  }

  private static String effect(ToolDefinition tool) {
    return tool.effect().name().toLowerCase(Locale.ROOT);
  }

  private static String risks(ToolDefinition tool) {
    return tool.possibleRisks().stream().map(Risk::word).collect(Collectors.joining(", "));
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
