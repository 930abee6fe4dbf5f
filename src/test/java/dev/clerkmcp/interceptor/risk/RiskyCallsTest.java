package dev.clerkmcp.interceptor.risk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests which calls on a live key need a person's yes, with all interceptors and as a client sees
 * it: the arguments of a call decide, not its name.
 */
final class RiskyCallsTest {
  static final List<Arguments> RISKY =
      List.of(
          // Takes over an account.
          risky(
              "clerk_user_update",
              "'user_id':'ADA','password':'Sup3rS3cretPassw0rd!','totp_secret':'JBSWY3DPEHPK3PXP',"
                  + "'backup_codes':['12345678'],'skip_password_checks':true,"
                  + "'sign_out_of_other_sessions':true,'bypass_client_trust':true",
              "credential",
              "sign_out"),
          risky("clerk_user_update", "'user_id':'ADA','password':'Sup3rS3cret!'", "credential"),
          risky("clerk_user_update", "'user_id':'ADA','backup_codes':['12345678']", "credential"),
          risky(
              "clerk_user_update",
              "'user_id':'ADA','totp_secret':'JBSWY3DPEHPK3PXP'",
              "credential"),
          risky("clerk_user_update", "'user_id':'ADA','skip_password_checks':true", "credential"),
          risky("clerk_user_update", "'user_id':'ADA','bypass_client_trust':true", "credential"),
          risky(
              "clerk_user_update",
              "'user_id':'ADA','password':'Sup3rS3cretPassw0rd!','sign_out_of_other_sessions':true",
              "credential",
              "sign_out"),
          risky("clerk_user_update", "'user_id':'ADA','username':'root'", "identity"),
          risky(
              "clerk_email_address_create",
              "'user_id':'ADA','email_address':'ceo@bigclient.example','verified':true",
              "identity"),
          // Takes away what another tool takes away under a name that says so.
          risky(
              "clerk_phone_number_update",
              "'phone_number_id':'PHONE','reserved_for_second_factor':false",
              "identity"),
          risky(
              "clerk_email_address_update",
              "'email_address_id':'EMAIL','verified':false",
              "identity"),
          risky(
              "clerk_api_key_update",
              "'api_key_id':'KEY','seconds_until_expiration':1,'scopes':[]",
              "credential"),
          // Grants something.
          risky(
              "clerk_org_membership_create",
              "'organization_id':'ORG','user_id':'EVE','role':'org:admin'",
              "privilege"),
          risky(
              "clerk_org_membership_update",
              "'organization_id':'ORG','user_id':'ADMIN','role':'org:member'",
              "privilege"),
          risky(
              "clerk_org_invitation_create",
              "'organization_id':'ORG','email_address':'x@evil.example','role':'org:admin'",
              "privilege"),
          risky(
              "clerk_org_invitation_create_bulk",
              "'organization_id':'ORG','invitations':["
                  + "{'email_address':'x@evil.example','role':'org:member'},"
                  + "{'email_address':'y@evil.example','role':'org:admin'}]",
              "privilege"),
          risky(
              "clerk_user_metadata_update",
              "'user_id':'EVE','public_metadata':{'role':'superadmin'}",
              "privilege"),
          risky(
              "clerk_user_update",
              "'user_id':'EVE','private_metadata':{'app':[{'Is_Admin':true}]}",
              "privilege"),
          risky(
              "clerk_metadata_set",
              "'user_id':'EVE','unsafe_metadata':{'a':{'PERMISSIONS':['*']}}",
              "privilege"),
          risky(
              "clerk_org_membership_metadata_update",
              "'organization_id':'ORG','user_id':'ADMIN','public_metadata':{'roles':['owner']}",
              "privilege"),
          // Takes a right away with what is around it.
          risky(
              "clerk_user_metadata_update",
              "'user_id':'ADMIN','public_metadata':{'access':null}",
              "privilege"),
          risky(
              "clerk_metadata_set",
              "'user_id':'ADMIN','remove':['public_metadata.access']",
              "privilege"),
          risky("clerk_user_update", "'user_id':'EVE','delete_self_enabled':true", "privilege"),
          risky(
              "clerk_user_create",
              "'email_address':['x@evil.example'],'skip_password_requirement':true,"
                  + "'external_id':'crm-1'",
              "identity"),
          risky("clerk_user_unban_bulk", "'user_ids':['ADA','EVE']", "privilege"),
          risky(
              "clerk_org_role_permission_add",
              "'organization_role_id':'MEMBER_ROLE','permission_id':'PERMISSION'",
              "privilege"),
          risky(
              "clerk_organization_update",
              "'organization_id':'ORG','role_set_key':'role_set:strict'",
              "privilege"),
          risky(
              "clerk_enterprise_connection_create",
              "'name':'Sign in','provider':'saml_custom','domains':['bigclient.example'],'saml':"
                  + "{'idp_entity_id':'https://idp.evil.example','idp_sso_url':'https://idp.evil.example/sso'}",
              "federation"),
          risky(
              "clerk_domain_create",
              "'name':'evil.example','is_satellite':true,'proxy_url':'https://evil.example/__clerk'",
              "federation"),
          risky("clerk_redirect_url_create", "'url':'https://evil.example/cb'", "federation"),
          risky(
              "clerk_oauth_application_update",
              "'oauth_application_id':'APP','redirect_uris':['https://evil.example/cb']",
              "federation"),
          risky(
              "clerk_oauth_application_update",
              "'oauth_application_id':'APP','pkce_required':false",
              "federation"),
          risky(
              "clerk_oauth_application_update",
              "'oauth_application_id':'APP','consent_screen_enabled':false",
              "federation"),
          risky(
              "clerk_jwt_template_create",
              "'name':'hasura','claims':{'role':'admin'}",
              "federation"),
          risky("clerk_sign_in_token_create", "'user_id':'ADA'", "credential"),
          risky("clerk_actor_token_create", "'user_id':'ADA','actor':{'sub':'EVE'}", "credential"),
          risky(
              "clerk_agent_task_create",
              "'on_behalf_of':{'user_id':'ADA'},'permissions':'*','agent_name':'a',"
                  + "'task_description':'b','redirect_url':'https://evil.example/cb'",
              "credential"),
          risky("clerk_api_key_create", "'name':'Builds','subject':'ADA'", "credential"),
          risky("clerk_session_create", "'user_id':'ADA'", "credential"),
          risky(
              "clerk_invitations_send_bulk",
              "'redirect_url':'https://evil.example/cb','emails':[%s]".formatted(addresses(60)),
              "federation",
              "mass"),
          risky("clerk_blocklist_create", "'identifier':'*@gmail.com'", "federation"),
          risky("clerk_allowlist_create", "'identifier':'*@evil.example'", "federation"));

