package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Cancellation;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.DeclaredOperations;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** An instance that records the requests by which targets are resolved. */
final class TestInstance {
  private static final TargetReader TARGETS =
      new TargetReader(
          DeclaredOperations.all().values().stream()
              .filter(operation -> operation.effect().readOnly())
              .map(OperationFacts::endpoint)
              .toList());

  private final ClerkClient clerk;
  private final List<String> asked = new ArrayList<>();

  TestInstance(ClerkClient clerk) {
    this.clerk = clerk;
  }

  /** A sandbox with the defaults of an instance and no users. */
  static TestInstance ofSandbox() {
    return new TestInstance(SandboxCalls.seeded(1, 0).client());
  }

  /**
   * Sends a request and returns the id of the created object.
   *
   * @param json the arguments; single quotes may stand for double ones
   */
  String made(String route, String json, Object... values) {
    return sent(route, json, values).path("id").asText();
  }

  /** Sends a request. */
  JsonNode sent(String route, String json, Object... values) {
    return clerk
        .exchange(DeclaredOperations.endpoint(route), arguments(json, values), new Cancellation())
        .body();
  }

  /** Creates a user with a name and an address. */
  String user(String firstName, String address) {
    return made("POST /users", "{'first_name': '%s', 'email_address': ['%s']}", firstName, address);
  }

  /** The target of a request. */
  RequestTarget target(String route, String json, Object... values) {
    return target(DeclaredOperations.of(route), arguments(json, values));
  }

  RequestTarget target(OperationFacts operation, ObjectNode arguments) {
    return TARGETS.of(operation, arguments, this::read);
  }

  /** The object that a request changes; it must exist. */
  JsonNode state(String route, String json, Object... values) {
    return Objects.requireNonNull(target(route, json, values).state(), route);
  }

  /** The losses of a request. */
  List<String> losses(String route, String json, Object... values) {
    return losses(DeclaredOperations.of(route), arguments(json, values));
  }

  List<String> losses(OperationFacts operation, ObjectNode arguments) {
    RequestTarget target = target(operation, arguments);
    asked.clear();
    return TARGETS.losses(operation, arguments, target, java.util.List.of(), this::read);
  }

  /** The paths that were read, in order. */
  List<String> asked() {
    return asked;
  }

  private JsonNode read(Endpoint endpoint, ObjectNode arguments) {
    asked.add(endpoint.path());
    return clerk.exchange(endpoint, arguments, new Cancellation()).body();
  }

  private static ObjectNode arguments(String json, Object... values) {
    try {
      String filled = new Formatter(Locale.ROOT).format(json, values).toString();
      return (ObjectNode) Json.read(filled.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }
}
