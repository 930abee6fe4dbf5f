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
 * Makes requests from the schemas of an operation, and from what was said about it where the schema
 * does not tell all. Places are named {@code user_id} in every body and query, {@code POST /users
 * user_id} in one body, {@code GET /users?user_id} in one query, {@code {user_id}} and {@code GET
 * /users/{user_id} {user_id}} in paths; in objects and arrays {@code saml.name}, for which the last
 * two names are enough.
 */
final class RequestMaker {
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Set<String>> needed = new HashMap<>();
  private final Map<String, Alternative> alternatives = new LinkedHashMap<>();
  private final Map<String, List<String>> first = new HashMap<>();

  /** Says what a place holds. */
  RequestMaker value(String place, Value value) {
    if (place.contains(" /")) {
      known(place.replaceFirst("^([A-Z]+ [^ ?]+).*", "$1"));
    }
    if (values.put(place, value) != null) {
      throw new IllegalArgumentException("Two values for " + place);
    }
    return this;
  }

  /** Says that a place holds the id of a thing. */
  RequestMaker thing(String place, String thing) {
    return value(place, Value.idOf(thing));
  }

  /** Says that an operation wants what its schema does not require. */
  RequestMaker needs(String route, String place, String reason) {
    known(route);
    explained(reason);
    needed.computeIfAbsent(route, key -> new HashSet<>()).add(place);
    return this;
  }

  /**
   * Says that some places exclude others, for which there is then a second full request.
   *
   * @param other values of the second one that differ
   */
  RequestMaker either(
      String route, Set<String> these, Set<String> those, Map<String, Value> other, String reason) {
    known(route);
    explained(reason);
    alternatives.put(route, new Alternative(these, those, other));
    return this;
  }

  /** Says what must be there that no place of the request names. */
  RequestMaker first(String route, String... things) {
    known(route);
    first.put(route, List.of(things));
    return this;
  }

  /** A request with what is required and nothing else. */
  Ask minimal(ApiOperation operation, Scene scene) {
    return make(new Making(operation, scene, false, Set.of(), Map.of()));
  }

  /** A request with what is required and some more, or other values. */
  Ask minimal(ApiOperation operation, Scene scene, Map<String, Value> more) {
    return make(new Making(operation, scene, false, Set.of(), more));
  }

  /** How many full requests there are. */
  int variants(ApiOperation operation) {
    return alternatives.containsKey(operation.route()) ? 2 : 1;
  }

  /** A request with every property that can be given. */
  Ask full(ApiOperation operation, Scene scene, int variant) {
    Alternative alternative = alternatives.get(operation.route());
    if (alternative == null) {
      return make(new Making(operation, scene, true, Set.of(), Map.of()));
    }
    return make(
        variant == 0
            ? new Making(operation, scene, true, alternative.those(), Map.of())
            : new Making(operation, scene, true, alternative.these(), alternative.other()));
  }

  private Ask make(Making making) {
    ApiOperation operation = making.operation();
    first.getOrDefault(operation.route(), List.of()).forEach(making.scene()::prepare);
    Map<String, String> variables = new LinkedHashMap<>();
    for (String segment : operation.segments()) {
      if (segment.startsWith("{")) {
        variables.put(segment.substring(1, segment.length() - 1), variable(making, segment));
      }
    }
    ObjectNode query = object(making, "?", "", operation.query());
    JsonNode body = operation.body();
    return new Ask(operation, variables, query, body == null ? null : value(making, " ", "", body));
  }

  private String variable(Making making, String segment) {
    Value value = making.other().get(segment);
    if (value == null) {
      value = values.get(making.operation().route() + " " + segment);
    }
    if (value == null) {
      value = values.get(segment);
    }
    if (value == null) {
      throw new AssertionError("ValidRequests must say what %s is".formatted(segment));
    }
    return value.of(making.scene()).asText();
  }

