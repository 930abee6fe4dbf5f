package dev.clerkmcp.interceptor.confirm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.interceptor.audit.AuditInterceptor;
import dev.clerkmcp.interceptor.audit.ChangeHistory;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.interceptor.impact.VisibleTargets;
import dev.clerkmcp.interceptor.policy.Policy;
import dev.clerkmcp.interceptor.policy.PolicyInterceptor;
import dev.clerkmcp.interceptor.policy.PolicyReadRules;
import dev.clerkmcp.interceptor.redact.SecretInterceptor;
import dev.clerkmcp.interceptor.redact.SecretStore;
import dev.clerkmcp.interceptor.risk.RiskAssessor;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.InputRequiredException;
import dev.clerkmcp.registry.Interceptors;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolRegistryBuilder;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.tools.UserTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests the confirmation between two calls: the first call ends with a question, the second has the
 * answer.
 */
final class ConfirmationBetweenCallsTest {
  private static final String BAN = "clerk_user_ban";
  private static final String REPLACE = "clerk_user_metadata_replace";

  private Instant now = Instant.EPOCH;
  private String name = "Ada";
  private final FakeClerk clerk =
      FakeClerk.answering(
          request ->
              new FakeClerk.Answer(
                  200,
                  "{\"id\":\"user_1\",\"object\":\"user\",\"first_name\":\"%s\",\"data\":[],\"total_count\":0}"
                      .formatted(name)));
  private final Path folder;
  private final ToolRegistry tools;

  ConfirmationBetweenCallsTest(@TempDir Path folder) {
    this.folder = folder;
    this.tools = tools();
  }

