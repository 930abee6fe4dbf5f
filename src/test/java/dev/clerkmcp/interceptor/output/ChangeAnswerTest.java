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
            + "'changed':[{'field':'banned','before':false,'after':true}]}],'sessions_ended':2}",
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
        // Creations have their row, without its times
        "clerk_organization_create | {'name':'New Co','created_by':'{ada}'}"
            + "| {'id':'?','name':'New Co','slug':'new-co','max_allowed_memberships':5}",
        "clerk_org_membership_create | {'organization_id':'{acme}','user_id':'{eve}','role':'member'}"
            + "| {'role':'org:member','user_id':'{eve}','email':'eve2@example.com',"
            + "'organization_id':'{acme}','organization':'Acme','slug':'acme'}",
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

  /** The last of two requests does not end them. */
  @Test
  void endedSessionsAreTold() {
    ObjectNode answer =
        answer(
            call(
                "clerk_user_update",
                "{'user_id':'{ada}','sign_out_of_other_sessions':true,'last_name':'King',"
                    + "'password':'correct horse 7 battery','public_metadata':{'plan':'pro'}}"));
    assertThat(answer.path("sessions_ended").asInt()).isEqualTo(2);
    assertThat(activeSessions()).isEmpty();
  }

  /** Clerk would accept each of them without doing what it says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_user_update | {'user_id':'{ada}','sign_out_of_other_sessions':true} | clerk_user_sessions_revoke",
        "clerk_user_update | {'user_id':'{ada}','sign_out_of_other_sessions':true,'last_name':'King'} | counts only with a new password",
        "clerk_email_address_update | {'email_address_id':'{ada_email}','primary':false} | clerk_email_address_update",
        "clerk_phone_number_update | {'phone_number_id':'{phone}','primary':false} | clerk_phone_number_update",
      })
  void argumentWithoutEffectIsRefused(String tool, String arguments, String remedy) {
    addPhone();
    JsonNode user = raw("GET /users/{ada}");
    for (String dryRun : List.of("}", ",'dry_run':true}")) {
      clerk.forget();
      ToolResult result = call(tool, arguments.replaceFirst("}$", dryRun));
      assertThat(result.text()).contains("invalid_arguments", remedy);
      assertThat(clerk.changes()).isEmpty();
    }
    assertThat(raw("GET /users/{ada}")).isEqualTo(user);
    assertThat(activeSessions()).hasSize(2);
  }

  @Test
  void otherContactMayBeSaidNotToBePrimary() {
    String id =
        sandbox
            .ok(
                "POST /email_addresses",
                filled("{'user_id':'{ada}','email_address':'b@example.com','verified':true}"))
            .path("id")
            .asText();
    ToolResult result =
        call(
            "clerk_email_address_update",
            "{'email_address_id':'%s','primary':false}".formatted(id));
    assertThat(answer(result).path("changed")).isEmpty();
    assertThat(result.notes()).contains(NOTHING);
  }

  @Test
  void bulkBanTellsEndedSessionsAndEachUserOnce() {
    ToolResult result = call("clerk_user_ban_bulk", "{'user_ids':['{ada}','{bob}','{ada}']}");
    assertThat(answer(result).path("data")).hasSize(2);
    assertThat(answer(result).path("sessions_ended").asInt()).isEqualTo(2);
    assertThat(activeSessions()).isEmpty();
    assertThat(result.notes().toString()).contains("An ended session");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_user_ban | {'user_id':'{bob}'}",
        "clerk_user_ban_bulk | {'user_ids':['{bob}']}",
        "clerk_user_offboard | {'user_id':'{bob}'}",
        "clerk_user_update | {'user_id':'{bob}','password':'correct horse 7 battery','sign_out_of_other_sessions':true}",
      })
  void noSessionIsLostIfNoneEnds(String tool, String arguments) {
    ToolResult result = call(tool, arguments);
    assertThat(result.isError()).as(result.text()).isFalse();
    assertThat(result.notes().toString()).doesNotContain("An ended session");
  }

  /** Clerk answers with the number alone; the user's own fields are read again. */
  @Test
  void replacedSecondFactorIsTold() {
    addPhone();
    ToolResult result =
        call(
            "clerk_user_phone_number_replace", "{'user_id':'{ada}','phone_number':'+12015550101'}");
    assertThat(raw("GET /users/{ada}").path("two_factor_enabled").asBoolean()).isFalse();
    assertThat(rows(result))
        .contains(
            "two_factor_enabled true false",
            "phone_numbers.reserved_for_second_factor [\"+12015550100\"] []",
            "phone_numbers.default_second_factor [\"+12015550100\"] []");
    assertThat(result.notes().toString()).contains("was a second factor");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_phone_number_delete | {'phone_number_id':'{phone}'} | primary_phone_number +12015550100 null; two_factor_enabled true false",
        "clerk_email_address_delete | {'email_address_id':'{ada_email}'} | primary_email_address ada@example.com second@example.com",
        "clerk_user_totp_delete | {'user_id':'{totp}'} | totp_enabled true false; two_factor_enabled true false",
        "clerk_user_mfa_disable | {'user_id':'{totp}'} | totp_enabled true false; two_factor_enabled true false",
      })
  void whatChangesWithAPartOfTheUserIsTold(String tool, String arguments, String expected) {
    addPhone();
    sandbox.ok(
        "POST /email_addresses",
        filled("{'user_id':'{ada}','email_address':'second@example.com','verified':true}"));
    ids.put(
        "totp",
        sandbox
            .ok(
                "POST /users",
                "{'email_address':['totp@example.com'],'skip_password_requirement':true,"
                    + "'totp_secret':'JBSWY3DPEHPK3PXP'}")
            .path("id")
            .asText());
    List<String> rows = rows(call(tool, arguments));
    assertThat(rows).contains(expected.split("; "));
    JsonNode now = raw(arguments.contains("totp") ? "GET /users/{totp}" : "GET /users/{ada}");
    assertThat(rows.contains("two_factor_enabled true false"))
        .isEqualTo(!now.path("two_factor_enabled").asBoolean());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'user_id':'{ada}'}", "{'user_id':'{ada}','revoke_all_sessions':true}"})
  void unreadableStateIsNeverSaidToBeSoAlready(String arguments) {
    sandbox.ok(filled("PATCH /users/{ada}"), "{'password':'correct horse 7 battery'}");
    ToolResult result = call("clerk_user_password_compromised_set", arguments);
    assertThat(answer(result).path("changed"))
        .hasToString("[{\"field\":\"password_compromised\",\"after\":true}]");
    assertThat(result.notes()).doesNotContain(NOTHING);
    assertThat(activeSessions()).hasSize(arguments.contains("revoke") ? 0 : 2);
    assertThat(answer(result).path("sessions_ended").asInt())
        .isEqualTo(arguments.contains("revoke") ? 2 : 0);
  }

  @Test
  void rotatedSecretIsAChange() {
    String id = sandbox.ok("POST /machines", "{'name':'builder'}").path("id").asText();
    ToolResult result =
        call(
            "clerk_machine_secret_rotate",
            "{'machine_id':'%s','previous_token_ttl':0}".formatted(id));
    assertThat(answer(result).path("changed")).hasToString("[{\"field\":\"secret\"}]");
  }

  @ParameterizedTest
  @CsvSource({"email_address, b@example.com", "phone_number, +12015550101"})
  void primaryThatIsMadeByItsIdIsNoIgnoredField(String kind, String value) {
    addPhone();
    String id =
        sandbox
            .ok(
                "POST /" + kind + (kind.startsWith("email") ? "es" : "s"),
                filled("{'user_id':'{ada}','%s':'%s','verified':true}".formatted(kind, value)))
            .path("id")
            .asText();
    ToolResult result =
        call("clerk_user_update", "{'user_id':'{ada}','primary_%s_id':'%s'}".formatted(kind, id));
    assertThat(raw("GET /users/{ada}").path("primary_" + kind + "_id").asText()).isEqualTo(id);
    assertThat(answer(result).at("/changed/0/field").asText()).isEqualTo("primary_" + kind);
    assertThat(result.notes().toString()).doesNotContain("answers as before");
  }

  @Test
  void whatIsEmptyWasSoAlready() {
    ToolResult result = call("clerk_user_update", "{'user_id':'{ada}','clear':['last_name']}");
    assertThat(answer(result).path("changed")).isEmpty();
    assertThat(result.notes()).containsExactly(NOTHING);
  }

  /** Values that look like credentials are masked wherever they stand. */
  @Test
  void untouchedValueThatLooksLikeAKeyIsNoChange() {
    String token = "ghp_" + "a1B2".repeat(9);
    sandbox.ok(
        filled("PATCH /users/{ada}/metadata"),
        "{'public_metadata':{'token':'%s','aws':'AKIAIOSFODNN7EXAMPLE'}}".formatted(token));
    ToolResult result =
        call("clerk_user_update", "{'user_id':'{ada}','public_metadata':{'plan':'pro'}}");
    assertThat(rows(result)).containsExactly("public_metadata.plan free pro");
    ToolResult changed =
        call(
            "clerk_user_update",
            "{'user_id':'{ada}','public_metadata':{'token':'ghp_%s'}}".formatted("z9Y8".repeat(9)));
    assertThat(answer(changed).path("changed").findValuesAsText("field"))
        .containsExactly("public_metadata.token");
    assertThat(changed.text()).doesNotContain("a1B2", "z9Y8");
    ToolResult same =
        call(
            "clerk_user_update",
            "{'user_id':'{ada}','public_metadata':{'token':'ghp_%s'}}".formatted("z9Y8".repeat(9)));
    assertThat(same.notes()).containsExactly(NOTHING);
  }

  @Test
  void noMessageIsToldWithoutAnotherPrimary() {
    ToolResult same =
        call(
            "clerk_email_address_update",
            "{'email_address_id':'{ada_email}','primary':true,"
                + "'notify_primary_email_address_changed':true}");
    assertThat(answer(same).has("messages_sent")).isFalse();
    assertThat(answer(same).has("former_primary")).isFalse();
    ToolResult user =
        call(
            "clerk_user_update",
            "{'user_id':'{ada}','first_name':'ada','notify_primary_email_address_changed':true}");
    assertThat(answer(user).has("messages_sent")).isFalse();
    assertThat(
            answer(
                    call(
                        "clerk_user_change_email",
                        "{'user_id':'{ada}','email_address':'new@example.com','verified':true,"
                            + "'notify':true}"))
                .path("messages_sent")
                .asInt())
        .isEqualTo(1);
  }

  @Test
  void changesOfSamlAreListedOnce() {
    String id =
        sandbox
            .ok(
                "POST /enterprise_connections",
                "{'name':'Login','provider':'saml_custom','domains':['login.example']}")
            .path("id")
            .asText();
    ToolResult result =
        call(
            "clerk_enterprise_connection_update",
            "{'enterprise_connection_id':'%s','saml':{'idp_entity_id':'urn:x'}}".formatted(id));
    assertThat(answer(result).path("changed").findValuesAsText("field"))
        .containsExactly("saml_connection.idp_entity_id");
  }

  @Test
  void roleSetsTellWhatMoves() {
    sandbox.ok(
        "POST /organization_roles", "{'name':'Editor','key':'org:editor','description':'x'}");
    String id =
        sandbox
            .ok(
                "POST /role_sets",
                "{'name':'Second','key':'role_set:second','default_role_key':'org:member',"
                    + "'creator_role_key':'org:admin','roles':['org:admin','org:member']}")
            .path("id")
            .asText();
    ToolResult initial =
        call("clerk_role_set_update", "{'role_set_key_or_id':'%s','type':'initial'}".formatted(id));
    assertThat(answer(initial).path("former_initial").asText()).isEqualTo("role_set:default");
    assertThat(raw("GET /role_sets/role_set:default").path("type").asText()).isEqualTo("custom");
    assertThat(initial.notes().toString()).doesNotContain("Clerk does not return");
    ToolResult role =
        call(
            "clerk_role_set_role_replace",
            "{'role_set_key_or_id':'%s','role_key':'org:member','to_role_key':'org:editor'}"
                .formatted(id));
    assertThat(raw("GET /role_sets/" + id).at("/default_role/key").asText())
        .isEqualTo("org:editor");
    assertThat(rows(role)).contains("default_role org:member org:editor");
    assertThat(role.notes().toString()).doesNotContain("Members were given");
    String other =
        sandbox
            .ok(
                "POST /role_sets",
                "{'name':'Third','key':'role_set:third','default_role_key':'org:member',"
                    + "'creator_role_key':'org:admin','roles':['org:admin','org:member']}")
            .path("key")
            .asText();
    ToolResult replaced =
        call(
            "clerk_role_set_replace",
            "{'role_set_key_or_id':'role_set:default','dest_role_set_key':'%s'}".formatted(other));
    assertThat(raw("GET /organizations/{acme}").path("role_set_key").asText()).isEqualTo(other);
    assertThat(answer(replaced).path("moved_organizations").asInt()).isEqualTo(1);
  }

  private void addPhone() {
    JsonNode phone =
        sandbox.ok(
            "POST /phone_numbers",
            filled(
                "{'user_id':'{ada}','phone_number':'+12015550100','verified':true,"
                    + "'primary':true,'reserved_for_second_factor':true}"));
    ids.put("phone", phone.path("id").asText());
  }

  private JsonNode activeSessions() {
    return sandbox.ok("GET /sessions?status=active&user_id=" + ids.get("ada"));
  }

  private JsonNode raw(String request) {
    return sandbox.ok(filled(request));
  }

  /** The changed fields, each with what it was and is. */
  private List<String> rows(ToolResult result) {
    return answer(result)
        .path("changed")
        .valueStream()
        .map(
            row ->
                "%s %s %s"
                    .formatted(
                        row.path("field").asText(),
                        text(row.get("before")),
                        text(row.get("after"))))
        .toList();
  }

  private static String text(JsonNode value) {
    return value == null || !value.isTextual() ? String.valueOf(value) : value.textValue();
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
