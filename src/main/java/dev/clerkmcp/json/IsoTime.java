package dev.clerkmcp.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as answers tell them: ISO 8601 in UTC, to the second. */
public final class IsoTime {
  private IsoTime() {}

  public static String of(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Tells a time that Clerk has in milliseconds, if there is one. */
  public static void put(ObjectNode object, String field, JsonNode millis) {
    if (millis.isIntegralNumber()) {
      object.put(field, of(Instant.ofEpochMilli(millis.asLong())));
    }
  }
}
