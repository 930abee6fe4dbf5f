package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What all types of arguments share: the schema they begin with, and how they look at a value. */
final class ArgumentCoercion {
  private ArgumentCoercion() {}

  /** A schema that says nothing but the type. */
  static ObjectNode schema(String type) {
    return Json.object().put("type", type);
  }

  /** The value, or what it holds if it is a string of JSON. */
  static JsonNode parsed(JsonNode value) {
    if (!value.isTextual()) {
      return value;
    }
    try {
      return Json.read(value.asText());
    } catch (JsonProcessingException e) {
      return value;
    }
  }

  /** The number that it is or spells; null if it is none. */
  static @Nullable BigDecimal number(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue();
    }
    if (value.isTextual() && value.asText().matches("-?\\d{1,19}(\\.\\d{1,19})?")) {
      return new BigDecimal(value.asText());
    }
    return null;
  }

  /** Says that it is of another type than the wanted one; always null. */
  static @Nullable JsonNode mismatch(
      JsonNode value, String wanted, String path, ArgumentParseContext reading) {
    String got =
        switch (value.getNodeType()) {
          case STRING -> "a string";
          case NUMBER -> "a number";
          case BOOLEAN -> "true or false";
          case ARRAY -> "a list";
          case NULL -> "null";
          default -> "an object";
        };
    reading.problem(path, "must be %s, not %s".formatted(wanted, got));
    return null;
  }
}
