package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request with one mistake in its body.
 *
 * @param parameter the parameter with the mistake: {@code name}, {@code actor.sub}, {@code
 *     0.email_address}
 */
record InvalidRequest(OperationRequest request, String parameter) {
  private static final String UNKNOWN = "no_such_key";

  /** Requests with an unknown key, one for each object in the body. */
  static List<InvalidRequest> withUnknownKeys(OperationRequest request) {
    List<InvalidRequest> all = new ArrayList<>();
    for (Part part : parts(request)) {
      if (part.value() instanceof ObjectNode object
          && part.schema().has("additionalProperties")
          && !part.schema().path("additionalProperties").asBoolean(true)) {
        all.add(
            part.with(request, object.deepCopy().put(UNKNOWN, "x"), joined(part.place(), UNKNOWN)));
      }
    }
    return all;
  }

  /** Requests without a required field, one for each such field in the body. */
  static List<InvalidRequest> withoutRequired(OperationRequest request) {
    List<InvalidRequest> all = new ArrayList<>();
    for (Part part : parts(request)) {
      for (JsonNode required : part.schema().path("required")) {
        ObjectNode object = part.value().deepCopy();
        object.remove(required.asText());
        all.add(part.with(request, object, joined(part.place(), required.asText())));
      }
    }
    return all;
  }

  /** Requests with a value of the wrong type, one for each value in the body. */
  static List<InvalidRequest> withWrongTypes(OperationRequest request) {
    List<InvalidRequest> all = new ArrayList<>();
    for (Part part : parts(request)) {
      JsonNode wrong = wrong(types(part.schema()));
      if (wrong != null && !part.place().isEmpty()) {
        all.add(part.with(request, wrong, part.place()));
      }
    }
    return all;
  }

  /** Requests with a value outside its enum, one for each enum in the body. */
  static List<InvalidRequest> withWrongEnumValues(OperationRequest request) {
    List<InvalidRequest> all = new ArrayList<>();
    for (Part part : parts(request)) {
      if (part.schema().has("enum") && types(part.schema()).contains("string")) {
        all.add(part.with(request, TextNode.valueOf("no such word"), part.place()));
      }
    }
    return all;
  }

  /** Null if every type is allowed. */
  private static @Nullable JsonNode wrong(Set<String> types) {
    if (types.isEmpty()) {
      return null;
    }
    return types.contains("string") ? IntNode.valueOf(7) : TextNode.valueOf("of another type");
  }

  private static Set<String> types(JsonNode schema) {
    Set<String> types = new HashSet<>();
    if (schema.path("type").isArray()) {
      schema.path("type").forEach(type -> types.add(type.asText()));
    } else if (schema.has("type")) {
      types.add(schema.path("type").asText());
    }
    return types;
  }

  /** The body and every value in it that its schema describes. */
  private static List<Part> parts(OperationRequest request) {
    List<Part> parts = new ArrayList<>();
    JsonNode schema = Objects.requireNonNull(request.operation().body());
    collect(parts, List.of(), schema, Objects.requireNonNull(request.body()));
    return parts;
  }

  private static void collect(
      List<Part> parts, List<String> path, JsonNode schema, JsonNode value) {
    parts.add(new Part(path, schema, value));
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      if (value.has(property.getKey())) {
        JsonNode inner = value.path(property.getKey());
        collect(parts, with(path, property.getKey()), property.getValue(), inner);
      }
    }
    if (value.isArray() && !value.isEmpty()) {
      collect(parts, with(path, "0"), schema.path("items"), value.path(0));
    }
  }

  private static List<String> with(List<String> path, String step) {
    List<String> longer = new ArrayList<>(path);
    longer.add(step);
    return longer;
  }

  private static String joined(String place, String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  /** A value in a body with its schema. */
  private record Part(List<String> path, JsonNode schema, JsonNode value) {
    String place() {
      return String.join(".", path);
    }

    /** The request with another value in this place. */
    InvalidRequest with(OperationRequest request, JsonNode other, String parameter) {
      return new InvalidRequest(
          request.withBody(replaced(Objects.requireNonNull(request.body()), path, other)),
          parameter);
    }

    private static JsonNode replaced(JsonNode node, List<String> path, JsonNode other) {
      if (path.isEmpty()) {
        return other;
      }
      List<String> rest = path.subList(1, path.size());
      if (node instanceof ArrayNode array) {
        ArrayNode copy = Json.array();
        int index = Integer.parseInt(path.get(0));
        for (int i = 0; i < array.size(); i++) {
          copy.add(i == index ? replaced(array.get(i), rest, other) : array.get(i));
        }
        return copy;
      }
      ObjectNode copy = ((ObjectNode) node).deepCopy();
      copy.set(path.get(0), replaced(node.path(path.get(0)), rest, other));
      return copy;
    }
  }
}
