package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.text.SnakeCase;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The type of an argument: its JSON Schema, and the conversion of a caller's value. The conversion
 * accepts what models often send instead (a number as text, one value for a list, JSON in a string)
 * and nothing else.
 */
public sealed interface ArgumentType
    permits TimeType,
        ArgumentType.Choice,
        ArgumentType.Conditions,
        ArgumentType.Decimal,
        ArgumentType.Email,
        ArgumentType.Fields,
        ArgumentType.Flag,
        ArgumentType.FreeObject,
        ArgumentType.ImagePath,
        ArgumentType.Items,
        ArgumentType.Text,
        ArgumentType.Whole {
  /** Why a filter without a value is refused: it would vanish, and select everything. */
  String NO_FILTER = "must hold at least one value; without a filter, leave it out";

  /** The JSON Schema of the type, without a description. */
  ObjectNode schema();

  /** Whether a value is a list or an object. */
  default boolean takesContainer() {
    return this instanceof Items
        || this instanceof Fields
        || this instanceof FreeObject
        || this instanceof Conditions;
  }

  /** Converts a value to the type; null after reporting a problem to {@code parsing}. */
  @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing);

  /**
   * A text. Its bounds are not in the schema, since few texts come near them.
   *
   * @param inPath whether it becomes a segment of a path, so that it may not be blank or dots
   */
  record Text(boolean inPath, long min, long max) implements ArgumentType {
    @Override
    public ObjectNode schema() {
      return ArgumentCoercion.schema("string");
    }

    @Override
    public @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing) {
      if (!value.isTextual()) {
        return ArgumentCoercion.mismatch(value, "a string", path, parsing);
      }
      String text = value.asText();
      String word = ArgumentCoercion.findQuotedNullWord(text);
      if (word != null) {
        return TextNode.valueOf(word);
      }
      String placeholder = ArgumentCoercion.placeholderProblem(text);
      if (placeholder != null) {
        parsing.problem(path, placeholder);
        return null;
      }
      if (inPath && (text.isBlank() || text.equals(".") || text.equals(".."))) {
        parsing.problem(path, text.isBlank() ? "must not be empty" : "must not be " + text);
        return null;
      }
      int length = text.codePointCount(0, text.length());
      if (length < min || length > max) {
        String bound = length < min ? "at least %s".formatted(min) : "at most %s".formatted(max);
        parsing.problem(path, "must have %s characters, not %s".formatted(bound, length));
        return null;
      }
      return value;
    }
  }

  /**
   * An email address, without the blanks and invisible characters that come with copying it. A call
   * that only reads may look for an address of any form.
   */
  record Email() implements ArgumentType {
    @Override
    public ObjectNode schema() {
      return ArgumentCoercion.schema("string");
    }

    @Override
    public @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing) {
      if (!value.isTextual()) {
        return ArgumentCoercion.mismatch(value, "a string", path, parsing);
      }
      String written = value.asText();
      if (!parsing.isReading()
          && !EmailAddress.of(written).isValid()
          && !RecordReference.is(value)) {
        parsing.problem(path, "must be an email address, such as ada@example.com");
        return null;
      }
      return TextNode.valueOf(EmailAddress.trimmed(written));
    }
  }

  /**
   * One of several words. The empty word is taken and not listed, since some models refuse every
   * tool of a server that lists one.
   */
  record Choice(List<String> words) implements ArgumentType {
    @Override
    public ObjectNode schema() {
      ObjectNode schema = ArgumentCoercion.schema("string");
      words.stream().filter(word -> !word.isEmpty()).forEach(schema.putArray("enum")::add);
      return schema;
    }

    @Override
    public @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing) {
      for (String word : words) {
        if (word.equalsIgnoreCase(value.asText())) {
          return TextNode.valueOf(word);
        }
      }
      String snakeCase = SnakeCase.of(value.asText()); // a model may spell all names in camel case
      if (words.contains(snakeCase)) {
        return TextNode.valueOf(snakeCase);
      }
      parsing.problem(path, "must be one of " + String.join(", ", words));
      return null;
    }
  }

  /** A whole number within bounds. */
  record Whole(long min, long max, boolean clamped) implements ArgumentType {
    @Override
    public ObjectNode schema() {
      ObjectNode schema = ArgumentCoercion.schema("integer");
      if (min > 1 && !clamped) {
        schema.put("minimum", min);
      }
      // A bound that no model crosses or that only lowers the value is left out to save tokens.
      if (max != Long.MAX_VALUE && !clamped) {
        schema.put("maximum", max);
      }
      return schema;
    }

    @Override
    public @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing) {
      BigDecimal number = ArgumentCoercion.number(value);
      if (number == null) {
        return ArgumentCoercion.mismatch(value, "a whole number", path, parsing);
      }
      if (number.stripTrailingZeros().scale() > 0) {
        parsing.problem(path, "must be a whole number, not one with a fraction");
        return null;
      }
      if (clamped && number.compareTo(BigDecimal.valueOf(max)) > 0) {
        if (!parsing.lowers()) {
          return LongNode.valueOf(number.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
        }
        parsing.note("%s was lowered from %s to %s, the maximum.".formatted(path, number, max));
        return LongNode.valueOf(max);
      }
      if (number.compareTo(BigDecimal.valueOf(min)) < 0
          || number.compareTo(BigDecimal.valueOf(max)) > 0) {
        parsing.problem(path, "must be " + bounds());
        return null;
      }
      return LongNode.valueOf(number.longValue());
    }

    private String bounds() {
      if (max == Long.MAX_VALUE) {
        return min == Long.MIN_VALUE ? "a 64-bit integer" : "at least " + min;
      }
      return min == Long.MIN_VALUE ? "at most " + max : "from %s to %s".formatted(min, max);
    }
  }

  /** Any number. */
  record Decimal() implements ArgumentType {
    @Override
    public ObjectNode schema() {
      return ArgumentCoercion.schema("number");
    }

    @Override
    public @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing) {
      BigDecimal number = ArgumentCoercion.number(value);
      return number == null
          ? ArgumentCoercion.mismatch(value, "a number", path, parsing)
          : DecimalNode.valueOf(number);
    }
  }

  /** True or false. */
  record Flag() implements ArgumentType {
    @Override
    public ObjectNode schema() {
      return ArgumentCoercion.schema("boolean");
    }

    @Override
    public @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing) {
      if (value.isBoolean()) {
        return value;
      }
      if (!value.isTextual()) {
        return ArgumentCoercion.mismatch(value, "true or false", path, parsing);
      }
      return switch (value.asText().toLowerCase(Locale.ROOT)) {
        case "true" -> BooleanNode.TRUE;
        case "false" -> BooleanNode.FALSE;
        default -> { // on the command line every value is a string, so that is no reason
          parsing.problem(path, "must be true or false, such as %s=true".formatted(path));
          yield null;
        }
      };
    }
  }

  /** A list; if it becomes repeated query keys, a text with commas is accepted as well. */
  record Items(ArgumentType item, long min, long max, boolean inQuery) implements ArgumentType {
    @Override
    public ObjectNode schema() {
      ObjectNode schema = ArgumentCoercion.schema("array");
      schema.set("items", item.schema());
      // Clerk's limit for repeated query keys is left out, since few lists come near it.
      if (max != Long.MAX_VALUE && !inQuery) {
        schema.put("maxItems", max);
      }
      return schema;
    }

    @Override
    public @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing) {
      ArrayNode items = list(value);
      if (items.size() > max) {
        parsing.problem(path, "takes at most %s items, not %s".formatted(max, items.size()));
        return null;
      }
      if (items.size() < min) {
        parsing.problem(
            path,
            items.isEmpty()
                ? "must not be empty"
                : "needs at least %s items, not %s".formatted(min, items.size()));
        return null;
      }
      if (items.isEmpty() && inQuery) {
        // An empty list vanishes from a query, and a filter that vanishes selects everything.
        parsing.problem(path, NO_FILTER);
        return null;
      }
      ArrayNode result = Json.array();
      for (int i = 0; i < items.size(); i++) {
        JsonNode read = item.read(items.get(i), "%s[%s]".formatted(path, i), parsing);
        if (read != null) {
          result.add(read);
        }
      }
      return result;
    }

    private ArrayNode list(JsonNode value) {
      if (value instanceof ArrayNode array) {
        return array;
      }
      if (ArgumentCoercion.parsed(value) instanceof ArrayNode array) {
        return array;
      }
      ArrayNode single = Json.array();
      if (inQuery && value.isTextual()) {
        for (String part : value.asText().split(",", -1)) {
          if (!part.isBlank()) {
            single.add(part.strip());
          }
        }
        return single;
      }
      return single.add(value);
    }
  }

  /** An object with declared properties. */
  record Fields(ArgumentSchema properties) implements ArgumentType {
    @Override
    public ObjectNode schema() {
      return properties.schema();
    }

    @Override
    public @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing) {
      return ArgumentCoercion.parsed(value) instanceof ObjectNode object
          ? properties.read(object, path + ".", parsing)
          : ArgumentCoercion.mismatch(value, "an object", path, parsing);
    }
  }

  /**
   * An object with any fields. Its schema says so, because some hosts take an object without
   * properties for one that has none.
   */
  record FreeObject() implements ArgumentType {
    @Override
    public ObjectNode schema() {
      return ArgumentCoercion.schema("object").put("additionalProperties", true);
    }

    @Override
    public @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing) {
      return ArgumentCoercion.parsed(value) instanceof ObjectNode object
          ? object
          : ArgumentCoercion.mismatch(value, "an object", path, parsing);
    }
  }

  /**
   * Conditions on the rows of a list: texts, or objects of fields and values. What they say is read
   * later, when it is known which list they are about.
   */
  record Conditions() implements ArgumentType {
    @Override
    public ObjectNode schema() {
      ObjectNode schema = ArgumentCoercion.schema("array");
      schema.set("items", ArgumentCoercion.schema("string"));
      return schema;
    }

    @Override
    public @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing) {
      JsonNode given = ArgumentCoercion.parsed(value);
      return given.isTextual() || given.isContainerNode()
          ? given
          : ArgumentCoercion.mismatch(given, "a list of conditions", path, parsing);
    }
  }

  /**
   * The path of an image on the computer that runs this server. Nothing looks at the file here,
   * because the caller may not be allowed to know whether it exists.
   */
  record ImagePath() implements ArgumentType {
    @Override
    public ObjectNode schema() {
      return ArgumentCoercion.schema("string");
    }

    @Override
    public @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing) {
      return value.isTextual()
          ? value
          : ArgumentCoercion.mismatch(value, "the path of a file", path, parsing);
    }
  }
}
