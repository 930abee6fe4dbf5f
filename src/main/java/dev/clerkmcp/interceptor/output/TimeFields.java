package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import java.time.Instant;

/** Converts Clerk's times to text that people and models read: ISO 8601 in UTC, to the second. */
final class TimeFields {
  /**
   * A smaller number is in seconds, as in a few of Clerk's tokens; as seconds, this is the year
   * 5138.
   */
  private static final long FIRST_MILLIS = 100_000_000_000L;

  /** The end of the year 9999; a later year has more digits. */
  private static final long LAST_MILLIS = 253_402_300_799_999L;

  private static final int DAY_LENGTH = "2026-05-31".length();

  private TimeFields() {}

  /** The value as Clerk sent it, except that all times in it are text. Metadata stays as it is. */
  static JsonNode in(JsonNode value) {
    return in("", value);
  }

  /** The value of a field as Clerk sent it, except that all times in it are text. */
  static JsonNode in(String field, JsonNode value) {
    if (FieldCatalog.isVerbatim(field)) {
      return value;
    }
    if (value instanceof ArrayNode list) {
      ArrayNode timed = Json.array();
      list.forEach(item -> timed.add(in(field, item)));
      return timed;
    }
    if (value instanceof ObjectNode object) {
      ObjectNode timed = Json.object();
      object
          .properties()
          .forEach(inner -> timed.set(inner.getKey(), in(inner.getKey(), inner.getValue())));
      return timed;
    }
    return shown(field, value);
  }

  /** The day of a time in UTC, such as {@code 2026-05-31}; empty if the value is no time. */
  static String day(String field, JsonNode value) {
    JsonNode time = shown(field, value);
    return time.isTextual() ? time.textValue().substring(0, DAY_LENGTH) : "";
  }

  /** The value of a field, as text if it is a time, else unchanged. */
  static JsonNode shown(String field, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToLong() || !FieldCatalog.isTime(field)) {
      return value;
    }
    long number = value.asLong();
    if (number <= 0 || number > LAST_MILLIS) {
      return value;
    }
    Instant time =
        number < FIRST_MILLIS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
    return TextNode.valueOf(IsoTime.of(time));
  }
}
