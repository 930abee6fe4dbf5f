package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.server.ToolModule;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What agents need to be told, since they guess it wrong otherwise. The snapshots of the catalogue
 * have these texts too, but are rewritten with every change of a text.
 */
final class AgentTextsTest {
  private final ToolRegistry tools = ToolModule.registry(FakeClerk.answering("{}").client());

  @Test
  void rolesHaveAPrefix() {
    assertThat(tools.tools())
        .filteredOn(tool -> tool.argumentNames().contains("role"))
        .hasSizeGreaterThan(4)
        .allSatisfy(tool -> assertThat(text(tool, "role")).as(tool.name()).contains("org:admin"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clerk_users_list", "clerk_users_count"})
  void timesAreExclusive(String tool) {
    assertThat(find(tool).argumentNames())
        .filteredOn(argument -> argument.matches(".*_at_(before|after)"))
        .hasSizeGreaterThan(5)
        .allSatisfy(argument -> assertThat(text(find(tool), argument)).contains("exclusive"));
  }

  @ParameterizedTest
  @CsvSource({"clerk_allowlist_create", "clerk_blocklist_create"})
  void wholeDomainsHaveAStar(String tool) {
    assertThat(text(find(tool), "identifier")).contains("*@domain");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_org_overview | pending invitations (expired ones do not count)",
        "clerk_user_email_address_replace | Delete all of a user's email addresses but this new primary",
        "clerk_user_email_address_replace | To keep others: clerk_user_change_email",
        "clerk_user_change_email | another primary email address, new or existing",
      })
  void descriptionSays(String tool, String text) {
    assertThat(find(tool).description()).contains(text);
  }

  private ToolDefinition find(String tool) {
    return Objects.requireNonNull(tools.find(tool), tool);
  }

  private static String text(ToolDefinition tool, String argument) {
    Argument declared = Objects.requireNonNull(tool.arguments().find(argument), argument);
    return String.valueOf(declared.description());
  }
}
