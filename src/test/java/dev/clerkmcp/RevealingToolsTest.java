package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.AuditVerifier;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolIndexWriter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the tools that return or test a credential, in every way to call them: they change nothing,
 * and yet take more than the right to read.
 */
final class RevealingToolsTest {
  private static final String LIVE = "sk_live_notarealkey";
  private static final String TEST = "sk_test_notarealkey";
  private static final String VALUE = "canary-0123456789-canary";
  private static final String PASSWORD = "canary-Tr0ub4dor-canary";

  private int status = 200;
  private final FakeClerk clerk = FakeClerk.answering(this::answer);
  @TempDir private Path folder;

  private FakeClerk.Answer answer(String request) {
    if (isRevealing(request) && status != 200) {
      return FakeClerk.Answer.error(status, "incorrect_password");
    }
    return new FakeClerk.Answer(
        200,
        request.contains("/oauth_access_tokens/")
            ? "{\"data\":[{\"external_account_id\":\"eac_1\",\"token\":\"%s\"}],\"total_count\":1}"
                .formatted(VALUE)
            : "{\"id\":\"id_1\",\"secret\":\"%s\",\"verified\":true}".formatted(VALUE));
  }

  private static boolean isRevealing(String request) {
    return request.contains("/secret")
        || request.contains("/oauth_access_tokens/")
        || request.contains("/verify_password");
  }

  private List<String> revealed() {
    return clerk.requests().stream().filter(RevealingToolsTest::isRevealing).toList();
  }

  @Test
  void fourToolsReveal() {
    assertThat(revealing(tools(TEST, Map.of())))
        .extracting(ToolDefinition::name)
        .containsExactly(
            "clerk_api_key_secret_get",
            "clerk_machine_secret_get",
            "clerk_user_oauth_access_tokens_list",
            "clerk_user_password_verify");
  }

  @Test
  void hintsSayThatTheyNeitherReadNorDestroy() throws IOException {
    for (ToolDefinition tool : revealing(tools(TEST, Map.of()))) {
      JsonNode definition = Json.read(ToolIndexWriter.of(tool)).path("tool");
      assertThat(definition.at("/annotations/readOnlyHint").asBoolean(true)).isFalse();
      assertThat(definition.at("/annotations/destructiveHint").asBoolean(true)).isFalse();
      assertThat(definition.at("/inputSchema/properties").has("confirmation")).isTrue();
      assertThat(definition.at("/inputSchema/properties").has("dry_run")).isTrue();
    }
  }

