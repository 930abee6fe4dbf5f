package dev.clerkmcp.interceptor.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.DeclaredOperations;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the limits of an hour through all interceptors, as a client sees them. */
final class LimitInterceptorTest {
  private static final String UNASKED = "never";

  private final SandboxCalls sandbox = SandboxCalls.withDefaults(1);
  private final SandboxClerk clerk = new SandboxClerk(sandbox);
  private final String ada = sandbox.createUser("ada@example.com");
  private final String bob = sandbox.createUser("bob@example.com");
  private final String org =
      sandbox
          .ok("POST /organizations", "{'name':'Globex','created_by':'%s'}".formatted(ada))
          .path("id")
          .asText();
  private final String application =
      sandbox
          .ok(
              "POST /oauth_applications",
              "{'name':'Portal','redirect_uris':['https://acme.example/cb']}")
          .path("id")
          .asText();
  private Instant now = Instant.parse("2026-06-01T09:00:00Z");
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "emails=1  | clerk_invitation_create_bulk | {'invitations':[{'email_address':'a@x.example'},{'email_address':'b@x.example'}]} | send 2 emails",
        "emails=0  | clerk_user_passkey_delete    | {'user_id':'ADA','passkey_identification_id':'idn_1'} | send 1 email or",
        "emails=0  | clerk_invitation_create      | {'email_address':'a@x.example'} | send 1 email or",
        "changed=1 | clerk_user_ban_bulk          | {'user_ids':['ADA','BOB']} | change 2 users",
        "removed=1 | clerk_user_ban_bulk          | {'user_ids':['ADA','BOB']} | remove 2 users",
        "removed=0 | clerk_user_ban               | {'user_id':'ADA'} | remove 1 user or",
        "granted=0 | clerk_org_membership_create  | {'organization_id':'ORG','user_id':'BOB','role':'org:admin'} | grant 1 credential, right or way in.",
        "granted=0 | clerk_sign_in_token_create   | {'user_id':'ADA'} | grant 1 credential, right or way in.",
        "granted=0 | clerk_org_role_update        | {'organization_role_id':'role_1','permissions':['perm_1']} | grant 1",
        "granted=0 | clerk_role_set_update        | {'role_set_key_or_id':'role_set:default','default_role_key':'org:admin'} | grant 1",
        "granted=0 | clerk_role_set_role_replace  | {'role_set_key_or_id':'role_set:default','role_key':'org:member','to_role_key':'org:admin'} | grant 1",
        "granted=0 | clerk_email_address_create   | {'user_id':'ADA','email_address':'x@evil.example','verified':true,'primary':true} | grant 1",
        "granted=0 | clerk_user_change_email      | {'user_id':'ADA','email_address':'x@evil.example','verified':true} | grant 1",
        "granted=0 | clerk_oauth_application_update | {'oauth_application_id':'APP','redirect_uris':['https://evil.example/cb']} | grant 1",
        "granted=0 | clerk_oauth_application_secret_rotate | {'oauth_application_id':'APP'} | grant 1",
        "granted=0 | clerk_machine_secret_rotate  | {'machine_id':'mch_1','previous_token_ttl':0} | grant 1",
        "granted=0 | clerk_user_metadata_replace  | {'user_id':'ADA','public_metadata':{'role':'admin'}} | grant 1",
      })
  void callBeyondTheLimitIsRefused(String limits, String tool, String arguments, String what)
      throws Exception {
    Path log = folder.resolve("audit.jsonl");
    ToolRegistry tools =
        tools(
            Map.of(
                "CLERK_MCP_LIMITS", limits,
                "CLERK_MCP_CONFIRM", UNASKED,
                "CLERK_MCP_AUDIT_LOG", log.toString()));
    ToolResult result = call(tools, tool, arguments);
    assertThat(result.json()).contains("limit_reached", what, "CLERK_MCP_LIMITS");
    assertThat(clerk.changes()).isEmpty();
    assertThat(Files.readString(log)).contains("\"refused\"", "limit_reached");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "emails=0    | clerk_invitation_create     | {'email_address':'a@x.example','notify':false}",
        "granted=0   | clerk_org_membership_create | {'organization_id':'ORG','user_id':'BOB','role':'org:member'}",
        "granted=0   | clerk_user_ban              | {'user_id':'ADA'}",
        "granted=0   | clerk_user_mfa_disable      | {'user_id':'ADA'}",
        "granted=0   | clerk_blocklist_create      | {'identifier':'x@evil.example'}",
        "granted=0   | clerk_user_password_compromised_set | {'user_id':'ADA'}",
        "granted=0   | clerk_user_metadata_update  | {'user_id':'ADA','public_metadata':{'plan':'pro'}}",
        "removed=0   | clerk_user_update           | {'user_id':'ADA','first_name':'A'}",
        "changed=none,removed=none | clerk_user_ban | {'user_id':'ADA'}",
        "none        | clerk_user_ban              | {'user_id':'ADA'}",
        "changed=0   | clerk_user_get              | {'user_id':'ADA'}",
        "changed=0   | clerk_user_ban              | {'user_id':'ADA','dry_run':true}",
      })
  void otherCallsAreNot(String limits, String tool, String arguments) {
    sandbox.ok("PATCH /users/" + ada, "{'password':'Cor-rect-Hor-se-99'}");
    ToolRegistry tools = tools(Map.of("CLERK_MCP_LIMITS", limits, "CLERK_MCP_CONFIRM", UNASKED));
    ToolResult result = call(tools, tool, arguments);
    assertThat(result.isError()).as(result.json()).isFalse();
  }

  @Test
  void limitFreesAfterAnHour() {
    ToolRegistry tools =
        tools(Map.of("CLERK_MCP_LIMITS", "changed=2", "CLERK_MCP_CONFIRM", UNASKED));
    assertThat(rename(tools).isError()).isFalse();
    now = now.plus(Duration.ofMinutes(20));
    assertThat(rename(tools).isError()).isFalse();
    assertThat(rename(tools).json())
        .contains(
            "clerk_user_update would change 1 user or other object. Without a person's approval 2"
                + " are allowed in an hour (changed=2 in CLERK_MCP_LIMITS), of which 2 are used."
                + " Nothing of it was done.",
            "0 are possible now, all 1 from 2026-06-01T10:00:00Z on. A person can raise the limit"
                + " with CLERK_MCP_LIMITS=emails=200,changed=4,removed=50,granted=50, or lift it with"
                + " changed=none there, and restart the server.");
    now = now.plus(Duration.ofMinutes(40));
    assertThat(rename(tools).isError()).isFalse();
    assertThat(rename(tools).json()).contains("limit_reached", "2026-06-01T10:20:00Z");
  }

  @Test
  void refusedRequestDoesNotCount() {
    ToolRegistry tools =
        tools(Map.of("CLERK_MCP_LIMITS", "changed=1", "CLERK_MCP_CONFIRM", UNASKED));
    clerk.refuse("PATCH /users/" + ada, 422, "form_param_invalid");
    assertThat(rename(tools).isError()).isTrue();
    clerk.reset();
    assertThat(rename(tools).isError()).isFalse();
  }

  @Test
  void planIsRefusedAsAWholeBeforeItsFirstChange() {
    ToolRegistry tools =
        tools(Map.of("CLERK_MCP_LIMITS", "emails=3", "CLERK_MCP_CONFIRM", UNASKED));
    String four = "{'emails':['a@x.example','b@x.example','c@x.example','d@x.example']}";
    assertThat(call(tools, "clerk_invitations_send_bulk", four).json())
        .contains("limit_reached", "send 4 emails", "At most 3 fit into an hour.")
        .doesNotContain("\"done\"");
    assertThat(clerk.changes()).isEmpty();
    assertThat(call(tools, "clerk_invitations_send_bulk", "{'emails':['a@x.example']}").isError())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAPersonApprovedDoesNotCount(boolean person) {
    ToolRegistry tools =
        tools(Map.of("CLERK_MCP_LIMITS", "removed=0", "CLERK_MCP_CONFIRM", "always"));
    TestCaller caller = person ? TestCaller.agreeing() : TestCaller.unableToAsk();
    String ban = "{'user_id':'%s'}".formatted(ada);
    ToolResult result = ToolCaller.call(tools, "clerk_user_ban", ban, caller);
    if (person) {
      assertThat(result.isError()).as(result.json()).isFalse();
      return;
    }
    String code = ToolCaller.json(result).at("/confirmation").asText();
    String coded = "{'user_id':'%s','confirmation':'%s'}".formatted(ada, code);
    assertThat(ToolCaller.call(tools, "clerk_user_ban", coded, caller).json())
        .contains("limit_reached");
    assertThat(clerk.changes()).isEmpty();
  }

  /** What reaches beyond Clerk either writes to people, and is counted, or is in this list. */
  @Test
  void everyToolThatWritesToPeopleIsCounted() {
    assertThat(
            openWorld(false)
                .filter(tool -> DeclaredOperations.of(route(tool)).notifies() == null)
                .map(ToolDefinition::name))
        .containsExactlyInAnyOrder(
            "clerk_billing_price_transition_create",
            "clerk_domain_proxy_verify",
            "clerk_enterprise_connection_create",
            "clerk_enterprise_connection_update",
            "clerk_user_oauth_access_tokens_list",
            "clerk_webhook_svix_app_create",
            "clerk_webhook_svix_app_delete",
            "clerk_webhook_svix_url_create");
  }

  private static String route(ToolDefinition tool) {
    return Objects.requireNonNull(tool.endpoint()).route();
  }

  /** The tools that reach beyond Clerk: those that make several calls, or those of one endpoint. */
  private Stream<ToolDefinition> openWorld(boolean composed) {
    return tools(Map.of()).tools().stream()
        .filter(tool -> tool.openWorld() && !tool.isDiscovery() && tool.isComposed() == composed);
  }

  /** Calls of tools that write to people by several requests. */
  private static final Map<String, String> COMPOSED =
      Map.of(
          "clerk_allowlist_create",
          "{'identifier':'a@x.example','notify':true}",
          "clerk_invitations_send_bulk",
          "{'emails':['a@x.example']}",
          "clerk_org_invitations_send_bulk",
          "{'organization_id':'ORG','role':'org:member','emails':['a@x.example']}",
          "clerk_org_onboard",
          "{'name':'New','admin':'ADA','members':[{'email_address':'a@x.example'}]}",
          "clerk_user_change_email",
          "{'user_id':'ADA','email_address':'a@x.example','verified':true,'notify':true}",
          "clerk_user_update",
          "{'user_id':'ADA','primary_email_address_id':'idn_1',"
              + "'notify_primary_email_address_changed':true}");

  @Test
  void everyComposedToolThatWritesToPeopleIsCounted() {
    assertThat(openWorld(true).map(ToolDefinition::name))
        .containsExactlyInAnyOrderElementsOf(COMPOSED.keySet());
    ToolRegistry tools =
        tools(Map.of("CLERK_MCP_LIMITS", "emails=0", "CLERK_MCP_CONFIRM", UNASKED));
    COMPOSED.forEach(
        (tool, arguments) -> {
          assertThat(call(tools, tool, arguments).json())
              .as(tool)
              .contains("limit_reached", "send 1 email or text message.");
          assertThat(clerk.changes()).as(tool).isEmpty();
        });
  }

  @Test
  void testKeysHaveNoLimits() {
    ToolRegistry tools = clerk.tools(folder, Map.of("CLERK_MCP_LIMITS", "removed=0,changed=0"));
    ToolResult result = call(tools, "clerk_user_ban", "{'user_id':'ADA'}");
    assertThat(result.isError()).as(result.json()).isFalse();
  }

  @Test
  void textIsParsedOverTheDefaults() {
    assertThat(Limits.parse("emails=0, removed = none"))
        .isEqualTo(
            new Limits(
                Map.of(Limits.Kind.EMAILS, 0, Limits.Kind.CHANGED, 500, Limits.Kind.GRANTED, 50)));
    assertThat(Limits.parse("none")).isEqualTo(Limits.none());
    for (String wrong : List.of("email=1", "emails", "emails=-1", "emails=1.5", "emails=", "")) {
      assertThat(Limits.parse(wrong)).as(wrong).isNull();
    }
  }

  private ToolResult rename(ToolRegistry tools) {
    return call(tools, "clerk_user_update", "{'user_id':'ADA','first_name':'Ada'}");
  }

  private ToolResult call(ToolRegistry tools, String tool, String arguments) {
    clerk.forget();
    String given =
        arguments
            .replace("ADA", ada)
            .replace("BOB", bob)
            .replace("ORG", org)
            .replace("APP", application);
    return ToolCaller.call(tools, tool, given, Caller.UNKNOWN);
  }

  private ToolRegistry tools(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("CLERK_SECRET_KEY", "sk_live_notarealkey");
    all.put("CLERK_MCP_ALLOW_IRREVERSIBLE", "true");
    return ToolCaller.tools(clerk.client(), () -> now, folder, all);
  }
}
