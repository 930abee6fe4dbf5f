package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.clerk.model.FieldCatalog.Kind;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ResultFilter;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.registry.argument.RecordReference;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks personal data in answers, so that the model does not see it. Of names, addresses and
 * numbers, just enough is shown to tell two apart; of pictures, nothing is shown. IDs stay, so that
 * every tool can still be called.
 */
public final class PiiRedactor implements ToolInterceptor, RequestInterceptor, ResultFilter {
  private static final String ORDER = "order_by";
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

  /**
   * A name in quotation marks; or what stays: the name of an organization, and JSON in a note,
   * which holds words of this server and IDs.
   */
  private static final Pattern QUOTED =
      Pattern.compile("\\borganization \"[^\"]*\"|[\\[{]\"[^\\]}]*[\\]}]|\"([^\"])[^\"]*\"");

  /** The quotation marks around names in Clerk's messages; each has its first character apart. */
  private static final List<Pattern> QUOTED_BY_CLERK =
      List.of(
          Pattern.compile("(\")([^\"])([^\"]*)(\")"),
          Pattern.compile("([\u201C\u201E])([^\u201C\u201D])([^\u201C\u201D]*)([\u201C\u201D])"),
          Pattern.compile("(\u00AB)([^\u00BB])([^\u00BB]*)(\u00BB)"),
          Pattern.compile("(`)([^`])([^`]*)(`)"),
          // An apostrophe between letters neither begins nor ends a name.
          Pattern.compile(
              "((?<![\\p{L}\\p{N}])['\u2018])([^'\u2018\u2019])"
                  + "((?:[^'\u2018\u2019]|(?<=\\p{L})['\u2019](?=\\p{L}))*+)(['\u2019])"));

  private static final Pattern ID = Pattern.compile("[a-z]{2,8}_[0-9A-Za-z]{20,40}");

  /**
   * The start of an entry of the allowlist or blocklist that stands for a whole domain instead of a
   * person.
   */
  private static final String ANY_ADDRESS_AT = "*@";

  /** Masks Clerk's own fields, before a view renames them. */
  @Override
  public JsonNode intercept(ToolInterceptor.Chain chain) {
    try {
      return masked(chain.proceed());
    } catch (PartialFailureException e) {
      throw e.withDone(PiiRedactor::masked);
    }
  }

