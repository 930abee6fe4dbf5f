package dev.clerkmcp.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Times as answers tell them: ISO 8601 in UTC, to the second. */
public final class IsoTime {
  private static final String FORM = "0000-00-00T00:00:00Z";

  private IsoTime() {}

  public static String of(Instant time) {
    LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
    int year = utc.getYear();
    if (year < 0 || year > 9999) {
      return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
    char[] text = FORM.toCharArray(); // Java's formats take ten times as long
    digits(year / 100, text, 0);
    digits(year % 100, text, 2);
    digits(utc.getMonthValue(), text, 5);
    digits(utc.getDayOfMonth(), text, 8);
    digits(utc.getHour(), text, 11);
    digits(utc.getMinute(), text, 14);
    digits(utc.getSecond(), text, 17);
    return new String(text);
  }

  private static void digits(int number, char[] text, int at) {
    text[at] = (char) ('0' + number / 10);
    text[at + 1] = (char) ('0' + number % 10);
  }

  /** Tells a time that Clerk has in milliseconds, if there is one. */
  public static void put(ObjectNode object, String field, JsonNode millis) {
    if (millis.isIntegralNumber()) {
      object.put(field, of(Instant.ofEpochMilli(millis.asLong())));
    }
  }
}
