package dev.clerkmcp.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Times as answers tell them: ISO 8601 in UTC, to the second. */
public final class IsoTime {
  private IsoTime() {}

  public static String of(Instant time) {
    LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(20).append(utc.toLocalDate());
    append('T', utc.getHour(), text);
    append(':', utc.getMinute(), text);
    append(':', utc.getSecond(), text);
    return text.append('Z').toString();
  }

  private static void append(char before, int number, StringBuilder text) {
    text.append(before).append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  /** Tells a time that Clerk has in milliseconds, if there is one. */
  public static void put(ObjectNode object, String field, JsonNode millis) {
    if (millis.isIntegralNumber()) {
      object.put(field, of(Instant.ofEpochMilli(millis.asLong())));
    }
  }
}
