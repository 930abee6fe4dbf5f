package dev.clerkmcp.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads and writes JSON without changing it: numbers keep all digits, and unknown fields are kept.
 */
public final class Json {
  /** The mapper for all JSON. Java names become snake_case, as in Clerk's API. */
  public static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  /** The beginning of Jackson's message, before the name in quotation marks. */
  private static final String DUPLICATE = "Duplicate field";

  private Json() {}

  /**
   * Reads one JSON value.
   *
   * @throws JsonProcessingException if the text is not exactly one JSON value
   */
  public static JsonNode read(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }

  /**
   * Reads one JSON value whose objects name no field twice: of two values, one would silently not
   * apply.
   *
   * @throws JsonProcessingException if the text is not exactly one such value
   */
  public static JsonNode readStrictly(String text) throws JsonProcessingException {
    return MAPPER.reader().with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).readTree(text);
  }

  /** Whether {@link #readStrictly} failed because an object names a field twice. */
  public static boolean isDuplicateField(JsonProcessingException e) {
    return e.getOriginalMessage().startsWith(DUPLICATE);
  }

  /** The field that an object names twice, after {@link #readStrictly} failed because of it. */
  public static String duplicateField(JsonProcessingException e) {
    String field = e.getOriginalMessage().substring(DUPLICATE.length()).strip();
    return field.replaceFirst("^'", "").replaceFirst("'$", "");
  }

  /**
   * Reads one JSON value; JSON null if the text is empty.
   *
   * @param utf8 invalid UTF-8 is read as U+FFFD
   * @throws JsonProcessingException if the text has more than one value, or is not JSON
   */
  public static JsonNode readOrNull(byte[] utf8) throws JsonProcessingException {
    JsonNode value;
    try {
      value = MAPPER.readTree(utf8);
    } catch (IOException e) {
      value = read(new String(utf8, StandardCharsets.UTF_8));
    }
    return value.isMissingNode() ? NullNode.getInstance() : value;
  }

  /** A new, empty object. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A new, empty array. */
  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }
}
