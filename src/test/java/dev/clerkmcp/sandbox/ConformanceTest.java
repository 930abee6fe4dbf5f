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
 * documents. With {@code -Dclerk.openapi=<file>}, responses are also checked against Clerk's own
 * file.
 */
final class ConformanceTest {
  private static final ApiContract CONTRACT = SandboxCalls.CONTRACT;

  /** The fields of lists that contain the rows. */
  private static final List<String> ROWS = List.of("data", "m2m_tokens");

  static List<Named<ApiOperation>> supported() {
    return Operations.supported(operation -> true);
  }

  static List<Named<ApiOperation>> unsupported() {
    return Operations.matching(operation -> Operations.UNSUPPORTED.containsKey(operation.route()));
  }

  @Test
  void contractHasAllOperations() {
    assertThat(Operations.matching(operation -> true)).hasSize(250);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("supported")
  void respondsToRequiredFields(ApiOperation operation) {
    Fixtures fixtures = ValidRequests.fixtures(operation);
    prepareRows(operation, fixtures);
    OperationRequest request = ValidRequests.minimal(operation, fixtures);
    JsonNode answer = answer(request, fixtures);
    List<JsonNode> lists = new ArrayList<>(List.of(answer));
    ROWS.forEach(field -> lists.add(answer.path(field)));
    for (JsonNode rows : lists) {
      if (operation.reads() && rows.isArray()) {
        assertThat(rows).as("%s must answer rows, else they are not checked", request).isNotEmpty();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("supported")
  void respondsToEveryProperty(ApiOperation operation) {
    for (int variant = 0; variant < ValidRequests.variants(operation); variant++) {
      Fixtures fixtures = ValidRequests.fixtures(operation);
      prepareRows(operation, fixtures);
      answer(ValidRequests.full(operation, fixtures, variant), fixtures);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsupported")
  void rejectsUnsupportedOperation(ApiOperation operation) {
    Fixtures fixtures = ValidRequests.fixtures(operation);
    OperationRequest request = ValidRequests.minimal(operation, fixtures);
    String before = fixtures.sandbox().state();
    Reply reply = fixtures.sandbox().send(request);
    String error = Operations.UNSUPPORTED.get(operation.route());
    assertThat(reply.error())
        .as("%s, which is on the list of what is not imitated: %s", request, reply.body())
        .isEqualTo(error);
    assertThat(reply.body().at("/errors/0/message").asText()).contains("sandbox");
    assertThat(fixtures.sandbox().state()).isEqualTo(before);
  }

  /** Creates a row if a POST to the path of the list creates one. */
  private static void prepareRows(ApiOperation operation, Fixtures fixtures) {
    String create = "POST " + operation.template();
    boolean creates =
        CONTRACT.operations().stream().anyMatch(other -> other.route().equals(create));
    if (operation.reads() && creates && !Operations.UNSUPPORTED.containsKey(create)) {
      fixtures.ok(ValidRequests.minimal(CONTRACT.operation(create), fixtures));
    }
  }

  private static JsonNode answer(OperationRequest request, Fixtures fixtures) {
    String before = fixtures.sandbox().state();
    Reply reply = fixtures.sandbox().send(request);
    assertThat(reply.status())
        .as("%s: %s", request, reply.body())
        .isEqualTo(request.operation().status());
    ResponseAssertions.assertConforms(request, reply, "");
    if (request.operation().reads()) {
      assertThat(fixtures.sandbox().state()).as("%s changes nothing", request).isEqualTo(before);
    } else {
      assertObjectsConform(request, fixtures);
    }
    return reply.body();
  }

  /** Checks every list and object in which the changed object may appear. */
  private static void assertObjectsConform(OperationRequest done, Fixtures fixtures) {
    for (ApiOperation operation : CONTRACT.operations()) {
      if (operation.reads() && done.hasVariablesOf(operation)) {
        ObjectNode query = Json.object();
        if (operation.route().equals("GET /sessions") && fixtures.has("user")) {
          query.put("user_id", fixtures.id("user"));
        }
        OperationRequest request = new OperationRequest(operation, done.variables(), query, null);
        Reply reply = fixtures.sandbox().send(request);
        if (reply.status() < 300) {
          ResponseAssertions.assertConforms(request, reply, "After %s, ".formatted(done));
        }
      }
    }
  }
}
