package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import java.time.Duration;
import java.time.Instant;

/** Writes a refusal of Clerk's as a row of a report. */
public final class ErrorRow {
  private ErrorRow() {}

  /** The status, code and reason. Without an answer from Clerk there is no status. */
  public static ObjectNode row(ClerkException e) {
    ObjectNode row = Json.object();
    if (e.status() != 0) {
      row.put("status", e.status());
    }
    return row.put("code", e.code()).put("reason", e.reason());
  }

  /** Adds when to try again, if Clerk said so. */
  public static void addWait(ObjectNode row, ClerkException e) {
    Duration wait = e.retryAfter();
    if (wait != null) {
      Instant back = Instant.now().plus(wait).plusSeconds(1);
      row.put("retry_after_seconds", wait.toSeconds()).put("come_back_at", IsoTime.of(back));
    }
  }
}
