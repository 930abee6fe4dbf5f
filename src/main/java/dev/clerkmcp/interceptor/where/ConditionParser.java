package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.where.Condition.Operator;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.text.QuotedText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads conditions: {@code field}, {@code !field} or {@code field operator value}, each a text, or
 * a JSON object of fields and values. README has the grammar.
 */
final class ConditionParser {
  private static final int MOST = 20;
  private static final int MAX_LENGTH = 4_000;

  /** The most characters of all conditions, and values of one: each row is compared with all. */
  private static final int MAX_TOTAL = 20_000;

  private static final int MAX_VALUES = 200;
  private static final int MAX_FIELD_LENGTH = 500;

  private static final String NO_OR =
      "has an or, which is not possible; write field in (a, b), or make a call for each";

  private static final String FORM =
      "; write a field (mfa), !field (!mfa), or field, operator and value (public_metadata.plan ="
          + " team). Operators: = != < <= > >= ~ (contains), in (a, b)";

  /** Words of letters, digits and signs that no operator has; other keys are quoted. */
  private static final Pattern FIELD =
      Pattern.compile("(?:[\\p{L}\\p{N}_.$-]|\\[\\]|\\[\"(?:[^\"\\\\]|\\\\.)*+\"\\])++");

  private static final Pattern OPERATOR =
      Pattern.compile(
          "===|!==|==|=~|=>|=<|!=|!~|<>|<=|>=|=|<|>|~"
              + "|(?:(?:is\\s+not|is|not\\s+in|in|does\\s+not\\s+contain|contains|includes|like"
              + "|exists|missing|gte|gt|lte|lt|eq|ne)\\b)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NOT =
      Pattern.compile("!(?!=|~)\\s*|not\\s+", Pattern.CASE_INSENSITIVE);
  private static final Pattern OR = Pattern.compile("\\s+or\\s+|\\|\\|", Pattern.CASE_INSENSITIVE);
  private static final Pattern AND =
      Pattern.compile("\\s+and\\s+|\\s*&&\\s*", Pattern.CASE_INSENSITIVE);
  private static final String OPENING = "\"'\u201C\u2018\u201E";
  private static final String CLOSING = "\"'\u201D\u2019\u201C";
  private static final Pattern ESCAPED = Pattern.compile("\\\\([\"'\\\\])");
  private static final Pattern COMMA = Pattern.compile("\\s*[,;]\\s*");

  private static final Pattern ALTERNATIVES = Pattern.compile("[^\\s|\"']+(?:\\|[^\\s|\"']+)+");
  private static final Pattern CONTAINING = Pattern.compile("[\"']?(%?)[^%_]*\\1[\"']?");
  private static final Pattern ONE_VALUE = Pattern.compile("[^!<>=]==?\\s*[^\"'\\[(\\s]+\\s*");
  private static final Pattern OPEN_LIST =
      Pattern.compile("\\s(?:not\\s+)?in\\s+[^(\\[\\s]", Pattern.CASE_INSENSITIVE);

  private final Instant now;
  private final List<Condition> conditions = new ArrayList<>();

  private ConditionParser(Instant now) {
    this.now = now;
  }

  /**
   * Reads conditions, all of which must hold.
   *
   * @param given a text, an object, or a list of them
   * @param now the time that spans such as {@code 30d ago} count from
   * @throws InvalidArgumentsException if one is none
   */
  static List<Condition> parse(JsonNode given, Instant now) {
    int length = given.toString().length();
    if (length > MAX_TOTAL) {
      throw InvalidArgumentsException.of(
          CallOptions.WHERE, "has more than %s characters (%s)".formatted(MAX_TOTAL, length));
    }
    ConditionParser parser = new ConditionParser(now);
    parser.add(given);
    if (parser.conditions.isEmpty()) {
      throw InvalidArgumentsException.of(CallOptions.WHERE, "must hold a condition" + FORM);
    }
    if (parser.conditions.size() > MOST) {
      throw InvalidArgumentsException.of(
          CallOptions.WHERE,
          "takes at most %s conditions, not %s".formatted(MOST, parser.conditions.size()));
    }
    return List.copyOf(parser.conditions);
  }

  private void add(JsonNode given) {
    if (given.isArray()) {
      given.forEach(this::add);
    } else if (given instanceof ObjectNode object) {
      addObject(object);
    } else if (given.isTextual()) {
      addText(given.textValue());
    } else {
      throw problem(given.toString(), "is no condition" + FORM);
    }
  }

  private void addText(String written) {
    String text = written.replace('\u00A0', ' ');
    if (text.length() > MAX_LENGTH) {
      throw problem(text, "has more than %s characters".formatted(MAX_LENGTH));
    }
    if (split(text, OR).size() > 1) {
      throw problem(text, NO_OR);
    }
    for (String part : split(text, AND)) {
      for (String condition : splitAtCommas(part)) {
        if (!condition.isBlank()) {
          addOne(condition.strip());
        }
      }
    }
  }

  private void addOne(String text) {
    String rest = text;
    boolean negated = false;
    for (Matcher not = NOT.matcher(rest); not.lookingAt(); not = NOT.matcher(rest)) {
      negated = !negated;
      rest = rest.substring(not.end());
    }
    Matcher field = FIELD.matcher(rest);
    if (!field.lookingAt()) {
      throw problem(text, "does not begin with a field" + FORM);
    }
    FieldName name = FieldName.of(field.group());
    rest = rest.substring(field.end()).strip();
    if (rest.isEmpty()) {
      add(text, name, negated, Operator.PRESENT, List.of());
      return;
    }
    Matcher operator = OPERATOR.matcher(rest);
    if (!operator.lookingAt()) {
      throw problem(text, "has no operator after %s%s".formatted(name, FORM));
    }
    String word = operator.group().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    String value = rest.substring(operator.end()).strip();
    if (!value.isEmpty() && "=<>!~".indexOf(value.charAt(0)) >= 0) {
      throw problem(text, "has no operator that is known after %s%s".formatted(name, FORM));
    }
    addCompared(
        text, name, negated, word, value.isEmpty() ? List.of() : operands(text, value, word));
  }

  /**
   * Adds a condition with an operator.
   *
   * @param word the operator
   * @param operands what stands after it
   */
  private void addCompared(
      String text, FieldName name, boolean negated, String word, List<Operand> operands) {
    if (Set.of("exists", "missing").contains(word)) {
      boolean no = operands.size() == 1 && Boolean.FALSE.equals(operands.get(0).flag());
      add(text, name, (negated != word.equals("missing")) != no, Operator.PRESENT, List.of());
      return;
    }
    if (operands.isEmpty()) {
      throw problem(text, "needs a value after " + word);
    }
    boolean not = word.startsWith("!") || word.contains("not") || Set.of("<>", "ne").contains(word);
    Operator operator =
        switch (word) {
          case "<", "lt" -> Operator.LESS;
          case "<=", "=<", "lte" -> Operator.AT_MOST;
          case ">", "gt" -> Operator.MORE;
          case ">=", "=>", "gte" -> Operator.AT_LEAST;
          case "~", "=~", "!~", "contains", "includes", "like", "does not contain" ->
              Operator.CONTAINS;
          default -> Operator.EQUALS;
        };
    add(text, name, negated != not, operator, operands);
  }

  private List<Operand> operands(String text, String value, String word) {
    if (word.equals("like") && !CONTAINING.matcher(value).matches()) {
      throw problem(text, "compares with a beginning or an end; ~ finds what contains a text");
    }
    boolean list =
        word.endsWith("in")
            || (value.startsWith("[") && value.endsWith("]"))
            || (value.startsWith("(") && value.endsWith(")"));
    if (!list && ALTERNATIVES.matcher(value).matches()) {
      List<Operand> alternatives = new ArrayList<>(List.of(operand(value)));
      Pattern.compile("\\|").splitAsStream(value).map(this::operand).forEach(alternatives::add);
      return alternatives;
    }
    if (!list) {
      return List.of(operand(word.equals("like") ? value.replace("%", "") : value));
    }
    String items = value.replaceFirst("^[\\[(]", "").replaceFirst("[\\])]$", "");
    List<Operand> operands = new ArrayList<>();
    for (String item : split(items, COMMA)) {
      if (!item.isBlank()) {
        operands.add(operand(item.strip()));
      }
    }
    return operands;
  }

  private Operand operand(String value) {
    int pair = value.length() < 2 ? -1 : OPENING.indexOf(value.charAt(0));
    boolean quoted = pair >= 0 && value.charAt(value.length() - 1) == CLOSING.charAt(pair);
    return Operand.of(
        quoted ? ESCAPED.matcher(value.substring(1, value.length() - 1)).replaceAll("$1") : value,
        quoted,
        now);
  }

  private void add(
      String text, FieldName name, boolean negated, Operator operator, List<Operand> operands) {
    if (operands.size() > MAX_VALUES) {
      throw problem(
          text, "has %s values; it takes at most %s".formatted(operands.size(), MAX_VALUES));
    }
    if (name.toString().length() > MAX_FIELD_LENGTH) {
      throw problem(text, "names a field of more than %s characters".formatted(MAX_FIELD_LENGTH));
    }
    boolean equals = operator == Operator.EQUALS;
    if (equals && name.isTime() && operands.stream().anyMatch(ConditionParser::isSpan)) {
      throw problem(text, "compares with one moment; write < or >=, or a day such as 2026-05-02");
    }
    if (operands.size() == 1 && isNothing(operands.get(0), operator) && !operator.orders()) {
      conditions.add(new Condition(text, name, !negated, Operator.PRESENT, List.of()));
      return;
    }
    boolean compares = operator.orders() || operator == Operator.EQUALS;
    for (Operand operand : operands) {
      if (compares && name.isTime() && operand.time() == null && !operand.isNull()) {
        throw problem(text, timeProblem(operand.text()));
      }
      if (operator.orders() && operand.time() == null && operand.number() == null) {
        throw problem(
            text,
            "compares by order with %s, which is neither a number nor a time"
                .formatted(QuotedText.plain(operand.text())));
      }
    }
    conditions.add(new Condition(text, name, negated, operator, operands));
  }

  private static boolean isSpan(Operand operand) {
    return operand.time() != null && operand.time().relative();
  }

  private static boolean isNothing(Operand operand, Operator operator) {
    return operand.isNull() || (operand.text().isEmpty() && operator == Operator.EQUALS);
  }

  private String timeProblem(String value) {
    try {
      TimeRange unused = TimeRange.of(value, now);
      return "needs a time";
    } catch (IllegalArgumentException e) {
      return "compares with a time, which " + e.getMessage();
    }
  }

  /** Reads {@code {"public_metadata.plan": "team"}} and what else models send in JSON. */
  private void addObject(ObjectNode object) {
    String field = first(object, "field", "name", "key");
    String operator = first(object, "operator", "op");
    if (field != null && (operator != null || object.has("value"))) {
      addField(field, operator == null ? "=" : operator, object.path("value"));
      return;
    }
    addFields("", object);
  }

  private static @Nullable String first(ObjectNode object, String... names) {
    for (String name : names) {
      if (object.path(name).isTextual()) {
        return object.path(name).textValue();
      }
    }
    return null;
  }

  private void addFields(String path, ObjectNode object) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String key = entry.getKey().strip();
      JsonNode value = entry.getValue();
      String word = key.replaceFirst("^\\$", "");
      if (word.equals("and") && value.isArray()) {
        add(value);
      } else if (word.equals("or") && path.isEmpty()) {
        throw problem(object.toString(), NO_OR);
      } else if (value instanceof ObjectNode inner && !isOperators(inner)) {
        addFields(path + key + ".", inner);
      } else if (value instanceof ObjectNode inner) {
        inner.properties().forEach(one -> addField(path + key, one.getKey(), one.getValue()));
      } else if (!path.isEmpty() || !endsWithOperator(key)) {
        addField(path + key, "=", value);
      } else {
        addOne(key + " " + text(value));
      }
    }
  }

  private static boolean isOperators(ObjectNode object) {
    return !object.isEmpty()
        && object
            .propertyStream()
            .allMatch(entry -> OPERATOR.matcher(word(entry.getKey())).matches());
  }

  /** An operator as a key, without the sign that some query languages put before it. */
  private static String word(String key) {
    return switch (key.strip()) {
      case "$nin", "nin" -> "not in";
      case "not", "$not" -> "!=";
      default -> key.strip().replaceFirst("^\\$", "");
    };
  }

  private static boolean endsWithOperator(String key) {
    Matcher field = FIELD.matcher(key.replaceFirst("^!\\s*", ""));
    return field.lookingAt() && field.end() < key.replaceFirst("^!\\s*", "").length();
  }

  private void addField(String field, String operator, JsonNode value) {
    boolean not = field.startsWith("!");
    String shown = "%s %s %s".formatted(field, word(operator), text(value));
    Matcher word = OPERATOR.matcher(word(operator).strip());
    if (!word.matches()) {
      throw problem(shown, "has no operator that is known" + FORM);
    }
    if (!value.isArray() && value.isContainerNode()) {
      throw problem(shown, "compares with an object" + FORM);
    }
    addCompared(
        shown,
        FieldName.of(not ? field.substring(1) : field),
        not,
        word.group().toLowerCase(Locale.ROOT),
        operands(value));
  }

  private List<Operand> operands(JsonNode value) {
    List<Operand> operands = new ArrayList<>();
    for (JsonNode item : value.isArray() ? value : List.of(value)) {
      operands.add(Operand.of(item.asText("null"), item.isTextual(), now));
    }
    return operands;
  }

  /** A JSON value as the text of a condition. */
  private static String text(JsonNode value) {
    return value.isArray()
        ? "(" + String.join(", ", value.valueStream().map(ConditionParser::text).toList()) + ")"
        : value.asText("null");
  }

  /** Splits a text where the separator is outside of quotation marks and brackets. */
  private static List<String> split(String text, Pattern separator) {
    List<String> parts = new ArrayList<>();
    Matcher matcher = separator.matcher(text);
    int start = 0;
    int depth = 0;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0 && c == '\\') {
        i++; // what follows is a character of the value
      } else if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c != '\'' && OPENING.indexOf(c) >= 0 && c != '"') {
        quote = CLOSING.charAt(OPENING.indexOf(c));
      } else if (c == '"' || (c == '\'' && (i == 0 || !Character.isLetter(text.charAt(i - 1))))) {
        quote = c;
      } else if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth--;
      } else if (depth == 0 && matcher.region(i, text.length()).lookingAt()) {
        parts.add(text.substring(start, i));
        start = matcher.end();
        i = start - 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  /** Splits at commas after which another condition can begin. */
  private static List<String> splitAtCommas(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : split(text, COMMA)) {
      String last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
      if (last != null && isWord(part) && ONE_VALUE.matcher(last).find()) {
        throw problem(text, "may have several values; write field in (a, b), or quote a value");
      }
      if (last == null || (beginsCondition(part) && !(isOpenList(last) && isWord(part)))) {
        parts.add(part);
      } else {
        parts.set(parts.size() - 1, last + ", " + part);
      }
    }
    return parts;
  }

  /** Whether values of a list without brackets may follow, as in {@code plan in pro, team}. */
  private static boolean isOpenList(String condition) {
    return OPEN_LIST.matcher(condition).find();
  }

  /** Whether a text is a word, and not one that alone is a condition, such as a flag. */
  private static boolean isWord(String text) {
    String word = text.strip();
    return FIELD.matcher(word).matches() && !RowFields.isWordOfUsers(word);
  }

  private static boolean beginsCondition(String text) {
    if (NOT.matcher(text).lookingAt()) {
      return true;
    }
    Matcher field = FIELD.matcher(text);
    if (!field.lookingAt()) {
      return false;
    }
    String rest = text.substring(field.end()).strip();
    return rest.isEmpty() ? !field.group().isBlank() : OPERATOR.matcher(rest).lookingAt();
  }

  private static InvalidArgumentsException problem(String condition, String message) {
    return InvalidArgumentsException.of(
        CallOptions.WHERE, "%s %s".formatted(QuotedText.name(condition), message));
  }
}
