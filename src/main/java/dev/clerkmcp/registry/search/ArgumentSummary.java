package dev.clerkmcp.registry.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.ArgumentSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a schema as one line for each argument, such as {@code user_id (required): user_...} or
 * {@code mode: merge|replace. Default merge}, which costs a model half as much to read.
 */
final class ArgumentSummary {
  private ArgumentSummary() {}

  /** The lines of a tool's own arguments, the required ones first. */
  static ArrayNode of(ArgumentSchema arguments) {
    ArrayNode lines = Json.array();
    JsonNode schema = arguments.fullSchema();
    for (boolean required : new boolean[] {true, false}) {
      for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
        boolean option =
            !property.getKey().equals(ArgumentSchema.CLEAR)
                && arguments.all().stream()
                    .anyMatch(a -> a.isOption() && a.name().equals(property.getKey()));
        if (!option && isRequired(schema, property.getKey()) == required) {
          lines.add(line(schema, property));
        }
      }
    }
    return lines;
  }

  private static String line(JsonNode schema, Map.Entry<String, JsonNode> property) {
    String name = property.getKey();
    JsonNode value = property.getValue();
    String type = type(value);
    String text = value.path("description").asText();
    StringBuilder line = new StringBuilder(name);
    if (isRequired(schema, name)) {
      line.append(" (required)");
    }
    if (!type.isEmpty() || !text.isEmpty()) {
      line.append(": ").append(type);
      line.append(type.isEmpty() || text.isEmpty() ? "" : ". ").append(text);
    }
    return line.toString();
  }

  private static boolean isRequired(JsonNode schema, String name) {
    for (JsonNode required : schema.path("required")) {
      if (required.asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** The type in words; empty for a string, as most arguments are. */
  private static String type(JsonNode schema) {
    if (schema.has("enum")) {
      List<String> words = new ArrayList<>();
      schema.path("enum").forEach(word -> words.add(word.asText()));
      return String.join("|", words);
    }
    return switch (schema.path("type").asText()) {
      case "string" -> "";
      case "array" -> ("list " + type(schema.path("items"))).strip() + bounds(schema);
      case "object" -> schema.has("properties") ? fields(schema) : "object";
      default -> schema.path("type").asText() + bounds(schema);
    };
  }

  private static String fields(JsonNode schema) {
    List<String> fields = new ArrayList<>();
    schema.path("properties").properties().forEach(field -> fields.add(line(schema, field)));
    return "{" + String.join("; ", fields) + "}";
  }

  private static String bounds(JsonNode schema) {
    return (schema.has("minimum") ? " from " + schema.path("minimum").asText() : "")
        + (schema.has("maximum") ? " to " + schema.path("maximum").asText() : "")
        + (schema.has("maxItems") ? " of at most " + schema.path("maxItems").asText() : "");
  }
}
