package dev.clerkmcp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls.Reply;
import dev.clerkmcp.sandbox.contract.Operation;
import dev.clerkmcp.sandbox.world.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a new sandbox holds has the form that Clerk documents, wherever it can be read. */
final class StartingWorldConformanceTest {
  private static final Stage STAGE = Stage.ofStartingWorld(7, 80);

  /** What the variables in the paths of these requests mean. */
  private static final Map<String, Kind> KINDS =
      Map.of(
          "{client_id}", Kind.CLIENT,
          "{enterprise_connection_id}", Kind.ENTERPRISE_CONNECTION,
          "{machine_id}", Kind.MACHINE,
          "{oauth_application_id}", Kind.OAUTH_APPLICATION,
          "{organization_id}", Kind.ORGANIZATION,
          "{organization_role_id}", Kind.ROLE,
          "{permission_id}", Kind.PERMISSION,
          "{session_id}", Kind.SESSION,
          "{template_id}", Kind.JWT_TEMPLATE,
          "{user_id}", Kind.USER);

  /** Requests that need a parameter, and where their values are from. */
  private static final Map<String, Map.Entry<String, Kind>> PARAMETERS =
      Map.of(
          "GET /sessions", Map.entry("user_id", Kind.USER),
          "GET /api_keys", Map.entry("subject", Kind.USER),
          "GET /m2m_tokens", Map.entry("subject", Kind.MACHINE));

  static List<Named<Operation>> reading() {
    return Operations.that(
        operation ->
            operation.reads()
                && !NotImitated.REFUSALS.containsKey(operation.route())
                && variables(operation).size() <= 1
                && KINDS.keySet().containsAll(variables(operation)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reading")
  void everythingConforms(Operation operation) {
    String before = STAGE.state();
    List<Ask> asks = asks(operation);
    for (Ask ask : asks) {
      Reply reply = STAGE.send(ask);
      assertThat(reply.status()).as("%s: %s", ask, reply.body()).isEqualTo(operation.status());
      Conformity.check(ask, reply, "");
    }
    assertThat(STAGE.state()).as("%s changes nothing", operation.route()).isEqualTo(before);
  }

  private static List<Ask> asks(Operation operation) {
    List<Ask> asks = new ArrayList<>();
    Map.Entry<String, Kind> parameter = PARAMETERS.get(operation.route());
    if (parameter != null) {
      ids(parameter.getValue())
          .forEach(
              id ->
                  asks.add(ask(operation, Map.of(), query(operation).put(parameter.getKey(), id))));
    } else if (variables(operation).isEmpty()) {
      asks.add(ask(operation, Map.of(), query(operation)));
    }
    for (String variable : variables(operation)) {
      String name = variable.substring(1, variable.length() - 1);
      ids(Objects.requireNonNull(KINDS.get(variable)))
          .forEach(id -> asks.add(ask(operation, Map.of(name, id), query(operation))));
    }
    return asks;
  }

  private static Ask ask(Operation operation, Map<String, String> variables, ObjectNode query) {
    return new Ask(operation, variables, query, null);
  }

  private static ObjectNode query(Operation operation) {
    ObjectNode query = Json.object();
    int most = operation.query().at("/properties/limit/maximum").asInt();
    return most == 0 ? query : query.put("limit", most);
  }

  private static List<String> ids(Kind kind) {
    return STAGE.world().table(kind).stream().map(row -> row.path("id").asText()).toList();
  }

  private static List<String> variables(Operation operation) {
    return operation.segments().stream().filter(segment -> segment.startsWith("{")).toList();
  }
}