  private final SandboxCalls sandbox = SandboxCalls.withDefaults(1);
  private final SandboxClerk clerk = new SandboxClerk(sandbox);
  private final Map<String, String> ids = new LinkedHashMap<>();
  @TempDir private Path folder;

  @BeforeEach
  void createObjects() {
    ids.put(
        "ADA",
        created(
            "POST /users",
            "'email_address':['ada@example.com'],'password':'Cor-rect-Hor-se-99',"
                + "'totp_secret':'GEZDGNBVGY3TQOJQ','backup_codes':['87654321']"));
    ids.put("ADMIN", sandbox.createUser("boss@example.com"));
    sandbox.ok(
        named("PATCH /users/ADMIN/metadata"), "{'public_metadata':{'access':{'role':'admin'}}}");
    ids.put("EVE", sandbox.createUser("eve@evil.example"));
    ids.put("ORG", created("POST /organizations", "'name':'Acme','created_by':'ADMIN'"));
    created("POST /organizations/ORG/memberships", "'user_id':'ADA','role':'org:admin'");
    ids.put(
        "PHONE",
        created(
            "POST /phone_numbers",
            "'user_id':'ADA','phone_number':'+12015550123','verified':true,"
                + "'reserved_for_second_factor':true"));
    ids.put(
        "EMAIL",
        created(
            "POST /email_addresses",
            "'user_id':'ADA','email_address':'ada@home.example','verified':true"));
    ids.put("KEY", created("POST /api_keys", "'name':'Reports','subject':'ADA','scopes':['read']"));
    ids.put(
        "APP",
        created(
            "POST /oauth_applications",
            "'name':'Portal','redirect_uris':['https://acme.example/cb'],'pkce_required':true"));
    ids.put(
        "PERMISSION",
        created("POST /organization_permissions", "'name':'Pay','key':'org:billing:pay'"));
    ids.put(
        "MEMBER_ROLE",
        sandbox.ok("GET /organization_roles?query=org:member").at("/data/0/id").asText());
    created(
        "POST /role_sets",
        "'name':'Strict','key':'role_set:strict','default_role_key':'org:member',"
            + "'creator_role_key':'org:admin','roles':['org:admin','org:member']");
  }

  @ParameterizedTest
  @FieldSource("RISKY")
  void liveKeyAsksAndWithoutYesNothingChanges(String tool, String arguments, List<String> risks) {
    for (String when : new String[] {"auto", "always"}) {
      TestCaller caller = TestCaller.answering(() -> Caller.Answer.DECLINED);
      ToolResult result =
          call(
              tools("sk_live_notarealkey", Map.of("CLERK_MCP_CONFIRM", when)),
              tool,
              arguments,
              caller);
      assertThat(caller.questions()).as(result.json()).hasSize(1);
      JsonNode refusal = ToolCaller.json(result);
      assertThat(refusal.at("/error/code").asText()).isEqualTo("not_confirmed");
      assertThat(words(refusal.at("/plan/risks"))).isEqualTo(risks);
      assertThat(clerk.changes()).isEmpty();
    }
  }

