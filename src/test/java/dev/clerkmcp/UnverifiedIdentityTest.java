package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that a user who has added another person's address or number unverified is not taken for
 * that person, with all interceptors and as a client sees it.
 */
final class UnverifiedIdentityTest {
  private static final String CEO = "ceo@bigclient.example";
  private static final String NUMBER = "+12015550123";

  private final SandboxCalls sandbox = SandboxCalls.withDefaults(1);
  private final String owner = sandbox.createUser("owner@acme.example");
  private final String acme =
      created("POST /organizations", "'name':'Acme','created_by':'%s'", owner);
  private final String eve = sandbox.createUser("eve@evil.example");
  @TempDir private Path folder;

  UnverifiedIdentityTest() {
    created("POST /email_addresses", "'user_id':'%s','email_address':'%s'", eve, CEO);
    created("POST /phone_numbers", "'user_id':'%s','phone_number':'%s'", eve, NUMBER);
  }

  // References

  @ParameterizedTest
  @ValueSource(strings = {CEO, "CEO@BigClient.example", NUMBER, "+1 201-555-0123"})
  void changingCallsAreRefusedWithTheCandidates(String reference) {
    String before = state();
    for (String call :
        new String[] {
          "clerk_org_membership_create 'organization_id':'%s','role':'org:admin',".formatted(acme),
          "clerk_sign_in_token_create ",
          "clerk_user_password_verify 'password':'x',",
          "clerk_user_update 'first_name':'Chief',",
          "clerk_metadata_set 'public_metadata':{'role':'admin'},",
          "clerk_user_ban ",
          "clerk_user_offboard ",
          "clerk_user_delete 'dry_run':true,",
        }) {
      String[] words = call.split(" ", 2);
      ToolResult result = call(words[0], "{%s'user_id':'%s'}".formatted(words[1], reference));
      JsonNode refusal = ToolCaller.json(result);
      JsonNode error = refusal.path("error");
      assertThat(error.path("code").asText()).as(call).isEqualTo("reference_unverified");
      assertThat(error.path("message").asText())
          .contains("no user has verified", "Nothing was changed");
      assertThat(error.path("next").asText()).contains("give its ID");
      assertThat(refusal.path("candidates")).hasSize(1);
      assertThat(refusal.at("/candidates/0/id").asText()).isEqualTo(eve);
      assertThat(refusal.at("/candidates/0/unverified").asBoolean()).isTrue();
    }
    assertThat(state()).isEqualTo(before);
  }

  /** Any number of accounts can claim an address, and Clerk lists the newest first. */
  @Test
  void manyClaimsDoNotHideTheOwner() {
    String ceo = sandbox.createUser("first@bigclient.example");
    String own = created("POST /email_addresses", "'user_id':'%s','email_address':'%s'", ceo, CEO);
    for (int i = 0; i < 12; i++) {
      String claiming = sandbox.createUser("claims" + i + "@evil.example");
      created("POST /email_addresses", "'user_id':'%s','email_address':'%s'", claiming, CEO);
    }
    sandbox.ok("PATCH /email_addresses/" + own, "{'verified':true}");
    ok("clerk_user_ban", "{'user_id':'%s'}".formatted(CEO));
    assertThat(sandbox.ok("GET /users/" + ceo).path("banned").asBoolean()).isTrue();
  }

