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
  @Test
  void neverMeansThatNoDryRunConfirmsAGuess() {
    SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
    String user = clerk.sandbox().createUser("ada@example.com");
    String guess = "{'user_id':'%s','private_metadata':{'crm':'%s'},'dry_run':true}";
    clerk
        .sandbox()
        .ok("PATCH /users/%s/metadata".formatted(user), "{'private_metadata':{'crm':'right'}}");
    ToolRegistry tools = clerk.tools(folder, Map.of("CLERK_MCP_PRIVATE_METADATA", "never"));
    for (String tool : List.of("clerk_user_metadata_update", "clerk_user_metadata_replace")) {
      assertThat(withoutDigests(clerk.call(tools, tool, guess.formatted(user, "right"))))
          .isEqualTo(withoutDigests(clerk.call(tools, tool, guess.formatted(user, "wrong"))))
          .contains("\"field\":\"private_metadata\"");
    }
    for (String tool : List.of("clerk_metadata_set", "clerk_user_update")) {
      assertThat(clerk.call(tools, tool, guess.formatted(user, "right")).json())
          .contains("private_metadata_switched_off", "CLERK_MCP_PRIVATE_METADATA");
    }
  }

  private static String withoutDigests(ToolResult result) {
    assertThat(result.isError()).as(result.json()).isFalse();
    return result.json().replaceAll("[0-9a-f]{64}", "...");
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