  /**
   * Masks the names that Clerk quotes in an error, and refuses a search by a part of a masked
   * field, or an order by one, with which its value could be guessed letter by letter.
   */
  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    for (String filter : FieldCatalog.partialSearches(request.endpoint().route())) {
      String part = request.arguments().path(filter).asText("");
      if (!part.isEmpty() && !ID.matcher(part).matches() && isFromCaller(part, request)) {
        throw new RefusedException(
            "search_masked",
            "Personal data is masked (%s=mask), so people are not found by a part of it (%s)."
                .formatted(Setting.PII, filter),
            "Give an ID or a whole identifier, such as the email address. Only a person can change"
                + " the setting.");
      }
    }
    String order = request.arguments().path(ORDER).asText("");
    if (FieldCatalog.isOrderByMasked(request.endpoint().route(), order)) {
      throw new RefusedException(
          "order_masked",
          "Personal data is masked (%s=mask), so people are not ordered by it (%s)."
              .formatted(Setting.PII, ORDER),
          "Order by a time, such as created_at. Only a person can change the setting.");
    }
    try {
      return chain.proceed();
    } catch (ClerkException e) {
      throw e.status() == 0 // then the message is this server's own
          ? e
          : e.withReasons(text -> maskedText(withoutQuoted(text, request)));
    }
  }

  /**
   * Whether the caller chose the text of a search. A composed tool may search for what it read, and
   * answers about other things than the matches of the caller's guess. IDs do not count, since a
   * short name may be part of one by chance.
   */
  private static boolean isFromCaller(String part, ClerkRequest request) {
    ToolCallContext context = request.context();
    if (!context.tool().isComposed()) {
      return true;
    }
    for (Map.Entry<String, JsonNode> argument : context.arguments().properties()) {
      boolean id = argument.getKey().endsWith("_id") || argument.getKey().endsWith("_ids");
      if (!id && holds(argument.getValue(), part.toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  private static boolean holds(JsonNode value, String part) {
    if (value.isTextual()) {
      return value.textValue().toLowerCase(Locale.ROOT).contains(part);
    }
    for (JsonNode child : value) {
      if (holds(child, part)) {
        return true;
      }
    }
    return false;
  }

  /** The message with every quoted name masked. IDs and the names of arguments stay. */
  private static String withoutQuoted(String message, ClerkRequest request) {
    String masked = message;
    for (Pattern quoted : QUOTED_BY_CLERK) {
      masked =
          quoted
              .matcher(masked)
              .replaceAll(
                  found -> {
                    String name = found.group(2) + found.group(3);
                    boolean shown =
                        MASKED.matcher(name).matches()
                            || ID.matcher(name).matches()
                            || request.arguments().has(name);
                    return Matcher.quoteReplacement(
                        shown
                            ? found.group()
                            : found.group(1) + found.group(2) + MASK + found.group(4));
                  });
    }
    return masked;
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
    return masked(value, "", false);
  }

  /**
   * Masks a value.
   *
   * @param heldBy the field that holds the value; empty for an answer itself
   * @param custom whether the customer chose the keys, as in metadata
   */
  private static JsonNode masked(JsonNode value, String heldBy, boolean custom) {
    if (value.isTextual()) {
      return TextNode.valueOf(maskedText(value.textValue()));
    }
    if (value.isArray()) {
      return each(value, item -> masked(item, heldBy, custom));
    }
    if (!value.isObject()) {
      return value;
    }
    Kind kind = kind(value, heldBy);
    ObjectNode fields = Json.object();
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      List<String> path = FieldCatalog.path(value, field.getKey());
      String name = path.get(path.size() - 1);
      boolean customName =
          custom || path.stream().limit(path.size() - 1).anyMatch(FieldCatalog::isCustom);
      fields.set(
          free(maskedText(field.getKey()), fields),
          customName ? custom(name, field.getValue()) : field(kind, name, field.getValue()));
    }
    return fields;
  }

  /** The name; if a field has it, since two were masked to the same, the name with a number. */
  private static String free(String name, ObjectNode fields) {
    String free = name;
    for (int i = 2; fields.has(free); i++) {
      free = name + " " + i;
    }
    return free;
  }

  private static Kind kind(JsonNode object, String heldBy) {
    Set<Kind> kinds = Kind.of(object, heldBy);
    for (Kind kind : List.of(Kind.USER, Kind.PASSKEY, Kind.ORGANIZATION)) {
      if (kinds.contains(kind)) {
        return kind;
      }
    }
    return Kind.OTHER;
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
    return masked(value, name, FieldCatalog.isCustom(name));
  }

  /** Masks the value of a key that the customer chose. */
  private static JsonNode custom(String name, JsonNode value) {
    boolean empty =
        value.isNull() || value.isBoolean() || (value.isEmpty() && value.asText().isEmpty());
    if (empty || RecordReference.is(value)) {
      return value;
    }
    if (FieldCatalog.isHiddenCustom(name)) {
      return TextNode.valueOf(MASK);
    }
    return FieldCatalog.isShortenedCustom(name) ? eachShortened(value) : masked(value, name, true);
  }

  /** The value with all texts and numbers in it shortened. */
  private static JsonNode eachShortened(JsonNode value) {
    if (value.isArray()) {
      return each(value, PiiRedactor::eachShortened);
    }
    if (value.isObject()) {
      ObjectNode fields = Json.object();
      value
          .properties()
          .forEach(
              field ->
                  fields.set(
                      free(maskedText(field.getKey()), fields), eachShortened(field.getValue())));
      return fields;
    }
    return value.isTextual() || value.isNumber()
        ? TextNode.valueOf(shortened(value.asText()))
        : value;
  }

  private static JsonNode textsIn(JsonNode value, UnaryOperator<String> change) {
    if (value.isTextual()) {
      return TextNode.valueOf(change.apply(value.textValue()));
    }
    return value.isArray() ? each(value, item -> textsIn(item, change)) : masked(value, "", false);
  }

  private static ArrayNode each(JsonNode list, UnaryOperator<JsonNode> change) {
    ArrayNode items = Json.array();
    list.forEach(item -> items.add(change.apply(item)));
    return items;
  }

  /** The sentence with the names, addresses and numbers in it masked. */
  private static String maskedSentence(String sentence) {
    String masked =
        QUOTED
            .matcher(sentence)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        found.group(1) == null
                            ? found.group()
                            : '"' + found.group(1) + MASK + '"'));
    return maskedText(masked);
  }

  /** The first character of a name; of an address or a number, its usual masked form. */
  private static String shortened(String text) {
    if (text.isEmpty()
        || RecordReference.is(TextNode.valueOf(text))
        || text.startsWith(ANY_ADDRESS_AT)
        || MASKED.matcher(text).matches()) {
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
