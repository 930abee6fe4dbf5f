package dev.clerkmcp.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.ExampleArguments;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments without a value, as models send them, through the whole chain. */
class ClearAndPlaceholdersTest {
  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
  private String ada = "";
  @TempDir private Path folder;
  private ToolRegistry tools;

  @BeforeEach
  void createUser() {
    tools = clerk.tools(folder, Map.of());
    ada =
        clerk
            .sandbox()
            .ok(
                "POST /users",
                "{'email_address':['ada@example.com'],'first_name':'Ada','last_name':'Byron',"
                    + "'username':'byron','external_id':'crm-1','skip_password_requirement':true}")
            .path("id")
            .asText();
  }

  @Test
  void topLevelNullIsNotGiven() {
    ToolResult result =
        call(
            "clerk_user_update",
            "{'user_id':'%s','first_name':'Eve','last_name':null,'username':null,'password':null,"
                + "'password_digest':null,'totp_secret':null,'backup_codes':null,'public_metadata':null}");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(user().path("first_name").asText()).isEqualTo("Eve");
    assertThat(user().path("last_name").asText()).isEqualTo("Byron");
    assertThat(user().path("username").asText()).isEqualTo("byron");
    assertThat(result.notes())
        .anyMatch(note -> note.contains("last_name") && note.contains("clear: [\"last_name\""));
  }

  @Test
  void clearEmptiesOnlyWhatItNames() {
    ToolResult result =
        call("clerk_user_update", "{'user_id':'%s','clear':['last_name','external_id']}");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(user().path("last_name").isNull()).isTrue();
    assertThat(user().path("external_id").isNull()).isTrue();
    assertThat(user().path("username").asText()).isEqualTo("byron");
  }

  /** Other arguments take both spellings too. */
  @ParameterizedTest
  @ValueSource(strings = {"['lastName','external_id']", "'lastName'", "'[\\\"lastName\\\"]'"})
  void clearTakesCamelCase(String names) {
    ToolResult result = call("clerk_user_update", "{'user_id':'%s','clear':" + names + "}");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(user().path("last_name").isNull()).isTrue();
    assertThat(user().path("username").asText()).isEqualTo("byron");
  }

  @Test
  void undoPlanClears() {
    call("clerk_user_update", "{'user_id':'%s','clear':['last_name']}");
    call("clerk_user_update", "{'user_id':'%s','last_name':'Lovelace'}");
    JsonNode changes = ToolCaller.json(call("clerk_undo_plan", "{}"));
    String change = changes.at("/changes/0/change").asText();
    JsonNode plan =
        ToolCaller.json(call("clerk_undo_plan", "{'change':'" + change + "'}")).at("/calls/0");
    assertThat(plan.at("/arguments/clear").toString()).isEqualTo("[\"last_name\"]");
    assertThat(plan.path("arguments").has("last_name")).isFalse();
    ToolResult undone = ToolCaller.call(tools, plan.path("tool").asText(), plan.path("arguments"));
    assertThat(undone.isError()).as(undone.json()).isFalse();
    assertThat(user().path("last_name").isNull()).isTrue();
  }

  @Test
  void nullWithinMetadataIsData() {
    call("clerk_user_update", "{'user_id':'%s','public_metadata':{'plan':'pro','old':1}}");
    call("clerk_user_update", "{'user_id':'%s','public_metadata':{'old':null}}");
    assertThat(user().path("public_metadata")).hasToString("{\"plan\":\"pro\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'last_name':'null'             | to empty it: clear: [\"last_name\"]",
        "'last_name':'Null'             | to mean the word",
        "'last_name':'None'             | to empty it: clear: [\"last_name\"]",
        "'last_name':'undefined'        | to empty it: clear: [\"last_name\"]",
        "'last_name':' null '           | to empty it: clear: [\"last_name\"]",
        "'last_name':' '                | must not be empty; to empty it: clear: [\"last_name\"]",
        "'external_id':''               | must not be empty; to empty it: clear: [\"external_id\"]",
        "'clear':['user_id']            | must be one of",
        "'clear':['last_name'],'last_name':'B' | is given and in clear",
        "'password_hasher':'null'       | leave the argument out"
      })
  void writesRefuse(String arguments, String problem) {
    JsonNode before = user();
    ToolResult result = call("clerk_user_update", "{'user_id':'%s'," + arguments + "}");
    assertThat(result.isError()).as(result.json()).isTrue();
    assertThat(result.json().replace("\\\"", "\"")).contains("invalid_arguments", problem);
    assertThat(user()).isEqualTo(before);
  }

  @Test
  void wordInJsonStringIsMeant() {
    call("clerk_user_update", "{'user_id':'%s','last_name':'\\'Null\\''}".replace("\\'", "\\\""));
    assertThat(user().path("last_name").asText()).isEqualTo("Null");
  }

