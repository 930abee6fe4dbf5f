package dev.clerkmcp.interceptor.redact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.ExampleArguments;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that masking applies to Clerk's own fields, before a view renames or selects them. */
final class MaskingTest {
  private static final String USER =
      """
      {"id": "user_1", "object": "user", "first_name": "Ada", "last_name": "Lovelace",
       "primary_email_address_id": "idn_1", "private_metadata": {"plan": "gold"},
       "email_addresses": [{"id": "idn_1", "email_address": "ada@example.com"}]}""";
  private static final String MEMBERSHIP =
      """
      {"id": "orgmem_1", "object": "organization_membership", "role": "org:admin",
       "private_metadata": {"plan": "gold"}, "organization": {"id": "org_1", "name": "Acme"},
       "public_user_data": {"user_id": "user_1", "first_name": "Ada", "last_name": "Lovelace",
       "identifier": "ada@example.com"}}""";

  private final FakeClerk clerk =
      FakeClerk.answering(
          request -> {
            if (request.startsWith("PATCH /users/user_1/metadata")) {
              return new FakeClerk.Answer(
                  422, "{\"errors\":[{\"code\":\"x\",\"message\":\"ada@example.com is taken\"}]}");
            }
            return new FakeClerk.Answer(
                200,
                request.contains("/memberships")
                    ? "{\"data\":[%s],\"total_count\":1}".formatted(MEMBERSHIP)
                    : request.startsWith("GET /users?") ? "[%s]".formatted(USER) : USER);
          });

  @TempDir private Path folder;

