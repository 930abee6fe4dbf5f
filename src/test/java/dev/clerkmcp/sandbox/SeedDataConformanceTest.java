package dev.clerkmcp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every response about seed data conforms to the contract. */
final class SeedDataConformanceTest {
  private static final SandboxCalls SANDBOX = SandboxCalls.seeded(7, 80);

  /** The kinds of objects that path variables name. */
  private static final Map<String, ObjectKind> KINDS =
      Map.of(
          "{client_id}", ObjectKind.CLIENT,
          "{enterprise_connection_id}", ObjectKind.ENTERPRISE_CONNECTION,
          "{machine_id}", ObjectKind.MACHINE,
          "{oauth_application_id}", ObjectKind.OAUTH_APPLICATION,
          "{organization_id}", ObjectKind.ORGANIZATION,
          "{organization_role_id}", ObjectKind.ROLE,
          "{permission_id}", ObjectKind.PERMISSION,
          "{session_id}", ObjectKind.SESSION,
          "{template_id}", ObjectKind.JWT_TEMPLATE,
          "{user_id}", ObjectKind.USER);

  /** The operations that need a query parameter, and the kind of object that it names. */
  private static final Map<String, Map.Entry<String, ObjectKind>> PARAMETERS =
      Map.of(
          "GET /sessions", Map.entry("user_id", ObjectKind.USER),
          "GET /api_keys", Map.entry("subject", ObjectKind.USER),
          "GET /m2m_tokens", Map.entry("subject", ObjectKind.MACHINE));

  static List<Named<ApiOperation>> reading() {
    return Operations.matching(
        operation ->
            operation.reads()
                && !Operations.UNSUPPORTED.containsKey(operation.route())
                && variables(operation).size() <= 1
                && KINDS.keySet().containsAll(variables(operation)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reading")
  void responseConforms(ApiOperation operation) {
    String before = SANDBOX.state();
    List<OperationRequest> requests = requests(operation);
    for (OperationRequest request : requests) {
      Reply reply = SANDBOX.send(request);
      assertThat(reply.status()).as("%s: %s", request, reply.body()).isEqualTo(operation.status());
      ResponseAssertions.assertConforms(request, reply, "");
    }
    assertThat(SANDBOX.state()).as("%s changes nothing", operation.route()).isEqualTo(before);
  }

  private static List<OperationRequest> requests(ApiOperation operation) {
    List<OperationRequest> requests = new ArrayList<>();
    Map.Entry<String, ObjectKind> parameter = PARAMETERS.get(operation.route());
    if (parameter != null) {
      ids(parameter.getValue())
          .forEach(
              id ->
                  requests.add(
                      request(operation, Map.of(), query(operation).put(parameter.getKey(), id))));
    } else if (variables(operation).isEmpty()) {
      requests.add(request(operation, Map.of(), query(operation)));
    }
    for (String variable : variables(operation)) {
      String name = variable.substring(1, variable.length() - 1);
      ids(Objects.requireNonNull(KINDS.get(variable)))
          .forEach(id -> requests.add(request(operation, Map.of(name, id), query(operation))));
    }
    return requests;
  }

  private static OperationRequest request(
      ApiOperation operation, Map<String, String> variables, ObjectNode query) {
    return new OperationRequest(operation, variables, query, null);
  }

  private static ObjectNode query(ApiOperation operation) {
    ObjectNode query = Json.object();
    int most = operation.query().at("/properties/limit/maximum").asInt();
    return most == 0 ? query : query.put("limit", most);
  }

  private static List<String> ids(ObjectKind kind) {
    return SANDBOX.store().table(kind).stream().map(row -> row.path("id").asText()).toList();
  }

  private static List<String> variables(ApiOperation operation) {
    return operation.segments().stream().filter(segment -> segment.startsWith("{")).toList();
  }
}