  private JsonNode value(Making making, String mark, String place, JsonNode schema) {
    Value told = told(making, mark, place);
    if (told != null) {
      JsonNode value = told.of(making.scene());
      return type(schema).equals("array") && !value.isArray() ? Json.array().add(value) : value;
    }
    if (schema.has("enum")) {
      return schema.path("enum").path(0);
    }
    return switch (type(schema)) {
      case "object" ->
          schema.has("properties") || schema.has("allOf")
              ? object(making, mark, place, schema)
              : Json.object().put("colour", "red").set("deep", Json.object().put("count", 1));
      case "array" -> array(making, mark, place, schema);
      case "integer", "number" -> number(schema);
      case "boolean" -> JsonNodeFactory.instance.booleanNode(true);
      default -> text(making, place, schema);
    };
  }

  private ObjectNode object(Making making, String mark, String place, JsonNode schema) {
    ObjectNode object = Json.object();
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String inner = place.isEmpty() ? property.getKey() : place + "." + property.getKey();
      if (making.wants(inner, required.contains(property.getKey()), needed)) {
        object.set(property.getKey(), value(making, mark, inner, property.getValue()));
      }
    }
    return object;
  }

  /** Of a body that is an array a full request has two, which must not be in each other's way. */
  private ArrayNode array(Making making, String mark, String place, JsonNode schema) {
    ArrayNode array = Json.array().add(value(making, mark, place, schema.path("items")));
    if (place.isEmpty() && making.full()) {
      array.add(value(making, mark, place, schema.path("items")));
    }
    return array;
  }

  private static JsonNode number(JsonNode schema) {
    long least = schema.path("minimum").asLong(schema.path("exclusiveMinimum").asLong(0) + 1);
    return JsonNodeFactory.instance.numberNode(schema.path("default").asLong(least));
  }

  private static JsonNode text(Making making, String place, JsonNode schema) {
    if (schema.path("default").isTextual()) {
      return schema.path("default");
    }
    String name = place.substring(place.lastIndexOf('.') + 1).replace('_', ' ');
    int most = schema.path("maxLength").asInt(100);
    String text = "%s %s".formatted(name, making.scene().next());
    return TextNode.valueOf(text.substring(0, Math.min(most, text.length())));
  }

  private @Nullable Value told(Making making, String mark, String place) {
    String name = place.substring(place.lastIndexOf('.') + 1);
    String container = place.substring(0, Math.max(0, place.length() - name.length() - 1));
    String within = container.substring(container.lastIndexOf('.') + 1) + "." + name;
    for (Value value :
        new Value[] {
          making.other().get(place),
          values.get(making.operation().route() + mark + place),
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

  /** An exception for an operation that Clerk does not have would go unnoticed. */
  private static void known(String route) {
    SandboxCalls.CONTRACT.operation(route);
  }

  private static void explained(String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("An exception needs its reason");
    }
  }

  /** What a place holds, made of what is there. */
  @FunctionalInterface
  interface Value {
    /** The value in a scene. */
    JsonNode of(Scene scene);

    /** Always the same text. */
    static Value text(String text) {
      return scene -> TextNode.valueOf(text);
    }

    /** A text that was not there before: the form has a {@code %s} for a number. */
    static Value fresh(String form) {
      return scene -> TextNode.valueOf(form.formatted(scene.next()));
    }

    /** The id of a thing. */
    static Value idOf(String thing) {
      return scene -> TextNode.valueOf(scene.id(thing));
    }
  }

  private record Alternative(Set<String> these, Set<String> those, Map<String, Value> other) {}

  /** One request while it is made. */
  private record Making(
      ApiOperation operation,
      Scene scene,
      boolean full,
      Set<String> without,
      Map<String, Value> other) {

    boolean wants(String place, boolean required, Map<String, Set<String>> needed) {
      boolean wanted = full || needed.getOrDefault(operation.route(), Set.of()).contains(place);
      return required || other.containsKey(place) || (wanted && !without.contains(place));
    }
  }
}
