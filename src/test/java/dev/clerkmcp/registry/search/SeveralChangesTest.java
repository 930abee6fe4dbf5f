package dev.clerkmcp.registry.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the calls that a discovery tool makes together: one plan, one question, one change. */
final class SeveralChangesTest {
  private static final String MANY = ToolDiscoveryTools.WRITE;
  private static final Map<String, String> LIVE =
      Map.of("CLERK_SECRET_KEY", "sk_live_notarealkey", "CLERK_MCP_ALLOW_IRREVERSIBLE", "true");

  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
  private final SandboxCalls sandbox = clerk.sandbox();
  private final TestCaller agreeing = TestCaller.agreeing();
  private final ArrayNode calls = Json.array();
  @TempDir private Path folder;
  private String ada = "";
  private String bob = "";

  @BeforeEach
  void createUsers() {
    ada = sandbox.createUser("ada@example.com");
    bob = sandbox.createUser("bob@example.com");
  }

  @Test
  void oneQuestionShowsAllAndOneChangeUndoesAll() {
    ToolRegistry tools = clerk.tools(folder, LIVE);
    add("clerk_user_ban", "{'user_id':'ada@example.com'}");
    add("clerk_user_metadata_update", "{'user_id':'%s','public_metadata':{'role':'owner'}}", bob);
    ToolResult done = call(tools, agreeing);
    assertThat(done.isError()).as(done.json()).isFalse();
    assertThat(agreeing.questions())
        .singleElement()
        .asString()
        .startsWith("Make 2 calls on test (live)?")
        .contains(
            "Ban user: user ada@example.com (%s)".formatted(ada), "banned: from false to true")
        .contains("user bob@example.com (%s)".formatted(bob), "public_metadata.role: \"owner\"")
        .endsWith("Asked for by \"tester\" through %s.".formatted(MANY));
    JsonNode made = ToolCaller.json(done).path("calls");
    assertThat(made.at("/1/answer/changed"))
        .hasToString("[{\"field\":\"public_metadata.role\",\"before\":null,\"after\":\"owner\"}]");
    assertThat(made.at("/0/answer/notes").toString())
        .as("each part has its own notes")
        .contains("ada@example.com is " + ada);
    assertThat(made.at("/1/answer").has("notes")).isFalse();
    assertThat(done.notes())
        .as("the whole has those about the whole")
        .hasSize(1)
        .allMatch(note -> note.contains("clerk_undo_plan"));
    assertThat(isBanned(ada)).isTrue();

    JsonNode listed = ToolCaller.json(clerk.call(tools, "clerk_undo_plan", "{}"));
    assertThat(listed.path("changes")).hasSize(1);
    assertThat(listed.at("/changes/0/tool").asText())
        .isEqualTo("clerk_user_ban, clerk_user_metadata_update");
    JsonNode plan =
        ToolCaller.json(
            clerk.call(
                tools,
                "clerk_undo_plan",
                "{'change':'%s'}".formatted(listed.at("/changes/0/change").asText())));
    calls.removeAll();
    for (JsonNode step : plan.path("calls")) {
      ObjectNode call = calls.addObject().put("name", step.path("tool").asText());
      call.set("arguments", step.path("arguments"));
    }
    ToolResult undone = call(tools, agreeing);
    assertThat(undone.isError()).as(undone.json()).isFalse();
    assertThat(isBanned(ada)).isFalse();
    assertThat(sandbox.ok("GET /users/" + bob).path("public_metadata")).isEmpty();
  }

  @Test
  void callsOfOneKindAreNamedByIt() {
    add("clerk_user_ban", "{'user_id':'%s'}", ada);
    add("clerk_user_ban", "{'user_id':'%s'}", bob);
    ToolResult done = call(clerk.tools(folder, LIVE), agreeing);
    assertThat(done.isError()).as(done.json()).isFalse();
    assertThat(agreeing.questions().get(0)).startsWith("Ban user, 2 times on test (live)?");
  }

