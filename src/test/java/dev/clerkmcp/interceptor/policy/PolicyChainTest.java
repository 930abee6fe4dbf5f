package dev.clerkmcp.interceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests policies through all interceptors: a call, its answer, and what reached the instance. */
final class PolicyChainTest {
  private static final String ACME = "{'decision':'deny','email_domains':['acme.example']}";

  private static final String ALLOWS_NOTHING_HERE =
      "{'decision':'allow','email_domains':['elsewhere.example']}";
  private static final String VIP = "'public_metadata':{'vip':true}";
  private static final String ACME_DOMAIN = "'email_domains':['acme.example']";

  /** Rules that keep tools from reading a user, if the conditions hold. */
  static final List<String> AGAINST_READING_USERS =
      List.of(
          "{'decision':'deny','effects':['read'],%s}",
          "{'decision':'deny','tools':['clerk_user_get'],%s}",
          "{'decision':'deny','effects':['read'],'tools':['clerk_user_get'],%s}",
          "{'decision':'confirm','tools':['clerk_user_*'],%s}");

  private static final String READING_ACME =
      "{'decision':'deny','effects':['read'],'email_domains':['acme.example']}";
  private static final String OTHER =
      "{'decision':'deny','effects':['read'],'email_domains':['other.example']}";

  private final SandboxCalls sandbox = SandboxCalls.withDefaults(1);
  private final SandboxClerk clerk = new SandboxClerk(sandbox);
  private final String ada = ada();
  private final String bob = sandbox.createUser("bob@test.example");
  private final String org = organization("Globex", bob);
  @TempDir private Path folder;

