package dev.clerkmcp.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and addresses in place of the IDs of other objects than users, through the whole chain. */
final class ListedReferenceTest {
  private static final String EVE = "eve@example.com";

  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
  private String organization = "";
  @TempDir private Path folder;
  private ToolRegistry tools;

  @BeforeEach
  void createObjects() {
    organization =
        ok("POST /organizations", "{'name':'Acme','slug':'acme','max_allowed_memberships':50}");
    tools = clerk.tools(folder, Map.of("CLERK_MCP_DEPRECATED", "true"));
  }

  /** The object is read by its name, as if its ID were given, and a note says what is meant. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST /allowlist_identifiers | {'identifier':'*@acme.example'} | clerk_allowlist_delete | identifier_id | *@acme.example | DELETE /allowlist_identifiers/ID",
        "POST /blocklist_identifiers | {'identifier':'Eve@acme.example'} | clerk_blocklist_delete | identifier_id | eve@acme.example | DELETE /blocklist_identifiers/ID",
        "POST /domains | {'name':'shop.example','is_satellite':true} | clerk_domain_delete | domain_id | shop.example | DELETE /domains/ID",
        "POST /domains | {'name':'shop.example','is_satellite':true} | clerk_domain_get | domain_id | shop.example | GET /domains",
        "POST /invitations | {'email_address':'eve@example.com'} | clerk_invitation_revoke | invitation_id | Eve@example.com | POST /invitations/ID/revoke",
        "POST /jwt_templates | {'name':'hasura','claims':{}} | clerk_jwt_template_delete | template_id | hasura | DELETE /jwt_templates/ID",
        "POST /machines | {'name':'Billing worker'} | clerk_machine_delete | machine_id | Billing worker | DELETE /machines/ID",
        "POST /machines | {'name':'Billing worker'} | clerk_m2m_tokens_list | subject | Billing worker | GET /m2m_tokens?subject=ID",
        "POST /oauth_applications | {'name':'Zapier','redirect_uris':['https://z.example/cb']} | clerk_oauth_application_delete | oauth_application_id | Zapier | DELETE /oauth_applications/ID",
        "POST /organization_permissions | {'name':'Read reports','key':'org:reports:read'} | clerk_org_permission_delete | permission_id | reports:read | DELETE /organization_permissions/ID",
        "POST /organization_roles | {'name':'Editor','key':'org:editor'} | clerk_org_role_delete | organization_role_id | editor | DELETE /organization_roles/ID",
        "POST /redirect_urls | {'url':'https://app.example/in'} | clerk_redirect_url_delete | id | https://app.example/in | DELETE /redirect_urls/ID",
        "POST /enterprise_connections | {'name':'Acme Okta','provider':'saml_okta','domains':['acme.example']} | clerk_enterprise_connection_delete | enterprise_connection_id | acme.example | DELETE /enterprise_connections/ID",
        "POST /enterprise_connections | {'name':'Acme Okta','provider':'saml_okta','domains':['acme.example']} | clerk_enterprise_connection_delete | enterprise_connection_id | Acme Okta | DELETE /enterprise_connections/ID",
        "POST /saml_connections | {'name':'Acme SAML','provider':'saml_custom','domain':'acme.example'} | clerk_saml_connection_delete | saml_connection_id | Acme SAML | DELETE /saml_connections/ID",
        "POST /saml_connections | {'name':'Acme SAML','provider':'saml_custom','domain':'acme.example'} | clerk_saml_connection_delete | saml_connection_id | acme.example | DELETE /saml_connections/ID",
        "POST /directories | {'name':'Acme people','provider':'okta','enterprise_connection_id':'CONNECTION'} | clerk_directory_delete | directory_id | Acme people | DELETE /directories/ID",
        "POST /scim_directories | {'name':'Acme people','provider':'okta','enterprise_connection_id':'CONNECTION'} | clerk_scim_directory_delete | scim_directory_id | Acme people | DELETE /scim_directories/ID",
        "POST /waitlist_entries | {'email_address':'eve@example.com'} | clerk_waitlist_entry_delete | waitlist_entry_id | eve@example.com | DELETE /waitlist_entries/ID",
      })
  void nameIsTaken(
      String route, String body, String tool, String argument, String name, String request) {
    String id =
        ok(route, body.contains("CONNECTION") ? body.replace("CONNECTION", connect()) : body);
    String dryRun = request.startsWith("GET") ? "" : ",'dry_run':true";
    call(tool, "{'%s':'%s'%s}".formatted(argument, id, dryRun));
    List<String> withoutLookup = List.copyOf(clerk.requests());
    call(tool, "{'%s':'%s'%s}".formatted(argument, name, dryRun));
    List<String> lookups = new ArrayList<>(clerk.requests());
    lookups.subList(lookups.size() - withoutLookup.size(), lookups.size()).clear();
    assertThat(lookups).hasSizeBetween(1, 2).allMatch(sent -> sent.startsWith("GET /"));

    ToolResult result = call(tool, "{'%s':'%s'}".formatted(argument, name));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes())
        .anyMatch(note -> note.startsWith(argument + ": ") && note.contains(" is " + id));
    assertThat(clerk.requests()).anyMatch(sent -> sent.startsWith(request.replace("ID", id)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "invitations | {'email_address':'eve@example.com','role':'org:member'} | clerk_org_invitation_revoke | invitation_id | eve@example.com | POST /organizations/ORG/invitations/ID/revoke",
        "domains     | {'name':'acme.example','enrollment_mode':'manual_invitation','verified':true} | clerk_org_domain_delete | domain_id | acme.example | DELETE /organizations/ORG/domains/ID"
      })
  void nameIsLookedUpInTheOrganization(
      String list, String body, String tool, String argument, String name, String request) {
    String id = ok("POST /organizations/%s/%s".formatted(organization, list), body);
    // the reference comes before the slug that it is looked up in
    ToolResult result =
        call(tool, "{'%s':'%s','organization_id':'acme'}".formatted(argument, name));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(clerk.requests())
        .anyMatch(sent -> sent.startsWith(request.replace("ORG", organization).replace("ID", id)));
  }

  /** Plans and templates are in every instance, and cannot be created. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_billing_prices_list | {'plan_id':'Pro'} | GET /billing/prices?paginated=true&plan_id=cplan_",
        "clerk_billing_prices_list | {'plan_id':'pro_user'} | GET /billing/prices?paginated=true&plan_id=cplan_",
        "clerk_message_template_get | {'template_type':'email','slug':'Sign-in link'} | GET /templates/email/magic_link_sign_in",
      })
  void nameOfWhatEveryInstanceHasIsTaken(String tool, String arguments, String request) {
    ToolResult result = call(tool, arguments);
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(clerk.requests()).last().asString().startsWith(request);
    assertThat(result.notes())
        .anyMatch(note -> note.contains(" is " + request.replaceAll(".*[/=]", "")));
  }

  @Test
  void keyOfRoleSetIsTaken() {
    ToolResult result =
        call("clerk_role_set_get", "{'role_set_key_or_id':'Default','fields':['key']}");
    assertThat(result.json()).contains("\"key\":\"role_set:default\"");
    assertThat(result.notes()).contains("role_set_key_or_id: Default is role_set:default.");
  }

  @Test
  void listsTakeNames() {
    String gateway = ok("POST /machines", "{'name':'gateway'}");
    String billing = ok("POST /machines", "{'name':'billing'}");
    ToolResult result =
        call(
            "clerk_machine_create",
            "{'name':'new','scoped_machines':['gateway','%s']}".formatted(billing));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(clerk.requests())
        .anyMatch(sent -> sent.contains("[\"%s\",\"%s\"]".formatted(gateway, billing)));
    call(
        "clerk_org_role_create",
        "{'name':'Editor','key':'org:editor','permissions':['org:sys_domains:read']}");
    assertThat(clerk.requests())
        .anyMatch(
            sent ->
                sent.startsWith("POST /organization_roles")
                    && sent.contains("\"permissions\":[\"perm_"));
  }

  /** Two URLs or names may differ in case alone, so a change does not take one for another. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /redirect_urls | {'url':'https://app.example/Callback'} | clerk_redirect_url_delete | id | https://app.example/callback",
        "POST /machines | {'name':'Worker'} | clerk_machine_delete | machine_id | worker",
      })
  void nameInAnotherCaseIsOffered(
      String route, String body, String tool, String argument, String name) {
    String id = ok(route, body);
    String state = state();
    ToolResult result = call(tool, "{'%s':'%s'}".formatted(argument, name));
    assertThat(result.json()).contains("reference_not_found", id);
    assertThat(state()).isEqualTo(state);
  }

  /** Names are not unique, and nothing may be changed that was not meant. */
  @Test
  void sameNameIsRefusedWithWhatDiffers() {
    String first =
        ok("POST /oauth_applications", "{'name':'Zapier','redirect_uris':['https://a.example/1']}");
    ok("POST /oauth_applications", "{'name':'Zapier','redirect_uris':['https://a.example/2']}");
    String state = state();
    ToolResult result = call("clerk_oauth_application_delete", "{'oauth_application_id':'Zapier'}");
    assertThat(result.json()).contains("reference_ambiguous", first, "client_id", "created_at");
    assertThat(ToolCaller.json(result).path("candidates")).hasSize(2);
    assertThat(clerk.changes()).isEmpty();
    assertThat(state()).isEqualTo(state);
  }

