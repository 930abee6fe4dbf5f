package dev.clerkmcp.interceptor.impact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A dry run foresees a refusal exactly if the real call is then refused. */
class ForesightTest {
  private static final String REFUSAL = "Clerk will refuse: ";
  private static final String WALLET = "0x0123456789012345678901234567890123456789";

  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
  private final Map<String, String> ids = new LinkedHashMap<>();
  @TempDir private Path folder;
  private ToolRegistry tools;

  /**
   * ACME has the admin Ada and the member Bob; FULL has three places: the admin Ada, and a pending
   * invitation. Bob claims an address and a number that he has not verified. No organization may
   * give the role org:boss.
   */
  @BeforeEach
  void create() {
    SandboxCalls sandbox = clerk.sandbox();
    tools = clerk.tools(folder, Map.of());
    user(
        "ADA",
        "'email_address':['ada@example.com'],'username':'byron','external_id':'crm-1','web3_wallet':['%s']"
            .formatted(WALLET));
    ids.put("WALLET", WALLET);
    user("BOB", "'email_address':['bob@example.com'],'phone_number':['+12015550101']");
    user("EVE", "'email_address':['eve@example.com']");
    ids.put("ACME", organization("{'name':'Acme','slug':'acme','created_by':'ADA'}"));
    join("ACME", "BOB", "org:member");
    ids.put("FULL", organization("{'name':'Full','created_by':'ADA','max_allowed_memberships':2}"));
    sandbox.ok(
        "POST /organizations/" + ids.get("FULL") + "/invitations",
        "{'email_address':'new@example.com','role':'org:member'}");
    sandbox.ok(
        "POST /email_addresses",
        named("{'user_id':'BOB','email_address':'claimed@example.com','verified':false}"));
    sandbox.ok(
        "POST /phone_numbers",
        named("{'user_id':'BOB','phone_number':'+12015550102','verified':false}"));
    sandbox.ok("POST /organization_roles", "{'name':'Boss','key':'org:boss','description':'b'}");
    ids.put(
        "BOBS", sandbox.ok("GET /users/" + ids.get("BOB")).at("/email_addresses/0/id").asText());
    ids.put(
        "EVES", sandbox.ok("GET /users/" + ids.get("EVE")).at("/email_addresses/0/id").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_org_membership_create | {'organization_id':'FULL','user_id':'EVE','role':'org:member'} | has room for 2",
        "clerk_org_invitation_create | {'organization_id':'FULL','email_address':'x@example.com','role':'org:member'} | this is number 3",
        "clerk_org_invitation_create | {'organization_id':'FULL','email_address':'new@example.com','role':'org:member'} | has a pending invitation",
        "clerk_org_membership_create | {'organization_id':'ACME','user_id':'BOB','role':'org:member'} | is a member of organization \\\"Acme\\\" already",
        "clerk_org_membership_delete | {'organization_id':'ACME','user_id':'ADA'} | the only member of",
        "clerk_org_membership_update | {'organization_id':'ACME','user_id':'ADA','role':'org:member'} | the only member of",
        "clerk_user_create           | {'email_address':['ada@example.com'],'skip_password_requirement':true} | email_address ada@example.com belongs to user ADA",
        "clerk_user_create           | {'username':'byron','skip_password_requirement':true} | username byron belongs to user ADA",
        "clerk_user_create           | {'email_address':['n@example.com'],'external_id':'crm-1','skip_password_requirement':true} | external_id crm-1 belongs",
        "clerk_user_update           | {'user_id':'BOB','username':'byron'} | username byron belongs",
        "clerk_user_update           | {'user_id':'BOB','external_id':'crm-1'} | external_id crm-1 belongs",
        "clerk_email_address_create  | {'user_id':'BOB','email_address':'ada@example.com'} | belongs to user ADA",
        "clerk_phone_number_create   | {'user_id':'ADA','phone_number':'+12015550101'} | belongs to user BOB",
        "clerk_organization_create   | {'name':'Other','slug':'acme'} | the slug acme belongs to organization \\\"Acme\\\", ACME",
        "clerk_organization_update   | {'organization_id':'FULL','slug':'acme'} | the slug acme belongs",
        "clerk_email_address_delete  | {'email_address_id':'EVES'} | the user's last identifier",
        "clerk_user_create           | {'email_address':['t@example.com','T@example.com'],'skip_password_requirement':true} | T@example.com is given twice",
        "clerk_user_create           | {'web3_wallet':['WALLET'],'skip_password_requirement':true} | belongs to user ADA",
        "clerk_email_address_create  | {'user_id':'BOB','email_address':'claimed@example.com'} | belongs to user BOB",
        "clerk_user_email_address_replace | {'user_id':'BOB','email_address':'ada@example.com'} | belongs to user ADA",
        "clerk_user_phone_number_replace  | {'user_id':'ADA','phone_number':'+12015550101'} | belongs to user BOB",
        "clerk_org_invitation_create | {'organization_id':'ACME','email_address':'bob@example.com','role':'org:member'} | is a member of organization \\\"Acme\\\" already",
        "clerk_org_invitation_create_bulk | {'organization_id':'ACME','invitations':[{'email_address':'x@example.com','role':'org:member'},{'email_address':'X@example.com','role':'org:member'}]} | is given twice",
        "clerk_org_invitation_create_bulk | {'organization_id':'FULL','invitations':[{'email_address':'x@example.com','role':'org:member'}]} | this is number 3",
        "clerk_org_membership_create | {'organization_id':'ACME','user_id':'EVE','role':'org:boss'} | does not have the role org:boss",
        "clerk_org_membership_update | {'organization_id':'ACME','user_id':'BOB','role':'boss'} | does not have the role org:boss",
        "clerk_org_invitation_create | {'organization_id':'ACME','email_address':'x@example.com','role':'org:boss'} | does not have the role org:boss"
      })
  void refusalIsForeseen(String tool, String arguments, String reason) {
    String state = state();
    ToolResult dryRun = dryRun(tool, arguments);
    assertThat(dryRun.json()).contains(REFUSAL, named(reason));
    assertThat(state()).isEqualTo(state);
    ToolResult real = clerk.call(tools, tool, named(arguments));
    assertThat(real.isError()).as(real.json()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_org_membership_create | {'organization_id':'ACME','user_id':'EVE','role':'org:member'}",
        "clerk_org_membership_update | {'organization_id':'ACME','user_id':'BOB','role':'org:admin'}",
        "clerk_org_membership_delete | {'organization_id':'ACME','user_id':'BOB'}",
        "clerk_user_create           | {'email_address':['n@example.com'],'username':'nnnn','skip_password_requirement':true}",
        "clerk_user_update           | {'user_id':'ADA','username':'byron','external_id':'crm-1'}",
        "clerk_organization_update   | {'organization_id':'ACME','slug':'acme'}",
        "clerk_email_address_delete  | {'email_address_id':'BOBS'}",
        "clerk_user_create           | {'email_address':['claimed@example.com'],'skip_password_requirement':true}",
        "clerk_email_address_create  | {'user_id':'ADA','email_address':'claimed@example.com','verified':true}",
        "clerk_phone_number_create   | {'user_id':'ADA','phone_number':'+12015550102','verified':true}",
        "clerk_user_phone_number_replace | {'user_id':'ADA','phone_number':'+12015550102'}",
        "clerk_user_email_address_replace | {'user_id':'ADA','email_address':'ada@example.com'}",
        "clerk_org_invitation_create | {'organization_id':'ACME','email_address':'claimed@example.com','role':'org:member'}",
        "clerk_user_change_email     | {'user_id':'EVE','email_address':'eve2@example.com','verified':true,'remove_old':true}",
        "clerk_org_onboard           | {'name':'New','admin':'ADA','members':[{'email_address':'x@example.com'}]}"
      })
  void whatSucceedsIsNotForeseenAsRefused(String tool, String arguments) {
    assertThat(dryRun(tool, arguments).json()).doesNotContain(REFUSAL);
    ToolResult real = clerk.call(tools, tool, named(arguments));
    assertThat(real.isError()).as(real.json()).isFalse();
  }

