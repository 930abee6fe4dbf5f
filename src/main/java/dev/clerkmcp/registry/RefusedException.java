package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;

/** A guard did not let a call pass; nothing was sent to Clerk that changes anything. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String next;
  private final transient ObjectNode details;
  private boolean recorded;

  /**
   * Refuses.
   *
   * @param code in lower snake case
   * @param message why
   * @param next who can do what about it
   */
  public RefusedException(String code, String message, String next) {
    this(code, message, next, Json.object());
  }

  /** Refuses; the details stand beside the reason. */
  public RefusedException(String code, String message, String next, ObjectNode details) {
    super(message);
    this.code = code;
    this.next = next;
    this.details = details;
  }

  public String code() {
    return code;
  }

  /** Notes that the refusal is on record, however many tools stand around the one refused. */
  public void markRecorded() {
    recorded = true;
  }

  /** Whether it is on record. */
  public boolean isRecorded() {
    return recorded;
  }

  String next() {
    return next;
  }

  ObjectNode details() {
    return details;
  }
}
