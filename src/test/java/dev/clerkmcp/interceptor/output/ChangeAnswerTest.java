package dev.clerkmcp.interceptor.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what the answers of changes say: what changed, what else happened, and nothing more. */
final class ChangeAnswerTest {
  private static final String NOTHING = "Nothing was changed: everything was so already.";

  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
  private final SandboxCalls sandbox = clerk.sandbox();
  private final Map<String, String> ids = new LinkedHashMap<>();
  @TempDir private Path folder;

  @BeforeEach
  void createPeople() {
    String user =
        "{'email_address':['%s@example.com'],'first_name':'%s','skip_password_requirement':true,"
            + "'public_metadata':{'plan':'free','seats':3},'private_metadata':{'crm':'gold'}}";
    for (String name : List.of("ada", "bob")) {
      JsonNode made = sandbox.ok("POST /users", user.formatted(name, name));
      ids.put(name, made.path("id").asText());
      ids.put(name + "_email", made.at("/email_addresses/0/id").asText());
    }
    ids.put(
        "acme",
        sandbox
            .ok("POST /organizations", filled("{'name':'Acme','created_by':'{bob}'}"))
            .path("id")
            .asText());
    sandbox.ok(
        filled("POST /organizations/{acme}/memberships"),
        filled("{'user_id':'{ada}','role':'org:member'}"));
    ids.put(
        "invitation",
        sandbox
            .ok(
                filled("POST /organizations/{acme}/invitations"),
                "{'email_address':'eve@example.com','role':'org:member'}")
            .path("id")
            .asText());
    for (int i = 0; i < 2; i++) {
      sandbox.ok("POST /sessions", filled("{'user_id':'{ada}'}"));
    }
  }