  /**
   * Any number of users can claim an address; the one who verifies it may be the oldest of them.
   */
  @Test
  void realHolderIsFoundAmongManyWhoClaimTheAddress() {
    user("BOSS", "'username':'boss'");
    String address = claim("BOSS");
    for (int i = 0; i < 12; i++) {
      user("LATE", "'username':'late%s'".formatted(i));
      claim("LATE");
    }
    clerk.sandbox().ok("PATCH /email_addresses/" + address, "{'verified':true}");
    String arguments = "{'email_address':['boss@example.com'],'skip_password_requirement':true}";
    assertThat(dryRun("clerk_user_create", arguments).json())
        .contains(named("boss@example.com belongs to user BOSS"));
  }

  private String claim(String name) {
    return clerk
        .sandbox()
        .ok(
            "POST /email_addresses",
            "{'user_id':'%s','email_address':'boss@example.com','verified':false}"
                .formatted(ids.get(name)))
        .path("id")
        .asText();
  }

  /** The lookups of a plan would use up the requests that Clerk answers in ten seconds. */
  @Test
  void lookupsOfLargePlansAreLimited() {
    ids.put("LARGE", organization("{'name':'Large','max_allowed_memberships':0}"));
    List<String> emails = IntStream.range(0, 600).mapToObj("'p%d@example.com'"::formatted).toList();
    String arguments =
        "{'organization_id':'LARGE','role':'org:member','emails':%s}".formatted(emails);
    ToolResult dryRun = dryRun("clerk_org_invitations_send_bulk", arguments);
    assertThat(dryRun.json())
        .contains("looked up only for the first requests", "more than 50 lookups")
        .doesNotContain(REFUSAL);
    assertThat(clerk.requests()).hasSizeLessThan(100);
    assertThat(
            dryRun(
                    "clerk_org_invitations_send_bulk",
                    arguments.replaceFirst("'p9@.*'", "'p9@example.com'"))
                .json())
        .doesNotContain("lookups");
  }

