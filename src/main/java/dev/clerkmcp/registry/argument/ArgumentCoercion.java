package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
      return Json.readStrictly(value.asText());
    } catch (JsonProcessingException e) {
      return value;
    }
  }

  /**
   * Whether a text is a word by which programs write that there is no value. A model that has none
   * may send it instead of leaving the argument out.
   */
  static boolean isNullWord(String text) {
    String word = text.strip();
    return word.equalsIgnoreCase("null")
        || word.equalsIgnoreCase("undefined")
        || word.equals("None");
  }

  /** The text as a JSON string in a text, in which a null word is meant as it is. */
  static TextNode quoted(String text) {
    return TextNode.valueOf('"' + text + '"');
  }

  /** Why a text stands for no value; null if it is a value. */
  static @Nullable String placeholderProblem(String text) {
    if (text.isBlank()) {
      return "must not be empty";
    }
    return isNullWord(text)
        ? "is the word %s, which often stands for no value; leave the argument out, or give %s to mean the word"
            .formatted(text, quoted(text))
        : null;
  }

  /** The null word in a text that is a JSON string; null if the text is anything else. */
  static @Nullable String findQuotedNullWord(String text) {
    if (text.length() < 3 || !text.startsWith("\"") || !text.endsWith("\"")) {
      return null;
    }
    String word = text.substring(1, text.length() - 1);
    return isNullWord(word) ? word : null;
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