  @Test
  void clientIdIsTaken() {
    JsonNode app =
        clerk
            .sandbox()
            .ok(
                "POST /oauth_applications",
                "{'name':'Zapier','redirect_uris':['https://a.example/1']}");
    ToolResult result =
        call(
            "clerk_oauth_application_delete",
            "{'oauth_application_id':'%s'}".formatted(app.path("client_id").asText()));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes()).anyMatch(note -> note.contains("(\"Zapier\")"));
  }

  /** A part of a name is taken by reading calls alone, and only if one object has it. */
  @Test
  void partOfNameIsTakenByReadsOnly() {
    String billing = ok("POST /machines", "{'name':'billing worker'}");
    assertThat(call("clerk_machine_delete", "{'machine_id':'billing'}").json())
        .contains("reference_not_found", "Nothing was changed", billing);
    assertThat(clerk.changes()).isEmpty();
    ToolResult read = call("clerk_machine_get", "{'machine_id':'billing'}");
    assertThat(ToolCaller.json(read).path("id").asText()).isEqualTo(billing);
    assertThat(read.notes())
        .contains("machine_id: billing is " + billing + " (\"billing worker\").");

    ok("POST /machines", "{'name':'billing reader'}");
    assertThat(call("clerk_machine_get", "{'machine_id':'billing'}").json())
        .contains("reference_not_found", billing, "billing reader");
    assertThat(call("clerk_machine_get", "{'machine_id':'biling worker'}").json())
        .contains("reference_not_found", billing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clerk_machine_get", "clerk_machine_delete"})
  void unknownNameTellsTheListTool(String tool) {
    assertThat(call(tool, "{'machine_id':'nothing like it'}").json())
        .contains("no machine is known as", "clerk_machines_list lists them")
        .doesNotContain("candidates");
    assertThat(call(tool, "{'machine_id':'user_2abcDEFghiJKLmnoPQRstuVWXyz'}").json())
        .contains("reference_of_other_kind", "is the ID of a user; expected: machine");
  }

  @Test
  void longTextSendsNothing() {
    assertThat(call("clerk_machine_delete", "{'machine_id':'" + "x".repeat(1_001) + "'}").json())
        .contains("reference_not_found");
    assertThat(clerk.requests()).isEmpty();
  }

  /** IDs whose prefix is not known are passed on, since Clerk may use new ones. */
  @Test
  void unknownPrefixIsPassedOn() {
    call(
        "clerk_enterprise_connection_get",
        "{'enterprise_connection_id':'conn_2abcDEFghiJKLmnoPQRstuVWXyz'}");
    assertThat(clerk.requests())
        .containsExactly("GET /enterprise_connections/conn_2abcDEFghiJKLmnoPQRstuVWXyz");
  }

  // Organizations

  /** The whole name of one organization alone means it, in changes too. */
  @Test
  void wholeNameOfOrganizationIsTaken() {
    String id = ok("POST /organizations", "{'name':'Blue Harbor Clinic','slug':'blue-harbor'}");
    ToolResult result =
        call(
            "clerk_organization_update",
            "{'organization_id':'Blue Harbor Clinic','max_allowed_memberships':9}");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes()).contains("organization_id: \"Blue Harbor Clinic\" is " + id + ".");
    assertThat(clerk.changes())
        .hasSize(1)
        .allMatch(sent -> sent.startsWith("PATCH /organizations/" + id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"blue harbor clinic", "blue-harbor-clinic", "Harbor"})
  void readTakesTheOnlyOrganizationWithSuchName(String name) {
    String id = ok("POST /organizations", "{'name':'Blue Harbor Clinic','slug':'blue-harbor'}");
    ToolResult read =
        call("clerk_org_memberships_list", "{'organization_id':'%s'}".formatted(name));
    assertThat(read.isError()).as(read.json()).isFalse();
    assertThat(clerk.requests())
        .anyMatch(sent -> sent.startsWith("GET /organizations/" + id + "/memberships"));
    assertThat(read.notes())
        .anyMatch(note -> note.contains(id) && note.contains("Blue Harbor Clinic"));

    ToolResult change =
        call("clerk_organization_delete", "{'organization_id':'%s'}".formatted(name));
    assertThat(change.json()).contains("reference_not_found", "Nothing was changed", id);
    assertThat(clerk.changes()).isEmpty();
  }

  /** Anybody who may create organizations can give one the name or slug of another. */
  @ParameterizedTest
  @ValueSource(strings = {"{'name':'Acme','slug':'acme-2'}", "{'name':'acme','slug':'other'}"})
  void organizationIsNotTakenForAnother(String other) {
    String second = ok("POST /organizations", other);
    String text = other.contains("'Acme'") ? "Acme" : "acme";
    ToolResult change =
        call("clerk_organization_delete", "{'organization_id':'%s'}".formatted(text));
    assertThat(change.json()).contains("reference_ambiguous", organization, second, "slug");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void organizationsOfManyPagesAreAllCompared() {
    for (int i = 0; i < 501; i++) {
      ok("POST /organizations", "{'name':'Club %s','slug':'club-%s'}".formatted(i, i));
    }
    String last = ok("POST /organizations", "{'name':'Club','slug':'the-club'}");
    ok("POST /organizations", "{'name':'Club 502','slug':'club-502'}");
    ToolResult result =
        call("clerk_organization_delete", "{'organization_id':'Club','dry_run':true}");
    assertThat(result.json()).contains("/organizations/" + last);
    assertThat(clerk.requests().stream().filter(sent -> sent.contains("query=Club"))).hasSize(2);
  }

  // Invitations

  /** The address alone tells the organization, if it is invited to only one. */
  @Test
  void organizationIsFoundByTheInvitation() {
    String invitation = inviteTo(organization);
    clerk
        .sandbox()
        .ok("POST /organizations/%s/invitations/%s/revoke".formatted(organization, invitation));
    String other = ok("POST /organizations", "{'name':'Other','slug':'other'}");
    String pending = inviteTo(other);
    ToolResult result = call("clerk_org_invitation_revoke", "{'invitation_id':'" + EVE + "'}");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes()).contains("organization_id: " + other + " has the invitation.");
    assertThat(clerk.changes())
        .hasSize(1)
        .allMatch(
            sent ->
                sent.startsWith(
                    "POST /organizations/%s/invitations/%s/revoke".formatted(other, pending)));
    ToolResult byId = call("clerk_org_invitation_get", "{'invitation_id':'" + invitation + "'}");
    assertThat(byId.json()).contains("organization_id", "is required with the ID of an invitation");
    assertThat(clerk.requests()).isEmpty();
  }

  /** Clerk's search finds parts of addresses, which must hide none of the whole one. */
  @Test
  void invitationsWithSimilarAddressesHideNone() {
    String other = ok("POST /organizations", "{'name':'Other','slug':'other'}");
    inviteTo(other);
    inviteTo(organization);
    ok(
        "POST /organizations/" + organization + "/invitations",
        "{'email_address':'steve@example.com','role':'org:member'}");
    ToolResult result = call("clerk_org_invitation_revoke", "{'invitation_id':'" + EVE + "'}");
    assertThat(result.json()).contains("reference_ambiguous", organization, other);
    assertThat(clerk.changes()).isEmpty();
    clerk.sandbox().ok("DELETE /organizations/" + other);
    ToolResult only = call("clerk_org_invitation_revoke", "{'invitation_id':'" + EVE + "'}");
    assertThat(only.isError()).as(only.json()).isFalse();
    assertThat(ToolCaller.json(only).path("email_address").asText()).isEqualTo(EVE);
  }

  @Test
  void invitationToSeveralOrganizationsIsRefused() {
    inviteTo(organization);
    String other = ok("POST /organizations", "{'name':'Other','slug':'other'}");
    inviteTo(other);
    ToolResult result = call("clerk_org_invitation_revoke", "{'invitation_id':'" + EVE + "'}");
    assertThat(result.json()).contains("reference_ambiguous", organization, other);
    assertThat(clerk.changes()).isEmpty();
    ToolResult nobody =
        call("clerk_org_invitation_revoke", "{'invitation_id':'nobody@example.com'}");
    assertThat(nobody.json()).contains("no organization invitation is known as nobody@example.com");
  }

  private String inviteTo(String id) {
    return ok(
        "POST /organizations/" + id + "/invitations",
        "{'email_address':'" + EVE + "','role':'org:member'}");
  }

  @Test
  void pendingInvitationComesFirst() {
    String revoked = invite();
    clerk.sandbox().ok("POST /invitations/" + revoked + "/revoke");
    ToolResult again = call("clerk_invitation_revoke", "{'invitation_id':'" + EVE + "'}");
    assertThat(again.json()).contains("invitation_already_revoked");
    assertThat(again.notes()).contains("invitation_id: " + EVE + " is " + revoked + " (revoked).");

    String pending = invite();
    ToolResult result = call("clerk_invitation_revoke", "{'invitation_id':'" + EVE + "'}");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes()).contains("invitation_id: " + EVE + " is " + pending + " (pending).");
  }

  @Test
  void severalPendingInvitationsAreRefused() {
    String first = invite();
    String second = invite();
    ToolResult result = call("clerk_invitation_revoke", "{'invitation_id':'" + EVE + "'}");
    assertThat(result.json())
        .contains("reference_ambiguous", first, second, "\"status\":\"pending\"");
    assertThat(clerk.changes()).isEmpty();
  }

  /** Each copy of an address has to be erased, so none of several is chosen. */
  @Test
  void invitationToEraseIsTheOnlyOne() {
    String revoked = invite();
    clerk.sandbox().ok("POST /invitations/" + revoked + "/revoke");
    String pending = invite();
    ToolResult several = call("clerk_invitation_delete", "{'invitation_id':'" + EVE + "'}");
    assertThat(several.json()).contains("reference_ambiguous", revoked, pending);
    assertThat(clerk.changes()).isEmpty();

    call("clerk_invitation_delete", "{'invitation_id':'" + pending + "'}");
    ToolResult last = call("clerk_invitation_delete", "{'invitation_id':'" + EVE + "'}");
    assertThat(last.json()).contains("\"deleted\":true").contains(revoked);
    assertThat(last.notes().toString()).contains("Clerk keeps nothing of an erased invitation");
    assertThat(state()).doesNotContain(EVE);
  }

  // Masking and policy

  /** With candidates for a part of an address, it could be guessed letter by letter. */
  @Test
  void maskedAddressesAreNotSuggested() {
    String id = invite();
    tools = clerk.tools(folder, Map.of("CLERK_MCP_PII", "mask"));
    ToolResult part = call("clerk_invitation_revoke", "{'invitation_id':'eve@exam'}");
    assertThat(part.json()).contains("reference_not_found").doesNotContain(id, "candidates");
    invite();
    ToolResult twice = call("clerk_invitation_revoke", "{'invitation_id':'" + EVE + "'}");
    assertThat(twice.json()).contains("reference_ambiguous", id);
    assertThat(twice.json() + twice.notes()).doesNotContain(EVE);
  }

  @Test
  void policyHidesAllButTheId() throws Exception {
    String id = invite();
    tools =
        clerk.tools(
            folder,
            ToolCaller.policy(
                folder, "{'decision':'deny','effects':['read'],'email_domains':['example.com']}"));
    invite();
    ToolResult twice = call("clerk_invitation_revoke", "{'invitation_id':'" + EVE + "'}");
    assertThat(twice.json()).contains("reference_ambiguous", id).doesNotContain("pending");
    ToolResult part = call("clerk_invitation_revoke", "{'invitation_id':'eve@exam'}");
    assertThat(part.json()).contains("reference_not_found").doesNotContain(id);
  }

  /** Another object may have the name on a page that Clerk does not return. */
  @Test
  void listThatEndsEarlyIsNoProof() {
    String page = "{\"data\":[{\"id\":\"mch_1\",\"name\":\"billing\"}],\"total_count\":900}";
    clerk.answer("GET /machines?", new Answer(200, page));
    assertThat(call("clerk_machine_delete", "{'machine_id':'billing'}").json())
        .contains("reference_unclear", "does not return the whole list");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void refusedLookupIsPassedOn() {
    clerk.refuse("GET /machines?", 403, "feature_not_enabled");
    assertThat(call("clerk_machine_delete", "{'machine_id':'billing'}").json())
        .contains("\"status\":403", "feature_not_enabled");
    assertThat(clerk.requests()).containsExactly("GET /machines?limit=500&offset=0");
  }

  /** Of a few objects all are named, since their names may have nothing in common with the text. */
  @Test
  void refusalNamesTheFewThatExist() {
    String template = ok("POST /jwt_templates", "{'name':'hasura','claims':{}}");
    assertThat(call("clerk_jwt_template_update", "{'template_id':'zzz','lifetime':90}").json())
        .contains("reference_not_found", template, "hasura");
    for (int i = 0; i < 5; i++) {
      ok("POST /jwt_templates", "{'name':'other%s','claims':{}}".formatted(i));
    }
    assertThat(call("clerk_jwt_template_update", "{'template_id':'zzz','lifetime':90}").json())
        .contains("reference_not_found", "clerk_jwt_templates_list lists them")
        .doesNotContain("hasura");
  }

  private String connect() {
    return ok(
        "POST /enterprise_connections",
        "{'name':'Acme Okta','provider':'saml_okta','domains':['acme.example']}");
  }

  private String invite() {
    return ok("POST /invitations", "{'email_address':'" + EVE + "','ignore_existing':true}");
  }

  private String ok(String route, String body) {
    return clerk.sandbox().ok(route, body).path("id").asText();
  }

  private String state() {
    return clerk.sandbox().store().toJson().toString();
  }

  private ToolResult call(String tool, String arguments) {
    clerk.forget();
    return clerk.call(tools, tool, arguments);
  }
}
