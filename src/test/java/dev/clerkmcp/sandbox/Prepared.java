package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import java.util.List;

/**
 * A valid call that was not sent yet, on an instance that holds everything it names.
 *
 * @param arguments as a tool gives them to the client
 * @param client of the instance
 */
public record Prepared(ObjectNode arguments, ClerkClient client, Stage stage) {

  /** The smallest call of an operation. */
  public static Prepared call(Endpoint endpoint) {
    ApiOperation operation = operation(endpoint);
    Scene scene = ValidRequests.scene(operation);
    Ask ask = ValidRequests.minimal(operation, scene);
    ObjectNode arguments = Json.object();
    List<String> variables = endpoint.variables();
    List<String> names =
        operation.segments().stream()
            .filter(segment -> segment.startsWith("{"))
            .map(segment -> segment.substring(1, segment.length() - 1))
            .toList();
    for (int i = 0; i < variables.size(); i++) {
      arguments.put(variables.get(i), ask.variables().get(names.get(i)));
    }
    arguments.setAll(ask.query());
    JsonNode body = ask.body();
    if (endpoint.payload() instanceof Payload.JsonValue value) {
      arguments.set(value.argument(), body);
    } else if (body instanceof ObjectNode fields) {
      arguments.setAll(fields);
    }
    return new Prepared(arguments, scene.stage().client(), scene.stage());
  }

  /** Everything that the instance holds, to the byte. */
  public String state() {
    return stage.state();
  }

  /** The declarations name some variables in another spelling. */
  private static ApiOperation operation(Endpoint endpoint) {
    return SandboxCalls.CONTRACT.operations().stream()
        .filter(operation -> operation.method().equals(endpoint.method()))
        .filter(operation -> blank(operation.segments()).equals(blank(endpoint.segments())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Clerk has no operation " + endpoint));
  }

  private static List<String> blank(List<String> segments) {
    return segments.stream().map(segment -> segment.startsWith("{") ? "{}" : segment).toList();
  }
}
