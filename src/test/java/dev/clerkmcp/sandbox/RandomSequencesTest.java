package dev.clerkmcp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.RandomSteps.Step;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However requests follow each other, the instance stays in order, and a seed decides it all. */
final class RandomSequencesTest {
  private static final int STEPS = 700;
  private static final int SHOWN = 12;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 5, 8})
  void invariantsHoldAfterEveryStep(long seed) {
    Stage stage = new Stage(seed);
    RandomSteps steps = new RandomSteps(stage, seed);
    Invariants invariants = new Invariants(stage);
    List<String> told = new ArrayList<>();
    Map<String, Integer> outcomes = new TreeMap<>();
    String state = stage.state();
    for (int i = 1; i <= STEPS; i++) {
      Step step = steps.next();
      try {
        Reply reply = carryOut(stage, step);
        told.add("%s. %s -> %s".formatted(i, step, reply.status() < 300 ? "ok" : code(reply)));
        String after = stage.state();
        if (reply.status() >= 400) {
          assertThat(reply.status()).as("a refusal").isLessThan(500);
          assertThat(after).as("a refused request changes nothing").isEqualTo(state);
        }
        outcomes.merge(
            kind(step) + (reply.status() < 300 ? "" : " " + code(reply)), 1, Integer::sum);
        state = after;
        invariants.check(step);
      } catch (AssertionError | RuntimeException e) {
        List<String> last = told.subList(Math.max(0, told.size() - SHOWN), told.size());
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
    Stage stage = new Stage(seed);
    RandomSteps steps = new RandomSteps(stage, seed);
    for (int i = 0; i < STEPS; i++) {
      carryOut(stage, steps.next());
    }
    return stage.state();
  }

  private static Reply carryOut(Stage stage, Step step) {
    if (step.method().equals("RESTART")) {
      stage.restart(Duration.parse(step.path()));
      return new Reply(200, stage.store().toJson().path("now"));
    }
    return stage.send(step.method(), step.path(), step.body());
  }

  private static String kind(Step step) {
    return step.method() + " " + step.path().replaceAll("/[a-z]+_[0-9A-Za-z]+", "/{id}");
  }

  private static String code(Reply reply) {
    JsonNode error = reply.body().at("/errors/0");
    return error.isMissingNode() ? "" : reply.refusal();
  }
}
