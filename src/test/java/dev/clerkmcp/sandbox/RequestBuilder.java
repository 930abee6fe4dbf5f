package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds valid requests from the schemas of an operation, and from declared values where a schema
 * does not say enough. A place is {@code user_id} in every body and query, {@code POST /users
 * user_id} in one body, {@code GET /users?user_id} in one query, {@code {user_id}} or {@code GET
 * /users/{user_id} {user_id}} in paths. In objects and arrays it is {@code saml.name}: the last two
 * names.
 */
final class RequestBuilder {
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Set<String>> needed = new HashMap<>();
  private final Map<String, Alternative> alternatives = new LinkedHashMap<>();
  private final Map<String, List<String>> first = new HashMap<>();

  /** Declares the value of a place. */
  RequestBuilder value(String place, Value value) {
    if (place.contains(" /")) {
      checkRoute(place.replaceFirst("^([A-Z]+ [^ ?]+).*", "$1"));
    }
    if (values.put(place, value) != null) {
      throw new IllegalArgumentException("Two values for " + place);
    }
    return this;
  }

  /** Declares that the value of a place is the id of a fixture. */
  RequestBuilder fixture(String place, String fixture) {
    return value(place, Value.idOf(fixture));
  }

  /** Declares that an operation needs a place that its schema does not require. */
  RequestBuilder needs(String route, String place, String reason) {
    checkRoute(route);
    checkReason(reason);
    needed.computeIfAbsent(route, key -> new HashSet<>()).add(place);
    return this;
  }

  /**
   * Declares that some places exclude others. The operation then has a second full request.
   *
   * @param other the values in which the second request differs
   */
  RequestBuilder exclusive(
      String route, Set<String> these, Set<String> those, Map<String, Value> other, String reason) {
    checkRoute(route);
    checkReason(reason);
    alternatives.put(route, new Alternative(these, those, other));
    return this;
  }

  /** Declares fixtures that an operation needs although its requests do not name them. */
  RequestBuilder requires(String route, String... things) {
    checkRoute(route);
    first.put(route, List.of(things));
    return this;
  }

  /** A request with the required values only. */
  OperationRequest minimal(ApiOperation operation, Fixtures fixtures) {
    return build(new Build(operation, fixtures, false, Set.of(), Map.of()));
  }

  /** A request with the required values and some more, which replace declared ones. */
  OperationRequest minimal(ApiOperation operation, Fixtures fixtures, Map<String, Value> more) {
    return build(new Build(operation, fixtures, false, Set.of(), more));
  }

  /** The number of full requests. */
  int variants(ApiOperation operation) {
    return alternatives.containsKey(operation.route()) ? 2 : 1;
  }

  /** A request with every property that can be combined. */
  OperationRequest full(ApiOperation operation, Fixtures fixtures, int variant) {
    Alternative alternative = alternatives.get(operation.route());
    if (alternative == null) {
      return build(new Build(operation, fixtures, true, Set.of(), Map.of()));
    }
    return build(
        variant == 0
            ? new Build(operation, fixtures, true, alternative.those(), Map.of())
            : new Build(operation, fixtures, true, alternative.these(), alternative.other()));
  }

  private OperationRequest build(Build build) {
    ApiOperation operation = build.operation();
    first.getOrDefault(operation.route(), List.of()).forEach(build.fixtures()::prepare);
    Map<String, String> variables = new LinkedHashMap<>();
    for (String segment : operation.segments()) {
      if (segment.startsWith("{")) {
        variables.put(segment.substring(1, segment.length() - 1), variable(build, segment));
      }
    }
    ObjectNode query = object(build, "?", "", operation.query());
    JsonNode body = operation.body();
    return new OperationRequest(
        operation, variables, query, body == null ? null : value(build, " ", "", body));
  }

  private String variable(Build build, String segment) {
    Value value = build.other().get(segment);
    if (value == null) {
      value = values.get(build.operation().route() + " " + segment);
    }
    if (value == null) {
      value = values.get(segment);
    }
    if (value == null) {
      throw new AssertionError("ValidRequests must declare %s".formatted(segment));
    }
    return value.of(build.fixtures()).asText();
  }