  @Test
  void usernameDoesNotOutrankAWallet() {
    String wallet = "0x52908400098527886E0F7030069857D2E4169EE7";
    created("POST /users", "'web3_wallet':['%s'],'skip_password_requirement':true", wallet);
    String named =
        created("POST /users", "'username':'%s','skip_password_requirement':true", wallet);
    call("clerk_user_ban", "{'user_id':'%s'}".formatted(wallet));
    assertThat(sandbox.ok("GET /users/" + named).path("banned").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"verified", "reserved"})
  void userWhoseAddressItIsIsMeant(String status) {
    String ceo =
        created(
            "POST /users",
            "'email_address':['%s'],'email_address_identification_status':['%s'],"
                + "'skip_password_requirement':true",
            CEO,
            status);
    ok("clerk_user_ban", "{'user_id':'%s'}".formatted(CEO));
    assertThat(user(ceo).path("banned").asBoolean()).isTrue();
    assertThat(user(eve).path("banned").asBoolean()).isFalse();
    ToolResult read = call("clerk_user_get", "{'user_id':'%s'}".formatted(CEO));
    assertThat(ToolCaller.json(read).path("id").asText()).isEqualTo(ceo);
    assertThat(read.notes()).noneMatch(note -> note.contains("not verified"));
    assertThat(ok("clerk_user_find", "{'user':'%s'}".formatted(CEO)).path("candidates"))
        .extracting(row -> row.path("id").asText() + row.path("unverified").asBoolean())
        .containsExactly(ceo + false, eve + true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clerk_user_get", "clerk_user_overview", "clerk_user_merge_report"})
  void readTakesTheOnlyHolderAndSaysSo(String tool) {
    ToolResult result = call(tool, "{'user_id':'%s'}".formatted(CEO));
    assertThat(result.json()).contains(eve);
    assertThat(result.notes())
        .contains("user_id: %s is %s, who has not verified it.".formatted(CEO, eve));
  }

  @Test
  void severalHoldersAreListedToRead() {
    String mallory = sandbox.createUser("mallory@evil.example");
    created("POST /email_addresses", "'user_id':'%s','email_address':'%s'", mallory, CEO);
    JsonNode refusal = ToolCaller.json(call("clerk_user_get", "{'user_id':'%s'}".formatted(CEO)));
    assertThat(refusal.at("/error/code").asText()).isEqualTo("reference_ambiguous");
    assertThat(refusal.path("candidates"))
        .hasSize(2)
        .allMatch(row -> row.path("unverified").asBoolean());
  }

  @Test
  void unverifiedContactsAreMarkedWhereverTheyAreShown() {
    JsonNode user = ok("clerk_user_get", "{'user_id':'%s'}".formatted(eve));
    assertThat(user.at("/email_addresses/0/flags").isMissingNode()).isTrue();
    assertThat(user.at("/email_addresses/1/flags")).hasToString("[\"unverified\"]");
    assertThat(user.at("/phone_numbers/0/flags")).hasToString("[\"unverified\"]");
    JsonNode overview = ok("clerk_user_overview", "{'user_id':'%s'}".formatted(eve));
    assertThat(overview.at("/emails/1/verified").isBoolean()).isTrue();
    assertThat(overview.at("/emails/1/verified").asBoolean()).isFalse();
    ToolResult list = call("clerk_users_list", "{'email_address':['%s']}".formatted(CEO));
    assertThat(ToolCaller.json(list).at("/data/0/id").asText()).isEqualTo(eve);
    assertThat(list.notes())
        .contains("Unverified, so not proven to be theirs: %s of %s.".formatted(CEO, eve));
  }

  @Test
  void reservedContactIsMarkedAsSuch() {
    String ceo =
        created(
            "POST /users",
            "'email_address':['%s'],'email_address_identification_status':['reserved'],"
                + "'skip_password_requirement':true",
            CEO);
    JsonNode user = ok("clerk_user_get", "{'user_id':'%s'}".formatted(ceo));
    assertThat(user.at("/email_addresses/0/flags")).hasToString("[\"reserved\"]");
    assertThat(user.path("flags").toString()).doesNotContain("unverified_email");
    JsonNode overview = ok("clerk_user_overview", "{'user_id':'%s'}".formatted(ceo));
    assertThat(overview.at("/emails/0/reserved").asBoolean()).isTrue();
    assertThat(overview.path("sign_in_problems").toString())
        .doesNotContain("no_verified_identifier", "unverified_email");
  }

  // Workflows

  @Test
  void bulkInvitationsInviteThePerson() {
    created(
        "POST /organizations/" + acme + "/memberships", "'user_id':'%s','role':'org:member'", eve);
    String emails = "'emails':['%s','owner@acme.example']".formatted(CEO);
    ToolResult plan = call("clerk_invitations_send_bulk", "{%s,'dry_run':true}".formatted(emails));
    assertThat(ToolCaller.json(plan).path("warnings").toString())
        .contains("has not verified it, so it is invited: " + CEO);
    ToolResult sent = call("clerk_invitations_send_bulk", "{%s}".formatted(emails));
    assertThat(ToolCaller.json(sent).path("sent")).hasToString("[\"%s\"]".formatted(CEO));
    assertThat(ToolCaller.json(sent).at("/already_there/user"))
        .hasToString("[\"owner@acme.example\"]");
    assertThat(sent.notes())
        .contains(
            "A user has this address but has not verified it, so it is invited: " + CEO + ".");
    JsonNode members =
        ok(
            "clerk_org_invitations_send_bulk",
            "{%s,'organization_id':'%s','role':'org:member'}".formatted(emails, acme));
    assertThat(members.path("sent")).hasToString("[\"%s\"]".formatted(CEO));
    assertThat(members.at("/already_there/member")).hasToString("[\"owner@acme.example\"]");
  }

  @Test
  void addressCanBecomeAnotherUsersPrimary() {
    String ceo = sandbox.createUser("ceo@private.example");
    JsonNode answer =
        ok(
            "clerk_user_change_email",
            "{'user_id':'%s','email_address':'%s','verified':true}".formatted(ceo, CEO));
    assertThat(answer.at("/changed/0/after").asText()).isEqualTo(CEO);
    ok("clerk_user_ban", "{'user_id':'%s'}".formatted(CEO));
    assertThat(user(ceo).path("banned").asBoolean()).isTrue();
  }

  /** Clerk would refuse it without saying whose the address is. */
  @Test
  void claimedAddressOfAnotherUserIsNotVerified() {
    String ceo = sandbox.createUser(CEO);
    ToolResult result =
        call(
            "clerk_user_change_email",
            "{'user_id':'%s','email_address':'%s','verified':true}".formatted(eve, CEO));
    assertThat(result.json()).contains("is an address of another user, " + ceo);
  }

  @Test
  void offboardingKeepsInvitationsOfThePerson() {
    for (String address : new String[] {CEO, "eve@evil.example"}) {
      created("POST /invitations", "'email_address':'%s','ignore_existing':true", address);
      created(
          "POST /organizations/" + acme + "/invitations",
          "'email_address':'%s','role':'org:member'",
          address);
    }
    ToolResult result = call("clerk_user_offboard", "{'user_id':'%s'}".formatted(eve));
    JsonNode steps = ToolCaller.json(result).path("steps");
    assertThat(steps.at("/3/revoked").asInt()).isEqualTo(1);
    assertThat(steps.at("/4/revoked").asInt()).isEqualTo(1);
    for (String path : new String[] {"", "/organizations/" + acme}) {
      assertThat(
              sandbox
                  .ok("GET " + path + "/invitations?status=pending")
                  .findValuesAsText("email_address"))
          .containsExactly(CEO);
    }
    assertThat(result.notes())
        .contains(
            "The user has not verified %s, so invitations to it are not revoked.".formatted(CEO));
  }

  /** The admin's own unverified address must not stand for the member who is to be invited. */
  @Test
  void onboardingInvitesThePersonBesideTheUser() {
    String mallory =
        created(
            "POST /users", "'email_address':['m@evil.example'],'skip_password_requirement':true");
    sandbox.ok(
        "PUT /users/" + mallory + "/email_address",
        "{'email_address':'cfo@bigclient.example','identification_status':'unverified'}");
    JsonNode answer =
        ok(
            "clerk_org_onboard",
            ("{'name':'New','admin':'%s','members':[{'email_address':'%s'},"
                    + "{'email_address':'cfo@bigclient.example'}]}")
                .formatted(mallory, CEO));
    assertThat(answer.at("/steps/2/status").asText()).isEqualTo("invited");
    assertThat(answer.at("/steps/2/note").asText()).contains("has not verified it");
    assertThat(answer.at("/steps/3/status").asText()).isEqualTo("invited");
  }

  @Test
  void reservedAddressJoinsAtOnceAndBannedUserIsWarnedAbout() {
    String ceo =
        created(
            "POST /users",
            "'email_address':['%s'],'email_address_identification_status':['reserved'],"
                + "'first_name':'Chief','skip_password_requirement':true",
            CEO);
    sandbox.ok("POST /users/" + ceo + "/ban");
    String arguments = "{'name':'New','admin':'%s'%s}";
    assertThat(
            ok("clerk_org_onboard", arguments.formatted(CEO, ",'dry_run':true"))
                .path("warnings")
                .toString())
        .contains("%s ('Chief') is banned.".formatted(ceo).replace("'", "\\\""));
    JsonNode answer = ok("clerk_org_onboard", arguments.formatted(CEO, ""));
    assertThat(answer.at("/steps/1/user_id").asText()).isEqualTo(ceo);
    assertThat(answer.at("/steps/1/status").asText()).isEqualTo("added");
    assertThat(answer.at("/steps/1/warning").asText())
        .isEqualTo("The user is banned. Every sign-in is refused until clerk_user_unban.");
  }

  /** The recipe of an attacker: the victim's name, and an address of the victim's mailbox. */
  @Test
  void mergeReportDoesNotOpenTheVictimsAccount() {
    String name = "'first_name':'Rich','last_name':'Victim','skip_password_requirement':true";
    String victim = created("POST /users", "'email_address':['rich@bank.example']," + name);
    String attacker = created("POST /users", "'email_address':['mallory@evil.example']," + name);
    created(
        "POST /email_addresses", "'user_id':'%s','email_address':'rich+1@bank.example'", attacker);
    JsonNode answer = ok("clerk_user_merge_report", "{'user_id':'%s'}".formatted(victim));
    JsonNode candidate = answer.at("/candidates/0");
    assertThat(candidate.path("id").asText()).isEqualTo(attacker);
    assertThat(candidate.path("likeness").asText()).isEqualTo("weak");
    assertThat(candidate.at("/reasons/0"))
        .hasToString(
            "{\"reason\":\"same_mailbox\",\"unverified\":true,\"email\":\"rich+1@bank.example\"}");
    assertThat(candidate.path("merge").toString())
        .doesNotContain("rich+1@bank.example", "\"verified\":true");
  }

  // Policy

  @Test
  void policyAllowsByDomainOnlyProvenAddresses() {
    Map<String, String> policy =
        ToolCaller.policy(
            folder,
            "{'decision':'allow','email_domains':['test.example']},"
                + "{'decision':'deny','effects':['create','update','destroy','irreversible']}");
    String tester = sandbox.createUser("ada@test.example");
    String unproven = sandbox.createUser("bob@evil.example");
    created("POST /email_addresses", "'user_id':'%s','email_address':'b@test.example'", unproven);
    String mixed = sandbox.createUser("carol@test.example");
    created(
        "POST /email_addresses",
        "'user_id':'%s','email_address':'carol@evil.example','verified':true",
        mixed);
    String claiming = sandbox.createUser("dan@test.example");
    created("POST /email_addresses", "'user_id':'%s','email_address':'d@test.example'", claiming);
    ToolRegistry tools = ToolCaller.tools(sandbox.client(), folder, policy);
    String ban = "{'user_id':'%s'}";
    for (String denied : new String[] {unproven, mixed, claiming}) {
      assertThat(ToolCaller.call(tools, "clerk_user_ban", ban.formatted(denied)).json())
          .as(denied)
          .contains("denied_by_policy");
      assertThat(user(denied).path("banned").asBoolean()).isFalse();
    }
    assertThat(ToolCaller.call(tools, "clerk_user_ban", ban.formatted(tester)).isError()).isFalse();
    assertThat(user(tester).path("banned").asBoolean()).isTrue();
  }

  @Test
  void policyDeniesByDomainForAnyAddress() {
    ToolRegistry tools =
        ToolCaller.tools(
            sandbox.client(),
            folder,
            ToolCaller.policy(folder, "{'decision':'deny','email_domains':['bigclient.example']}"));
    assertThat(ToolCaller.call(tools, "clerk_user_ban", "{'user_id':'%s'}".formatted(eve)).json())
        .contains("denied_by_policy");
    assertThat(user(eve).path("banned").asBoolean()).isFalse();
  }

  private JsonNode ok(String tool, String arguments) {
    ToolResult result = call(tool, arguments);
    assertThat(result.isError()).as(result.json()).isFalse();
    return ToolCaller.json(result);
  }

  private ToolResult call(String tool, String arguments) {
    return ToolCaller.call(ToolCaller.tools(sandbox.client(), folder, Map.of()), tool, arguments);
  }

  private JsonNode user(String id) {
    return sandbox.ok("GET /users/" + id);
  }

  private String state() {
    return sandbox.store().toJson().toString();
  }

  /** Creates an object in the sandbox, with the values in place of {@code %s}, in their order. */
  private String created(String route, String fields, String... values) {
    String filled = fields;
    for (String value : values) {
      filled = filled.replaceFirst("%s", Matcher.quoteReplacement(value));
    }
    return sandbox.ok(route, "{" + filled + "}").path("id").asText();
  }
}
