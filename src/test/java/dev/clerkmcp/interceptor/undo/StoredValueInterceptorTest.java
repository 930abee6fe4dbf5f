package dev.clerkmcp.interceptor.undo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentType;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments that add entries to what is stored, and remove some, through the whole chain. */
final class StoredValueInterceptorTest {
  private static final Map<String, String> LIVE =
      Map.of("CLERK_SECRET_KEY", "sk_live_notarealkey", "CLERK_MCP_ALLOW_IRREVERSIBLE", "true");

  /** Lists and objects of a change without such arguments, with the reason. */
  private static final Map<String, String> EXCEPTIONS =
      Map.of(
          "backup_codes", "Clerk does not return them",
          "idp_certificates", "Clerk does not return them",
          "attribute_mapping", "Clerk merges it",
          "public_metadata", "has tools of its own that merge",
          "private_metadata", "has tools of its own that merge",
          "unsafe_metadata", "has tools of its own that merge");

  private static final String APP = "clerk_oauth_application_update";
  private static final String URI = "https://new.example/";
  private static final String ROLE = "clerk_org_role_update";
  private static final String TEMPLATE = "clerk_jwt_template_update";

  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
  private final SandboxCalls sandbox = clerk.sandbox();
  private final TestCaller agreeing = TestCaller.agreeing();
  private String app = "";
  private String template = "";
  @TempDir private Path folder;

  @BeforeEach
  void createObjects() {
    app =
        create(
            "POST /oauth_applications",
            "{'name':'Zapier','redirect_uris':['https://z.example/a','https://z.example/b'],'scopes':'profile email'}");
    template = create("POST /jwt_templates", "{'name':'hasura','claims':{'a':1,'b':{'c':2}}}");
  }

