package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import java.util.ArrayList;
import java.util.List;

/**
 * A valid request that has not been sent yet, and a sandbox with every object that it names.
 *
 * @param arguments the arguments, in the form in which a tool passes them to the client
 * @param client a client of the sandbox
 */
public record PreparedRequest(ObjectNode arguments, ClerkClient client, SandboxCalls sandbox) {

  /** The smallest request of an operation. */
  public static PreparedRequest call(Endpoint endpoint) {
    ApiOperation operation = operation(endpoint);
    Fixtures fixtures = ValidRequests.fixtures(operation);
    return of(endpoint, ValidRequests.minimal(operation, fixtures), fixtures);
  }

  /**
   * The requests of an operation with every property; two if some properties exclude others. Empty
   * if the sandbox does not support the operation.
   */
  public static List<PreparedRequest> full(Endpoint endpoint) {
    ApiOperation operation = operation(endpoint);
    List<PreparedRequest> all = new ArrayList<>();
    int variants =
        Operations.UNSUPPORTED.containsKey(operation.route())
            ? 0
            : ValidRequests.variants(operation);
    for (int variant = 0; variant < variants; variant++) {
      Fixtures fixtures = ValidRequests.fixtures(operation);
      all.add(of(endpoint, ValidRequests.full(operation, fixtures, variant), fixtures));
    }
    return all;
  }

  private static PreparedRequest of(
      Endpoint endpoint, OperationRequest request, Fixtures fixtures) {
    ObjectNode arguments = Json.object();
    List<String> variables = endpoint.variables();
    List<String> names =
        request.operation().segments().stream()
            .filter(segment -> segment.startsWith("{"))
            .map(segment -> segment.substring(1, segment.length() - 1))
            .toList();
    for (int i = 0; i < variables.size(); i++) {
      arguments.put(variables.get(i), request.variables().get(names.get(i)));
    }
    arguments.setAll(request.query());
    JsonNode body = request.body();
    if (endpoint.payload() instanceof Payload.JsonValue value) {
      arguments.set(value.argument(), body);
    } else if (body instanceof ObjectNode fields) {
      arguments.setAll(fields);
    }
    return new PreparedRequest(arguments, fixtures.sandbox().client(), fixtures.sandbox());
  }

  /** The store as JSON: all that the instance holds, to the byte. */
  public String state() {
    return sandbox.state();
  }

  /** Tool declarations spell the names of some path variables differently. */
  private static ApiOperation operation(Endpoint endpoint) {
    return SandboxCalls.CONTRACT.operations().stream()
        .filter(operation -> operation.method().equals(endpoint.method()))
        .filter(
            operation ->
                withoutNames(operation.segments()).equals(withoutNames(endpoint.segments())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Clerk has no operation " + endpoint));
  }

  private static List<String> withoutNames(List<String> segments) {
    return segments.stream().map(segment -> segment.startsWith("{") ? "{}" : segment).toList();
  }
}