  @Test
  void pathOfNewObjectIsReadable() {
    ToolResult dryRun =
        dryRun(
            "clerk_org_onboard",
            "{'name':'New','admin':'ADA','members':[{'email_address':'x@example.com'}]}");
    assertThat(dryRun.json())
        .contains("\"/organizations/{id of the new organization}/invitations\"");
  }

  @Test
  void onboardingIsForeseenFull() {
    ToolResult dryRun =
        dryRun(
            "clerk_org_onboard",
            "{'name':'New','admin':'ADA','max_allowed_memberships':1,"
                + "'members':[{'email_address':'x@example.com'}]}");
    assertThat(dryRun.json()).contains(REFUSAL, "this is number 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'enabled':false}      | clerk_organization_create | {'name':'Other'} | organizations are switched off",
        "{'enabled':false}      | clerk_organization_update | {'organization_id':'ACME','name':'Other'} | organizations are switched off",
        "{'slug_disabled':true} | clerk_organization_create | {'name':'Other','slug':'other'} | slugs of organizations are switched off",
        "{'slug_disabled':true} | clerk_organization_update | {'organization_id':'ACME','slug':'other'} | slugs of organizations are switched off"
      })
  void switchedOffFeatureIsForeseen(String settings, String tool, String arguments, String reason) {
    clerk.sandbox().ok("PATCH /instance/organization_settings", settings);
    assertThat(dryRun(tool, arguments).json()).contains(REFUSAL + reason);
    assertThat(clerk.call(tools, tool, named(arguments)).isError()).isTrue();
  }

