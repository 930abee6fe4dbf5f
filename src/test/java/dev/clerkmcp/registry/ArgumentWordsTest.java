package dev.clerkmcp.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Other words for arguments, and keys in calls, through the whole chain. */
final class ArgumentWordsTest {
  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
  @TempDir private Path folder;
  private ToolRegistry tools;

  @BeforeEach
  void createUser() {
    tools = clerk.tools(folder, Map.of());
    String ada = clerk.sandbox().createUser("ada@example.com");
    clerk
        .sandbox()
        .ok(
            "POST /organizations",
            "{'name':'Acme','slug':'acme','created_by':'%s'}".formatted(ada));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_user_get              | {'user':'ada@example.com'}            | user was read as user_id",
        "clerk_user_get              | {'id':'ada@example.com'}              | id was read as user_id",
        "clerk_user_get              | {'email':'ada@example.com'}           | email was read as user_id",
        "clerk_user_find             | {'query':'ada@example.com'}           | query was read as user",
        "clerk_users_list            | {'email':['ada@example.com']}         | email was read as email_address",
        "clerk_users_list            | {'q':'ada','pageSize':1,'sort':'created_at'} | pageSize was read as limit",
        "clerk_oauth_applications_list | {'query':'Partner'}                 | query was read as name_query",
        "clerk_org_memberships_list  | {'organization':'acme'}               | organization was read as organization_id",
        "clerk_organization_get      | {'org':'acme'}                        | org was read as organization_id",
        "clerk_user_ban              | {'user':'ada@example.com'}            | user was read as user_id",
        "clerk_user_ban_bulk         | {'user_id':['ada@example.com']}       | user_id was read as user_ids",
        "clerk_user_update           | {'user':'ada@example.com','firstname':'Ada','surname':'B'} | surname was read as last_name",
        "clerk_invitation_create     | {'email':'eve@example.com'}           | email was read as email_address",
        "clerk_invitations_send_bulk | {'email':['eve@example.com']}         | email was read as emails",
        "clerk_invitation_create_bulk | {'invitations':[{'email':'eve@example.com'}]} | .email was read as"
      })
  void wordIsTaken(String tool, String arguments, String note) {
    ToolResult result = clerk.call(tools, tool, arguments);
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes()).anyMatch(told -> told.contains(note));
  }

  /** A word that may mean two arguments, or a new value, is not guessed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_users_list            | {'org':'acme'}",
        "clerk_user_update           | {'email':'ada@example.com','first_name':'Ada'}",
        "clerk_user_delete           | {'email':'ada@example.com'}",
        "clerk_org_membership_delete | {'id':'ada@example.com','organization_id':'acme'}",
        "clerk_invitation_create     | {'email_address':'eve@example.com','metadata':{'a':1}}",
        "clerk_user_get              | {'user_id':'ada@example.com','user':'eve@example.com'}"
      })
  void wordWithTwoMeaningsIsRefused(String tool, String arguments) {
    String state = clerk.sandbox().store().toJson().toString();
    ToolResult result = clerk.call(tools, tool, arguments);
    assertThat(result.json()).contains("invalid_arguments", "is not known");
    assertThat(clerk.requests()).isEmpty();
    assertThat(clerk.sandbox().store().toJson()).hasToString(state);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "secretKey      | sk_test_abcdefghijklmnopqrstuvwxyz",
        "clerkSecretKey | abc",
        "api_key        | abc",
        "token          | sk_live_abcdefghijklmnopqrstuvwxyz"
      })
  void keyIsRefused(String argument, String key) {
    ToolResult result =
        clerk.call(
            tools, "clerk_user_get", "{'user_id':'user_1','%s':'%s'}".formatted(argument, key));
    assertThat(result.json())
        .contains("keys are set in this server's configuration", "give instance", "replaced")
        .doesNotContain("abc");
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void fieldsOfFoundUsersArePicked() {
    ToolResult found =
        clerk.call(tools, "clerk_user_find", "{'user':'ada@example.com','fields':['email']}");
    assertThat(ToolCaller.json(found).at("/candidates/0/email").asText())
        .isEqualTo("ada@example.com");
    assertThat(ToolCaller.json(found).at("/candidates/0").size()).isEqualTo(2);
    assertThat(found.notes()).noneMatch(note -> note.contains("have no"));
  }

  /** The user with a similar address does not have the one that was asked for. */
  @Test
  void similarAddressIsNoMatch() {
    ToolResult found = clerk.call(tools, "clerk_user_find", "{'user':'ada@exmaple.com'}");
    assertThat(found.json())
        .contains("\"matched\":\"part before @ in email_address\"", "No user has this address");
  }
}
