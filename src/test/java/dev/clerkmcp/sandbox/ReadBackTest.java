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

/** The response to a change equals what is read afterwards, and a deleted object is gone. */
final class ReadBackTest {
  /** Credentials that Clerk shows only once. */
  private static final Set<String> SHOWN_ONCE = Set.of("api_key");

  static List<Named<ApiOperation>> changing() {
    return Operations.matching(
        operation ->
            !operation.reads()
                && !operation.method().equals("DELETE")
                && operation.answer() != null
                && !Operations.UNSUPPORTED.containsKey(operation.route()));
  }

  static List<Named<ApiOperation>> deleting() {
    return Operations.matching(
        operation ->
            operation.method().equals("DELETE")
                && find("GET " + operation.template()) != null
                && !Operations.UNSUPPORTED.containsKey(operation.route()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changing")
  void responseEqualsObjectReadAfterwards(ApiOperation operation) {
    for (int variant = 0; variant < ValidRequests.variants(operation); variant++) {
      Fixtures fixtures = ValidRequests.fixtures(operation);
      OperationRequest request = ValidRequests.full(operation, fixtures, variant);
      JsonNode answer = fixtures.ok(request);
      OperationRequest reading = reading(request, answer);
      if (reading != null && !answer.path("deleted").asBoolean()) {
        JsonNode read = fixtures.ok(reading);
        for (Map.Entry<String, JsonNode> field : answer.properties()) {
          if (read.has(field.getKey()) && !SHOWN_ONCE.contains(field.getKey())) {
            assertThat(read.path(field.getKey()))
                .as("%s of %s after %s", field.getKey(), reading, request)
                .isEqualTo(field.getValue());
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deleting")
  void deletedObjectIsGone(ApiOperation operation) {
    Fixtures fixtures = ValidRequests.fixtures(operation);
    OperationRequest request = ValidRequests.minimal(operation, fixtures);
    fixtures.ok(request);
    ApiOperation get = Objects.requireNonNull(find("GET " + operation.template()));
    for (OperationRequest again :
        List.of(request, new OperationRequest(get, request.variables(), Json.object(), null))) {
      Reply reply = fixtures.sandbox().send(again);
      assertThat(reply.status()).as("%s: %s", again, reply.body()).isEqualTo(404);
    }
  }

  /** The request that reads the object of a response by its id, or by the id in the path. */
  private static @Nullable OperationRequest reading(OperationRequest request, JsonNode answer) {
    String id = answer.path("id").asText();
    List<String> segments = new ArrayList<>(request.operation().segments());
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
        Map<String, String> variables = new HashMap<>(request.variables());
        variables.putIfAbsent(variable, id);
        if (id.equals(variables.get(variable))) {
          return new OperationRequest(operation, variables, Json.object(), null);
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