  @ParameterizedTest
  @FieldSource("RISKY")
  void testKeyAsksNothing(String tool, String arguments, List<String> risks) {
    TestCaller caller = TestCaller.answering(() -> Caller.Answer.DECLINED);
    ToolResult result = call(tools("sk_test_notarealkey", Map.of()), tool, arguments, caller);
    assertThat(caller.questions()).isEmpty();
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(clerk.changes()).as("changes with the risks %s", risks).isNotEmpty();
  }

  /** Nobody may do more or less afterwards. */
  @Test
  void roleThatStaysIsNotAskedAbout() {
    TestCaller caller = TestCaller.answering(() -> Caller.Answer.DECLINED);
    ToolResult result =
        call(
            tools("sk_live_notarealkey", Map.of()),
            "clerk_org_membership_update",
            "'organization_id':'ORG','user_id':'ADMIN','role':'admin'",
            caller);
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(caller.questions()).isEmpty();
  }

  /** The tools that remove them say so by name and effect. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'clear':['password']",
        "'clear':['totp_secret']",
        "'backup_codes':[]",
        "'password':null"
      })
  void updateRemovesNoCredential(String argument) {
    for (String key : new String[] {"sk_live_notarealkey", "sk_test_notarealkey"}) {
      ToolResult result =
          call(
              tools(key, Map.of()),
              "clerk_user_update",
              "'user_id':'ADA'," + argument,
              TestCaller.agreeing());
      assertThat(result.json()).contains("invalid_arguments");
      assertThat(clerk.changes()).isEmpty();
    }
  }

  @Test
  void memberWhoseRoleCannotBeReadIsNotDemotedUnasked() {
    clerk.refuse("GET /organizations/" + ids.get("ORG") + "/memberships", 403, "forbidden");
    ToolResult result =
        call(
            tools("sk_live_notarealkey", Map.of()),
            "clerk_org_membership_update",
            "'organization_id':'ORG','user_id':'ADMIN','role':'org:member'",
            TestCaller.agreeing());
    assertThat(result.isError()).as(result.json()).isTrue();
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void metadataThatCannotBeReadIsNotReplacedUnasked() {
    clerk.refuse(named("GET /users/ADMIN"), 403, "forbidden");
    TestCaller caller = TestCaller.answering(() -> Caller.Answer.DECLINED);
    ToolResult result =
        call(
            tools("sk_live_notarealkey", Map.of()),
            "clerk_user_metadata_update",
            "'user_id':'ADMIN','public_metadata':{'plan':'pro'}",
            caller);
    assertThat(result.isError()).as(result.json()).isTrue();
    assertThat(clerk.changes()).isEmpty();
  }

  /** Nobody is asked about an ordinary change, for which the user is read before it is made. */
  @Test
  void ordinaryMetadataNeedsFewReads() {
    TestCaller caller = TestCaller.answering(() -> Caller.Answer.DECLINED);
    call(
        tools("sk_live_notarealkey", Map.of()),
        "clerk_user_metadata_update",
        "'user_id':'ADMIN','public_metadata':{'plan':'pro'}",
        caller);
    assertThat(caller.questions()).isEmpty();
    assertThat(clerk.changes()).hasSize(1);
    assertThat(clerk.requests()).hasSize(3);
  }

  private static Arguments risky(String tool, String arguments, String... risks) {
    return Arguments.of(tool, arguments, List.of(risks));
  }

  private static String addresses(int count) {
    return String.join(
        ",", IntStream.range(0, count).mapToObj("'p%s@example.com'"::formatted).toList());
  }

  private static List<String> words(JsonNode list) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }

  private String created(String route, String fields) {
    return sandbox.ok(named(route), "{" + named(fields) + "}").path("id").asText();
  }

  private String named(String text) {
    String named = text;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      named = named.replaceAll("\\b%s\\b".formatted(id.getKey()), id.getValue());
    }
    return named;
  }

  private ToolResult call(ToolRegistry tools, String tool, String arguments, Caller caller) {
    clerk.forget();
    return ToolCaller.call(tools, tool, "{" + named(arguments) + "}", caller);
  }

  private ToolRegistry tools(String key, Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put("CLERK_SECRET_KEY", key);
    all.put("CLERK_MCP_ALLOW_IRREVERSIBLE", "true");
    return clerk.tools(folder, all);
  }
}