  /** Arguments and answers have IDs as {@code {ada}}; answers are compared without their notes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Changes of fields
        "clerk_user_update | {'user_id':'{ada}','first_name':'Augusta'}"
            + "| {'id':'{ada}','name':'Augusta','email':'ada@example.com','changed':"
            + "[{'field':'first_name','before':'ada','after':'Augusta'}]}",
        "clerk_user_update | {'user_id':'{ada}','last_name':'King','public_metadata':{'plan':'pro','seats':null}}"
            + "| {'id':'{ada}','name':'ada King','email':'ada@example.com','changed':"
            + "[{'field':'last_name','before':null,'after':'King'},"
            + "{'field':'public_metadata.plan','before':'free','after':'pro'},"
            + "{'field':'public_metadata.seats','before':3,'after':null}]}",
        "clerk_user_metadata_replace | {'user_id':'{ada}','public_metadata':{'plan':'pro'}}"
            + "| {'id':'{ada}','name':'ada','email':'ada@example.com','changed':"
            + "[{'field':'public_metadata.plan','before':'free','after':'pro'},"
            + "{'field':'public_metadata.seats','before':3,'after':null}]}",
        "clerk_metadata_set | {'user_id':'{ada}','public_metadata':{'plan':'pro'}}"
            + "| {'user_id':'{ada}','changed':[{'field':'public_metadata.plan','before':'free','after':'pro'}]}",
        "clerk_organization_update | {'organization_id':'{acme}','max_allowed_memberships':9}"
            + "| {'id':'{acme}','name':'Acme','changed':"
            + "[{'field':'max_allowed_memberships','before':5,'after':9}]}",
        // No permissions of a role, no object around the membership
        "clerk_org_membership_update | {'organization_id':'{acme}','user_id':'{ada}','role':'admin'}"
            + "| {'user_id':'{ada}','name':'ada','email':'ada@example.com','organization':'Acme',"
            + "'changed':[{'field':'role','before':'org:member','after':'org:admin'}]}",
        "clerk_instance_restrictions_update | {'blocklist':true}"
            + "| {'changed':[{'field':'blocklist','after':true}]}",
        // What else happened
        "clerk_user_ban | {'user_id':'{ada}'}"
            + "| {'id':'{ada}','name':'ada','email':'ada@example.com',"
            + "'changed':[{'field':'banned','before':false,'after':true}],'sessions_ended':2}",
        "clerk_user_ban_bulk | {'user_ids':['{ada}','{bob}']}"
            + "| {'data':[{'id':'{ada}','name':'ada','email':'ada@example.com',"
            + "'changed':[{'field':'banned','before':false,'after':true}]},"
            + "{'id':'{bob}','name':'bob','email':'bob@example.com',"
            + "'changed':[{'field':'banned','before':false,'after':true}]}]}",
        "clerk_user_delete | {'user_id':'{ada}'}"
            + "| {'id':'{ada}','name':'ada','email':'ada@example.com','deleted':true,"
            + "'deleted_with_it':{'organization_memberships':1},'sessions_ended':2}",
        "clerk_organization_delete | {'organization_id':'{acme}'}"
            + "| {'id':'{acme}','name':'Acme','deleted':true,"
            + "'deleted_with_it':{'memberships':2,'invitations':1}}",
        "clerk_org_membership_delete | {'organization_id':'{acme}','user_id':'{ada}'}"
            + "| {'user_id':'{ada}','name':'ada','email':'ada@example.com','organization':'Acme',"
            + "'deleted':true}",
        "clerk_org_invitation_revoke | {'organization_id':'{acme}','invitation_id':'{invitation}'}"
            + "| {'id':'{invitation}','email_address':'eve@example.com','changed':"
            + "[{'field':'status','before':'pending','after':'revoked'}]}",
        "clerk_user_mfa_disable | {'user_id':'{ada}'}"
            + "| {'user':{'id':'{ada}','name':'ada','email':'ada@example.com'},'changed':[]}",
        "clerk_oauth_application_update | {'oauth_application_id':'{app}','name':'New'}"
            + "| {'id':'{app}','name':'New','changed':[{'field':'name','before':'App','after':'New'}]}",
        // Creations have what Clerk chose, and not what the caller gave
        "clerk_organization_create | {'name':'New Co','created_by':'{ada}'}"
            + "| {'id':'?','name':'New Co','slug':'new-co','max_allowed_memberships':5}",
        "clerk_org_membership_create | {'organization_id':'{acme}','user_id':'{eve}','role':'member'}"
            + "| {'role':'org:member','user_id':'{eve}','email':'eve2@example.com',"
            + "'organization':'Acme','slug':'acme'}",
        "clerk_blocklist_create | {'identifier':'*@evil.example'}"
            + "| {'id':'?','identifier':'*@evil.example'}",
      })
  void answerSaysWhatChanged(String tool, String arguments, String expected) {
    ids.put("eve", sandbox.createUser("eve2@example.com"));
    ids.put(
        "app",
        sandbox
            .ok(
                "POST /oauth_applications",
                "{'name':'App','redirect_uris':['https://app.example/in','https://app.example/out']}")
            .path("id")
            .asText());
    ObjectNode answer = answer(call(tool, arguments));
    if (expected.contains("'id':'?'")) {
      answer.put("id", "?");
    }
    assertThat(answer).hasToString(filled(expected).replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_user_update | {'user_id':'{ada}','first_name':'ada'}",
        "clerk_user_unban | {'user_id':'{ada}'}",
        "clerk_organization_update | {'organization_id':'{acme}','name':'Acme'}",
        "clerk_user_metadata_update | {'user_id':'{ada}','public_metadata':{'seats':3}}",
      })
  void changeOfNothingSaysSo(String tool, String arguments) {
    ToolResult result = call(tool, arguments);
    assertThat(answer(result).path("changed")).hasToString("[]");
    assertThat(result.notes()).containsExactly(NOTHING);
  }

  /** Nothing is there to undo, so the changes of this session do not list it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /users/{bob}/ban | clerk_user_ban | {'user_id':'{bob}'}",
        "POST /users/{bob}/unlock | clerk_user_unlock | {'user_id':'{bob}'}",
        "POST /sessions/{session}/revoke | clerk_session_revoke | {'session_id':'{session}'}",
      })
  void changeOfNothingIsNoChangeToUndo(String before, String tool, String arguments) {
    ids.put(
        "session", sandbox.ok("POST /sessions", filled("{'user_id':'{ada}'}")).path("id").asText());
    sandbox.ok(filled(before));
    ToolRegistry tools = clerk.tools(folder, Map.of());
    ToolResult result = clerk.call(tools, tool, filled(arguments));
    assertThat(answer(result).path("changed")).isEmpty();
    assertThat(result.notes()).containsExactly(NOTHING);
    assertThat(clerk.call(tools, "clerk_undo_plan", "{}").json())
        .isEqualTo("{\"changes\":[],\"total_count\":0}");
  }

  /** The option acts only on a new password, and the last of two requests does not end them. */
  @ParameterizedTest
  @CsvSource({"true, 2", "false, 0"})
  void endedSessionsAreToldOnlyIfTheyEnd(boolean password, int ended) {
    ObjectNode answer =
        answer(
            call(
                "clerk_user_update",
                "{'user_id':'{ada}','sign_out_of_other_sessions':true,'last_name':'King',"
                    + (password ? "'password':'correct horse 7 battery'," : "")
                    + "'public_metadata':{'plan':'pro'}}"));
    assertThat(answer.path("sessions_ended").asInt()).isEqualTo(ended);
    assertThat(sandbox.ok("GET /sessions?status=active&user_id=" + ids.get("ada")))
        .hasSize(2 - ended);
  }