  @Test
  void addressOfConnectedAccountIsForeseen() {
    SandboxClerk seeded = new SandboxClerk(SandboxCalls.seeded(1, 100));
    ToolRegistry all = seeded.tools(folder, Map.of());
    String linked = "";
    for (JsonNode user : seeded.sandbox().ok("GET /users?limit=100")) {
      for (JsonNode address : user.path("email_addresses")) {
        linked = address.path("linked_to").isEmpty() ? linked : address.path("id").asText();
      }
    }
    assertThat(linked).as("a linked address").isNotEmpty();
    String arguments = "{'email_address_id':'%s'%s}";
    ToolResult dryRun =
        seeded.call(
            all, "clerk_email_address_delete", arguments.formatted(linked, ",'dry_run':true"));
    assertThat(dryRun.json()).contains(REFUSAL + "a connected account (oauth_");
    ToolResult real =
        seeded.call(all, "clerk_email_address_delete", arguments.formatted(linked, ""));
    assertThat(real.json()).contains("delete_linked_identification_disallowed");
  }

  /** Clerk would refuse the second request of two, when the new address is primary already. */
  @Test
  void removalOfConnectedAddressIsRefusedInDryRunToo() {
    SandboxClerk seeded = new SandboxClerk(SandboxCalls.seeded(1, 100));
    ToolRegistry all = seeded.tools(folder, Map.of());
    String google = "";
    for (JsonNode user : seeded.sandbox().ok("GET /users?limit=100")) {
      JsonNode address = user.at("/email_addresses/0");
      if (address.at("/linked_to/0/type").asText().equals("oauth_google")) {
        google = address.path("email_address").asText();
      }
    }
    assertThat(google).as("an address of a Google account").isNotEmpty();
    String state = seeded.sandbox().store().toJson().toString();
    for (String dryRun : List.of(",'dry_run':true", "")) {
      ToolResult result =
          seeded.call(
              all,
              "clerk_user_change_email",
              "{'user_id':'%s','email_address':'n@example.com','verified':true,'remove_old':true%s}"
                  .formatted(google, dryRun));
      assertThat(result.isError()).isTrue();
      assertThat(ToolCaller.json(result).at("/error/arguments/0/problem").asText())
          .contains("a connected account (oauth_google) uses " + google, "disconnect: true");
      assertThat(seeded.changes()).isEmpty();
    }
    assertThat(seeded.sandbox().store().toJson()).hasToString(state);
  }

  @Test
  void bannedMemberIsMarked() {
    clerk.sandbox().ok(named("POST /users/EVE/ban"));
    String arguments = "{'organization_id':'ACME','user_id':'EVE','role':'org:admin'}";
    assertThat(dryRun("clerk_org_membership_create", arguments).json())
        .contains("eve@example.com, banned (");
  }

  @Test
  void restrictionsCannotBeReadInDryRun() {
    ToolResult dryRun = dryRun("clerk_instance_restrictions_update", "{'blocklist':true}");
    assertThat(dryRun.json())
        .contains("clerk_instance_restrictions_get")
        .doesNotContain("\"before\"");
    assertThat(clerk.changes()).isEmpty();
    clerk.call(tools, "clerk_instance_restrictions_update", "{'blocklist':true}");
    String state = state();
    JsonNode now = ToolCaller.json(clerk.call(tools, "clerk_instance_restrictions_get", "{}"));
    assertThat(now.path("blocklist").asBoolean()).isTrue();
    assertThat(state()).isEqualTo(state);
  }

  private ToolResult dryRun(String tool, String arguments) {
    String given = named(arguments);
    ToolResult result =
        clerk.call(tools, tool, given.substring(0, given.length() - 1) + ",'dry_run':true}");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(clerk.changes()).isEmpty();
    return result;
  }

  private String named(String text) {
    String named = text;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      named = named.replaceAll("\\b" + id.getKey() + "\\b", id.getValue());
    }
    return named;
  }

  private String state() {
    return clerk.sandbox().store().toJson().path("objects").toString(); // without the clock
  }

  private void user(String name, String fields) {
    String body = "{" + fields + ",'skip_password_requirement':true}";
    ids.put(name, clerk.sandbox().ok("POST /users", body).path("id").asText());
  }

  private String organization(String body) {
    return clerk.sandbox().ok("POST /organizations", named(body)).path("id").asText();
  }

  private void join(String organization, String user, String role) {
    clerk
        .sandbox()
        .ok(
            named("POST /organizations/" + organization + "/memberships"),
            named("{'user_id':'" + user + "','role':'" + role + "'}"));
  }
}
