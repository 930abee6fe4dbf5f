package dev.clerkmcp.registry.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.interceptor.access.AccessInterceptor;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Access;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Interceptors;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexReader;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolRegistryBuilder;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import dev.clerkmcp.tools.DeprecatedTools;
import dev.clerkmcp.tools.MachineTools;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the tools that find and run other tools. */
final class ToolDiscoveryToolsTest {
  private final FakeClerk clerk =
      FakeClerk.answering(
          request ->
              request.contains("missing")
                  ? Answer.error(404, "resource_not_found")
                  : new Answer(200, "{\"id\":\"mch_1\"}"));
  private final ToolRegistry tools = ToolModule.registry(clerk.client());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_tools_read  | clerk_machine_get    | {\"machine_id\":\"mch_1\"} | GET /machines/mch_1",
        "clerk_tools_read  | clerk_get_user       | {\"userId\":\"user_1\"}    | GET /users/user_1",
        "clerk_tools_write | clerk_machine_delete | {\"machine_id\":\"mch_1\"} | DELETE /machines/mch_1",
      })
  void toolRunsLikeADirectCall(String discovery, String tool, String arguments, String request)
      throws JsonProcessingException {
    ToolResult through = run(discovery, tool, arguments);
    assertThat(through.isError()).as(through.json()).isFalse();
    assertThat(clerk.requests()).containsExactly(request);
    assertThat(through).isEqualTo(call(tool, arguments));
  }

  @ParameterizedTest
  @CsvSource({
    "clerk_tools_read, clerk_machine_delete, call it through clerk_tools_write",
    "clerk_tools_write, clerk_machine_get, call it through clerk_tools_read",
    "clerk_tools_read, clerk_machines_get, there is no tool clerk_machines_get",
    "clerk_tools_read, clerk_tools_search, there is no tool clerk_tools_search",
    "clerk_tools_write, clerk_tools_write, there is no tool clerk_tools_write",
  })
  void wrongDiscoveryToolIsRefusedAndSendsNothing(String discovery, String tool, String message)
      throws JsonProcessingException {
    ToolResult refused = run(discovery, tool, "{\"machine_id\":\"mch_1\"}");
    assertThat(refused.isError()).isTrue();
    assertThat(refused.json()).contains(message);
    assertThat(clerk.requests()).isEmpty();
  }

  /** Names follow a pattern, so a guess must cost no more than a search. */
  @ParameterizedTest
  @CsvSource({
    "clerk_tools_write, clerk_jwt_templates_update, clerk_jwt_template_update, template_id (required)",
    "clerk_tools_read, clerk_oauth_apps_list, clerk_oauth_applications_list, name_query",
    "clerk_tools_write, clerk_jwt_tmplate_delete, clerk_jwt_template_delete, template_id (required)",
  })
  void guessedNameIsAnsweredLikeASearch(
      String discovery, String guess, String meant, String argument)
      throws JsonProcessingException {
    ToolResult refused = run(discovery, guess, "{}");
    assertThat(refused.isError()).isTrue();
    assertThat(refused.json())
        .contains("tool_not_found", "there is no tool " + guess + ". Nothing was run.", argument);
    assertThat(ToolCaller.json(refused).at("/tools/0/name").asText()).isEqualTo(meant);
    assertThat(clerk.requests()).isEmpty();
  }

  /** The other discovery tool could not run it either. */
  @ParameterizedTest
  @CsvSource({
    "CLERK_MCP_ACCESS,        read,                 access is read only (CLERK_MCP_ACCESS)",
    "CLERK_MCP_EXCLUDE_TOOLS, clerk_machine_delete, CLERK_MCP_EXCLUDE_TOOLS names it",
    "CLERK_MCP_EXCLUDE_TOOLS, clerk_tools_write,    'changes the instance; call it by its name'",
  })
  void refusalPointsToNothingThatIsSwitchedOff(
      String setting, String value, String message, @TempDir Path folder)
      throws JsonProcessingException {
    ToolRegistry limited = ToolCaller.tools(clerk.client(), folder, Map.of(setting, value));
    ToolResult refused =
        ToolCaller.call(
            limited,
            "clerk_tools_read",
            "{'name':'clerk_machine_delete','arguments':{'machine_id':'mch_1'}}");
    assertThat(refused.json()).contains(message).doesNotContain("through clerk_tools_write");
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void invalidArgumentsReturnTheSchema() throws JsonProcessingException {
    ToolResult refused = run("clerk_tools_read", "clerk_machine_get", "{\"who\":\"mch_1\"}");
    JsonNode error = Json.read(refused.json()).path("error");
    assertThat(error.at("/arguments/0/name").asText()).isEqualTo("arguments.who");
    assertThat(error.at("/arguments/1/name").asText()).isEqualTo("arguments.machine_id");
    assertThat(error.at("/input_schema/required/0").asText()).isEqualTo("machine_id");
    assertThat(clerk.requests()).isEmpty();
    JsonNode missing = Json.read(run("clerk_tools_read", "clerk_machine_get", "null").json());
    assertThat(missing.at("/error/input_schema/type").asText()).isEqualTo("object");
  }

  @Test
  void clerksErrorEqualsThatOfDirectCall() throws JsonProcessingException {
    String arguments = "{\"machine_id\":\"missing\"}";
    assertThat(run("clerk_tools_read", "clerk_machine_get", arguments))
        .isEqualTo(call("clerk_machine_get", arguments));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clerk_machine_get", "clerk_device_clients_list"})
  void disabledToolIsRefusedOnEveryCallPath(String name) throws Exception {
    ToolFilter filter =
        ToolFilter.of(
            ToolIndexReader.entries(),
            new ToolFilter.Choice(
                List.of("all"),
                List.of(),
                List.of("clerk_machine_get"),
                false,
                new Access(
                    Access.Level.FULL, true, "CLERK_MCP_ACCESS", "CLERK_MCP_ALLOW_IRREVERSIBLE")));
    ToolRegistryBuilder builder = new ToolRegistryBuilder();
    builder.addObject(new ToolDiscoveryTools(builder::built));
    builder.addEndpoints(MachineTools.class);
    builder.addEndpoints(DeprecatedTools.class);
    AccessInterceptor access = new AccessInterceptor();
    ToolRegistry restricted =
        builder.build(
            ClerkInstances.of(new ClerkInstance("test", clerk.client(), false, filter)),
            new Interceptors(List.of(access), List.of(access), List.of(access), List.of()));
    JsonNode arguments = Json.object().put("name", name);
    for (ToolResult refused :
        List.of(
            call(restricted, "clerk_tools_read", arguments),
            call(restricted, name, Json.object().put("machine_id", "mch_1")))) {
      assertThat(refused.isError()).isTrue();
      assertThat(refused.json())
          .contains("tool_switched_off", name)
          .containsPattern("CLERK_MCP_(EXCLUDE_TOOLS|DEPRECATED=true)");
    }
    assertThat(clerk.requests()).isEmpty();
    JsonNode found =
        Json.read(
            call(
                    restricted,
                    "clerk_tools_search",
                    Json.object().put("query", name.replace('_', ' ')))
                .json());
    assertThat(found.at("/tools/0/name").asText()).isEqualTo(name);
    assertThat(found.at("/tools/0/switched_off").asText()).contains("CLERK_MCP_");
    assertThat(found.at("/tools/0").has("run_with")).isFalse();
  }

  @Test
  void searchDetailFollowsTheArgument() throws JsonProcessingException {
    JsonNode names = search("{\"query\":\"machine secret\",\"detail\":\"names\",\"limit\":2}");
    assertThat(names.path("tools")).hasSize(2);
    assertThat(names.at("/tools/0").fieldNames()).toIterable().containsExactly("name");
    assertThat(names.path("more").asInt()).isPositive();
    JsonNode summary = search("{\"query\":\"machine secret\"}").at("/tools/0");
    assertThat(summary.fieldNames())
        .toIterable()
        .containsExactly(
            "name", "description", "effect", "risks", "may_ask_person", "run_with", "arguments");
    JsonNode composed = search("{\"query\":\"clerk_user_change_email\"}").at("/tools/0");
    assertThat(composed.path("risks")).hasToString("[\"identity\"]");
    JsonNode schema = search("{\"query\":\"machine secret\",\"detail\":\"schema\"}");
    assertThat(schema.path("tools")).allSatisfy(row -> assertThat(row.has("arguments")).isTrue());
  }

  @Test
  void searchStaysWithinItsBudget() throws JsonProcessingException {
    JsonNode found =
        search(
            "{\"query\":\"user organization create update list\",\"detail\":\"schema\",\"limit\":50}");
    assertThat(found.toString().length()).isLessThan(17_000);
    assertThat(found.path("more").asInt()).isPositive();
  }

  @Test
  void searchReportsNoMatch() throws JsonProcessingException {
    JsonNode found = search("{\"query\":\"zebra\"}");
    assertThat(found.path("tools")).isEmpty();
    assertThat(found.path("next").asText()).contains("other words");
  }

  @Test
  void longQueryIsRefusedBeforeItIsRanked() throws JsonProcessingException {
    assertThat(search("{\"query\":\"%s\"}".formatted("user ".repeat(200)))).isNotEmpty();
    ToolResult refused =
        call("clerk_tools_search", "{\"query\":\"%s\"}".formatted("user ".repeat(30_000)));
    assertThat(refused.isError()).isTrue();
    assertThat(refused.json()).contains("must have at most 1000 characters, not 150000");
  }

  private JsonNode search(String arguments) throws JsonProcessingException {
    return Json.read(call("clerk_tools_search", arguments).json());
  }

  private ToolResult run(String discovery, String tool, String arguments)
      throws JsonProcessingException {
    return call(
        tools, discovery, Json.object().put("name", tool).set("arguments", Json.read(arguments)));
  }

  private ToolResult call(String tool, String arguments) throws JsonProcessingException {
    return call(tools, tool, Json.read(arguments));
  }

  private static ToolResult call(ToolRegistry tools, String name, JsonNode arguments) {
    ToolDefinition tool = Objects.requireNonNull(tools.find(name), name);
    return tools.call(tool, arguments, new Invocation(Runnable::run, Caller.UNKNOWN));
  }
}