  @Test
  void refusalChangesNothingAndCountsForEachTool() {
    ToolRegistry tools = clerk.tools(folder, LIVE);
    TestCaller refusing = TestCaller.refusing();
    add("clerk_user_ban", "{'user_id':'%s'}", ada);
    add("clerk_user_lock", "{'user_id':'%s'}", bob);
    for (int i = 0; i < 3; i++) {
      assertThat(code(call(tools, refusing))).isEqualTo("not_confirmed");
    }
    ToolResult alone =
        ToolCaller.call(tools, "clerk_user_lock", "{'user_id':'%s'}".formatted(bob), refusing);
    assertThat(code(alone)).isEqualTo("asked_too_often");
    assertThat(code(call(tools, refusing))).isEqualTo("asked_too_often");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void codeConfirmsExactlyTheseCalls() {
    ToolRegistry tools = clerk.tools(folder, LIVE);
    TestCaller unable = TestCaller.unableToAsk();
    add("clerk_user_ban", "{'user_id':'%s'}", ada);
    add("clerk_user_ban", "{'user_id':'%s'}", bob);
    JsonNode planned = ToolCaller.json(call(tools, unable));
    assertThat(planned.at("/plan/requests")).hasSize(2);
    ((ObjectNode) calls.path(1).path("arguments"))
        .put("user_id", sandbox.createUser("c@example.com"));
    assertThat(code(call(tools, unable, planned.path("confirmation").asText())))
        .isEqualTo("confirmation_needed");
    assertThat(clerk.changes()).isEmpty();
    String code = ToolCaller.json(call(tools, unable)).path("confirmation").asText();
    assertThat(call(tools, unable, code).isError()).isFalse();
    assertThat(clerk.changes()).hasSize(2);
  }

  /** The second call is refused for a reason that the plan shows, so the first is not made. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          clerk_user_ban                  | {'user_id':'nobody@example.com'}            | nobody@example.com
          clerk_user_ban                  | {'whom':'x'}                                | calls[1].arguments.whom
          clerk_user_ban                  | {'user_id':'user_1','dry_run':true}         | calls[1].arguments.dry_run
          clerk_user_ban                  | {'user_id':'user_1','dryRun':true}          | calls[1].arguments
          clerk_user_ban                  | {'user_id':'user_1','confirmation':'abc'}   | calls[1].arguments.confirmation
          clerk_user_ban                  | {'user_id':'user_1','instance':'other'}     | calls[1].arguments.instance
          clerk_user_get                  | {'user_id':'user_1'}                        | calls[1].name
          clerk_user_password_verify      | {'user_id':'user_1','password':'x'}         | calls[1].name
          clerk_tools_write               | {'name':'clerk_user_ban'}                   | calls[1].name
          clerk_user_conjure              | {}                                          | calls[1].name
          clerk_organization_delete       | {'organization_id':'org_1'}                 | switched off
          clerk_organization_update       | {'organization_id':'org_1','name':'Other'}  | denied
          """)
  void callThatIsRefusedStopsAll(String name, String arguments, String told) {
    Map<String, String> settings =
        new HashMap<>(
            ToolCaller.policy(folder, "{'decision':'deny','tools':['clerk_organization_update']}"));
    settings.put("CLERK_MCP_EXCLUDE_TOOLS", "clerk_organization_delete");
    add("clerk_user_ban", "{'user_id':'%s'}", ada);
    add(name, arguments);
    ToolResult refused = call(clerk.tools(folder, settings), agreeing);
    assertThat(refused.isError()).as(refused.json()).isTrue();
    assertThat(refused.json()).contains(told);
    if (!told.startsWith("calls[1]")) { // the place of a wrong argument says which call it is
      assertThat(refused.notes())
          .contains("Call 2 of 2, %s, was refused, so none was made.".formatted(name));
    }
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void whatWasMadeBeforeAFailureIsTold() {
    ToolRegistry tools = clerk.tools(folder, LIVE);
    add("clerk_user_ban", "{'user_id':'%s'}", ada);
    add("clerk_user_ban", "{'user_id':'%s'}", bob);
    add("clerk_user_lock", "{'user_id':'%s'}", bob);
    clerk.refuse("POST /users/%s/ban".formatted(bob), 422, "not_now");
    ToolResult failed = call(tools, agreeing);
    JsonNode told = ToolCaller.json(failed);
    assertThat(told.path("message").asText())
        .isEqualTo("Call 1 was made; call 2, clerk_user_ban, was not made; call 3 was not tried.");
    assertThat(told.at("/error/code").asText()).isEqualTo("not_now");
    assertThat(told.at("/done/calls")).hasSize(1);
    assertThat(told.at("/done/calls/0/answer/id").asText()).isEqualTo(ada);
    assertThat(failed.notes()).anyMatch(note -> note.contains("clerk_undo_plan with change "));
    assertThat(clerk.changes()).as("requests").hasSize(2);
  }

  @Test
  void failureOfTheFirstIsTold() {
    add("clerk_user_ban", "{'user_id':'%s'}", ada);
    add("clerk_user_ban", "{'user_id':'%s'}", bob);
    clerk.refuse("POST /users/%s/ban".formatted(ada), 422, "not_now");
    JsonNode told = ToolCaller.json(call(clerk.tools(folder, LIVE), agreeing));
    assertThat(told.path("message").asText())
        .isEqualTo("Call 1, clerk_user_ban, was not made; call 2 was not tried.");
    assertThat(told.at("/error/code").asText()).isEqualTo("not_now");
    assertThat(told.at("/done/calls")).isEmpty();
    assertThat(clerk.changes()).hasSize(1);
  }

  @Test
  void dryRunShowsAllAndChangesNothing() {
    add("clerk_user_ban", "{'user_id':'%s'}", ada);
    add("clerk_user_metadata_update", "{'user_id':'%s','public_metadata':{'seats':3}}", bob);
    ObjectNode arguments = Json.object().put("dry_run", true);
    arguments.set("calls", calls);
    JsonNode plan = ToolCaller.json(ToolCaller.call(clerk.tools(folder, LIVE), MANY, arguments));
    assertThat(plan.path("dry_run").asBoolean()).isTrue();
    assertThat(plan.path("requests")).hasSize(2);
    assertThat(plan.path("risks")).hasSize(1);
    assertThat(clerk.changes()).isEmpty();
  }

  /** Each alone needs no question, all together concern many people. */
  @Test
  void manyPeopleTogetherAreAsked() {
    ToolRegistry tools = clerk.tools(folder, LIVE);
    IntStream.range(0, 11).forEach(i -> seats(sandbox.createUser("u%s@example.com".formatted(i))));
    assertThat(call(tools, agreeing).isError()).isFalse();
    assertThat(agreeing.questions()).hasSize(1);
    calls.remove(10);
    assertThat(call(tools, agreeing).isError()).isFalse();
    assertThat(agreeing.questions()).as("after ten people").hasSize(1);
  }

  /** The end of one session needs no question, also beside a harmless change; of two, it does. */
  @Test
  void oneSessionEndsWithoutQuestion() {
    ToolRegistry tools = clerk.tools(folder, LIVE);
    String first = session(ada);
    String second = session(ada);
    add("clerk_session_revoke", "{'session_id':'%s'}", first);
    seats(bob);
    assertThat(call(tools, agreeing).isError()).isFalse();
    assertThat(agreeing.questions()).isEmpty();
    calls.removeAll();
    add("clerk_session_revoke", "{'session_id':'%s'}", second);
    add("clerk_session_revoke", "{'session_id':'%s'}", session(bob));
    assertThat(call(tools, agreeing).isError()).isFalse();
    assertThat(agreeing.questions()).hasSize(1);
  }

  private String session(String user) {
    return sandbox.ok("POST /sessions", "{'user_id':'%s'}".formatted(user)).path("id").asText();
  }

  @Test
  void limitRefusesAllBeforeTheFirst() {
    Map<String, String> settings = new HashMap<>(LIVE);
    settings.put("CLERK_MCP_LIMITS", "changed=2");
    List.of(ada, bob, sandbox.createUser("c@example.com")).forEach(this::seats);
    ToolRegistry tools = clerk.tools(folder, settings);
    assertThat(code(call(tools, agreeing))).isEqualTo("limit_reached");
    assertThat(clerk.changes()).isEmpty();
    calls.remove(2);
    assertThat(call(tools, agreeing).isError()).isFalse();
  }

  @Test
  void stateThatChangedDuringTheQuestionIsNotConfirmed() {
    TestCaller slow =
        TestCaller.reading(
            question -> {
              sandbox.ok("PATCH /users/" + bob, "{'first_name':'Bobby'}");
              return Caller.Answer.ACCEPTED;
            });
    add("clerk_user_ban", "{'user_id':'%s'}", ada);
    add("clerk_user_ban", "{'user_id':'%s'}", bob);
    assertThat(code(call(clerk.tools(folder, LIVE), slow))).isEqualTo("not_confirmed");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void relativeTimeIsTheSameInPlanAndCall() {
    add(
        "clerk_user_update",
        "{'user_id':'%s','legal_accepted_at':'300d','password':'aRq7-pfw2x'}",
        ada);
    add("clerk_user_ban", "{'user_id':'%s'}", bob);
    ToolResult done = call(clerk.tools(folder, LIVE), agreeing);
    assertThat(done.isError()).as(done.json()).isFalse();
    assertThat(ToolCaller.json(done).at("/calls/0/answer/notes").toString())
        .contains("300d was read as");
    assertThat(done.notes()).noneMatch(note -> note.contains("300d"));
  }

  @Test
  void credentialsGoToFiles() throws IOException {
    add("clerk_sign_in_token_create", "{'user_id':'%s'}", ada);
    add("clerk_sign_in_token_create", "{'user_id':'%s'}", bob);
    ToolResult done = call(clerk.tools(folder, LIVE), agreeing);
    assertThat(done.isError()).as(done.json()).isFalse();
    assertThat(done.json()).doesNotContain("sandbox_sign_in_ticket");
    try (Stream<Path> files = Files.list(folder.resolve("secrets"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void auditLogHasTheNamesAndOneChange() throws IOException {
    Path log = folder.resolve("audit.jsonl");
    Map<String, String> settings = new HashMap<>(LIVE);
    settings.put("CLERK_MCP_AUDIT_LOG", log.toString());
    add("clerk_user_ban", "{'user_id':'%s'}", ada);
    add("clerk_user_lock", "{'user_id':'%s'}", bob);
    assertThat(call(clerk.tools(folder, settings), agreeing).isError()).isFalse();
    List<JsonNode> lines = Files.readAllLines(log).stream().map(ToolCaller::arguments).toList();
    assertThat(lines)
        .extracting(line -> line.path("event").asText())
        .containsExactly("question", "answer", "begin", "end", "begin", "end");
    assertThat(lines.get(0).at("/arguments/calls").toString())
        .isEqualTo(
            "[{\"name\":\"clerk_user_ban\",\"arguments\":{\"user_id\":\"%s\"}},{\"name\":\"clerk_user_lock\",\"arguments\":{\"user_id\":\"%s\"}}]"
                .formatted(ada, bob));
    assertThat(lines.get(4).path("change")).isEqualTo(lines.get(2).path("change"));
    assertThat(lines.get(4).path("part").asInt()).isEqualTo(2);
    ToolRegistry later = clerk.tools(folder, settings);
    assertThat(
            ToolCaller.json(clerk.call(later, "clerk_undo_plan", "{}"))
                .at("/changes/0/tool")
                .asText())
        .isEqualTo("clerk_user_ban, clerk_user_lock");
  }

  @Test
  void passwordsAreNotInTheLog() throws IOException {
    Path log = folder.resolve("audit.jsonl");
    Map<String, String> settings = new HashMap<>(LIVE);
    settings.put("CLERK_MCP_AUDIT_LOG", log.toString());
    add("clerk_user_update", "{'userId':'%s','passWord':'aRq7-pfw2x'}", ada);
    add("clerk_user_update", "{'user_id':'%s','password':'aRq7-pfw2x'}", bob);
    ToolResult result = call(clerk.tools(folder, settings), TestCaller.refusing());
    assertThat(result.isError()).isTrue();
    assertThat(Files.readString(log)).doesNotContain("aRq7-pfw2x");
  }

  @Test
  void equalCallsAreMadeAsOftenAsTheyAreConfirmed() {
    add("clerk_sign_in_token_create", "{'user_id':'%s'}", ada);
    add("clerk_sign_in_token_create", "{'user_id':'%s'}", ada);
    ToolResult done = call(clerk.tools(folder, LIVE), agreeing);
    assertThat(done.isError()).as(done.json()).isFalse();
    assertThat(clerk.changes()).hasSize(2);
  }

  /** The second call would read what the first one changes, so its plan would not be true. */
  @Test
  void composedToolIsNotCalledTwiceForOneObject() {
    add("clerk_metadata_set", "{'user_id':'%s','public_metadata':{'a':1}}", ada);
    add("clerk_metadata_set", "{'user_id':'ada@example.com','public_metadata':{'b':1}}");
    ToolResult refused = call(clerk.tools(folder, LIVE), agreeing);
    assertThat(refused.json())
        .contains("calls[1].arguments.user_id", "is also that of an earlier call");
    assertThat(clerk.changes()).isEmpty();
    ((ObjectNode) calls.path(1).path("arguments")).put("user_id", bob);
    assertThat(call(clerk.tools(folder, LIVE), agreeing).isError()).isFalse();
  }

  /** What stands against a call now may be gone when an earlier one has been made. */
  @Test
  void refusalIsNotForeseenWhereAnEarlierCallMayHelp() {
    add("clerk_user_update", "{'user_id':'%s','username':'swapped'}", ada);
    add("clerk_user_update", "{'user_id':'%s','username':'wanted'}", bob);
    sandbox.ok("PATCH /users/" + ada, "{'username':'wanted'}");
    assertThat(call(clerk.tools(folder, LIVE), agreeing).isError()).isFalse();
    assertThat(agreeing.questions().get(0))
        .contains("Clerk would refuse, unless an earlier call helps: ")
        .doesNotContain("Clerk will refuse");
  }

  @Test
  void planTellsWhoIsMeant() {
    add("clerk_user_ban", "{'user_id':'ada@example.com'}");
    add("clerk_user_ban", "{'user_id':'bob@example.com'}");
    ToolRegistry tools = clerk.tools(folder, LIVE);
    assertThat(call(tools, TestCaller.unableToAsk()).notes())
        .anyMatch(note -> note.contains("ada@example.com is " + ada))
        .anyMatch(note -> note.contains("bob@example.com is " + bob));
  }

  @Test
  void policyTestJudgesAllAndSendsNothing() {
    Map<String, String> policy =
        ToolCaller.policy(folder, "{'decision':'deny','tools':['clerk_user_lock']}");
    add("clerk_user_ban", "{'user_id':'%s'}", ada);
    ToolRegistry tools = ToolCaller.policyTest(clerk.client(), folder, policy);
    JsonNode allowed = ToolCaller.json(call(tools, Caller.UNKNOWN));
    assertThat(allowed.path("decision").asText()).isEqualTo("allow");
    add("clerk_user_lock", "{'user_id':'%s'}", bob);
    JsonNode denied = ToolCaller.json(call(tools, Caller.UNKNOWN));
    assertThat(denied.path("decision").asText()).isEqualTo("deny");
    assertThat(denied.path("requests")).hasSize(2);
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void testKeyAsksNothing() {
    add("clerk_user_ban", "{'user_id':'%s'}", ada);
    add("clerk_user_delete", "{'user_id':'%s'}", bob);
    assertThat(call(clerk.tools(folder, Map.of()), agreeing).isError()).isFalse();
    assertThat(agreeing.questions()).isEmpty();
  }

  private void seats(String user) {
    add("clerk_user_metadata_update", "{'user_id':'%s','public_metadata':{'seats':3}}", user);
  }

  /** Adds a call; {@code %s} in its arguments stands for the user. */
  private void add(String name, String arguments, String user) {
    add(name, arguments.replace("%s", user));
  }

  private void add(String name, String arguments) {
    calls.addObject().put("name", name).set("arguments", ToolCaller.arguments(arguments));
  }

  private ToolResult call(ToolRegistry tools, Caller caller) {
    return call(tools, caller, "");
  }

  private ToolResult call(ToolRegistry tools, Caller caller, String confirmation) {
    clerk.forget();
    ObjectNode arguments = Json.object();
    arguments.set("calls", calls);
    if (!confirmation.isEmpty()) {
      arguments.put("confirmation", confirmation);
    }
    return ToolCaller.call(tools, MANY, arguments, caller);
  }

  private static String code(ToolResult result) {
    return ToolCaller.json(result).at("/error/code").asText();
  }

  private boolean isBanned(String user) {
    return sandbox.ok("GET /users/" + user).path("banned").asBoolean();
  }
}