  @Test
  void acceptedAnswerIsValidOnce() {
    InputRequiredException asked = asked(BAN, "user_1");
    assertThat(asked.question()).contains("Ban user", "user_1", "Asked for by \"tester\"");
    assertThat(clerk.changes()).isEmpty();
    assertThat(call(BAN, "user_1", asked.state(), Caller.Answer.ACCEPTED).isError()).isFalse();
    assertThat(clerk.changes()).hasSize(1);
    assertRefused(call(BAN, "user_1", asked.state(), Caller.Answer.ACCEPTED), "used already");
    assertThat(clerk.changes()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Caller.Answer.class,
      names = {"DECLINED", "CANCELLED", "FAILED"})
  void otherAnswerRefusesAndUsesUpTheState(Caller.Answer no) {
    String state = asked(BAN, "user_1").state();
    assertThat(call(BAN, "user_1", state, no).json()).contains("not_confirmed", "plan");
    assertRefused(call(BAN, "user_1", state, Caller.Answer.ACCEPTED), "used already");
    assertThat(clerk.changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "clerk_user_ban, user_2",
    "clerk_user_lock, user_1",
  })
  void acceptedAnswerIsValidOnlyForItsCall(String tool, String user) {
    String state = asked(BAN, "user_1").state();
    assertRefused(call(tool, user, state, Caller.Answer.ACCEPTED), "for another plan");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void acceptedAnswerIsInvalidAfterTheObjectChanged() {
    String state = asked(BAN, "user_1").state();
    name = "Eve";
    assertRefused(call(BAN, "user_1", state, Caller.Answer.ACCEPTED), "changed since");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void acceptedAnswerIsValidForTenMinutes() {
    String state = asked(BAN, "user_1").state();
    String late = asked(BAN, "user_1").state();
    now = now.plus(Duration.ofMinutes(10));
    assertThat(call(BAN, "user_1", state, Caller.Answer.ACCEPTED).isError()).isFalse();
    now = now.plusSeconds(1);
    assertRefused(call(BAN, "user_1", late, Caller.Answer.ACCEPTED), "expired");
    assertThat(clerk.changes()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"''", "made-up", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void inventedStateIsRefused(String state) {
    assertRefused(
        call(BAN, "user_1", state, Caller.Answer.ACCEPTED), "belongs to another question");
    assertThat(clerk.changes()).isEmpty();
  }

  /** Some hosts say that they can ask, and decline at once. */
  @Test
  void refusalAtOnceIsToldAsThatOfTheHost() {
    String state = asked(BAN, "user_1").state();
    now = now.plusMillis(499);
    assertThat(call(BAN, "user_1", state, Caller.Answer.DECLINED).json())
        .contains(
            "The host answered without showing a question", "set CLERK_MCP_CONFIRM_BY to code");
    String slow = asked(BAN, "user_1").state();
    now = now.plusMillis(500);
    assertThat(call(BAN, "user_1", slow, Caller.Answer.DECLINED).json())
        .contains("The person said no.")
        .doesNotContain("CLERK_MCP_CONFIRM_BY");
  }

  @Test
  void toolThatWasRefusedThreeTimesAsksNoMoreForTenMinutes() {
    for (int i = 0; i < 3; i++) {
      String state = asked(BAN, "user_" + i).state();
      now = now.plusSeconds(5);
      call(BAN, "user_" + i, state, Caller.Answer.DECLINED);
    }
    ToolResult refused =
        ToolCaller.call(tools, BAN, Json.object().put("user_id", "user_4"), new Client(true, null));
    assertThat(refused.json())
        .contains("asked_too_often", "refused clerk_user_ban 3 times in a row")
        .contains("until 1970-01-01T00:10:15Z");
    assertThat(asked("clerk_user_lock", "user_4").question()).contains("Lock user");
    now = now.plus(Duration.ofMinutes(10));
    assertThat(asked(BAN, "user_4").question()).contains("Ban user");
  }

  /** A long question is whole in one file, until it is answered. */
  @ParameterizedTest
  @EnumSource(
      value = Caller.Answer.class,
      names = {"ACCEPTED", "DECLINED", "CANCELLED"})
  void fileWithTheQuestionGoesWithTheAnswer(Caller.Answer answer) throws Exception {
    assertThat(longQuestion("a").question()).contains("In full: " + folder);
    InputRequiredException asked = longQuestion("a");
    assertThat(questionFiles()).hasSize(1);
    ToolResult result =
        ToolCaller.call(
            tools,
            REPLACE,
            metadata("a"),
            new Client(true, new Caller.Brought(asked.state(), answer)));
    assertThat(result.isError()).isEqualTo(answer != Caller.Answer.ACCEPTED);
    assertThat(questionFiles()).isEmpty();
  }

  @Test
  void fileWithTheQuestionExpiresWithIt() throws Exception {
    longQuestion("a");
    now = now.plus(Duration.ofMinutes(10));
    longQuestion("b");
    assertThat(questionFiles()).hasSize(2);
    now = now.plusSeconds(1);
    longQuestion("c");
    assertThat(questionFiles()).hasSize(2);
  }

  private InputRequiredException longQuestion(String note) {
    return catchThrowableOfType(
        InputRequiredException.class,
        () -> ToolCaller.call(tools, REPLACE, metadata(note), new Client(true, null)));
  }

  private static ObjectNode metadata(String note) {
    ObjectNode arguments = Json.object().put("user_id", "user_1");
    arguments.putObject("public_metadata").put("note", note.repeat(2_000)).put("role", "reader");
    return arguments;
  }

  private List<Path> questionFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void missingAnswerRepeatsTheQuestion() {
    String state = asked(BAN, "user_1").state();
    InputRequiredException again =
        catchThrowableOfType(InputRequiredException.class, () -> call(BAN, "user_1", state, null));
    assertThat(again.state()).isNotEqualTo(state);
    assertThat(clerk.changes()).isEmpty();
  }

  /**
   * The state is only for clients and the code only for models, so neither may replace the other.
   */
  @Test
  void stateAndCodeAreNotInterchangeable() throws Exception {
    String state = asked(BAN, "user_1").state();
    ToolResult first = byCode(null);
    String code = Json.read(first.json()).path("confirmation").asText();
    assertThat(byCode(state).json()).contains("confirmation_needed", "for another plan");
    assertRefused(call(BAN, "user_1", code, Caller.Answer.ACCEPTED), "for another plan");
    assertThat(clerk.changes()).isEmpty();
    assertThat(byCode(code).isError()).isFalse();
  }

  private static void assertRefused(ToolResult result, String why) {
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("not_confirmed", why, "\"plan\"", "Nothing was changed");
  }

  private InputRequiredException asked(String tool, String user) {
    return catchThrowableOfType(
        InputRequiredException.class,
        () ->
            ToolCaller.call(
                tools, tool, Json.object().put("user_id", user), new Client(true, null)));
  }

  private ToolResult call(String tool, String user, String state, Caller.@Nullable Answer answer) {
    return ToolCaller.call(
        tools,
        tool,
        Json.object().put("user_id", user),
        new Client(true, new Caller.Brought(state, answer)));
  }

  private ToolResult byCode(@Nullable String code) {
    return ToolCaller.call(
        tools,
        BAN,
        Json.object().put("user_id", "user_1").put("confirmation", code),
        new Client(false, null));
  }

  private ToolRegistry tools() {
    ToolRegistryBuilder builder = new ToolRegistryBuilder();
    builder.addEndpoints(UserTools.class);
    TargetCache lookup = new TargetCache(builder.readEndpoints());
    RiskAssessor risks = new RiskAssessor(lookup, List.of("role"), false);
    ChangeHistory changes = new ChangeHistory(null);
    Confirmation confirmation =
        new Confirmation(
            Confirmation.When.ALWAYS,
            Confirmation.By.AUTO,
            Duration.ofMinutes(5),
            () -> now,
            new SecretStore(folder),
            false,
            new AuditInterceptor(null, false, lookup, risks, changes, () -> now));
    PolicyInterceptor policy = new PolicyInterceptor(Policy.none(), lookup, risks);
    PlanInterceptor plan =
        new PlanInterceptor(
            false,
            new VisibleTargets(lookup, new PolicyReadRules(policy, builder.readEndpoints())),
            risks,
            policy,
            confirmation,
            requests -> List.of(),
            new SecretInterceptor(new SecretStore(folder), false),
            new Renames(changes, () -> now));
    return builder.build(
        ClerkInstances.of(
            new ClerkInstance("test", clerk.client(), false, ToolFilter.allowingAll())),
        new Interceptors(List.of(), List.of(plan), List.of(plan), List.of()));
  }

  private record Client(boolean asksBetweenCalls, Caller.@Nullable Brought brought)
      implements Caller {
    @Override
    public String name() {
      return "tester";
    }

    @Override
    public boolean canAsk() {
      return false;
    }

    @Override
    public boolean callsAgain() {
      return true;
    }

    @Override
    public CompletableFuture<Answer> ask(String question) {
      throw new AssertionError("A client that asks between calls was asked during a call.");
    }
  }
}