  /** A view shows both names of a member as {@code name}, in a row that is not a user. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_org_memberships_list| {'organization_id':'org_1'}",
        "clerk_org_memberships_list| {'organization_id':'org_1','fields':['name']}",
        "clerk_org_memberships_list| {'organization_id':'org_1','fields':['*']}",
        "clerk_org_memberships_list| {'organization_id':'org_1','all':true,'fields':['name']}",
        "clerk_users_list       | {}",
        "clerk_users_list       | {'fields':['id','name']}",
        "clerk_user_get         | {'user_id':'user_1'}",
        "clerk_user_find        | {'user':'ada@example.com'}",
        "clerk_user_update      | {'user_id':'user_1','first_name':'Eve','dry_run':true}",
        "clerk_user_update      | {'user_id':'user_1','first_name':'Eve','public_metadata':{'a':1}}"
      })
  void personalDataIsMasked(String tool, String arguments) throws Exception {
    ToolResult result = ToolCaller.call(tools("mask"), tool, arguments);
    assertThat(result.toString()).contains("_1").doesNotContain("Lovelace", "ada@", "Ada ");
  }

  /** The name of an organization is none: in fields, notes, targets, losses and warnings alike. */
  @Test
  void organizationIsNamedEverywhere() {
    SandboxCalls sandbox = SandboxCalls.withDefaults(1);
    String ada = sandbox.createUser("ada@example.com");
    sandbox.ok("PATCH /users/" + ada, "{'first_name':'Ada','last_name':'Lovelace'}");
    sandbox.ok(
        "POST /organizations", "{'name':'Acme','slug':'acme','created_by':'%s'}".formatted(ada));
    ToolRegistry tools =
        ToolCaller.tools(sandbox.client(), folder, Map.of("CLERK_MCP_PII", "mask"));
    String member = "{'organization_id':'acme','user_id':'ada@example.com','dry_run':true}";
    ToolResult plan = ToolCaller.call(tools, "clerk_org_membership_delete", member);
    JsonNode json = ToolCaller.json(plan);
    String named = "organization \"Acme\"";
    assertThat(plan.notes().toString()).contains(named, "\"A***\"");
    assertThat(json.at("/requests/0/target").asText()).contains(named, "\"A***\"");
    assertThat(json.at("/requests/0/also_lost").toString()).contains("organization \\\"Acme\\\"");
    assertThat(json.path("warnings").toString()).contains("organization \\\"Acme\\\"");
    assertThat(plan.toString()).doesNotContain("Lovelace", "ada@example.com");
    assertThat(
            ToolCaller.json(
                    ToolCaller.call(tools, "clerk_organization_get", "{'organization_id':'acme'}"))
                .path("name")
                .asText())
        .isEqualTo("Acme");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_org_memberships_list| {'organization_id':'org_1','fields':['private_metadata.plan']}",
        "clerk_user_get         | {'user_id':'user_1'}",
        "clerk_user_update      | {'user_id':'user_1','private_metadata':{'p':'gold'},'dry_run':true}",
        "clerk_user_update      | {'user_id':'user_1','first_name':'Eve','public_metadata':{'a':1},'fields':'*'}"
      })
  void privateMetadataIsHidden(String tool, String arguments) throws Exception {
    ToolResult result = ToolCaller.call(tools("show"), tool, arguments);
    assertThat(result.json()).doesNotContain("gold");
    assertThat(result.toString()).containsAnyOf("include_private: true", "\"sha256\"");
  }

  @Test
  void partialResultHasPrivateMetadataOnRequest() throws Exception {
    String arguments =
        "{'user_id':'user_1','first_name':'Eve','public_metadata':{'a':1},'include_private':true,"
            + "'fields':'*'}";
    assertThat(ToolCaller.call(tools("show"), "clerk_user_update", arguments).json())
        .contains("\"done\"", "gold");
  }

  /** A name in Clerk's message, whatever the quotation marks; IDs and arguments stay. */
  @ParameterizedTest
  @ValueSource(
      strings = {"\"%s\"", "'%s'", "`%s`", "\u201C%s\u201D", "\u2018%s\u2019", "\u00AB%s\u00BB"})
  void namesThatClerkQuotesAreMasked(String quoted) {
    String message =
        "The user %s (%s) isn't allowed; it's %s, see first_name"
            .formatted(
                quoted.formatted("Pat O'Neil-Lovelace"),
                quoted.formatted("user_2abcDEFghiJKLmnoPQRstuVWXyz"),
                quoted.formatted("first_name"));
    FakeClerk refusing =
        FakeClerk.answering(
            request ->
                new FakeClerk.Answer(
                    422,
                    Json.object()
                        .set(
                            "errors",
                            Json.array()
                                .add(Json.object().put("code", "x").put("message", message)))
                        .toString()));
    ToolRegistry tools =
        ToolCaller.tools(refusing.client(), folder, Map.of("CLERK_MCP_PII", "mask"));
    String shown =
        ToolCaller.json(
                ToolCaller.call(
                    tools, "clerk_user_update", "{'user_id':'user_1','first_name':'Eve'}"))
            .at("/error/message")
            .asText();
    assertThat(shown)
        .isEqualTo(
            message.replace(quoted.formatted("Pat O'Neil-Lovelace"), quoted.formatted("P***")));
  }

  /** With parts of a masked field, its value could be guessed letter by letter. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_users_list           | {'query':'ad'}",
        "clerk_users_list           | {'email_address_query':'ad'}",
        "clerk_users_list           | {'phone_number_query':'+1'}",
        "clerk_users_list           | {'username_query':'ad'}",
        "clerk_users_list           | {'name_query':'ad','organization':'org_1'}",
        "clerk_users_count          | {'user_id':['user_1'],'email_address_query':'ad'}",
        "clerk_users_count          | {'query':'ad'}",
        "clerk_org_memberships_list | {'organization_id':'org_1','query':'ad'}",
        "clerk_org_memberships_list | {'organization_id':'org_1','name_query':'ad'}",
        "clerk_invitations_list     | {'query':'ada@example.com'}",
        "clerk_instance_org_invitations_list | {'query':'ada@example.com'}",
        "clerk_waitlist_entries_list| {'query':'ad'}",
        "clerk_user_find            | {'user':'ad'}",
        "clerk_user_find            | {'user':'Ada Love'}",
        "clerk_tools_read           | {'name':'clerk_users_list','arguments':{'query':'ad'}}",
      })
  void searchByPartIsRefused(String tool, String arguments) {
    ToolResult refused = ToolCaller.call(tools("mask"), tool, arguments);
    assertThat(refused.json()).contains("search_masked", "CLERK_MCP_PII");
    assertThat(clerk.requests()).noneMatch(request -> request.contains("quer"));
    assertThat(ToolCaller.call(tools("show"), tool, arguments).json())
        .doesNotContain("search_masked");
  }

  /** Between users whose addresses are known, an order tells where a masked address lies. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_users_list           | {'order_by':'email_address'}",
        "clerk_users_list           | {'user_id':['user_1','user_2'],'order_by':'-first_name'}",
        "clerk_org_memberships_list | {'organization_id':'org_1','order_by':'-email_address'}",
      })
  void orderByMaskedFieldIsRefused(String tool, String arguments) {
    ToolResult refused = ToolCaller.call(tools("mask"), tool, arguments);
    assertThat(refused.json()).contains("order_masked", "CLERK_MCP_PII");
    assertThat(clerk.requests()).noneMatch(request -> request.contains("order_by"));
    String byTime = arguments.replaceAll("-?(email_address|first_name)'}", "created_at'}");
    assertThat(ToolCaller.call(tools("mask"), tool, byTime).isError()).isFalse();
    assertThat(ToolCaller.call(tools("show"), tool, arguments).json())
        .doesNotContain("order_masked");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_users_list         | {'email_address':['ada@example.com']}",
        "clerk_users_list         | {'query':'user_2abcDEFghiJKLmnoPQRstuVWXyz'}",
        "clerk_user_find          | {'user':'ada@example.com'}",
        "clerk_user_merge_report  | {'user_id':'user_1'}",
        "clerk_organizations_list | {'query':'acm'}",
      })
  void searchByWholeIdentifierIsAnswered(String tool, String arguments) {
    ToolResult result = ToolCaller.call(tools("mask"), tool, arguments);
    assertThat(result.isError()).as(result.json()).isFalse();
  }

  /** The reasons quote the name that two users share; the server's own words stay. */
  @Test
  void reasonsAndNotesOfReportAreMasked() {
    SandboxCalls sandbox = SandboxCalls.withDefaults(1);
    String body =
        "{'email_address':['%s@example.com'],'first_name':'Wilhelmina','last_name':'Quux',"
            + "'skip_password_requirement':true}";
    String first = sandbox.ok("POST /users", body.formatted("mina.quux")).path("id").asText();
    String other = sandbox.ok("POST /users", body.formatted("wquux")).path("id").asText();
    ToolRegistry tools =
        ToolCaller.tools(sandbox.client(), folder, Map.of("CLERK_MCP_PII", "mask"));
    ToolResult report =
        ToolCaller.call(tools, "clerk_user_merge_report", "{'user_id':'%s'}".formatted(first));
    assertThat(report.json()).contains(other, "same_name", "W***");
    assertThat(report.toString()).doesNotContain("Wilhelmina", "Quux", "quux");
    ToolResult user =
        ToolCaller.call(
            tools,
            "clerk_user_get",
            "{'user_id':'%s','fields':['id','first_nam']}".formatted(first));
    assertThat(user.notes())
        .containsExactly(
            "fields: these objects have no first_nam; the nearest are first_name, last_name, username.");
  }

  @Test
  void unknownNameSuggestsNoUsers() {
    String arguments = "{'user_id':'ad'}";
    assertThat(ToolCaller.call(tools("mask"), "clerk_user_get", arguments).json())
        .contains("reference_not_found")
        .doesNotContain("candidates");
    assertThat(clerk.requests()).noneMatch(request -> request.contains("query"));
  }

  /** Every tool, on people of every kind; changing tools as dry runs. */
  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'fields':['*']}", "{'all':true}", "{'export':'rows.jsonl'}"})
  void nothingPersonalIsInAnyAnswer(String options) throws Exception {
    SandboxCalls sandbox = SandboxCalls.seeded(1, 60);
    ToolRegistry tools =
        ToolCaller.tools(
            sandbox.client(),
            folder,
            Map.of(
                "CLERK_MCP_PII",
                "mask",
                "CLERK_MCP_EXPORT_DIR",
                folder.toString(),
                "CLERK_MCP_MAX_RESULT_TOKENS",
                "1000000",
                "CLERK_MCP_DEPRECATED",
                "true"));
    List<String> people = people(sandbox);
    Set<String> personal = personal(sandbox);
    int answered = 0;
    for (ToolDefinition tool : tools.tools()) {
      JsonNode schema = tool.arguments().fullSchema();
      boolean perUser = schema.path("properties").has("user_id");
      if (tool.isDiscovery()) {
        continue;
      }
      for (String user : perUser ? people : people.subList(0, 1)) {
        ObjectNode arguments = arguments(schema, sandbox, user);
        arguments.setAll((ObjectNode) ToolCaller.arguments(options));
        if (!tool.effect().readOnly()) {
          arguments.put("dry_run", true);
        }
        if (!tool.listing()) {
          arguments.remove(List.of("all", "export"));
        }
        ToolResult result = ToolCaller.call(tools, tool.name(), arguments);
        assertThat(in(result.toString(), personal))
            .as("%s %s: %s", tool.name(), arguments, result.json())
            .isEmpty();
        answered += result.isError() ? 0 : 1;
        Path rows = folder.resolve("rows.jsonl");
        if (Files.exists(rows)) {
          assertThat(in(Files.readString(rows), personal)).as(tool.name()).isEmpty();
          Files.delete(rows);
        }
      }
    }
    assertThat(answered).isGreaterThan(300);
    ToolRegistry showing = ToolCaller.tools(sandbox.client(), folder, Map.of());
    assertThat(in(ToolCaller.call(showing, "clerk_users_list", "{}").toString(), personal))
        .isNotEmpty();
  }

  /** A user with each kind of personal data. */
  private static List<String> people(SandboxCalls sandbox) {
    Set<String> people = new LinkedHashSet<>();
    JsonNode users = sandbox.ok("GET /users?limit=500");
    for (String field :
        List.of(
            "passkeys",
            "external_accounts",
            "enterprise_accounts",
            "phone_numbers",
            "web3_wallets",
            "username")) {
      for (JsonNode user : users) {
        if (!user.path(field).isEmpty() || !user.path(field).asText("").isEmpty()) {
          people.add(user.path("id").asText());
          break;
        }
      }
    }
    return List.copyOf(people);
  }

  /** The values that a text has as whole words. */
  private static List<String> in(String text, Set<String> values) {
    return values.stream()
        .filter(text::contains)
        .filter(
            value ->
                Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(value) + "(?![\\p{L}\\p{N}])")
                    .matcher(text)
                    .find())
        .toList();
  }

  private static ObjectNode arguments(JsonNode schema, SandboxCalls sandbox, String user) {
    ObjectNode arguments = ExampleArguments.required(schema);
    if (schema.path("properties").has("user_id")) {
      boolean list = schema.at("/properties/user_id/type").asText().equals("array");
      arguments.set("user_id", list ? Json.array().add(user) : TextNode.valueOf(user));
    }
    for (ObjectKind kind : ObjectKind.values()) {
      String name = kind.object() + "_id";
      if (arguments.has(name) && !name.equals("user_id")) {
        sandbox.store().table(kind).stream()
            .findFirst()
            .ifPresent(row -> arguments.set(name, row.path("id")));
      }
    }
    return arguments;
  }

  /** Names, addresses, numbers and the rest of what the people of a sandbox have. */
  private static Set<String> personal(SandboxCalls sandbox) {
    Set<String> values = new TreeSet<>();
    for (JsonNode user : sandbox.ok("GET /users?limit=500")) {
      values.add(
          (user.path("first_name").asText("") + " " + user.path("last_name").asText("")).strip());
      values.add(user.path("username").asText(""));
      for (String field :
          List.of("email_address", "phone_number", "web3_wallet", "provider_user_id", "label")) {
        values.addAll(user.findValuesAsText(field));
      }
      user.path("passkeys").forEach(passkey -> values.add(passkey.path("name").asText()));
      for (JsonNode session : sandbox.ok("GET /sessions?user_id=" + user.path("id").asText())) {
        values.addAll(session.findValuesAsText("ip_address"));
      }
    }
    for (String list : List.of("invitations", "organization_invitations", "waitlist_entries")) {
      values.addAll(sandbox.ok("GET /" + list).findValuesAsText("email_address"));
    }
    values.removeIf(value -> value.length() < 4 || value.equals("null"));
    assertThat(values).hasSizeGreaterThan(150);
    return values;
  }

  private ToolRegistry tools(String people) {
    return ToolCaller.tools(clerk.client(), folder, Map.of("CLERK_MCP_PII", people));
  }
}
