package dev.clerkmcp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation answers valid requests with its success status and the object that Clerk
 * documents. With {@code -Dclerk.openapi=<file>} the answers are held to Clerk's own file, too.
 */
final class ConformanceTest {
  private static final ApiContract CONTRACT = SandboxCalls.CONTRACT;

  /** What lists call their rows. */
  private static final List<String> ROWS = List.of("data", "m2m_tokens");

  static List<Named<ApiOperation>> imitated() {
    return Operations.that(operation -> !NotImitated.REFUSALS.containsKey(operation.route()));
  }

  static List<Named<ApiOperation>> notImitated() {
    return Operations.that(operation -> NotImitated.REFUSALS.containsKey(operation.route()));
  }

  @Test
  void contractHasAllOperations() {
    assertThat(Operations.that(operation -> true)).hasSize(249);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("imitated")
  void answersRequiredFields(ApiOperation operation) {
    Scene scene = ValidRequests.scene(operation);
    prepareRows(operation, scene);
    Ask ask = ValidRequests.minimal(operation, scene);
    JsonNode answer = answer(ask, scene);
    List<JsonNode> lists = new ArrayList<>(List.of(answer));
    ROWS.forEach(field -> lists.add(answer.path(field)));
    for (JsonNode rows : lists) {
      if (operation.reads() && rows.isArray()) {
        assertThat(rows).as("%s must answer rows, else they are not checked", ask).isNotEmpty();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("imitated")
  void answersEveryProperty(ApiOperation operation) {
    for (int variant = 0; variant < ValidRequests.variants(operation); variant++) {
      Scene scene = ValidRequests.scene(operation);
      prepareRows(operation, scene);
      answer(ValidRequests.full(operation, scene, variant), scene);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notImitated")
  void declaresWhatItCannotImitate(ApiOperation operation) {
    Scene scene = ValidRequests.scene(operation);
    Ask ask = ValidRequests.minimal(operation, scene);
    String before = scene.stage().state();
    Reply reply = scene.stage().send(ask);
    String refusal = NotImitated.REFUSALS.get(operation.route());
    assertThat(reply.refusal())
        .as("%s, which is on the list of what is not imitated: %s", ask, reply.body())
        .isEqualTo(refusal);
    assertThat(reply.body().at("/errors/0/message").asText()).contains("sandbox");
    assertThat(scene.stage().state()).isEqualTo(before);
  }

  /** If rows can be made by POST to where they are listed, one is made. */
  private static void prepareRows(ApiOperation operation, Scene scene) {
    String create = "POST " + operation.template();
    boolean creates =
        CONTRACT.operations().stream().anyMatch(other -> other.route().equals(create));
    if (operation.reads() && creates && !NotImitated.REFUSALS.containsKey(create)) {
      scene.ok(ValidRequests.minimal(CONTRACT.operation(create), scene));
    }
  }

  private static JsonNode answer(Ask ask, Scene scene) {
    String before = scene.stage().state();
    Reply reply = scene.stage().send(ask);
    assertThat(reply.status()).as("%s: %s", ask, reply.body()).isEqualTo(ask.operation().status());
    Conformity.check(ask, reply, "");
    if (ask.operation().reads()) {
      assertThat(scene.stage().state()).as("%s changes nothing", ask).isEqualTo(before);
    } else {
      everythingStillConforms(ask, scene);
    }
    return reply.body();
  }

  /** What was changed must still be readable, in every list and object in which it may appear. */
  private static void everythingStillConforms(Ask done, Scene scene) {
    for (ApiOperation operation : CONTRACT.operations()) {
      if (operation.reads() && done.knows(operation)) {
        ObjectNode query = Json.object();
        if (operation.route().equals("GET /sessions") && scene.has("user")) {
          query.put("user_id", scene.id("user"));
        }
        Ask ask = new Ask(operation, done.variables(), query, null);
        Reply reply = scene.stage().send(ask);
        if (reply.status() < 300) {
          Conformity.check(ask, reply, "After %s, ".formatted(done));
        }
      }
    }
  }
}