  /** One call by name adds and removes, and keeps the rest. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST /oauth_applications | {'name':'New','redirect_uris':['https://a.example/1','https://a.example/2']} | clerk_oauth_application_update | {'oauth_application_id':'New','add_redirect_uris':['https://a.example/3'],'remove_redirect_uris':'https://a.example/1'} | GET /oauth_applications/ID | /redirect_uris | ['https://a.example/2','https://a.example/3']",
        "POST /oauth_applications | {'name':'New','redirect_uris':['https://a.example/1'],'scopes':'profile email'} | clerk_oauth_application_update | {'oauth_application_id':'New','add_scopes':'public_metadata','remove_scopes':'profile'} | GET /oauth_applications/ID | /scopes | 'email public_metadata'",
        "POST /jwt_templates | {'name':'new','claims':{'a':1,'b':{'c':2}}} | clerk_jwt_template_update | {'template_id':'new','set_claims':{'r':'x','a':3},'remove_claims':['b'],'lifetime':600} | GET /jwt_templates/ID | /claims | {'a':3,'r':'x'}",
        "POST /api_keys | {'name':'new','subject':'USER','scopes':['a','b']} | clerk_api_key_update | {'api_key_id':'ID','add_scopes':['c'],'remove_scopes':['a']} | GET /api_keys/ID | /scopes | ['b','c']",
        "POST /api_keys | {'name':'new','subject':'USER','claims':{'a':1}} | clerk_api_key_update | {'api_key_id':'ID','set_claims':{'b':2}} | GET /api_keys/ID | /claims | {'a':1,'b':2}",
        "POST /enterprise_connections | {'name':'Okta','provider':'saml_okta','domains':['a.example']} | clerk_enterprise_connection_update | {'enterprise_connection_id':'Okta','add_domains':['b.example']} | GET /enterprise_connections/ID | /domains | ['a.example','b.example']",
        "POST /saml_connections | {'name':'SAML','provider':'saml_custom','domains':['a.example']} | clerk_saml_connection_update | {'saml_connection_id':'SAML','add_domains':['b.example']} | GET /saml_connections/ID | /domains | ['a.example','b.example']",
        "PATCH /instance | {'allowed_origins':['app://a']} | clerk_instance_update | {'add_allowed_origins':['app://b']} | GET /instance | /allowed_origins | ['app://a','app://b']",
        "PATCH /instance/communication | {'blocked_country_codes':['DE','FR']} | clerk_instance_communication_update | {'add_blocked_country_codes':['US'],'remove_blocked_country_codes':['DE']} | GET /instance/communication | /blocked_country_codes | ['FR','US']",
        "PATCH /instance/oauth_application_settings | {'default_scopes':['profile']} | clerk_instance_oauth_settings_update | {'add_default_scopes':['email']} | GET /instance/oauth_application_settings | /default_scopes | ['profile','email']",
        "PATCH /instance/organization_settings | {'domains_enrollment_modes':['automatic_invitation']} | clerk_instance_org_settings_update | {'add_domains_enrollment_modes':['automatic_suggestion']} | GET /instance/organization_settings | /domains_enrollment_modes | ['automatic_invitation','automatic_suggestion']",
      })
  void restIsKept(
      String create,
      String body,
      String tool,
      String arguments,
      String read,
      String field,
      String after) {
    String user = sandbox.createUser("ada@example.com");
    String method = create.substring(0, create.indexOf(' '));
    SandboxCalls.Reply made =
        sandbox.call(
            method,
            create.substring(method.length() + 1),
            json(body.replace("USER", user)).toString());
    assertThat(made.status()).isLessThan(300);
    String id = made.body().path("id").asText();
    ToolResult result =
        clerk.call(tools(Map.of()), tool, arguments.replace("'ID'", "'" + id + "'"));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(sandbox.ok(read.replace("ID", id)).at(field)).isEqualTo(json(after));
    assertThat(clerk.changes()).hasSize(1);
    assertThat(ToolCaller.json(result).path("changed")).as(result.json()).isNotEmpty();
  }

  /** Permissions are given by key or name, several at once, and Clerk gets their IDs. */
  @Test
  void permissionsAreNamed() {
    String role = create("POST /organization_roles", "{'name':'Editor','key':'org:editor'}");
    ToolRegistry tools = tools(LIVE);
    String both = "'org:sys_memberships:read','sys_domains:read'";
    ToolResult added =
        ask(
            tools,
            ROLE,
            "{'organization_role_id':'Editor','add_permissions':[%s]}".formatted(both));
    assertThat(added.isError()).as(added.json()).isFalse();
    ToolResult removed =
        ask(
            tools,
            ROLE,
            "{'organization_role_id':'editor','remove_permissions':['org:sys_domains:read']}");
    assertThat(removed.isError()).as(removed.json()).isFalse();
    assertThat(sandbox.ok("GET /organization_roles/" + role).at("/permissions"))
        .singleElement()
        .matches(permission -> permission.path("key").asText().equals("org:sys_memberships:read"));
    assertThat(agreeing.questions()).hasSize(2);
    assertThat(agreeing.questions().get(0))
        .containsPattern("permissions.*: added .*org:sys_memberships:read.*org:sys_domains:read");
    assertThat(agreeing.questions().get(1))
        .containsPattern("permissions.*: removed .*org:sys_domains:read")
        .doesNotContain("added");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_oauth_application_update | {'oauth_application_id':'Zapier','add_redirect_uris':['https://evil.example'],'remove_redirect_uris':['https://z.example/a']} | redirect_uris: added https://evil.example; removed https://z.example/a; 1 kept",
        "clerk_oauth_application_update | {'oauth_application_id':'Zapier','add_scopes':['private_metadata']} | scopes: from \"profile email\" to \"profile email private_metadata\"",
        "clerk_jwt_template_update | {'template_id':'hasura','set_claims':{'role':'admin'},'remove_claims':['a']} | claims.role: \"admin\"",
        "clerk_jwt_template_update | {'template_id':'hasura','remove_claims':['a']} | claims.a: removed 1",
        "clerk_instance_update | {'add_allowed_origins':['app://evil']} | allowed_origins: \"app://evil\"",
      })
  void questionShowsWhatIsAddedAndRemoved(String tool, String arguments, String line) {
    ToolResult result = ask(tools(LIVE), tool, arguments);
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(agreeing.questions())
        .singleElement()
        .asString()
        .satisfies(
            question ->
                assertThat(question.replace("\"", ""))
                    .contains("- " + line.replace("\"", ""))
                    .doesNotContain("add_", "set_claims", "remove_"));
  }

  /** What another program adds while the person decides is not lost. */
  @Test
  void changeMeanwhileIsNotOverwritten() {
    TestCaller slow =
        TestCaller.reading(
            question -> {
              sandbox.ok(
                  "PATCH /oauth_applications/" + app, "{'redirect_uris':['https://z.example/x']}");
              return Caller.Answer.ACCEPTED;
            });
    ToolResult result =
        ToolCaller.call(
            tools(LIVE),
            APP,
            "{'oauth_application_id':'Zapier','add_redirect_uris':['https://z.example/c']}",
            slow);
    assertThat(result.json()).contains("not_confirmed", "changed while the person decided");
    assertThat(redirects()).isEqualTo(json("['https://z.example/x']"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_oauth_application_update | {'oauth_application_id':'Zapier','add_redirect_uris':['u'],'redirect_uris':['v']} | cannot be given with add_redirect_uris",
        "clerk_oauth_application_update | {'oauth_application_id':'Zapier','remove_redirect_uris':['u'],'clear':['redirect_uris']} | cannot be given with remove_redirect_uris",
        "clerk_oauth_application_update | {'oauth_application_id':'Zapier','add_redirect_uris':['u'],'remove_redirect_uris':['u']} | and so does remove_redirect_uris",
        "clerk_oauth_application_update | {'oauth_application_id':'Zapier','remove_scopes':['profile','email']} | must leave something",
        "clerk_enterprise_connection_update | {'enterprise_connection_id':'Okta','remove_domains':['a.example']} | must leave something",
        "clerk_jwt_template_update | {'template_id':'hasura','set_claims':{'a':2},'claims':{}} | cannot be given with set_claims",
        "clerk_jwt_template_update | {'template_id':'hasura','set_claims':{'a':null}} | name it in remove_claims",
        "clerk_jwt_template_update | {'template_id':'hasura','set_claims':{'a':2},'remove_claims':['a']} | and so does remove_claims",
        "clerk_oauth_application_create | {'name':'New','add_redirect_uris':['u']} | is not known",
      })
  void contradictionIsRefused(String tool, String arguments, String problem) {
    create(
        "POST /enterprise_connections",
        "{'name':'Okta','provider':'saml_okta','domains':['a.example']}");
    ToolResult result = clerk.call(tools(Map.of()), tool, arguments);
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("invalid_arguments", problem);
    assertThat(clerk.changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_oauth_application_update | {'oauth_application_id':'Zapier','add_redirect_uris':['https://z.example/a']} | add_redirect_uris: already there: https://z.example/a.",
        "clerk_oauth_application_update | {'oauth_application_id':'Zapier','remove_redirect_uris':['https://z.example/A']} | remove_redirect_uris: not there: https://z.example/A; the nearest",
        "clerk_jwt_template_update | {'template_id':'hasura','set_claims':{'b':{'c':2}}} | set_claims: already there: b.",
        "clerk_jwt_template_update | {'template_id':'hasura','remove_claims':['x']} | remove_claims: not there: x.",
      })
  void nothingToChangeIsNotSent(String tool, String arguments, String note) {
    ToolResult result = ask(tools(LIVE), tool, arguments);
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes())
        .anyMatch(sentence -> sentence.startsWith(note))
        .contains("Nothing was changed: everything was so already.");
    assertThat(ToolCaller.json(result).path("changed")).isEmpty();
    assertThat(clerk.changes()).isEmpty();
    assertThat(agreeing.questions()).isEmpty();
  }

  @Test
  void restOfTheChangeIsSent() {
    ToolResult result =
        clerk.call(
            tools(Map.of()),
            APP,
            "{'oauth_application_id':'Zapier','add_redirect_uris':['https://z.example/a'],'pkce_required':true}");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(clerk.requests())
        .contains("PATCH /oauth_applications/" + app + "\n{\"pkce_required\":true}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{'id':'ID'} | not return it", "{'id':'ID','redirect_uris':null} | default"})
  void unknownValueIsRefused(String answer, String reason) {
    clerk.answer(
        "GET /oauth_applications/" + app,
        new Answer(200, json(answer.replace("ID", app)).toString()));
    ToolResult result =
        clerk.call(
            tools(Map.of()),
            APP,
            "{'oauth_application_id':'%s','add_redirect_uris':['u']}".formatted(app));
    assertThat(result.json()).contains("stored_value_unknown", reason, "Give redirect_uris whole");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void hiddenValueIsRefused() {
    Map<String, String> hiding =
        ToolCaller.policy(
            folder, "{'decision':'deny','tools':['clerk_oauth_application_get'],'name':'apps'}");
    for (String uri : new String[] {"https://z.example/a", "https://z.example/new"}) {
      ToolResult result =
          clerk.call(
              tools(hiding),
              APP,
              "{'oauth_application_id':'%s','add_redirect_uris':['%s']}".formatted(app, uri));
      assertThat(result.json())
          .contains("stored_value_unknown", "policy")
          .doesNotContain("already there");
    }
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void severalCallsAreIndependent() {
    create("POST /oauth_applications", "{'name':'Other','redirect_uris':[]}");
    ToolRegistry tools = tools(LIVE);
    String call =
        "{'name':'%s','arguments':{'oauth_application_id':'%s','add_redirect_uris':['%s']}}";
    String twice =
        "{'calls':[%s,%s]}"
            .formatted(call.formatted(APP, "Zapier", URI + 1), call.formatted(APP, app, URI + 2));
    assertThat(ask(tools, "clerk_tools_write", twice).json())
        .contains("calls[1].arguments.add_redirect_uris", "join the two");
    assertThat(clerk.changes()).isEmpty();
    String different =
        "{'calls':[%s,%s]}"
            .formatted(
                call.formatted(APP, "Zapier", URI + 1), call.formatted(APP, "Other", URI + 2));
    ToolResult done = ask(tools, "clerk_tools_write", different);
    assertThat(done.isError()).as(done.json()).isFalse();
    assertThat(agreeing.questions())
        .singleElement()
        .asString()
        .contains(
            "redirect_uris: added \"" + URI + "1\"; 2 kept",
            "redirect_uris: added \"" + URI + "2\"");
    assertThat(redirects()).hasSize(3);
  }

  /** The audit log has what was sent, and the undo the former list. */
  @Test
  void changeIsRecordedWholeAndUndone() throws IOException {
    Path log = folder.resolve("audit.jsonl");
    Map<String, String> settings = new HashMap<>(LIVE);
    settings.put("CLERK_MCP_AUDIT_LOG", log.toString());
    ToolRegistry tools = tools(settings);
    JsonNode before = redirects();
    ToolResult done =
        ask(
            tools,
            APP,
            "{'oauth_application_id':'Zapier','add_redirect_uris':['%s']}".formatted(URI));
    assertThat(Files.readString(log))
        .contains("[\"https://z.example/a\",\"https://z.example/b\",\"%s\"]".formatted(URI))
        .doesNotContain("\"add_redirect_uris\"");
    String change = done.text().replaceAll("(?s).*change (chg_\\w+).*", "$1");
    JsonNode plan =
        ToolCaller.json(ask(tools, "clerk_undo_plan", "{'change':'%s'}".formatted(change)));
    JsonNode step = plan.at("/calls/0");
    ToolResult undone =
        ToolCaller.call(tools, step.path("tool").asText(), step.path("arguments"), agreeing);
    assertThat(undone.isError()).as(undone.json()).isFalse();
    assertThat(redirects()).isEqualTo(before);
  }

  /** A secret that was stored in a claim stays there, and is shown nowhere. */
  @Test
  void secretInAClaimIsKeptAndMasked() throws IOException {
    String secret = "sk_live_" + "a1B2c3D4e5F6g7H8i9J0".repeat(2);
    sandbox.ok(
        "PATCH /jwt_templates/" + template,
        "{'name':'hasura','claims':{'key':'%s'}}".formatted(secret));
    Path log = folder.resolve("audit.jsonl");
    Map<String, String> settings = new HashMap<>(LIVE);
    settings.put("CLERK_MCP_AUDIT_LOG", log.toString());
    ToolRegistry tools = tools(settings);
    String arguments = "{'template_id':'hasura','set_claims':{'role':'x'}%s}";
    ToolResult planned = ask(tools, TEMPLATE, arguments.formatted(",'dry_run':true"));
    ToolResult done = ask(tools, TEMPLATE, arguments.formatted(""));
    assertThat(done.isError()).as(done.json()).isFalse();
    assertThat(sandbox.ok("GET /jwt_templates/" + template).path("claims"))
        .isEqualTo(json("{'key':'%s','role':'x'}".formatted(secret)));
    assertThat(planned.text() + done.text() + agreeing.questions() + Files.readString(log))
        .contains("claims")
        .doesNotContain(secret);
    assertThat(agreeing.questions().get(0)).doesNotContain("claims.key:");
  }

  /** An update that replaces a list says where the list is stored, unless there is a reason. */
  @Test
  void everyReplacedListTakesParts() {
    Collection<ToolDefinition> tools =
        ToolModule.registry(FakeClerk.answering("{}").client()).tools();
    Set<String> reading = new TreeSet<>();
    tools.stream()
        .map(ToolDefinition::endpoint)
        .filter(endpoint -> endpoint != null && endpoint.method().equals("GET"))
        .forEach(endpoint -> reading.add(endpoint.route()));
    Set<String> missing = new TreeSet<>();
    for (ToolDefinition tool : tools) {
      Endpoint endpoint = tool.endpoint();
      for (Argument argument : tool.arguments().all()) {
        if (!argument.storedAt().isEmpty()) {
          assertThat(reading).contains(argument.storedAt());
        }
        boolean isReplaced =
            endpoint != null
                && Set.of("PATCH", "PUT").contains(endpoint.method())
                && !argument.isOption()
                && argument.partOf().isEmpty()
                && (argument.type() instanceof ArgumentType.FreeObject
                    || (argument.type() instanceof ArgumentType.Items list
                        && list.item() instanceof ArgumentType.Text));
        if (isReplaced
            && argument.storedAt().isEmpty()
            && !EXCEPTIONS.containsKey(argument.name())) {
          missing.add(tool.name() + " " + argument.name());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private JsonNode redirects() {
    return sandbox.ok("GET /oauth_applications/" + app).path("redirect_uris");
  }

  private String create(String route, String body) {
    return sandbox.ok(route, body).path("id").asText();
  }

  private ToolRegistry tools(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("CLERK_MCP_DEPRECATED", "true");
    return clerk.tools(folder, all);
  }

  private ToolResult ask(ToolRegistry tools, String tool, String arguments) {
    return ToolCaller.call(tools, tool, arguments, agreeing);
  }

  private static JsonNode json(String text) {
    return ToolCaller.arguments(text);
  }
}
