package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.argument.PointInTime;
import dev.clerkmcp.registry.text.QuotedText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What rows are counted by: the value of a field, or the day, week, month or year of a time in UTC.
 *
 * @param unit null for the value itself
 */
record Grouping(FieldName field, @Nullable Unit unit) {
  private static final Pattern FUNCTION = Pattern.compile("(\\w+)\\s*\\(\\s*(.+?)\\s*\\)");
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
  private static final String UNITS = "day, week, month or year";
  private static final long FIRST_MILLIS = 100_000_000_000L;

  /** The length of time of a group. */
  enum Unit {
    DAY,
    WEEK,
    MONTH,
    YEAR;

    private String of(Instant instant) {
      ZonedDateTime time = instant.atZone(ZoneOffset.UTC);
      String day = time.toLocalDate().toString();
      return switch (this) {
        case DAY -> day;
        case WEEK ->
            String.format(
                Locale.ROOT,
                "%04d-W%02d",
                time.get(IsoFields.WEEK_BASED_YEAR),
                time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
        case MONTH -> day.substring(0, day.length() - 3);
        case YEAR -> day.substring(0, day.length() - 6);
      };
    }
  }

  /** The parts of a text in which commas stand between fields. */
  static Stream<String> split(String written) {
    return written.contains("\"") ? Stream.of(written) : COMMA.splitAsStream(written);
  }

  /**
   * Reads {@code public_metadata.plan} or {@code month(created_at)}.
   *
   * @throws InvalidArgumentsException if it is neither
   */
  static Grouping parse(String written) {
    String text = written.strip();
    Matcher function = FUNCTION.matcher(text);
    if (!function.matches()) {
      if (text.isEmpty() || text.matches(".*[\\s()=<>].*")) {
        throw problem(text, "is neither a field nor month(created_at) or the like");
      }
      FieldName field = FieldName.of(text);
      if (field.isTime()) {
        throw problem(text, "is a time; write month(%s), or %s".formatted(text, UNITS));
      }
      return new Grouping(field, null);
    }
    for (Unit unit : Unit.values()) {
      if (unit.name().equalsIgnoreCase(function.group(1))) {
        return new Grouping(FieldName.of(function.group(2)), unit);
      }
    }
    throw problem(text, "begins with %s; there are %s".formatted(function.group(1), UNITS));
  }

  private static InvalidArgumentsException problem(String text, String message) {
    return InvalidArgumentsException.of(CallOptions.BY, QuotedText.name(text) + " " + message);
  }

  /**
   * The groups that a row with this value belongs to: several for a list, that of null without a
   * value, and of a list of objects that of their number.
   *
   * @throws InvalidArgumentsException if the value is an object, which no two rows may share
   */
  List<JsonNode> of(JsonNode value) {
    if (Condition.isNothing(value)) {
      return List.of(NullNode.getInstance());
    }
    if (unit == null && value.isArray() && value.valueStream().allMatch(JsonNode::isObject)) {
      return List.of(IntNode.valueOf(value.size()));
    }
    List<JsonNode> groups = new ArrayList<>();
    for (JsonNode item : value.isArray() ? value : List.of(value)) {
      if (item.isContainerNode()) {
        throw problem(toString(), "is an object; name a field of it, such as " + example(item));
      }
      groups.add(unit == null ? item : period(unit, item));
    }
    return groups.stream().distinct().toList();
  }

  /** Whether none of the values is a time that a group is of. */
  boolean isOfOtherKind(JsonNode value) {
    return unit != null
        && !Condition.isNothing(value)
        && of(value).stream().allMatch(JsonNode::isNull);
  }

  private String example(JsonNode object) {
    String first = object.fieldNames().hasNext() ? object.fieldNames().next() : "id";
    return "%s.%s".formatted(field, first);
  }

  private static JsonNode period(Unit unit, JsonNode value) {
    if (value.isNumber()) {
      long time = value.asLong();
      return TextNode.valueOf(
          unit.of(time < FIRST_MILLIS ? Instant.ofEpochSecond(time) : Instant.ofEpochMilli(time)));
    }
    try {
      PointInTime time = PointInTime.read(value.asText(), false, Instant.EPOCH);
      return TextNode.valueOf(unit.of(time.utc()));
    } catch (IllegalArgumentException e) {
      return NullNode.getInstance();
    }
  }

  @Override
  public String toString() {
    return unit == null
        ? field.toString()
        : "%s(%s)".formatted(unit.name().toLowerCase(Locale.ROOT), field);
  }
}