  // Domains

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_org_domain_create            | {'organization_id':'ORG','name':'acme.example'}",
        "clerk_org_domain_create            | {'organization_id':'ORG','name':'ACME.example。'}",
        "clerk_org_domain_create            | {'organization_id':'ORG','name':'acme.example(comment)'}",
        "clerk_org_domain_create            | {'organization_id':'ORG','name':'[acme.example]'}",
        "clerk_domain_create                | {'name':'acme.example','is_satellite':true}",
        "clerk_enterprise_connection_create | {'name':'A','provider':'oidc_custom','domains':['b.example','acme.example']}",
        "clerk_enterprise_connection_create | {'name':'A','provider':'oidc_custom','domains':['acme.example(comment)']}",
        "clerk_enterprise_connection_create | {'name':'A','provider':'oidc_custom','domains':['example'],'saml':{'allow_subdomains':true}}",
        "clerk_org_onboard                  | {'name':'Acme','admin':'bob@test.example','domain':'acme.example'}",
        "clerk_blocklist_create             | {'identifier':'ada@acme.example'}",
        "clerk_blocklist_create             | {'identifier':'*@acme.example'}",
        "clerk_blocklist_create             | {'identifier':'acme.example'}",
        "clerk_blocklist_create             | {'identifier':'ada@private.example'}",
        "clerk_blocklist_create             | {'identifier':'+15555550100'}",
        "clerk_blocklist_create             | {'identifier':'x@acme.example(comment)'}",
        "clerk_blocklist_create             | {'identifier':'x@[acme.example]'}",
        "clerk_allowlist_create             | {'identifier':'*@acme.example'}",
        "clerk_invitation_create            | {'email_address':'x@acme.example。'}",
        "clerk_blocklist_create             | {'identifier':'x＠acme.example'}",
        "clerk_waitlist_entry_create        | {'email_address':'x@ａｃｍｅ.example'}",
        "clerk_organization_delete          | {'organization_id':'OWNED'}",
        "clerk_user_ban                     | {'user_id':'USER'}",
        "clerk_user_ban_bulk                | {'user_ids':['BOB','USER']}",
        "clerk_user_change_email            | {'user_id':'BOB','email_address':'x@acme.example','verified':true}",
        "clerk_invitations_send_bulk        | {'emails':['x@test.example','x@acme.example']}",
        "clerk_actor_token_create           | {'user_id':'BOB','actor':{'sub':'USER'}}",
        "clerk_api_key_create               | {'name':'Builds','subject':'USER'}",
        "clerk_organization_create          | {'name':'Hooli','created_by':'USER'}",
      })
  void domainIsProtectedWhereverItStands(String tool, String arguments) {
    sandbox.ok(
        "POST /email_addresses",
        "{'user_id':'%s','email_address':'ada@private.example','verified':true}".formatted(ada));
    sandbox.ok(
        "POST /phone_numbers",
        "{'user_id':'%s','phone_number':'+15555550100','verified':true}".formatted(ada));
    String owned = organization("Initech", ada);
    String given =
        arguments
            .replace("ORG", org)
            .replace("OWNED", owned)
            .replace("USER", ada)
            .replace("BOB", bob);
    ToolResult result = call(tools(ACME), tool, given);
    assertThat(result.json()).contains("denied_by_policy");
    assertThat(clerk.changes()).isEmpty();
  }

  /** Spellings in which a domain could hide are refused before any rule is asked. */
  @ParameterizedTest
  @ValueSource(strings = {"x@acme.example(comment)", "x@[acme.example]", "x@acme.example,"})
  void oddSpellingIsRefused(String address) {
    ToolResult result =
        call(tools(ACME), "clerk_invitation_create", "{'email_address':'%s'}".formatted(address));
    assertThat(result.json()).contains("invalid_arguments", "email_address");
    assertThat(clerk.changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_org_domain_create   | {'organization_id':'ORG','name':'notacme.example'}",
        "clerk_blocklist_create    | {'identifier':'eve@elsewhere.example'}",
        "clerk_organization_delete | {'organization_id':'ORG'}",
      })
  void otherDomainsAreNotProtected(String tool, String arguments) {
    ToolResult result = call(tools(ACME), tool, arguments.replace("ORG", org));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(clerk.changes()).isNotEmpty();
  }

  /** A spelling that Clerk would not take for the user's leads to nobody. */
  @ParameterizedTest
  @CsvSource({
    "ada@acme.example, denied_by_policy",
    "ADA@Acme.EXAMPLE, denied_by_policy",
    "ada@acme.example\u200b, reference_not_found",
    "ada@ac\u200bme.example, reference_not_found",
    "ada\uff20acme.example, reference_not_found",
    "\uff41da@acme.example, reference_not_found",
    "ada_l, denied_by_policy",
    "ADA_L, denied_by_policy",
    "ada\u200b_l, reference_not_found",
    "\uff41da_l, reference_not_found",
    "crm-1, denied_by_policy",
    "+1 555 555-0100, denied_by_policy",
    "+1555555\u200b0100, reference_not_found",
  })
  void userIsProtectedUnderEveryName(String name, String code) {
    sandbox.ok("PATCH /users/" + ada, "{'username':'ada_l','external_id':'crm-1'}");
    sandbox.ok(
        "POST /phone_numbers",
        "{'user_id':'%s','phone_number':'+15555550100','verified':true}".formatted(ada));
    for (String call : List.of("%s", "{'name':'clerk_user_ban','arguments':%s}")) {
      String tool = call.equals("%s") ? "clerk_user_ban" : "clerk_tools_write";
      ToolResult result = call(tools(ACME), tool, call.formatted(user(name)));
      assertThat(ToolCaller.json(result).at("/error/code").asText()).isEqualTo(code);
      assertThat(clerk.changes()).isEmpty();
    }
  }

  /** A harmless change must not tell what may not be read. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_user_unlock | {'user_id':'USER','fields':['*'],'include_private':true}",
        "clerk_user_metadata_update | {'user_id':'USER','public_metadata':{'x':1},'fields':['*']}",
        "clerk_user_update | {'user_id':'USER','locale':'en-US','fields':['email_addresses']}",
        // the change ends what the rule goes by
        "clerk_user_metadata_update | {'user_id':'USER','public_metadata':{'vip':null},'fields':['*']}",
      })
  void answerOfAChangeTellsNothingThatMayNotBeRead(String tool, String arguments) {
    for (String rule : AGAINST_READING_USERS) {
      sandbox.ok(
          "PATCH /users/%s/metadata".formatted(ada),
          "{'public_metadata':{'vip':true},'private_metadata':{'crm':'x1'}}");
      ToolResult result = callAgreed(hiding(rule, VIP), tool, arguments.replace("USER", ada));
      assertThat(result.isError()).as(result.json()).isFalse();
      assertThat(result.json()).as(rule).contains(ada).doesNotContain("ada@", "x1", "vip");
      assertThat(result.notes())
          .anyMatch(note -> note.startsWith("The answer has only IDs: rule 1"));
      assertThat(clerk.changes()).isNotEmpty();
    }
  }

  /** What is created, and what has an owner, is read by other tools than the one that is called. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_user_get       | clerk_user_create | {'email_address':['new@acme.example'],'skip_password_requirement':true}",
        "clerk_user_get       | clerk_email_address_create | {'user_id':'ADA','email_address':'new@acme.example'}",
        "clerk_user_get       | clerk_user_ban_bulk | {'user_ids':['ADA','BOB'],'fields':['*']}",
        "clerk_user_get       | clerk_org_membership_create | {'organization_id':'ORG','user_id':'ADA','role':'org:member'}",
        "clerk_invitations_list | clerk_invitation_create | {'email_address':'new@acme.example'}",
      })
  void answerIsJudgedByTheToolThatReadsIt(String reader, String tool, String arguments) {
    String given = withIds(arguments);
    String rule = "{'decision':'deny','tools':['%s'],'email_domains':['acme.example']}";
    ToolResult result = call(tools(rule.formatted(reader)), tool, given);
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.json()).doesNotContain("acme.example");
    assertThat(clerk.changes()).isNotEmpty();
  }

  @Test
  void answerIsWholeIfItsReaderIsAllowed() {
    ToolRegistry tools = tools("{'decision':'deny','tools':['clerk_jwks_get','clerk_users_list']}");
    assertThat(call(tools, "clerk_user_unlock", user(ada)).json()).contains("ada@acme.example");
  }

  /** A connection or domain of the instance is as hidden by its domain as a person is. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_enterprise_connection_update | {'enterprise_connection_id':'ID','name':'Renamed'}",
        "clerk_enterprise_connection_delete | {'enterprise_connection_id':'ID'}",
        "clerk_saml_connection_update       | {'saml_connection_id':'ID','name':'Renamed'}",
        "clerk_saml_connection_delete       | {'saml_connection_id':'ID'}",
        "clerk_domain_update                | {'domain_id':'ID','proxy_url':'https://acme.example/__clerk'}",
        "clerk_domain_delete                | {'domain_id':'ID'}",
      })
  void connectionOrDomainIsHiddenByItsDomain(String tool, String arguments) throws IOException {
    String id = objectOfAcme(tool);
    Map<String, String> settings = new HashMap<>(auditLog());
    settings.put("CLERK_MCP_ALLOW_IRREVERSIBLE", "true");
    settings.put("CLERK_MCP_DEPRECATED", "true");
    ToolRegistry hiding = tools(settings, READING_ACME);
    String get = tool.replaceFirst("_(update|delete)$", "_get");
    String key = arguments.replaceFirst("^\\{'(\\w+)'.*", "{'$1':'%s'}").formatted(id);
    assertThat(call(hiding, get, key).json()).contains("denied_by_policy").doesNotContain("Zeta");
    ToolResult result = callAgreed(hiding, tool, arguments.replace("ID", id));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.json()).contains(id).doesNotContain("acme.example", "Zeta", "Renamed");
    assertThat(clerk.changes()).isNotEmpty();
    assertThat(call(hiding, "clerk_undo_plan", "{}").json())
        .doesNotContain("acme.example", "Zeta", "Renamed");
  }

  @Test
  void candidateThatIsHiddenByItsDomainTellsOnlyItsId() {
    String id = objectOfAcme("clerk_enterprise_connection_update");
    String part = "{'enterprise_connection_id':'Zeta','active':false}";
    assertThat(call(tools(OTHER), "clerk_enterprise_connection_update", part).json())
        .contains(id, "Zeta login", "acme.example");
    assertThat(call(tools(READING_ACME), "clerk_enterprise_connection_update", part).json())
        .doesNotContain("Zeta login", "acme.example", "saml_custom");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'effects':['read']", "'tools':['clerk_domain_get']"})
  void domainOfTheInstanceIsReadOnlyIfTheRuleDoesNotNameIt(String rule) {
    String id = objectOfAcme("clerk_domain_update");
    String get = "{'domain_id':'%s','fields':['id']}".formatted(id);
    String deny = "{'decision':'deny',%s,'email_domains':['%s']}";
    assertThat(call(tools(deny.formatted(rule, "acme.example")), "clerk_domain_get", get).json())
        .contains("denied by rule 1");
    assertThat(call(tools(deny.formatted(rule, "other.example")), "clerk_domain_get", get).json())
        .contains(id);
  }

  private String objectOfAcme(String tool) {
    String connection = "{'name':'Zeta login','provider':'saml_custom','domains':['acme.example']}";
    JsonNode made =
        tool.contains("enterprise")
            ? sandbox.ok("POST /enterprise_connections", connection)
            : tool.contains("saml")
                ? sandbox.ok("POST /saml_connections", connection)
                : sandbox.ok("POST /domains", "{'name':'acme.example','is_satellite':true}");
    return made.path("id").asText();
  }

  /** The ID is needed for the next call; the name is not. */
  @ParameterizedTest
  @FieldSource("AGAINST_READING_USERS")
  void noteAboutAReferenceTellsOnlyTheId(String rule) {
    String unlock = user("ada@acme.example");
    assertThat(callAgreed(clerk.tools(folder, Map.of()), "clerk_user_unlock", unlock).notes())
        .contains("user_id: ada@acme.example is %s (\"Ada Lovelace\").".formatted(ada));
    assertThat(callAgreed(hiding(rule, ACME_DOMAIN), "clerk_user_unlock", unlock).notes())
        .contains("user_id: ada@acme.example is %s.".formatted(ada))
        .noneMatch(note -> note.contains("Lovelace"));
  }

  @ParameterizedTest
  @FieldSource("AGAINST_READING_USERS")
  void candidatesTellOnlyIds(String rule) {
    sandbox.ok(
        "POST /email_addresses",
        "{'user_id':'%s','email_address':'claimed@acme.example','verified':false}".formatted(ada));
    String claimed = user("claimed@acme.example");
    String similar = user("lovelac");
    assertThat(call(clerk.tools(folder, Map.of()), "clerk_user_unlock", claimed).json())
        .contains("Lovelace");
    assertThat(call(clerk.tools(folder, Map.of()), "clerk_user_unlock", similar).json())
        .contains("Lovelace");
    ToolRegistry hiding = hiding(rule, ACME_DOMAIN);
    assertThat(call(hiding, "clerk_user_unlock", claimed).json())
        .contains("reference_unverified", ada)
        .doesNotContain("Lovelace", "ada@");
    assertThat(call(hiding, "clerk_user_unlock", similar).json())
        .contains("reference_not_found")
        .doesNotContain(ada, "Lovelace");
  }

  /** Also of changes that were made before there was the rule, by this process or another. */
  @ParameterizedTest
  @FieldSource("AGAINST_READING_USERS")
  void undoableChangesNameNobodyWhoMayNotBeRead(String rule) throws IOException {
    Map<String, String> log = auditLog();
    ToolRegistry before = clerk.tools(folder, log);
    call(before, "clerk_user_update", "{'user_id':'%s','locale':'en-US'}".formatted(ada));
    call(before, "clerk_user_update", "{'user_id':'%s','locale':'en-US'}".formatted(bob));
    call(before, "clerk_email_address_create", address(ada, "new@acme.example"));
    call(before, "clerk_jwt_template_create", "{'name':'shop','claims':{}}");
    assertThat(call(before, "clerk_undo_plan", "{}").json()).contains("Lovelace", "acme.example");
    ToolRegistry hiding = tools(log, rule.formatted(ACME_DOMAIN));
    callAgreed(hiding, "clerk_user_unlock", user(ada));
    callAgreed(hiding, "clerk_user_update", "{'user_id':'%s','locale':'de-DE'}".formatted(ada));
    JsonNode changes = ToolCaller.json(call(hiding, "clerk_undo_plan", "{}")).path("changes");
    assertThat(changes).hasSize(5);
    assertThat(changes.toString())
        .contains(ada, "bob@test.example", "new JWT template (", "not shown: rule 1 of the policy")
        .doesNotContain("Lovelace", "acme.example");
    JsonNode plan =
        ToolCaller.json(
            call(
                hiding,
                "clerk_undo_plan",
                "{'change':'%s'}".formatted(changes.at("/0/change").asText())));
    assertThat(plan.at("/change/target").asText())
        .startsWith("user " + ada)
        .doesNotContain("Lovelace");
  }

  @Test
  void accountWithUnverifiedTestAddressIsNotAllowed() {
    String eve =
        sandbox
            .ok("POST /users", "{'username':'eve_test','skip_password_requirement':true}")
            .path("id")
            .asText();
    sandbox.ok(
        "POST /email_addresses",
        "{'user_id':'%s','email_address':'eve@test.example','verified':false}".formatted(eve));
    ToolRegistry tools =
        tools("{'decision':'allow','email_domains':['test.example']}", "{'decision':'deny'}");
    assertThat(call(tools, "clerk_user_ban", user(eve)).json()).contains("denied by rule 2");
    assertThat(clerk.changes()).isEmpty();
    assertThat(call(tools, "clerk_user_ban", user(bob)).isError()).isFalse();
  }

  /** A rule about people says nothing about an organization, to which it would open a door. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_api_key_create | {'name':'Builds','subject':'ORG','created_by':'BOB'}",
        "clerk_admin_portal_link_token_create | {'organization_id':'ORG','it_contact_id':'BOB'}",
        "clerk_enterprise_connection_create | {'name':'A','provider':'oidc_custom','domains':['test.example'],'organization_id':'ORG'}",
        "clerk_org_membership_create | {'organization_id':'ORG','user_id':'BOB','role':'org:admin'}",
        "clerk_org_invitation_create | {'organization_id':'ORG','email_address':'x@test.example','role':'org:admin'}",
        "clerk_org_membership_update | {'organization_id':'GLOBEX','user_id':'BOB','role':'org:member'}",
      })
  void ruleAboutPeopleOpensNoOrganizationThatItDoesNotName(String tool, String arguments) {
    String initech = organization("Initech", ada);
    String given = arguments.replace("ORG", initech).replace("GLOBEX", org).replace("BOB", bob);
    String rule =
        "{'decision':'%s','risks':['credential','identity','privilege','federation'],"
            + "'email_domains':['test.example']%s}";
    Map<String, String> live = Map.of("CLERK_SECRET_KEY", "sk_live_notarealkey");
    String named = ",'organizations':['%s','%s']".formatted(initech, org);
    for (boolean names : new boolean[] {false, true}) {
      TestCaller caller = TestCaller.answering(() -> Caller.Answer.DECLINED);
      ToolRegistry tools = tools(live, rule.formatted("proceed", names ? named : ""));
      clerk.forget();
      ToolCaller.call(tools, tool, given, caller);
      assertThat(caller.questions()).as("named: %s", names).hasSize(names ? 0 : 1);
      ToolRegistry allowing =
          tools(rule.formatted("allow", names ? named : ""), "{'decision':'deny'}");
      ToolResult result = call(allowing, tool, given);
      assertThat(result.json().contains("denied by rule 2")).as(result.json()).isEqualTo(!names);
    }
  }

  /** A plan that is judged other than its requests would stop half-way. */
  @ParameterizedTest
  @CsvSource({"ACCEPTED, 2", "DECLINED, 0"})
  void organizationToBeCreatedIsJudgedBeforeItExists(Caller.Answer answer, int members) {
    TestCaller caller = TestCaller.answering(() -> answer);
    sandbox.createUser("eve@test.example");
    ToolRegistry tools =
        tools(
            Map.of("CLERK_SECRET_KEY", "sk_live_notarealkey"),
            "{'decision':'proceed','risks':['privilege'],'email_domains':['test.example']}");
    ToolResult result =
        ToolCaller.call(
            tools,
            "clerk_org_onboard",
            "{'name':'Hooli','admin':'bob@test.example','members':"
                + "[{'email_address':'eve@test.example','role':'org:admin'}]}",
            caller);
    assertThat(caller.questions()).as(result.json()).hasSize(1);
    assertThat(result.isError()).as(result.json()).isEqualTo(members == 0);
    JsonNode found = sandbox.ok("GET /organizations?query=Hooli&include_members_count=true");
    assertThat(found.at("/data/0/members_count").asInt()).isEqualTo(members);
  }

  @Test
  void twoPeopleAllowedByTwoRulesAreAllowedInOneCall() {
    ToolRegistry tools =
        tools(
            "{'decision':'allow','email_domains':['test.example']}",
            "{'decision':'allow','email_domains':['acme.example']}",
            "{'decision':'deny'}");
    String both = "{'user_ids':['%s','%s']}".formatted(ada, bob);
    assertThat(call(tools, "clerk_user_ban_bulk", both).isError()).isFalse();
    String eve = sandbox.createUser("eve@other.example");
    String three = "{'user_ids':['%s','%s','%s']}".formatted(ada, bob, eve);
    assertThat(call(tools, "clerk_user_unban_bulk", three).json()).contains("denied by rule 3");
  }

  /** What a call sets is judged by its risks. */
  @Test
  void metadataIsJudgedAsItIsBeforeTheChange() {
    String owner = "{'decision':'deny','public_metadata':{'role':'owner'}}";
    String promote = "{'user_id':'%s','public_metadata':{'role':'owner'}}".formatted(bob);
    String create =
        "{'username':'new_owner','skip_password_requirement':true,'public_metadata':{'role':'owner'}}";
    ToolRegistry risks = tools(owner, "{'decision':'deny','risks':['privilege']}");
    assertThat(call(risks, "clerk_user_metadata_update", promote).json()).contains("by rule 2");
    assertThat(call(risks, "clerk_user_create", create).json()).contains("by rule 2");
    ToolRegistry tools = tools(owner);
    assertThat(call(tools, "clerk_user_create", create).isError()).isFalse();
    assertThat(call(tools, "clerk_user_metadata_update", promote).isError()).isFalse();
    String demote = promote.replace("'owner'", "'member'");
    assertThat(call(tools, "clerk_user_metadata_update", demote).json()).contains("by rule 1");
    assertThat(clerk.changes()).isEmpty();
  }

  // Reading

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'decision':'deny','effects':['read']}",
        "{'decision':'deny','tools':['clerk_user_get']}",
        "{'decision':'deny','effects':['read'],'email_domains':['acme.example']}",
        "{'decision':'confirm','effects':['read']}",
        "{'decision':'confirm','tools':['clerk_user_get']}",
        "{'decision':'confirm','effects':['read'],'email_domains':['acme.example']}"
      })
  void dryRunShowsNothingThatMayNotBeRead(String rule) {
    ToolResult hidden = call(tools(rule), "clerk_user_ban", dryRun(ada));
    assertThat(hidden.json())
        .contains(
            "\"dry_run\":true", ada, "not shown: rule 1 of the policy keeps tools from reading")
        .doesNotContain("acme.example");
    ToolResult shown =
        call(
            tools("{'decision':'deny','tools':['clerk_jwks_get']}"), "clerk_user_ban", dryRun(ada));
    assertThat(shown.json()).contains("ada@acme.example");
  }

  /** A tool of several steps reads it. */
  @ParameterizedTest
  @ValueSource(strings = {"'effects':['read']", "'tools':['clerk_oauth_application_get']"})
  void dryRunOfOauthUpdateShowsNoValues(String reading) {
    String id =
        sandbox
            .ok(
                "POST /oauth_applications",
                "{'name':'Portal','redirect_uris':['https://secret.example/cb']}")
            .path("id")
            .asText();
    String arguments = "{'oauth_application_id':'%s','name':'New','dry_run':true}".formatted(id);
    ToolRegistry tools = tools("{'decision':'deny',%s}".formatted(reading));
    assertThat(call(tools, "clerk_oauth_application_update", arguments).json())
        .contains("New")
        .doesNotContain("Portal", "secret.example");
    String change = "{'oauth_application_id':'%s','name':'New','fields':['*']}".formatted(id);
    assertThat(call(tools, "clerk_oauth_application_update", change).json())
        .contains(id)
        .doesNotContain("secret.example");
  }

  /** Neither the call's own people nor those of whom Clerk's refusal could be foreseen. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_user_create          | {'username':'adavip','skip_password_requirement':true}",
        "clerk_user_create          | {'email_address':['ada@acme.example'],'skip_password_requirement':true}",
        "clerk_user_create          | {'phone_number':['+12015550100'],'skip_password_requirement':true}",
        "clerk_user_update          | {'user_id':'BOB','external_id':'crm-1'}",
        "clerk_phone_number_create  | {'user_id':'BOB','phone_number':'+12015550100'}",
        "clerk_email_address_create | {'user_id':'BOB','email_address':'ada@acme.example'}",
        "clerk_org_invitation_create | {'organization_id':'ORG','email_address':'ada@acme.example','role':'org:member'}",
        "clerk_org_invitation_create | {'organization_id':'ORG','email_address':'ada@private.example','role':'org:member'}",
        "clerk_org_membership_create | {'organization_id':'ORG','user_id':'ADA','role':'org:member'}",
        "clerk_organization_create  | {'name':'New','slug':'initech'}",
        "clerk_org_membership_delete | {'organization_id':'INITECH','user_id':'BOB'}",
      })
  void warningShowsNothingThatMayNotBeRead(String tool, String arguments) {
    sandbox.ok("PATCH /users/" + ada, "{'username':'adavip','external_id':'crm-1'}");
    addContact("email_address", "ada@private.example");
    addContact("phone_number", "+12015550100");
    sandbox.ok(
        "POST /organizations/" + org + "/memberships",
        "{'user_id':'%s','role':'org:member'}".formatted(ada));
    String initech = organization("Initech", bob);
    sandbox.ok("PATCH /organizations/" + initech, "{'slug':'initech'}");
    String call =
        arguments
            .replace("BOB", bob)
            .replace("ADA", ada)
            .replace("ORG", org)
            .replace("INITECH", initech)
            .replaceFirst("}$", ",'dry_run':true}");
    assertThat(call(tools("{'decision':'deny','tools':['clerk_jwks_get']}"), tool, call).json())
        .contains("Clerk will refuse");
    for (String decision : List.of("deny", "confirm")) {
      String rule = "{'decision':'%s','effects':['read'],%s}";
      ToolResult hidden =
          call(
              tools(
                  rule.formatted(decision, "'email_domains':['acme.example']"),
                  rule.formatted(decision, "'organizations':['initech']")),
              tool,
              call);
      assertThat(hidden.isError()).as(hidden.json()).isFalse();
      assertThat(hidden.json()).contains("\"dry_run\":true").doesNotContain("Clerk will refuse");
    }
  }

  /** A tool of several steps reads before the person is asked, and its plan has what it read. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readThatNeedsConfirmationIsRefusedInAPlan(boolean dryRun) {
    ToolRegistry tools =
        tools("{'decision':'confirm','effects':['read'],'email_domains':['acme.example']}");
    TestCaller caller = TestCaller.agreeing();
    String arguments = dryRun ? dryRun(ada) : user(ada);
    ToolResult result = ToolCaller.call(tools, "clerk_user_offboard", arguments, caller);
    assertThat(result.json())
        .contains("by rule 1 of the policy, and reading cannot be confirmed")
        .doesNotContain("acme.example");
    assertThat(caller.questions()).isEmpty();
    assertThat(clerk.changes()).isEmpty();
    ToolResult other = call(tools, "clerk_user_offboard", dryRun(bob));
    assertThat(other.isError()).as(other.json()).isFalse();
  }

  /** A code is bound to the state of its target, also where the plan does not show it. */
  @ParameterizedTest
  @ValueSource(strings = {"", "{'first_name':'Eve'}"})
  void codeIsBoundToHiddenState(String change) {
    TestCaller caller = TestCaller.unableToAsk();
    ToolRegistry tools =
        tools(Map.of("CLERK_MCP_CONFIRM", "always"), "{'decision':'deny','effects':['read']}");
    JsonNode plan = ToolCaller.json(ToolCaller.call(tools, "clerk_user_ban", user(ada), caller));
    assertThat(plan.path("plan").toString()).doesNotContain("acme.example");
    if (!change.isEmpty()) {
      sandbox.ok("PATCH /users/" + ada, change);
    }
    ToolResult second =
        ToolCaller.call(
            tools,
            "clerk_user_ban",
            "{'user_id':'%s','confirmation':'%s'}"
                .formatted(ada, plan.path("confirmation").asText()),
            caller);
    assertThat(second.isError()).as(second.json()).isEqualTo(!change.isEmpty());
    assertThat(sandbox.ok("GET /users/" + ada).path("banned").asBoolean())
        .isEqualTo(change.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"deny", "confirm"})
  void questionShowsNothingThatMayNotBeRead(String decision) {
    TestCaller caller = TestCaller.agreeing();
    ToolRegistry tools =
        tools(
            Map.of("CLERK_MCP_CONFIRM", "always"),
            "{'decision':'%s','effects':['read']}".formatted(decision));
    ToolResult result = ToolCaller.call(tools, "clerk_user_ban", user(ada), caller);
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(caller.questions()).hasSize(1);
    assertThat(caller.questions().get(0)).contains(ada).doesNotContain("acme.example");
  }

  /** A rule about tools is one about the tool that reads a user, however many are looked up. */
  @ParameterizedTest
  @FieldSource("AGAINST_READING_USERS")
  void questionSaysWhatIsHiddenAndByWhichRule(String rule) {
    for (String call :
        List.of("clerk_user_ban " + user(ada), "clerk_user_ban_bulk {'user_ids':['ADA','BOB']}")) {
      TestCaller caller = TestCaller.agreeing();
      String[] words = withIds(call).split(" ", 2);
      ToolResult result =
          ToolCaller.call(
              tools(Map.of("CLERK_MCP_CONFIRM", "always"), rule.formatted(ACME_DOMAIN)),
              words[0],
              words[1],
              caller);
      assertThat(result.isError()).as(result.json()).isFalse();
      assertThat(caller.questions().get(0))
          .containsPattern(
              "users? "
                  + ada
                  + ".* \\(names, addresses and current values are not shown: rule 1 of the policy"
                  + " keeps tools from reading them\\)")
          .doesNotContain("Lovelace", "acme.example");
    }
  }

  /** The IDs tell the person what is changed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_org_membership_create | {'organization_id':'ORG','user_id':'ADA','role':'org:admin'} | organization ORG with user ADA (",
        "clerk_org_membership_delete | {'organization_id':'ORG','user_id':'BOB'} | membership BOB of organization ORG (",
        "clerk_email_address_create  | {'user_id':'ADA','email_address':'new@acme.example'} | new email address for ADA (",
        "clerk_user_ban_bulk         | {'user_ids':['ADA','BOB']} | users ADA, BOB (",
      })
  void hiddenTargetIsNamedByItsIds(String tool, String arguments, String named) {
    ToolRegistry tools =
        tools("{'decision':'deny','tools':['clerk_user_get','clerk_organization_get']}");
    String given = withIds(arguments).replaceFirst("}$", ",'dry_run':true}");
    assertThat(ToolCaller.json(call(tools, tool, given)).at("/requests/0/target").asText())
        .startsWith(withIds(named));
  }

  private String withIds(String text) {
    return text.replace("ADA", ada).replace("BOB", bob).replace("ORG", org);
  }

  /** Reading has none of the risks of the change, so the rule does not forbid it. */
  @Test
  void questionThatARuleAboutARiskDemandsNamesThePerson() {
    TestCaller caller = TestCaller.agreeing();
    ToolRegistry tools =
        tools("{'decision':'confirm','tools':['clerk_user_*'],'risks':['sign_out']}");
    ToolResult result = ToolCaller.call(tools, "clerk_user_ban", user(ada), caller);
    assertThat(caller.questions().get(0)).contains("Ada Lovelace", "ada@acme.example");
    assertThat(result.json()).contains("ada@acme.example");
  }

  @Test
  void ruleAgainstReadingIsOneAgainstRevealing() {
    ToolRegistry tools = tools("{'decision':'deny','effects':['read']}");
    assertThat(
            call(
                    tools,
                    "clerk_user_password_verify",
                    "{'user_id':'%s','password':'guess'}".formatted(ada))
                .json())
        .contains("denied_by_policy");
    ToolRegistry reading =
        tools(
            "{'decision':'allow','effects':['read']}", "{'decision':'deny','effects':['reveal']}");
    assertThat(
            call(
                    reading,
                    "clerk_user_password_verify",
                    "{'user_id':'%s','password':'guess'}".formatted(ada))
                .json())
        .contains("denied by rule 2");
  }

  // Risks

  @Test
  void riskIsACondition() {
    ToolRegistry tools = tools("{'decision':'deny','risks':['privilege']}");
    String member = "{'organization_id':'%s','user_id':'%s','role':'%s'}";
    assertThat(
            call(tools, "clerk_org_membership_create", member.formatted(org, ada, "org:admin"))
                .json())
        .contains("denied by rule 1");
    assertThat(
            call(tools, "clerk_org_membership_create", member.formatted(org, ada, "org:member"))
                .isError())
        .isFalse();
  }

  @Test
  void manyPeopleAreARiskOfTheWholeCall() {
    ToolRegistry tools = tools("{'decision':'deny','risks':['mass']}");
    StringBuilder people = new StringBuilder("'p0@new.example'");
    for (int i = 1; i < 12; i++) {
      people.append(",'p%s@new.example'".formatted(i));
    }
    String arguments = "{'emails':[%s]}".formatted(people);
    ToolResult result = call(tools, "clerk_invitations_send_bulk", arguments);
    assertThat(result.json()).contains("denied_by_policy");
    assertThat(clerk.changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'decision':'proceed','risks':['sign_out']}                          | clerk_user_ban    | 0",
        "{'decision':'proceed','risks':['sign_out'],'effects':['update']}     | clerk_user_ban    | 1",
        "{'decision':'proceed','risks':['privilege']}                         | clerk_user_ban    | 1",
        "{'decision':'proceed','risks':['sign_out']},{'decision':'confirm'}   | clerk_user_ban    | 1",
        "{'decision':'proceed','risks':['sign_out','identity']}               | clerk_user_lock   | 1",
        "{'decision':'proceed','risks':['sign_out','identity','credential']}  | clerk_user_mfa_disable | 1",
      })
  void proceedLiftsOnlyQuestionsAboutItsRisks(String rules, String tool, int questions) {
    TestCaller caller = TestCaller.agreeing();
    ToolRegistry tools = tools(Map.of("CLERK_MCP_CONFIRM", "always"), rules);
    ToolResult result = ToolCaller.call(tools, tool, user(bob), caller);
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(caller.questions()).hasSize(questions);
  }

  @Test
  void proceedOpensNothingThatAccessOrAnotherRuleCloses() {
    String proceed = "{'decision':'proceed','risks':['sign_out']}";
    ToolRegistry denied = tools(proceed, "{'decision':'deny','tools':['clerk_user_ban']}");
    assertThat(call(denied, "clerk_user_ban", user(bob)).json()).contains("denied by rule 2");
    ToolRegistry readOnly = tools(Map.of("CLERK_MCP_ACCESS", "read"), proceed);
    assertThat(call(readOnly, "clerk_user_ban", user(bob)).json()).contains("tool_switched_off");
    assertThat(clerk.changes()).isEmpty();
  }

  // Audit

  /** Also in a call through search and run, and of a read that stops a tool of several steps. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'decision':'deny'}                                 | clerk_user_ban | {'user_id':'USER'} | denied_by_policy",
        "{'decision':'deny','tools':['clerk_user_ban']}      | clerk_tools_write | {'name':'clerk_user_ban','arguments':{'user_id':'USER'}} | denied_by_policy",
        "{'decision':'deny','tools':['clerk_user_offboard']} | clerk_user_offboard | {'user_id':'USER'} | denied_by_policy",
        "{'decision':'confirm','effects':['read']}           | clerk_user_offboard | {'user_id':'USER'} | confirmation_needed",
        "{'decision':'confirm','effects':['destroy']}        | clerk_user_ban | {'user_id':'USER'} | confirmation_needed",
      })
  void refusalIsRecordedWithItsRule(String rule, String tool, String arguments, String code)
      throws IOException {
    Map<String, String> log = auditLog();
    String named = rule.replaceFirst("\\{", "{'name':'hands off',");
    call(tools(log, ALLOWS_NOTHING_HERE, named), tool, arguments.replace("USER", ada));
    assertThat(records(log, "refused"))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.path("code").asText()).isEqualTo(code);
              assertThat(record.path("rule").asText()).isEqualTo("rule 2 (hands off)");
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void questionIsRecordedWithTheRuleThatDemandsIt(boolean dialog) throws IOException {
    Map<String, String> log = new HashMap<>(auditLog());
    TestCaller caller = dialog ? TestCaller.agreeing() : TestCaller.unableToAsk();
    String rule = "{'name':'ask me','decision':'confirm','effects':['destroy']}";
    ToolCaller.call(tools(log, rule), "clerk_user_ban", user(ada), caller);
    log.put("CLERK_MCP_CONFIRM", "always");
    ToolCaller.call(clerk.tools(folder, log), "clerk_user_ban", user(bob), caller);
    assertThat(records(log, "question"))
        .extracting(record -> record.path("rule").asText("none"))
        .containsExactly("rule 1 (ask me)", "none");
  }

  private static List<JsonNode> records(Map<String, String> log, String event) throws IOException {
    return Files.readAllLines(Path.of(log.get("CLERK_MCP_AUDIT_LOG"))).stream()
        .map(ToolCaller::arguments)
        .filter(line -> line.path("event").asText().equals(event))
        .toList();
  }

  // Organizations

  @Test
  void organizationThatDoesNotExistIsToldOnce() {
    ToolRegistry tools =
        tools("{'decision':'deny','organizations':['globexx','%s']}".formatted(org));
    String update =
        "{'organization_id':'%s','name':'New'}".formatted(organization("Umbrella", bob));
    ToolResult first = call(tools, "clerk_organization_update", update);
    assertThat(first.notes())
        .anyMatch(note -> note.contains("Rule 1 of the policy names the organization \"globexx\""));
    assertThat(call(tools, "clerk_organization_update", update).notes())
        .noneMatch(note -> note.contains("globexx"));
    String own = "{'organization_id':'%s','name':'New'}".formatted(org);
    assertThat(call(tools, "clerk_organization_update", own).json()).contains("denied by rule 1");
  }

  /** A rule about an organization is about the organization, not about everything of a member. */
  @Test
  void memberIsNotTouchedByRuleAboutTheOrganization() {
    ToolRegistry tools = tools("{'decision':'deny','organizations':['%s']}".formatted(org));
    assertThat(call(tools, "clerk_user_ban", user(bob)).isError()).isFalse();
  }

  // Test of a policy

  @ParameterizedTest
  @CsvSource({
    "member, allow, org:member",
    "admin, deny, denied_by_policy",
    "captain, role_not_found, role_not_found"
  })
  void testReadsWordsForRolesAsTheCallDoes(String role, String tested, String called) {
    String rule = "{'decision':'deny','risks':['privilege']}";
    String arguments =
        "{'organization_id':'%s','user_id':'%s','role':'%s'}".formatted(org, ada, role);
    assertThat(decision(tested(Map.of(), rule), "clerk_org_membership_create", arguments))
        .contains(tested);
    assertThat(call(tools(rule), "clerk_org_membership_create", arguments).json()).contains(called);
  }

  /** A call of an undo plan is about the people in the record to which it refers. */
  @ParameterizedTest
  @CsvSource({"acme.example, deny", "other.example, allow"})
  void testReadsReferencesToTheRecord(String domain, String decision) throws IOException {
    Map<String, String> settings = new HashMap<>(auditLog());
    settings.put("CLERK_MCP_PII", "mask");
    String id =
        sandbox.ok("POST /invitations", "{'email_address':'new@acme.example'}").path("id").asText();
    ToolRegistry real = clerk.tools(folder, settings);
    ToolResult revoked =
        call(real, "clerk_invitation_revoke", "{'invitation_id':'%s'}".formatted(id));
    String change = revoked.notes().toString().replaceFirst("(?s).*?(chg_\\w+).*", "$1");
    JsonNode step =
        ToolCaller.json(call(real, "clerk_undo_plan", "{'change':'%s'}".formatted(change)))
            .at("/calls/0");
    assertThat(step.toString()).contains("from_change").doesNotContain("new@");
    ToolRegistry tested =
        tested(settings, "{'decision':'deny','email_domains':['%s']}".formatted(domain));
    assertThat(decision(tested, step.path("tool").asText(), step.path("arguments").toString()))
        .isEqualTo(decision);
  }

  private String decision(ToolRegistry tested, String tool, String arguments) {
    ToolResult report = call(tested, tool, arguments);
    assertThat(clerk.changes()).isEmpty();
    return ToolCaller.json(report).path("decision").asText(report.json());
  }

  private ToolRegistry tested(Map<String, String> settings, String rule) {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(ToolCaller.policy(folder, rule));
    return ToolCaller.policyTest(clerk.client(), folder, all);
  }

  private String ada() {
    String id = sandbox.createUser("ada@acme.example");
    sandbox.ok("PATCH /users/" + id, "{'first_name':'Ada','last_name':'Lovelace'}");
    return id;
  }

  private String organization(String name, String admin) {
    return sandbox
        .ok("POST /organizations", "{'name':'%s','created_by':'%s'}".formatted(name, admin))
        .path("id")
        .asText();
  }

  private Map<String, String> auditLog() throws IOException {
    Path log = Files.createDirectory(folder.resolve("log")).resolve("audit.jsonl");
    return Map.of("CLERK_MCP_AUDIT_LOG", log.toString());
  }

  private static String address(String user, String address) {
    return "{'user_id':'%s','email_address':'%s'}".formatted(user, address);
  }

  private void addContact(String field, String value) {
    sandbox.ok(
        field.equals("email_address") ? "POST /email_addresses" : "POST /phone_numbers",
        "{'user_id':'%s','%s':'%s','verified':true}".formatted(ada, field, value));
  }

  private static String user(String id) {
    return "{'user_id':'%s'}".formatted(id);
  }

  private static String dryRun(String id) {
    return "{'user_id':'%s','dry_run':true}".formatted(id);
  }

  private ToolResult call(ToolRegistry tools, String tool, String arguments) {
    clerk.forget();
    JsonNode given = ToolCaller.arguments(arguments);
    return ToolCaller.call(tools, tool, given, Caller.UNKNOWN);
  }

  /** Calls a tool for a person who agrees to everything. */
  private ToolResult callAgreed(ToolRegistry tools, String tool, String arguments) {
    clerk.forget();
    return ToolCaller.call(tools, tool, arguments, TestCaller.agreeing());
  }

  /** Tools with a rule that keeps them from reading the users for whom the conditions hold. */
  private ToolRegistry hiding(String rule, String conditions) {
    return tools(rule.formatted(conditions));
  }

  private ToolRegistry tools(String... rules) {
    return tools(Map.of(), rules);
  }

  private ToolRegistry tools(Map<String, String> settings, String... rules) {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(ToolCaller.policy(folder, String.join(",", List.of(rules))));
    return clerk.tools(folder, all);
  }
}