  /** A password is not in Clerk's answer, so nothing would differ. */
  @Test
  void whatClerkDoesNotAnswerIsAChangeToo() {
    ToolResult result =
        call("clerk_user_update", "{'user_id':'{ada}','password':'correct horse 7 battery'}");
    assertThat(answer(result).path("changed").findValuesAsText("field"))
        .containsExactly("password", "password_enabled", "password_last_updated_at");
    assertThat(result.text()).doesNotContain("correct horse", NOTHING);
  }

  @Test
  void fieldThatClerkDoesNotTakeIsNamed() {
    clerk.answer(
        filled("PATCH /users/{ada}"),
        new FakeClerk.Answer(200, sandbox.ok(filled("GET /users/{ada}")).toString()));
    ToolResult result = call("clerk_user_update", "{'user_id':'{ada}','username':'ada2'}");
    assertThat(answer(result).path("changed")).isEmpty();
    assertThat(result.notes())
        .contains("Clerk accepted the change, but answers as before: username.");
  }

  /** What cannot be read is not told: neither a before, nor that nothing was changed. */
  @Test
  void unknownStateIsNotTold() {
    clerk.refuse(filled("GET /users/{ada}"), 500, "x");
    clerk.refuse("GET /users?", 500, "x");
    ToolResult result = call("clerk_user_ban", "{'user_id':'{ada}'}");
    assertThat(answer(result))
        .hasToString(
            filled(
                    "{'id':'{ada}','name':'ada','email':'ada@example.com',"
                        + "'changed':[{'field':'banned','after':true}]}")
                .replace('\'', '"'));
    assertThat(result.notes()).anyMatch(note -> note.startsWith("The state before this change"));
  }

  @Test
  void largeValuesAreCutWithTheirSize() {
    ToolResult result =
        call(
            "clerk_user_update",
            "{'user_id':'{ada}','public_metadata':{'bio':'%s'}}".formatted("x".repeat(5000)));
    assertThat(answer(result).at("/changed/0/after").asText())
        .startsWith("xxx")
        .endsWith("… (5000 characters)")
        .hasSizeLessThan(330);
  }

