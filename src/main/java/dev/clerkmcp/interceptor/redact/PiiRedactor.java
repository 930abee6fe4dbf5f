package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.clerk.model.FieldCatalog.Kind;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.ResultFilter;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.ToolResult;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Masks personal data in answers, so that the model does not see it. Of names, addresses and
 * numbers, just enough is shown to tell two apart; of pictures, nothing is shown. IDs stay, so that
 * every tool can still be called.
 */
public final class PiiRedactor implements ToolInterceptor, ResultFilter {
  private static final String MASK = "***";

  /** In a URL the at sign may be encoded. */
  private static final Pattern EMAIL =
      Pattern.compile(
          "([\\p{L}\\p{N}_])[\\p{L}\\p{N}._%+'-]{0,63}?(@|%40)([\\p{L}\\p{N}.-]{1,190}\\.\\p{L}{2,24})");

  /** E.164, with or without the blanks and signs that people write between the digits. */
  private static final Pattern PHONE =
      Pattern.compile(
          "(?<![\\w+])(\\+[1-9]\\d?)(?:[ ().-]{0,2}\\d){4,12}[ ().-]{0,2}(\\d\\d)(?!\\d)");

  /**
   * A value that is masked already, which masking again must not change. No match shows more than a
   * mask.
   */
  private static final Pattern MASKED =
      Pattern.compile(
          ".\\*{3}|[\\p{L}\\p{N}_]\\*{3}(?:@|%40)[\\p{L}\\p{N}.-]{1,190}\\.\\p{L}{2,24}"
              + "|\\+[1-9]\\d?\\*{3}\\d\\d",
          Pattern.DOTALL);

  private static final Pattern QUOTED = Pattern.compile("\"([^\"])[^\"]*\"");

  /**
   * The start of an entry of the allowlist or blocklist that stands for a whole domain instead of a
   * person.
   */
  private static final String ANY_ADDRESS_AT = "*@";

  /** Masks Clerk's own fields, before a view renames them. */
  @Override
  public JsonNode intercept(Chain chain) {
    try {
      return masked(chain.proceed());
    } catch (PartialFailureException e) {
      throw e.withDone(PiiRedactor::masked);
    }
  }

  /** Masks plans, errors and notes, which do not come from a tool. */
  @Override
  public ToolResult filter(ToolResult result) {
    try {
      JsonNode masked = masked(Json.read(result.json()));
      return result.with(
          masked.toString(), result.notes().stream().map(PiiRedactor::maskedSentence).toList());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a result is JSON
    }
  }

  /** The value with its personal data masked. */
  public static JsonNode masked(JsonNode value) {
    return masked(value, "");
  }

  /**
   * Masks a value.
   *
   * @param heldBy the field that holds the value; empty for an answer itself
   */
  private static JsonNode masked(JsonNode value, String heldBy) {
    if (value.isTextual()) {
      return TextNode.valueOf(maskedText(value.textValue()));
    }
    if (value.isArray()) {
      return each(value, item -> masked(item, heldBy));
    }
    if (!value.isObject()) {
      return value;
    }
    Kind kind = kind(value, heldBy);
    ObjectNode fields = Json.object();
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String name = isSideOfChange(field.getKey(), value) ? lastName(value) : field.getKey();
      fields.set(field.getKey(), field(kind, name, field.getValue()));
    }
    return fields;
  }

  private static Kind kind(JsonNode object, String heldBy) {
    Set<Kind> kinds = Kind.of(object, heldBy);
    return kinds.contains(Kind.USER)
        ? Kind.USER
        : kinds.contains(Kind.ORGANIZATION) ? Kind.ORGANIZATION : Kind.OTHER;
  }

  /**
   * Whether a field is the old or new value of a row about a change; the row names the changed
   * field in {@code field}.
   */
  private static boolean isSideOfChange(String name, JsonNode row) {
    return (name.equals("before") || name.equals("after")) && row.path("field").isTextual();
  }

  private static String lastName(JsonNode row) {
    String field = row.path("field").textValue();
    return field.substring(field.lastIndexOf('.') + 1);
  }

  private static JsonNode field(Kind kind, String name, JsonNode value) {
    if (RecordReference.is(value)) {
      return value;
    }
    if (FieldCatalog.isSentence(name)) {
      return textsIn(value, PiiRedactor::maskedSentence);
    }
    if (FieldCatalog.isShortened(kind, name)) {
      return textsIn(value, PiiRedactor::shortened);
    }
    if (FieldCatalog.isHidden(kind, name) && value.isTextual() && !value.textValue().isEmpty()) {
      return TextNode.valueOf(MASK);
    }
    return masked(value, name);
  }

  private static JsonNode textsIn(JsonNode value, UnaryOperator<String> change) {
    if (value.isTextual()) {
      return TextNode.valueOf(change.apply(value.textValue()));
    }
    return value.isArray() ? each(value, item -> textsIn(item, change)) : masked(value);
  }

  private static ArrayNode each(JsonNode list, UnaryOperator<JsonNode> change) {
    ArrayNode items = Json.array();
    list.forEach(item -> items.add(change.apply(item)));
    return items;
  }

  private static String maskedSentence(String sentence) {
    return maskedText(QUOTED.matcher(sentence).replaceAll("\"$1" + MASK + "\""));
  }

  /** The first character of a name; of an address or a number, its usual masked form. */
  private static String shortened(String text) {
    if (text.isEmpty() || RecordReference.is(TextNode.valueOf(text)) || text.startsWith(ANY_ADDRESS_AT) || MASKED.matcher(text).matches()) {
      return text;
    }
    return EMAIL.matcher(text).matches() || PHONE.matcher(text).matches()
        ? maskedText(text)
        : text.substring(0, text.offsetByCodePoints(0, 1)) + MASK;
  }

  /** The text with the addresses and numbers in it masked. */
  private static String maskedText(String text) {
    String masked = text;
    if (masked.contains("@") || masked.contains("%40")) {
      masked = EMAIL.matcher(masked).replaceAll("$1***$2$3");
    }
    return masked.contains("+") ? PHONE.matcher(masked).replaceAll("$1***$2") : masked;
  }
}
