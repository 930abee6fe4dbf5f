package dev.clerkmcp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an operation answers to a change is what is read afterwards, and what is deleted is gone.
 */
final class ReadBackTest {
  /** Credentials that Clerk shows when they are made and never again. */
  private static final Set<String> SHOWN_ONCE = Set.of("api_key");

  static List<Named<ApiOperation>> changing() {
    return Operations.that(
        operation ->
            !operation.reads()
                && !operation.method().equals("DELETE")
                && operation.answer() != null
                && !NotImitated.REFUSALS.containsKey(operation.route()));
  }

  static List<Named<ApiOperation>> deleting() {
    return Operations.that(
        operation ->
            operation.method().equals("DELETE")
                && find("GET " + operation.template()) != null
                && !NotImitated.REFUSALS.containsKey(operation.route()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changing")
  void answerIsWhatIsReadAfterwards(ApiOperation operation) {
    for (int variant = 0; variant < ValidRequests.variants(operation); variant++) {
      Scene scene = ValidRequests.scene(operation);
      Ask ask = ValidRequests.full(operation, scene, variant);
      JsonNode answer = scene.ok(ask);
      Ask reading = reading(ask, answer);
      if (reading != null && !answer.path("deleted").asBoolean()) {
        JsonNode read = scene.ok(reading);
        for (Map.Entry<String, JsonNode> field : answer.properties()) {
          if (read.has(field.getKey()) && !SHOWN_ONCE.contains(field.getKey())) {
            assertThat(read.path(field.getKey()))
                .as("%s of %s after %s", field.getKey(), reading, ask)
                .isEqualTo(field.getValue());
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deleting")
  void deletedObjectIsGone(ApiOperation operation) {
    Scene scene = ValidRequests.scene(operation);
    Ask ask = ValidRequests.minimal(operation, scene);
    scene.ok(ask);
    ApiOperation get = Objects.requireNonNull(find("GET " + operation.template()));
    for (Ask again : List.of(ask, new Ask(get, ask.variables(), Json.object(), null))) {
      Reply reply = scene.stage().send(again);
      assertThat(reply.status()).as("%s: %s", again, reply.body()).isEqualTo(404);
    }
  }

  /** The request that reads the answered object: by its id, or by the one in the path. */
  private static @Nullable Ask reading(Ask ask, JsonNode answer) {
    String id = answer.path("id").asText();
    List<String> segments = new ArrayList<>(ask.operation().segments());
    for (ApiOperation operation : SandboxCalls.CONTRACT.operations()) {
      List<String> path = operation.segments();
      String last = path.get(path.size() - 1);
      boolean below = path.size() == segments.size() + 1;
      boolean above = path.size() <= segments.size();
      List<String> shared = path.subList(0, Math.min(path.size(), segments.size()));
      if (operation.reads()
          && last.startsWith("{")
          && (below || above)
          && segments.subList(0, shared.size()).equals(shared)) {
        String variable = last.substring(1, last.length() - 1);
        Map<String, String> variables = new HashMap<>(ask.variables());
        variables.putIfAbsent(variable, id);
        if (id.equals(variables.get(variable))) {
          return new Ask(operation, variables, Json.object(), null);
        }
      }
    }
    return null;
  }

  private static @Nullable ApiOperation find(String route) {
    return SandboxCalls.CONTRACT.operations().stream()
        .filter(operation -> operation.route().equals(route))
        .findFirst()
        .orElse(null);
  }
}
