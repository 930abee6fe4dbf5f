package dev.clerkmcp.interceptor.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.CapturedStderr;
import dev.clerkmcp.CommandLineCaller;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests when a person is asked to confirm a change, what the question says, and which answers
 * confirm.
 */
final class ConfirmationTest {
  private static final String ADA =
      """
      {"id": "user_1", "object": "user", "first_name": "%s", "public_metadata": {},
       "email_addresses": [{"id": "idn_1", "email_address": "ada@example.com"}],
       "primary_email_address_id": "idn_1", "data": [], "total_count": 2}""";

  private String name = "Ada";
  private final FakeClerk clerk =
      FakeClerk.answering(request -> new FakeClerk.Answer(200, ADA.formatted(name)));
  @TempDir private Path folder;

  /** By default only live instances ask. */
  @ParameterizedTest
  @CsvSource({
    "auto, true, true",
    "auto, false, false",
    "always, false, true",
    "never, true, false"
  })
  void settingDecidesWhichInstancesAsk(String setting, boolean live, boolean asks)
      throws Exception {
    ToolRegistry tools = tools(live, Map.of("CLERK_MCP_CONFIRM", setting));
    TestCaller caller = TestCaller.answering(() -> Caller.Answer.DECLINED);
    ToolCaller.call(tools, "clerk_user_ban", "{'user_id':'user_1'}", caller);
    assertThat(caller.questions()).hasSize(asks ? 1 : 0);
    assertThat(clerk.changes()).hasSize(asks ? 0 : 1);
  }

