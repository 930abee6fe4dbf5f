package dev.clerkmcp.interceptor.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrivateMetadataInterceptorTest {
  @TempDir private Path folder;

  private static final String USER =
      "{'id':'user_1','private_metadata':{'plan':'x'},'public_metadata':{'a':1},"
          + "'organization_memberships':[{'private_metadata':{'b':2}},{'private_metadata':{}}]}";
  private static final String HIDDEN =
      "{'id':'user_1','private_metadata':'hidden; include_private: true shows it',"
          + "'public_metadata':{'a':1},'organization_memberships':"
          + "[{'private_metadata':'hidden; include_private: true shows it'},{'private_metadata':{}}]}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "clerk_user_get|{'user_id':'user_1'}|false",
        "clerk_user_get|{'user_id':'user_1','include_private':false}|false",
        "clerk_user_get|{'user_id':'user_1','include_private':true}|true",
        "clerk_user_update|{'user_id':'user_1','first_name':'A'}|false",
        "clerk_tools_read|{'name':'clerk_user_get','arguments':{'user_id':'user_1'}}|false",
        "clerk_tools_read|{'name':'clerk_user_get','arguments':"
            + "{'user_id':'user_1','include_private':true}}|true",
        "clerk_tools_read|{'name':'clerk_user_get','arguments':{'user_id':'user_1'},"
            + "'include_private':true}|true",
      })
  void privateMetadataIsShownOnlyOnRequest(String tool, String arguments, boolean shown) {
    FakeClerk clerk = FakeClerk.answering(USER.replace('\'', '"'));
    assertThat(
            ToolCaller.call(
                    ToolCaller.tools(clerk, new PrivateMetadataInterceptor(false)), tool, arguments)
                .json())
        .isEqualTo((shown ? USER : HIDDEN).replace('\'', '"'));
  }

  @Test
  void partialResultHidesPrivateMetadata() {
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                request.contains("/metadata")
                    ? Answer.error(500, "x")
                    : new Answer(200, USER.replace('\'', '"')));
    assertThat(
            ToolCaller.call(
                    ToolCaller.tools(clerk, new PrivateMetadataInterceptor(false)),
                    "clerk_user_update",
                    "{'user_id':'user_1','first_name':'A','public_metadata':{'a':1}}")
                .json())
        .contains("\"done\":" + HIDDEN.replace('\'', '"'));
  }

  private static final String OWN = "'private_metadata':{'salary':'gold'}";

  /** A plan and a refusal go to a model; it need not read there what it or a person sent. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_user_metadata_replace | {'user_id':'user_1',%s}",
        "clerk_user_metadata_update  | {'user_id':'user_1',%s,'dry_run':true}",
        "clerk_metadata_set          | {'user_id':'user_1',%s,'dry_run':true}",
        "clerk_user_update           | {'user_id':'user_1','password':'x',%s}",
        "clerk_tools_write           | {'name':'clerk_user_metadata_replace','arguments':{'user_id':'user_1',%s}}",
      })
  void planHidesPrivateMetadata(String tool, String arguments) {
    FakeClerk clerk = FakeClerk.answering(USER.replace('\'', '"'));
    ToolRegistry tools =
        ToolCaller.tools(clerk.client(), folder, Map.of("CLERK_MCP_CONFIRM", "always"));
    ToolResult plan =
        ToolCaller.call(tools, tool, arguments.formatted(OWN), TestCaller.unableToAsk());
    assertThat(plan.json()).contains("private_metadata").containsAnyOf("dry_run", "confirmation");
    assertThat(plan.toString()).doesNotContain("gold", "salary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_user_get    | {'user_id':'user_1','include_private':true}",
        "clerk_user_update | {'user_id':'user_1','first_name':'A','include_private':true}",
        "clerk_user_update | {'user_id':'user_1','first_name':'A','include_private':true,'dry_run':true}",
        "clerk_users_list  | {'include_private':true,'all':true}",
        "clerk_tools_read  | {'name':'clerk_user_get','arguments':{'user_id':'user_1'},'include_private':true}",
      })
  void neverMeansThatNoCallMayAsk(String tool, String arguments) {
    FakeClerk clerk = FakeClerk.answering(USER.replace('\'', '"'));
    ToolRegistry tools =
        ToolCaller.tools(clerk.client(), folder, Map.of("CLERK_MCP_PRIVATE_METADATA", "never"));
    ToolResult refused = ToolCaller.call(tools, tool, arguments);
    assertThat(refused.isError()).isTrue();
    assertThat(refused.json())
        .contains("private_metadata_switched_off", "CLERK_MCP_PRIVATE_METADATA is never");
    assertThat(clerk.requests()).isEmpty();
    ToolResult without =
        ToolCaller.call(
            tools, tool, arguments.replace("'include_private':true", "'include_private':false"));
    assertThat(without.isError()).as(without.json()).isFalse();
    assertThat(without.json())
        .doesNotContain("'b':2".replace('\'', '"'), "\"plan\"", "include_private");
  }

  /** Otherwise a caller could try values until one would change nothing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "clerk_user_metadata_update  | {'crm':'GUESS'}",
        "clerk_user_metadata_update  | {'GUESS':null}",
        "clerk_user_metadata_update  | {'access':{'GUESS':1}}",
        "clerk_user_metadata_replace | {'crm':'GUESS'}",
        "clerk_user_metadata_replace | {'GUESS':1}",
        "clerk_user_update           | {'crm':'GUESS'}",
        "clerk_metadata_set          | {'crm':'GUESS'}",
        "clerk_metadata_set          | {'crm':'GUESS','role':null}",
        "clerk_metadata_set          | {'crm':'GUESS'},'mode':'replace'",
        "clerk_metadata_set          | {},'mode':'replace','public_metadata':{'a':'GUESS'}",
        "clerk_metadata_set          | {'a':1},'remove':['private_metadata.GUESS']",
        "clerk_metadata_set          | {'a':1},'remove':['private_metadata.access.GUESS']",
      })
  void neverMeansThatNoAnswerConfirmsAGuess(String tool, String metadata) {
    List<Map<String, String>> settings =
        List.of(
            Map.of("CLERK_SECRET_KEY", "sk_live_notarealkey"),
            Map.of("CLERK_SECRET_KEY", "sk_live_notarealkey", "CLERK_MCP_ACCESS", "write"),
            Map.of("CLERK_SECRET_KEY", "sk_live_notarealkey", "CLERK_MCP_CONFIRM", "never"),
            Map.of("CLERK_MCP_DRY_RUN", "true"),
            Map.of());
    for (Map<String, String> setting : settings) {
      assertThat(afterGuess(setting, tool, metadata, "right"))
          .as("%s", setting)
          .isEqualTo(afterGuess(setting, tool, metadata, "wrong"));
    }
  }

  /** The answer to a guess about what the user's private metadata holds. */
  private String afterGuess(
      Map<String, String> settings, String tool, String metadata, String guess) {
    SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
    String user = clerk.sandbox().createUser("ada@example.com");
    clerk
        .sandbox()
        .ok(
            "PATCH /users/%s/metadata".formatted(user),
            "{'private_metadata':{'crm':'right','right':1,'access':{'right':1}}}");
    Map<String, String> all = new HashMap<>(settings);
    all.put("CLERK_MCP_PRIVATE_METADATA", "never");
    ToolResult result =
        ToolCaller.call(
            clerk.tools(folder, all),
            tool,
            "{'user_id':'%s','private_metadata':%s}"
                .formatted(user, metadata.replace("GUESS", guess)),
            TestCaller.unableToAsk());
    assertThat(result.json()).doesNotContain("internal_error");
    return (result.json() + result.notes())
        .replaceAll("[0-9a-f]{64}", "DIGEST")
        .replaceAll("\"confirmation\":\"[^\"]+\"", "CODE")
        .replaceAll("question-[0-9a-f]{16}", "FILE") // named by a secret
        .replaceAll("chg_\\w+", "CHANGE")
        .replaceAll("\"updated_at\":[^,}]+", "")
        .replace(guess, "GUESS");
  }

  @Test
  void neverMeansThatPrivateMetadataIsNotCompared() {
    SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
    ToolRegistry tools = clerk.tools(folder, Map.of("CLERK_MCP_PRIVATE_METADATA", "never"));
    String name = "{'first_name':'Ada','last_name':'Lovelace'}";
    String ada = clerk.sandbox().createUser("ada@example.com");
    clerk.sandbox().ok("PATCH /users/" + ada, name);
    List<String> reports = new ArrayList<>();
    for (String metadata : List.of("{'crm':1}", "{'crm':2}", "{'role':1}", "{'crm':null}")) {
      clerk
          .sandbox()
          .ok("PATCH /users/%s/metadata".formatted(ada), "{'private_metadata':{'crm':1}}");
      String same = clerk.sandbox().createUser("eve@example.com");
      clerk.sandbox().ok("PATCH /users/" + same, name);
      clerk
          .sandbox()
          .ok(
              "PATCH /users/%s/metadata".formatted(same),
              "{'private_metadata':%s}".formatted(metadata));
      ToolResult report =
          clerk.call(tools, "clerk_user_merge_report", "{'user_id':'%s'}".formatted(ada));
      assertThat(report.isError()).as(report.json()).isFalse();
      reports.add(
          report
              .json()
              .replace(same, "SAME")
              .replaceAll("idn_\\w+", "IDN")
              .replaceAll("\"created_at\":[^,}]+", ""));
      clerk.sandbox().ok("DELETE /users/" + same);
    }
    assertThat(reports).allMatch(reports.get(0)::equals);
    assertThat(reports.get(0)).contains("\"not_compared\":[\"private_metadata\"]");
  }

  /** What is not shown can be changed all the same. */
  @Test
  void neverStillSetsAndRemovesPrivateMetadata() {
    SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
    ToolRegistry tools = clerk.tools(folder, Map.of("CLERK_MCP_PRIVATE_METADATA", "never"));
    String ada = clerk.sandbox().createUser("ada@example.com");
    String route = "/users/" + ada;
    clerk.sandbox().ok("PATCH %s/metadata".formatted(route), "{'private_metadata':{'a':1,'b':2}}");
    ToolResult result =
        clerk.call(
            tools,
            "clerk_metadata_set",
            "{'user_id':'%s','private_metadata':{'c':3},'remove':['private_metadata.a']}"
                .formatted(ada));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(clerk.sandbox().ok("GET " + route).path("private_metadata"))
        .hasToString("{\"b\":2,\"c\":3}");
  }

  @Test
  void neverIsSaidInPlaceOfTheMetadata() {
    FakeClerk clerk = FakeClerk.answering(USER.replace('\'', '"'));
    ToolRegistry tools =
        ToolCaller.tools(clerk.client(), folder, Map.of("CLERK_MCP_PRIVATE_METADATA", "never"));
    for (String arguments :
        List.of("{'user_id':'user_1'}", "{'user_id':'user_1','fields':['*']}")) {
      assertThat(ToolCaller.call(tools, "clerk_user_get", arguments).json())
          .contains("hidden, since CLERK_MCP_PRIVATE_METADATA is never");
    }
    assertThat(
            ToolCaller.call(
                    tools,
                    "clerk_user_metadata_replace",
                    "{'user_id':'user_1','dry_run':true," + OWN + "}")
                .json())
        .contains("\"sha256\"")
        .doesNotContain("gold", "include_private");
  }

  @Test
  void schemaInErrorIsUnchanged() {
    FakeClerk clerk = FakeClerk.answering("{}");
    assertThat(
            ToolCaller.call(
                    ToolCaller.tools(clerk, new PrivateMetadataInterceptor(false)),
                    "clerk_tools_write",
                    "{'name':'clerk_user_update','arguments':{'first':'A'}}")
                .json())
        .contains("\"private_metadata\":{\"type\":\"object\"");
  }
}
