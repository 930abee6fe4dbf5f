package dev.clerkmcp.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.clerkmcp.Setting;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which tools are listed and which are disabled. */
final class ToolFilterTest {
  private static final List<ToolIndexEntry> CATALOG =
      List.of(
          line("deprecated", false, "clerk_old_get"),
          line("machines", false, "clerk_machine_delete"),
          line("machines", false, "clerk_machine_get"),
          line("tools", true, "clerk_tools_search"),
          line("users", true, "clerk_user_get", "get_auth_user"),
          line("users", false, "clerk_user_lock"));

  @ParameterizedTest
  @CsvSource({
    "core, '', '', false, clerk_tools_search clerk_user_get",
    "none, '', '', false, clerk_tools_search",
    "all, '', '', false, clerk_machine_delete clerk_machine_get clerk_tools_search clerk_user_get"
        + " clerk_user_lock",
    "users, '', '', false, clerk_tools_search clerk_user_get clerk_user_lock",
    "none, clerk_machine_get, '', false, clerk_machine_get clerk_tools_search",
    "none, clerk_machine_*, '', false, clerk_machine_delete clerk_machine_get clerk_tools_search",
    "none, *_get, '', false, clerk_machine_get clerk_tools_search clerk_user_get",
    "none, get_auth_user, '', false, clerk_tools_search clerk_user_get",
    "all, '', *_delete, false, clerk_machine_get clerk_tools_search clerk_user_get clerk_user_lock",
    "core, clerk_user_lock, clerk_user_*, false, clerk_tools_search",
    "core, '', clerk_tools_*, false, clerk_user_get",
    "deprecated, '', '', true, clerk_old_get clerk_tools_search",
    "none, clerk_old_get, '', false, clerk_tools_search",
  })
  void settingsChooseTheListedTools(
      String toolset, String tools, String excluded, boolean deprecated, String listed)
      throws ToolFilter.UnknownName {
    assertThat(select(toolset, tools, excluded, deprecated).listed())
        .extracting(ToolIndexEntry::name)
        .containsExactly(listed.split(" ", -1));
  }

  @Test
  void unlistedToolCanBeCalledUnlessDisabled() throws ToolFilter.UnknownName {
    ToolFilter toolFilter = select("none", "", "clerk_user_lock", false);
    assertThat(toolFilter.disabledReason("clerk_user_get")).isNull();
    assertThat(toolFilter.disabledReason("clerk_user_lock")).contains("CLERK_MCP_EXCLUDE_TOOLS");
    assertThat(toolFilter.disabledReason("clerk_old_get")).contains("CLERK_MCP_DEPRECATED=true");
    assertThat(select("none", "", "", true).disabledReason("clerk_old_get")).isNull();
  }

  @Test
  void unknownNamesAreRejectedTogether() {
    ToolFilter.UnknownName unknown =
        catchThrowableOfType(
            ToolFilter.UnknownName.class,
            () -> select("user", "clerk_users_get", "clerk_zebra_*", false));
    assertThat(unknown.names())
        .extracting(ToolFilter.Unknown::setting, ToolFilter.Unknown::name)
        .containsExactly(
            tuple(Setting.TOOLSETS, "user"),
            tuple(Setting.TOOLS, "clerk_users_get"),
            tuple(Setting.EXCLUDE_TOOLS, "clerk_zebra_*"));
    assertThat(unknown.names()).allMatch(name -> !name.nearest().isEmpty());
  }

  private static ToolFilter select(
      String toolset, String tools, String excluded, boolean deprecated)
      throws ToolFilter.UnknownName {
    return ToolFilter.of(
        CATALOG,
        new ToolFilter.Choice(
            List.of(toolset),
            list(tools),
            list(excluded),
            deprecated,
            new Access(
                Access.Level.FULL, true, "CLERK_MCP_ACCESS", "CLERK_MCP_ALLOW_IRREVERSIBLE")));
  }

  private static List<String> list(String name) {
    return name.isEmpty() ? List.of() : List.of(name);
  }

  private static ToolIndexEntry line(String group, boolean core, String name, String... aliases) {
    Effect effect = name.endsWith("_delete") ? Effect.IRREVERSIBLE : Effect.READ;
    return new ToolIndexEntry(group, core, effect, List.of(aliases), name, "{}");
  }
}