  @Test
  void questionNamesTheChanges() throws Exception {
    ToolRegistry tools =
        tools(false, ToolCaller.policy(folder, "{'decision':'confirm','effects':['update']}"));
    TestCaller caller = TestCaller.agreeing();
    ToolCaller.call(
        tools,
        "clerk_user_update",
        "{'user_id':'user_1','first_name':'Eve\\nyes','password':'Sup3rS3cretPassw0rd!',"
            + "'private_metadata':{'note':'for staff'},'public_metadata':{'role':'superadmin'}}",
        caller);
    assertThat(caller.questions()).hasSize(1);
    assertThat(caller.questions().get(0))
        .contains("Change user", "ada@example.com", "first_name: from \"Ada\" to \"Eve\\nyes\"")
        .contains("public_metadata.role: \"superadmin\"")
        .contains("private_metadata.note: \"for staff\"")
        .doesNotContain("Sup3r");
    assertThat(clerk.changes()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"DECLINED", "CANCELLED", "FAILED"})
  void onlyAcceptedAnswerConfirms(Caller.Answer answer) throws Exception {
    ToolRegistry tools = tools(true, Map.of());
    ToolResult result = call(tools, "clerk_user_ban", "{'user_id':'user_1'}", () -> answer);
    assertThat(result.json()).contains("not_confirmed", "Nothing was changed");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void failedQuestionCountsAsNoAndIsLogged() throws Exception {
    ToolRegistry tools = tools(true, Map.of());
    try (CapturedStderr log = new CapturedStderr()) {
      ToolResult result =
          call(
              tools,
              "clerk_user_ban",
              "{'user_id':'user_1'}",
              () -> {
                throw new IllegalStateException("no window");
              });
      assertThat(result.json()).contains("not_confirmed");
      assertThat(log.text())
          .containsOnlyOnce("A person could not be asked: java.lang.IllegalStateException")
          .doesNotContain("no window");
    }
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void changeDuringTheQuestionNeedsNewConfirmation() throws Exception {
    ToolRegistry tools = tools(true, Map.of());
    ToolResult result =
        call(
            tools,
            "clerk_user_ban",
            "{'user_id':'user_1'}",
            () -> {
              name = "Eve";
              return Caller.Answer.ACCEPTED;
            });
    assertThat(result.json()).contains("not_confirmed", "changed while", "Eve");
    assertThat(clerk.changes()).isEmpty();
  }

  /**
   * A tool that reads before it writes must send the request that was confirmed. The plan that is
   * made after the answer reads as much as the first, and the template changes when it is made.
   */
  @Test
  void requestThatDiffersFromThePlanIsNotSent() throws Exception {
    int[] reads = {0, Integer.MAX_VALUE};
    FakeClerk changing =
        FakeClerk.answering(
            request ->
                new FakeClerk.Answer(
                    200,
                    "{\"id\":\"jtmp_1\",\"name\":\"%s\",\"claims\":{},\"lifetime\":60}"
                        .formatted(reads[0]++ < reads[1] ? "mine" : "other")));
    ToolRegistry tools = tools(changing, true, Map.of());
    ToolResult result =
        call(
            tools,
            "clerk_jwt_template_update",
            "{'template_id':'jtmp_1','lifetime':90}",
            () -> {
              reads[1] = 2 * reads[0];
              return Caller.Answer.ACCEPTED;
            });
    assertThat(reads[0]).as("reads after both plans").isGreaterThan(reads[1]);
    assertThat(result.json()).contains("changed_meanwhile", "since they were confirmed");
    assertThat(changing.requests()).allMatch(request -> request.startsWith("GET "));
  }

  /** A deletion that the plan did not have must not be sent without a question. */
  @Test
  void deletionThatBecomesNecessaryDuringTheCallIsNotSent() throws Exception {
    List<String> errors = new ArrayList<>();
    for (int readsBeforeChange = 0; readsBeforeChange < 8; readsBeforeChange++) {
      int before = readsBeforeChange;
      int[] reads = {0};
      FakeClerk changing =
          FakeClerk.answering(
              request -> {
                boolean changed = request.startsWith("GET /users/") && reads[0]++ >= before;
                return new FakeClerk.Answer(
                    200,
                    """
                    {"id": "user_1", "object": "user", "primary_email_address_id": "%s",
                     "email_addresses": [
                       {"id": "idn_new", "email_address": "new@example.com",
                        "verification": {"status": "verified"}},
                       {"id": "idn_old", "email_address": "old@example.com",
                        "verification": {"status": "verified"}}]}"""
                        .formatted(changed ? "idn_old" : "idn_new"));
              });
      ToolResult result =
          call(
              tools(changing, true, Map.of()),
              "clerk_user_change_email",
              "{'user_id':'user_1','email_address':'new@example.com','verified':true,"
                  + "'remove_old':true}",
              () -> Caller.Answer.DECLINED);
      assertThat(changing.requests()).noneMatch(request -> request.startsWith("DELETE "));
      errors.add(result.json());
    }
    assertThat(errors).anyMatch(error -> error.contains("changed_meanwhile"));
  }

  /** An undo must restore the state right before the change, not the state when it was planned. */
  @Test
  void recordedStateIsReadAfterTheConfirmation() throws Exception {
    AtomicBoolean answered = new AtomicBoolean();
    AtomicInteger reads = new AtomicInteger();
    FakeClerk changing =
        FakeClerk.answering(
            request -> {
              boolean counts = answered.get() && request.startsWith("GET /users/user_1");
              boolean first =
                  !counts || reads.incrementAndGet() == 1; // the first read compares with the plan
              return new FakeClerk.Answer(200, ADA.formatted(first ? "Ada" : "Eve"));
            });
    Path log = folder.resolve("audit.jsonl");
    ToolResult result =
        call(
            tools(changing, true, Map.of("CLERK_MCP_AUDIT_LOG", log.toString())),
            "clerk_user_ban",
            "{'user_id':'user_1'}",
            () -> {
              answered.set(true);
              return Caller.Answer.ACCEPTED;
            });
    assertThat(result.isError()).as(result.json()).isFalse();
    JsonNode begin = Json.read(Files.readAllLines(log).get(2)); // after question and answer
    assertThat(begin.at("/before/first_name").asText()).isEqualTo("Eve");
  }

  /** A dialog, an error in its place, and a client without dialogs, under each setting. */
  @ParameterizedTest
  @CsvSource({
    "auto, ACCEPTED, 1, ",
    "auto, UNSUPPORTED, 1, confirmation_needed",
    "auto, , 0, confirmation_needed",
    "person, ACCEPTED, 1, ",
    "person, UNSUPPORTED, 1, no_person_to_ask",
    "person, , 0, no_person_to_ask",
    "code, ACCEPTED, 0, confirmation_needed",
    "code, , 0, confirmation_needed",
  })
  void settingDecidesHowThePersonConfirms(
      String setting, Caller.@Nullable Answer answer, int questions, @Nullable String code) {
    ToolRegistry tools = tools(true, Map.of("CLERK_MCP_CONFIRM_BY", setting));
    TestCaller caller =
        answer == null ? TestCaller.unableToAsk() : TestCaller.answering(() -> answer);
    JsonNode first = ban(tools, Json.object(), caller);
    assertThat(caller.questions()).hasSize(questions);
    assertThat(first.at("/error/code").asText("")).isEqualTo(code == null ? "" : code);
    assertThat(first.has("confirmation")).isEqualTo("confirmation_needed".equals(code));
    assertThat(clerk.changes()).hasSize(code == null ? 1 : 0);
    if ("no_person_to_ask".equals(code)) {
      assertThat(first.at("/error/next").asText()).contains("CLERK_MCP_CONFIRM_BY to auto");
    }
    if (first.has("confirmation")) {
      JsonNode second =
          ban(
              tools,
              Json.object().put("confirmation", first.path("confirmation").asText()),
              caller);
      assertThat(second.has("error")).as(second.toString()).isFalse();
      assertThat(clerk.changes()).hasSize(1);
    }
  }

  /** A code that was given out once must not replace a dialog that works. */
  @Test
  void codeDoesNotReplaceADialog() {
    ToolRegistry tools = tools(true, Map.of());
    AtomicBoolean works = new AtomicBoolean();
    TestCaller caller =
        TestCaller.answering(
            () -> works.get() ? Caller.Answer.DECLINED : Caller.Answer.UNSUPPORTED);
    String code = ban(tools, Json.object(), caller).path("confirmation").asText();
    works.set(true);
    assertThat(ban(tools, Json.object().put("confirmation", code), caller).toString())
        .contains("not_confirmed");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void toolThatWasRefusedThreeTimesAsksNoMore() {
    ToolRegistry tools = tools(true, Map.of());
    TestCaller caller = TestCaller.refusing();
    for (int i = 0; i < 3; i++) {
      assertThat(ban(tools, Json.object(), caller).toString()).contains("The person said no.");
    }
    for (int i = 0; i < 32; i++) {
      assertThat(ban(tools, Json.object(), caller).toString()).contains("asked_too_often");
    }
    assertThat(caller.questions()).hasSize(3);
    assertThat(clerk.changes()).isEmpty();
  }

  /** A host that declines at once has bothered nobody. */
  @Test
  void refusalAtOnceIsToldAsThatOfTheHost() {
    ToolRegistry tools = tools(true, Map.of());
    TestCaller caller = TestCaller.answering(() -> Caller.Answer.DECLINED);
    for (int i = 0; i < 5; i++) {
      assertThat(ban(tools, Json.object(), caller).toString())
          .contains("The host answered without showing a question", "CLERK_MCP_CONFIRM_BY to code");
    }
  }

  @Test
  void questionsAndAnswersAreInTheAuditLog() throws Exception {
    Path log = folder.resolve("audit.jsonl");
    ToolRegistry tools = tools(true, Map.of("CLERK_MCP_AUDIT_LOG", log.toString()));
    ban(tools, Json.object(), TestCaller.refusing());
    ban(tools, Json.object(), TestCaller.answering(() -> Caller.Answer.UNSUPPORTED));
    JsonNode first = ban(tools, Json.object(), TestCaller.unableToAsk());
    ban(
        tools,
        Json.object().put("confirmation", first.path("confirmation").asText()),
        TestCaller.unableToAsk());
    List<String> lines = new ArrayList<>();
    for (String text : Files.readAllLines(log)) {
      JsonNode line = Json.read(text);
      String event = line.path("event").asText();
      if (event.equals("question")) {
        assertThat(line.path("plan_digest").asText()).hasSize(64);
        lines.add("question " + line.path("via").asText());
      } else if (event.equals("answer")) {
        lines.add(line.path("via").asText() + " " + line.path("answer").asText());
        assertThat(line.path("duration_ms").isIntegralNumber()).isTrue();
        assertThat(line.path("tool").asText()).isEqualTo("clerk_user_ban");
        if (line.path("answer").asText().equals("declined")) {
          assertThat(line.path("duration_ms").asLong()).isBetween(600L, 20_000L);
        }
      }
    }
    assertThat(lines)
        .containsExactly(
            "question elicitation",
            "elicitation declined",
            "question elicitation",
            "elicitation unsupported",
            "question code",
            "question code",
            "code accepted");
  }

  /** The options of the command line, under each setting, for a reversible and another tool. */
  @ParameterizedTest
  @CsvSource({
    "auto, REVERSIBLE, clerk_user_ban, true, ",
    "auto, REVERSIBLE, clerk_user_delete, true, --yes-irreversible",
    "auto, EVERYTHING, clerk_user_delete, true, ",
    "code, REVERSIBLE, clerk_user_ban, true, ",
    "person, REVERSIBLE, clerk_user_ban, true, CLERK_MCP_CONFIRM_BY is person",
    "person, EVERYTHING, clerk_user_delete, true, CLERK_MCP_CONFIRM_BY is person",
    "auto, REVERSIBLE, clerk_user_delete, false, ",
  })
  void optionAgreesInAdvance(
      String setting, Caller.Consent consent, String tool, boolean live, @Nullable String refusal) {
    ToolRegistry tools =
        tools(live, Map.of("CLERK_MCP_CONFIRM_BY", setting, "CLERK_MCP_CONFIRM", "always"));
    ToolResult result =
        ToolCaller.call(tools, tool, "{'user_id':'user_1'}", new CommandLineCaller(consent));
    assertThat(result.isError()).as(result.json()).isEqualTo(refusal != null);
    assertThat(clerk.changes()).hasSize(refusal == null ? 1 : 0);
    if (refusal != null) {
      assertThat(result.json()).contains("confirmation_needed", refusal);
    }
  }

  private static JsonNode ban(ToolRegistry tools, ObjectNode arguments, Caller caller) {
    return ToolCaller.json(
        ToolCaller.call(tools, "clerk_user_ban", arguments.put("user_id", "user_1"), caller));
  }

  @Test
  void questionTimesOut() throws Exception {
    ToolRegistry tools = tools(true, Map.of("CLERK_MCP_CONFIRM_TIMEOUT", "1"));
    ToolResult result =
        ToolCaller.call(tools, "clerk_user_ban", "{'user_id':'user_1'}", TestCaller.silent());
    assertThat(result.json()).contains("not_confirmed", "in time");
    assertThat(clerk.changes()).isEmpty();
  }

  private ToolRegistry tools(boolean live, Map<String, String> settings) {
    return tools(clerk, live, settings);
  }

  private ToolRegistry tools(FakeClerk fake, boolean live, Map<String, String> settings) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("CLERK_SECRET_KEY", live ? "sk_live_notarealkey" : "sk_test_notarealkey");
    environment.put("CLERK_MCP_ALLOW_IRREVERSIBLE", "true");
    return ToolCaller.tools(fake.client(), folder, environment);
  }

  private static ToolResult call(
      ToolRegistry tools, String tool, String arguments, Supplier<Caller.Answer> answer) {
    return ToolCaller.call(tools, tool, arguments, TestCaller.answering(answer));
  }
}
