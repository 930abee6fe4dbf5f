package dev.clerkmcp.sandbox.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Creates objects with every field that Clerk documents, for handlers to fill in. */
public final class ObjectTemplates {
  /**
   * Deeper than any object of Clerk's. A limit is needed because some schemas contain themselves.
   */
  private static final int MAX_DEPTH = 8;

  private final ApiContract contract;

  /** Creates the objects of a contract. */
  public ObjectTemplates(ApiContract contract) {
    this.contract = contract;
  }

  /** An object of the given name among Clerk's schemas, such as {@code Session}. */
  public ObjectNode of(String schema) {
    JsonNode known = contract.schemas().path(schema);
    if (known.isMissingNode()) {
      throw new IllegalArgumentException("No object of Clerk's API: " + schema);
    }
    return (ObjectNode) value(known, 0);
  }

  /** The emptiest value that a schema allows: null if possible. */
  public JsonNode of(JsonNode schema) {
    return value(schema, 0);
  }

  private JsonNode value(JsonNode reference, int depth) {
    JsonNode schema = contract.resolve(reference);
    for (String choice : List.of("oneOf", "anyOf")) {
      if (schema.has(choice) && !schema.has("properties")) {
        return choice(schema.path(choice), depth);
      }
    }
    if (schema.has("allOf")) {
      ObjectNode all = Json.object();
      for (JsonNode part : schema.path("allOf")) {
        if (value(part, depth) instanceof ObjectNode object) {
          all.setAll(object);
        }
      }
      return object(schema, all, depth);
    }
    List<String> types = types(schema);
    if (types.contains("null")) {
      return JsonNodeFactory.instance.nullNode();
    }
    if (schema.has("default")) {
      return schema.path("default");
    }
    if (schema.has("enum")) {
      return schema.path("enum").path(0);
    }
    return switch (types.get(0)) {
      case "object" -> object(schema, Json.object(), depth);
      case "array" -> Json.array();
      case "integer", "number" -> JsonNodeFactory.instance.numberNode(minimum(schema));
      case "boolean" -> JsonNodeFactory.instance.booleanNode(false);
      default -> JsonNodeFactory.instance.textNode("");
    };
  }

  /** Null if any choice allows it, else a value of the first choice. */
  private JsonNode choice(JsonNode choices, int depth) {
    for (JsonNode choice : choices) {
      if (types(contract.resolve(choice)).contains("null")) {
        return JsonNodeFactory.instance.nullNode();
      }
    }
    return value(choices.path(0), depth);
  }

  private ObjectNode object(JsonNode schema, ObjectNode object, int depth) {
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String name = property.getKey();
      boolean wanted = required.contains(name) || (depth == 0 && isPlain(property.getValue()));
      if (wanted && depth < MAX_DEPTH) {
        object.set(name, value(property.getValue(), depth + 1));
      }
    }
    return object;
  }

  /** Whether a field is not an object: handlers add an optional inner object when they fill it. */
  private boolean isPlain(JsonNode reference) {
    JsonNode schema = contract.resolve(reference);
    return !schema.has("oneOf") && !schema.has("allOf") && !types(schema).contains("object");
  }

  private static long minimum(JsonNode schema) {
    return schema.has("exclusiveMinimum")
        ? schema.path("exclusiveMinimum").asLong() + 1
        : schema.path("minimum").asLong();
  }

  private static List<String> types(JsonNode schema) {
    List<String> types = new ArrayList<>();
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      type.forEach(name -> types.add(name.asText()));
    } else {
      types.add(type.asText(schema.has("properties") ? "object" : "string"));
    }
    return types;
  }
}
