package dev.clerkmcp.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Formats times as ISO 8601 in UTC, truncated to seconds. */
public final class IsoTime {
  private IsoTime() {}

  public static String of(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /**
   * Sets a field to a time that is given in milliseconds; does nothing if it is not a number, or 0,
   * which stands for no time.
   */
  public static void put(ObjectNode object, String field, JsonNode millis) {
    if (millis.isIntegralNumber() && millis.asLong() > 0) {
      object.put(field, of(Instant.ofEpochMilli(millis.asLong())));
    }
  }
}
