package dev.clerkmcp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.RandomRequests.Step;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random sequences of requests keep the invariants, and a seed decides every byte. */
final class RandomSequencesTest {
  private static final int STEPS = 700;
  private static final int STEPS_IN_MESSAGE = 12;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 5, 8})
  void invariantsHoldAfterEveryStep(long seed) {
    SandboxCalls sandbox = SandboxCalls.withDefaults(seed);
    RandomRequests steps = new RandomRequests(sandbox, seed);
    SandboxInvariants invariants = new SandboxInvariants(sandbox);
    List<String> history = new ArrayList<>();
    Map<String, Integer> outcomes = new TreeMap<>();
    String state = sandbox.state();
    for (int i = 1; i <= STEPS; i++) {
      Step step = steps.next();
      try {
        Reply reply = execute(sandbox, step);
        history.add("%s. %s -> %s".formatted(i, step, reply.status() < 300 ? "ok" : code(reply)));
        String after = sandbox.state();
        if (reply.status() >= 400) {
          assertThat(reply.status()).as("an error").isLessThan(500);
          assertThat(after).as("a rejected request changes nothing").isEqualTo(state);
        }
        outcomes.merge(
            kind(step) + (reply.status() < 300 ? "" : " " + code(reply)), 1, Integer::sum);
        state = after;
        invariants.check(step);
      } catch (AssertionError | RuntimeException e) {
        List<String> last =
            history.subList(Math.max(0, history.size() - STEPS_IN_MESSAGE), history.size());
        throw new AssertionError(
            "Seed %s, step %s, %s; the last steps:%n%s"
                .formatted(seed, i, step, String.join("\n", last)),
            e);
      }
    }
    assertThat(outcomes.keySet()).as("kinds of steps and their outcomes").hasSizeGreaterThan(40);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {13, 21})
  void sameSeedGivesSameBytes(long seed) {
    assertThat(stateAfterSteps(seed)).as("seed %s", seed).isEqualTo(stateAfterSteps(seed));
    assertThat(stateAfterSteps(seed)).isNotEqualTo(stateAfterSteps(seed + 1));
  }

  private static String stateAfterSteps(long seed) {
    SandboxCalls sandbox = SandboxCalls.withDefaults(seed);
    RandomRequests steps = new RandomRequests(sandbox, seed);
    for (int i = 0; i < STEPS; i++) {
      execute(sandbox, steps.next());
    }
    return sandbox.state();
  }

  private static Reply execute(SandboxCalls sandbox, Step step) {
    if (step.method().equals("RESTART")) {
      sandbox.restart(Duration.parse(step.path()));
      return new Reply(200, sandbox.store().toJson().path("now"));
    }
    return sandbox.send(
        step.method(), step.path(), step.body() == null ? null : step.body().toString());
  }

  private static String kind(Step step) {
    return step.method() + " " + step.path().replaceAll("/[a-z]+_[0-9A-Za-z]+", "/{id}");
  }

  private static String code(Reply reply) {
    JsonNode error = reply.body().at("/errors/0");
    return error.isMissingNode() ? "" : reply.error();
  }
}