  @Test
  void replacedAddressIsGoneAndTheNewOneIsPrimary() {
    ObjectNode answer =
        answer(
            call(
                "clerk_user_email_address_replace",
                "{'user_id':'{ada}','email_address':'new@example.com',"
                    + "'notify_primary_email_address_changed':true}"));
    assertThat(answer.path("user"))
        .hasToString(filled("{'id':'{ada}','name':'ada'}").replace('\'', '"'));
    assertThat(answer.path("removed_email_addresses")).hasToString("[\"ada@example.com\"]");
    assertThat(answer.at("/changed/0/after")).hasToString("[\"new@example.com\"]");
    assertThat(answer.path("messages_sent").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void newPrimaryAddressNamesTheFormerOne(boolean primary) {
    ObjectNode answer =
        answer(
            call(
                "clerk_email_address_create",
                "{'user_id':'{ada}','email_address':'new@example.com','verified':true,'primary':%s}"
                    .formatted(primary)));
    assertThat(answer.path("former_primary").asText(""))
        .isEqualTo(primary ? "ada@example.com" : "");
  }

  @Test
  void changeEmailUsesTheSameWords() {
    ObjectNode answer =
        answer(
            call(
                "clerk_user_change_email",
                "{'user_id':'{ada}','email_address':'new@example.com','verified':true,"
                    + "'remove_old':true}"));
    assertThat(answer.path("changed"))
        .hasToString(
            "[{\"field\":\"primary_email_address\",\"before\":\"ada@example.com\","
                + "\"after\":\"new@example.com\"}]");
    assertThat(answer.path("removed_email_addresses")).hasToString("[\"ada@example.com\"]");
  }

  @Test
  void fieldsGiveTheObjectInstead() {
    String ban = "{'user_id':'{ada}','fields':['banned','first_name']}";
    assertThat(answer(call("clerk_user_ban", ban)))
        .hasToString(filled("{'id':'{ada}','banned':true,'first_name':'ada'}").replace('\'', '"'));
    ObjectNode all = answer(call("clerk_user_unban", "{'user_id':'{ada}','fields':['*']}"));
    assertThat(all.path("object").asText()).isEqualTo("user");
    assertThat(all.path("created_at").asText()).startsWith("20").endsWith("Z");
  }

  /** Whether it differs is not told either, since its values could be guessed. */
  @ParameterizedTest
  @ValueSource(strings = {"gold", "silver"})
  void privateMetadataStaysHidden(String guess) {
    for (String tool : List.of("clerk_user_update", "clerk_user_metadata_update")) {
      ToolResult result =
          call(tool, "{'user_id':'{ada}','private_metadata':{'crm':'%s'}}".formatted(guess));
      assertThat(answer(result).path("changed")).hasToString("[{\"field\":\"private_metadata\"}]");
      assertThat(result.text()).doesNotContain("gold", "silver", "crm", NOTHING);
    }
  }

  @Test
  void privateMetadataIsShownOnRequest() {
    ToolResult result =
        call(
            "clerk_user_update",
            "{'user_id':'{ada}','private_metadata':{'crm':'silver'},'include_private':true}");
    assertThat(answer(result).path("changed"))
        .hasToString(
            "[{\"field\":\"private_metadata.crm\",\"before\":\"gold\",\"after\":\"silver\"}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_user_update | {'user_id':'{ada}','first_name':'Augusta'} | A***",
        "clerk_user_ban | {'user_id':'{ada}'} | a***@example.com",
        "clerk_user_email_address_replace | {'user_id':'{ada}','email_address':'new@example.com'} | a***@example.com",
        "clerk_user_delete | {'user_id':'{ada}'} | a***",
      })
  void maskHoldsBeforeAndAfter(String tool, String arguments, String shown) {
    ToolResult result = call(tool, arguments, Map.of("CLERK_MCP_PII", "mask"));
    assertThat(result.text()).contains(shown).doesNotContain("Augusta", "\"ada", "ada@", "new@");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'decision':'deny','tools':['clerk_user_get']}",
        "{'decision':'deny','effects':['read'],'email_domains':['example.com']}",
      })
  void peopleWhomThePolicyHidesStayHidden(String rule) {
    Map<String, String> policy = ToolCaller.policy(folder, rule);
    ToolResult result =
        call("clerk_user_update", "{'user_id':'{ada}','first_name':'Augusta'}", policy);
    assertThat(result.isError()).as(result.text()).isFalse();
    assertThat(result.text()).doesNotContain("changed", "ada@example.com", "\"ada\"", "gold");
  }

  @Test
  void fieldsOfStrangersStayMarked() {
    ToolResult user = call("clerk_user_update", "{'user_id':'{ada}','first_name':'Augusta'}");
    assertThat(user.meta().toString())
        .contains("changed[].before", "changed[].after", "name", "email");
    ToolResult organization =
        call("clerk_organization_update", "{'organization_id':'{acme}','name':'Evil'}");
    assertThat(organization.meta().toString()).contains("changed[].before", "changed[].after");
  }

  private ObjectNode answer(ToolResult result) {
    assertThat(result.isError()).as(result.text()).isFalse();
    return (ObjectNode) ToolCaller.json(result);
  }

  private ToolResult call(String tool, String arguments) {
    return call(tool, arguments, Map.of());
  }

  private ToolResult call(String tool, String arguments, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("CLERK_MCP_ALLOW_IRREVERSIBLE", "true");
    return clerk.call(clerk.tools(folder, all), tool, filled(arguments));
  }

  private String filled(String text) {
    String filled = text;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      filled = filled.replace("{" + id.getKey() + "}", id.getValue());
    }
    return filled;
  }
}