  private JsonNode value(Build build, String mark, String place, JsonNode schema) {
    Value declared = declared(build, mark, place);
    if (declared != null) {
      JsonNode value = declared.of(build.fixtures());
      return type(schema).equals("array") && !value.isArray() ? Json.array().add(value) : value;
    }
    if (schema.has("enum")) {
      return schema.path("enum").path(0);
    }
    return switch (type(schema)) {
      case "object" ->
          schema.has("properties") || schema.has("allOf")
              ? object(build, mark, place, schema)
              : Json.object().put("colour", "red").set("deep", Json.object().put("count", 1));
      case "array" -> array(build, mark, place, schema);
      case "integer", "number" -> number(schema);
      case "boolean" -> JsonNodeFactory.instance.booleanNode(true);
      default -> text(build, place, schema);
    };
  }

  private ObjectNode object(Build build, String mark, String place, JsonNode schema) {
    ObjectNode object = Json.object();
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String inner = place.isEmpty() ? property.getKey() : place + "." + property.getKey();
      if (build.wants(inner, required.contains(property.getKey()), needed)) {
        object.set(property.getKey(), value(build, mark, inner, property.getValue()));
      }
    }
    return object;
  }

  /** A full request has two items in a body that is an array; they must not conflict. */
  private ArrayNode array(Build build, String mark, String place, JsonNode schema) {
    ArrayNode array = Json.array().add(value(build, mark, place, schema.path("items")));
    if (place.isEmpty() && build.full()) {
      array.add(value(build, mark, place, schema.path("items")));
    }
    return array;
  }

  private static JsonNode number(JsonNode schema) {
    long least = schema.path("minimum").asLong(schema.path("exclusiveMinimum").asLong(0) + 1);
    return JsonNodeFactory.instance.numberNode(schema.path("default").asLong(least));
  }

  private static JsonNode text(Build build, String place, JsonNode schema) {
    if (schema.path("default").isTextual()) {
      return schema.path("default");
    }
    String name = place.substring(place.lastIndexOf('.') + 1).replace('_', ' ');
    int most = schema.path("maxLength").asInt(100);
    String text = "%s %s".formatted(name, build.fixtures().nextNumber());
    return TextNode.valueOf(text.substring(0, Math.min(most, text.length())));
  }

  private @Nullable Value declared(Build build, String mark, String place) {
    String name = place.substring(place.lastIndexOf('.') + 1);
    String container = place.substring(0, Math.max(0, place.length() - name.length() - 1));
    String within = container.substring(container.lastIndexOf('.') + 1) + "." + name;
    for (Value value :
        new Value[] {
          build.other().get(place),
          values.get(build.operation().route() + mark + place),
          mark.equals("?") ? values.get("?" + name) : null,
          values.get(within),
          values.get(name)
        }) {
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    return type.isArray() ? type.path(0).asText() : type.asText("object");
  }

  /** A declaration for an operation that Clerk does not have would have no effect. */
  private static void checkRoute(String route) {
    SandboxCalls.CONTRACT.operation(route);
  }

  private static void checkReason(String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("An exception needs its reason");
    }
  }

  /** The value of a place, which may depend on fixtures. */
  @FunctionalInterface
  interface Value {
    /** The value, given the fixtures of the request. */
    JsonNode of(Fixtures fixtures);

    /** A fixed text. */
    static Value text(String text) {
      return fixtures -> TextNode.valueOf(text);
    }

    /** A text that is unique: the format has a {@code %s} for a number. */
    static Value unique(String format) {
      return fixtures -> TextNode.valueOf(format.formatted(fixtures.nextNumber()));
    }

    /** The id of a fixture. */
    static Value idOf(String fixture) {
      return fixtures -> TextNode.valueOf(fixtures.id(fixture));
    }
  }

  private record Alternative(Set<String> these, Set<String> those, Map<String, Value> other) {}

  /** A request that is being built. */
  private record Build(
      ApiOperation operation,
      Fixtures fixtures,
      boolean full,
      Set<String> without,
      Map<String, Value> other) {

    boolean wants(String place, boolean required, Map<String, Set<String>> needed) {
      boolean wanted = full || needed.getOrDefault(operation.route(), Set.of()).contains(place);
      return required || other.containsKey(place) || (wanted && !without.contains(place));
    }
  }
}
