package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import java.time.Duration;
import java.time.Instant;

/** What the report of a job on many things says of one that Clerk refused. */
public final class ErrorRow {
  private ErrorRow() {}

  /** Clerk's status, unless it did not answer, with its code and reason. */
  public static ObjectNode row(ClerkException e) {
    ObjectNode row = Json.object();
    if (e.status() != 0) {
      row.put("status", e.status());
    }
    return row.put("code", e.code()).put("reason", e.reason());
  }

  /** Adds when Clerk will take it, if it said so. */
  public static void addWait(ObjectNode row, ClerkException e) {
    Duration wait = e.retryAfter();
    if (wait != null) {
      Instant back = Instant.now().plus(wait).plusSeconds(1);
      row.put("retry_after_seconds", wait.toSeconds()).put("come_back_at", IsoTime.of(back));
    }
  }
}
