package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Converts JSON values for the argument types, and writes their schemas. */
final class ArgumentCoercion {
  private ArgumentCoercion() {}

  /** A schema with only a type. */
  static ObjectNode schema(String type) {
    return Json.object().put("type", type);
  }

  /** The value; if it is a string with JSON in it, that JSON. */
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

  /** The number, also from a string; null if the value is not a number. */
  static @Nullable BigDecimal number(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue();
    }
    if (value.isTextual() && value.asText().matches("-?\\d{1,19}(\\.\\d{1,19})?")) {
      return new BigDecimal(value.asText());
    }
    return null;
  }

  /** Reports that the value has the wrong type, and returns null. */
  static @Nullable JsonNode mismatch(
      JsonNode value, String wanted, String path, ArgumentParseContext parsing) {
    String got =
        switch (value.getNodeType()) {
          case STRING -> "a string";
          case NUMBER -> "a number";
          case BOOLEAN -> "true or false";
          case ARRAY -> "a list";
          case NULL -> "null";
          default -> "an object";
        };
    parsing.problem(path, "must be %s, not %s".formatted(wanted, got));
    return null;
  }
}