  /** A word for null is refused wherever a text is written, and nothing is sent. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_org_onboard           | {'name':'null','admin':'byron'}",
        "clerk_org_onboard           | {'name':'New','admin':'byron','slug':'undefined'}",
        "clerk_org_invitation_create_bulk | {'organization_id':'org_1','invitations':[{'email_address':'x@example.com','role':'null'}]}",
        "clerk_invitations_send_bulk | {'emails':['null']}",
        "clerk_user_ban_bulk         | {'user_ids':['null']}",
        "clerk_allowlist_create      | {'identifier':'None'}",
        "clerk_metadata_set          | {'user_id':'byron','organization_id':'null','public_metadata':{'a':1}}"
      })
  void nullWordIsRefusedEverywhere(String tool, String arguments) {
    ToolResult refused = clerk.call(tools, tool, arguments);
    assertThat(refused.json()).contains("invalid_arguments", "often stands for no value");
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void emptyWordOfAnEnumIsSent() {
    ToolResult result =
        call("clerk_instance_update", "{'preferred_sign_in_strategy_when_password_required':''}");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(clerk.requests()).anyMatch(request -> request.contains("required\":\"\""));
  }

  @Test
  void readsIgnorePlaceholders() {
    ToolResult result =
        call(
            "clerk_users_list",
            "{'query':'ada','email_address':[],'user_id':[''],'fields':[],'limit':0,'order_by':'',"
                + "'created_at_after':'','username':['null'],'provider':'None','export':''}");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(ToolCaller.json(result).path("data")).hasSize(1);
    assertThat(result.notes())
        .anyMatch(
            note ->
                note.contains("email_address") && note.contains("limit") && note.contains("order"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'email_address':[]}",
        "{'user_id':['']}",
        "{'username':'null'}",
        "{'created_at_after':'','limit':10,'order_by':'created_at'}"
      })
  void filterWithoutValueAloneIsRefused(String arguments) {
    ToolResult result = call("clerk_users_list", arguments);
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("must hold at least one value");
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void onlyClearableArgumentsAreListed() {
    ToolDefinition update = tools.find("clerk_user_update");
    assertThat(update).isNotNull();
    String schema = tools.inputSchema(update).toString();
    assertThat(schema).contains("\"clear\":").doesNotContain("or null");
    assertThat(
            tools
                .inputSchema(requireNonNull(tools.find("clerk_user_ban")))
                .at("/properties")
                .has("clear"))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_user_create          | {'email_address':['%s'],'skip_password_requirement':true}",
        "clerk_email_address_create | {'user_id':'byron','email_address':'%s'}",
        "clerk_user_change_email    | {'user_id':'byron','email_address':'%s','verified':true}",
        "clerk_invitation_create    | {'email_address':'%s'}",
        "clerk_invitation_create_bulk | {'invitations':[{'email_address':'%s'}]}",
        "clerk_user_email_address_replace | {'user_id':'byron','email_address':'%s'}",
        "clerk_waitlist_entry_create | {'email_address':'%s'}",
        "clerk_waitlist_entry_create_bulk | {'entries':[{'email_address':'%s'}]}",
        "clerk_org_onboard          | {'name':'New','admin':'byron','members':[{'email_address':'%s'}]}"
      })
  void addressesAreJudgedAlike(String tool, String arguments) {
    for (String address : new String[] {"x y@z.example", "a@b", "nobody"}) {
      ToolResult refused = clerk.call(tools, tool, arguments.replace("%s", address));
      assertThat(refused.json()).contains("invalid_arguments", "must be an email address");
    }
    ToolResult taken = clerk.call(tools, tool, arguments.replace("%s", "eve@example.com "));
    assertThat(taken.isError()).as(taken.json()).isFalse();
    assertThat(clerk.requests().toString()).contains("eve@example.com\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../users/user_x", "a\\\\b", "a?b", "a#b", "a%2Fb", "a\\u0007b", "a/b"})
  void idThatIsNoneIsRefused(String id) {
    ToolResult result = clerk.call(tools, "clerk_session_revoke", "{'session_id':'" + id + "'}");
    assertThat(result.json()).contains("invalid_arguments", "must not hold / ");
    assertThat(clerk.requests()).isEmpty();
  }

  /** References are looked up, and so may hold a slash; none of them may reach the path. */
  @Test
  void noPathHasAnIdThatIsNone() throws IOException {
    int tried = 0;
    for (ToolDefinition tool : tools.tools()) {
      for (String id : tool.endpoint() == null ? List.<String>of() : tool.endpoint().variables()) {
        JsonNode schema = tool.arguments().fullSchema();
        ObjectNode arguments = ExampleArguments.required(schema).put(id, "../users/user_x");
        clerk.forget();
        ToolResult result = ToolCaller.call(tools, tool.name(), arguments);
        assertThat(result.isError()).as(tool.name()).isTrue();
        assertThat(clerk.requests())
            .as("%s %s", tool.name(), result.json())
            .noneMatch(request -> request.matches("(?s)\\S+ [^?\n]*%2F.*"));
        tried++;
      }
    }
    assertThat(tried).isGreaterThan(150);
  }

  /** An ID in the body is looked up for the plan, the policy and the audit. */
  @ParameterizedTest
  @ValueSource(strings = {"org_1/../../users", "org_1%2F..", "org_1?a"})
  void idThatIsNoneIsNotLookedUp(String id) {
    ToolResult result =
        clerk.call(
            tools,
            "clerk_enterprise_connection_create",
            "{'name':'A','domains':['a.example'],'provider':'saml_custom','organization_id':'%s','dry_run':true}"
                .formatted(id));
    assertThat(result.json()).contains("dry_run");
    assertThat(clerk.requests()).noneMatch(request -> request.startsWith("GET /organizations/"));
  }

  @Test
  void externalIdWithSlashStillNamesUser() {
    clerk.sandbox().ok("PATCH /users/" + ada, "{'external_id':'auth0|1/2'}");
    assertThat(call("clerk_user_get", "{'user_id':'auth0|1/2'}").json()).contains(ada);
  }

  private JsonNode user() {
    return clerk.sandbox().ok("GET /users/" + ada);
  }

  private ToolResult call(String tool, String arguments) {
    clerk.forget();
    return clerk.call(tools, tool, arguments.replace("%s", ada));
  }
}
