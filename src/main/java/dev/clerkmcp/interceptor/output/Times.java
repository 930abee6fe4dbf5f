package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.json.IsoTime;
import java.time.Instant;

/** Clerk's times as people and models read them: ISO 8601 in UTC, to the second. */
final class Times {
  /** Clerk counts milliseconds, but for a few tokens; as seconds this would be the year 5138. */
  private static final long FIRST_MILLIS = 100_000_000_000L;

  /** The end of the year 9999, after which the form changes. */
  private static final long LAST_MILLIS = 253_402_300_799_999L;

  private Times() {}

  /** The value of a field: a time where it is one, else as it was. */
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