  @Test
  void readingDoorSendsToTheWritingDoor() {
    for (ToolDefinition tool : revealing(tools(TEST, Map.of()))) {
      ObjectNode call = Json.object().put("name", tool.name());
      call.set("arguments", arguments(tool));
      ToolResult refused = ToolCaller.call(tools(TEST, Map.of()), "clerk_tools_read", call);
      assertThat(refused.json())
          .contains("reveals or tests a credential; call it through clerk_tools_write");
      assertThat(clerk.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"CLERK_MCP_ACCESS, read", "CLERK_MCP_READ_ONLY, true"})
  void accessToReadIsNotEnough(String variable, String value) throws IOException {
    ToolRegistry tools = tools(TEST, Map.of(variable, value));
    for (ToolDefinition tool : revealing(tools)) {
      for (ToolResult refused : ToolCallPaths.allTo(tools, tool)) {
        assertThat(refused.json()).contains("tool_switched_off", variable);
      }
    }
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void accessToWriteIsEnough() throws IOException {
    ToolRegistry tools = tools(TEST, Map.of("CLERK_MCP_ACCESS", "write"));
    for (ToolDefinition tool : revealing(tools)) {
      for (ToolResult result : ToolCallPaths.allTo(tools, tool)) {
        assertThat(result.isError()).as(result.json()).isFalse();
        assertThat(result.toString()).doesNotContain("canary", "To undo");
      }
    }
    assertThat(ToolCaller.call(tools, "clerk_undo_plan", "{}").json()).contains("\"changes\":[]");
  }

  @Test
  void liveKeyAsksEachTime() throws IOException {
    ToolRegistry tools = tools(LIVE, Map.of());
    for (ToolDefinition tool : revealing(tools)) {
      TestCaller declining = TestCaller.answering(() -> Caller.Answer.DECLINED);
      List<ToolResult> refused = ToolCallPaths.allTo(tools, tool, Json.object(), declining);
      assertThat(refused).allMatch(result -> result.json().contains("not_confirmed"));
      assertThat(declining.questions())
          .hasSameSizeAs(refused)
          .allMatch(question -> question.contains(tool.title()));
      assertThat(revealed()).isEmpty();

      TestCaller agreeing = TestCaller.agreeing();
      List<ToolResult> done = ToolCallPaths.allTo(tools, tool, Json.object(), agreeing);
      assertThat(done).noneMatch(ToolResult::isError);
      assertThat(agreeing.questions()).hasSameSizeAs(done);
      assertThat(revealed()).hasSameSizeAs(done);
      clerk.forget();
    }
  }

  @Test
  void codeConfirmsWhereTheHostCannotAsk() {
    ToolRegistry tools = tools(LIVE, Map.of());
    for (ToolDefinition tool : revealing(tools)) {
      ObjectNode arguments = arguments(tool);
      TestCaller host = TestCaller.unableToAsk();
      JsonNode plan = ToolCaller.json(ToolCaller.call(tools, tool.name(), arguments, host));
      assertThat(plan.at("/error/code").asText()).isEqualTo("confirmation_needed");
      assertThat(plan.at("/plan/risks").toString()).isEqualTo("[\"credential\"]");
      assertThat(revealed()).isEmpty();
      arguments.put("confirmation", plan.path("confirmation").asText());
      assertThat(ToolCaller.call(tools, tool.name(), arguments, host).isError()).isFalse();
      assertThat(ToolCaller.call(tools, tool.name(), arguments, host).json())
          .contains("used already");
      assertThat(revealed()).hasSize(1);
      clerk.forget();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'dry_run':true}", "{'dry_run':true,'all':true}"})
  void dryRunRevealsNothing(String options) {
    ToolRegistry tools = tools(TEST, Map.of());
    for (ToolDefinition tool : revealing(tools)) {
      ObjectNode arguments = arguments(tool);
      arguments.setAll((ObjectNode) ToolCaller.arguments(options));
      if (!tool.listing()) {
        arguments.remove("all");
      }
      ToolResult plan = ToolCaller.call(tools, tool.name(), arguments);
      assertThat(plan.isError()).as(plan.json()).isFalse();
      assertThat(plan.json()).contains("\"dry_run\":true").doesNotContain("canary");
      assertThat(revealed()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"deny, denied_by_policy", "confirm, confirmation_needed"})
  void policyKnowsTheEffect(String decision, String code) throws IOException {
    ToolRegistry tools =
        tools(
            TEST,
            ToolCaller.policy(
                folder, "{'decision':'%s','effects':['reveal']}".formatted(decision)));
    for (ToolDefinition tool : revealing(tools)) {
      for (ToolResult refused : ToolCallPaths.allTo(tools, tool)) {
        assertThat(refused.json()).contains(code);
      }
    }
    assertThat(revealed()).isEmpty();
    assertThat(ToolCaller.call(tools, "clerk_machine_get", "{'machine_id':'mch_1'}").isError())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({"200, done", "422, refused"})
  void auditLogHasTheOutcomeAndNotTheValue(int answered, String outcome) throws Exception {
    status = answered;
    ToolRegistry tools = tools(TEST, audited());
    for (ToolDefinition tool : revealing(tools)) {
      ToolCaller.call(tools, tool.name(), arguments(tool));
    }
    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(8);
    for (int i = 0; i < lines.size(); i += 2) {
      assertThat(lines.get(i).path("event").asText()).isEqualTo("begin");
      assertThat(lines.get(i).path("effect").asText()).isEqualTo("reveal");
      assertThat(lines.get(i).has("before")).isFalse();
      assertThat(lines.get(i + 1).path("event").asText()).isEqualTo("end");
      assertThat(lines.get(i + 1).path("outcome").asText()).isEqualTo(outcome);
      assertThat(lines.get(i + 1).path("change")).isEqualTo(lines.get(i).path("change"));
    }
    assertThat(Files.readString(log())).doesNotContain("canary");
    assertThat(AuditVerifier.verify(log()).fault()).isNull();
  }

  @Test
  void passwordsCannotBeTriedUnnoticed() throws Exception {
    status = 422;
    ToolRegistry live = tools(LIVE, Map.of());
    TestCaller person = TestCaller.answering(() -> Caller.Answer.DECLINED);
    ToolRegistry audited = tools(TEST, audited());
    for (int i = 0; i < 30; i++) {
      ObjectNode guess = Json.object().put("user_id", "user_1").put("password", PASSWORD + "-" + i);
      assertThat(ToolCaller.call(live, "clerk_user_password_verify", guess, person).isError())
          .isTrue();
      assertThat(
              ToolCaller.call(live, "clerk_user_password_verify", guess, TestCaller.unableToAsk())
                  .json())
          .contains("confirmation_needed");
      assertThat(revealed()).hasSize(i);
      assertThat(ToolCaller.call(audited, "clerk_user_password_verify", guess).json())
          .contains("incorrect_password");
      assertThat(revealed()).hasSize(i + 1);
    }
    assertThat(person.questions()).isNotEmpty();
    assertThat(person.questions().get(0)).contains("- password: the password that is tested");
    assertThat(lines()).filteredOn(line -> line.path("event").asText().equals("end")).hasSize(30);
    assertThat(Files.readString(log())).doesNotContain("Tr0ub4dor");
  }

  private static List<ToolDefinition> revealing(ToolRegistry tools) {
    return tools.tools().stream().filter(tool -> tool.effect() == Effect.REVEAL).toList();
  }

  private static ObjectNode arguments(ToolDefinition tool) {
    ObjectNode arguments = ExampleArguments.required(tool.arguments().fullSchema());
    if (arguments.has("password")) {
      arguments.put("password", PASSWORD);
    }
    return arguments;
  }

  private Map<String, String> audited() {
    return Map.of("CLERK_MCP_AUDIT_LOG", log().toString());
  }

  private Path log() {
    return folder.resolve("audit.jsonl");
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(log())) {
      lines.add(Objects.requireNonNull(Json.read(line)));
    }
    return lines;
  }

  private ToolRegistry tools(String key, Map<String, String> settings) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("CLERK_SECRET_KEY", key);
    return ToolCaller.tools(clerk.client(), folder, environment);
  }
}
