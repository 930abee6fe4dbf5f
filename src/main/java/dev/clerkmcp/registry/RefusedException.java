package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.util.function.UnaryOperator;

/**
 * An interceptor or a tool refused a call. The refused request was not sent; what the call did
 * before it stays done.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String next;
  private final transient ObjectNode details;
  private boolean recorded;

  /**
   * Refuses a call.
   *
   * @param code in snake_case
   * @param message why
   * @param next what the caller or a person can do
   */
  public RefusedException(String code, String message, String next) {
    this(code, message, next, Json.object());
  }

  /** Refuses a call; the details are added to the result. */
  public RefusedException(String code, String message, String next, ObjectNode details) {
    super(message);
    this.code = code;
    this.next = next;
    this.details = details;
  }

  public String code() {
    return code;
  }

  /**
   * Marks the refusal as logged, so that a discovery tool around the tool does not log it again.
   */
  public void markRecorded() {
    recorded = true;
  }

  /** Whether the refusal is logged. */
  public boolean isRecorded() {
    return recorded;
  }

  String next() {
    return next;
  }

  ObjectNode details() {
    return details;
  }

  /** The same refusal with other details, such as redacted ones. */
  public RefusedException withDetails(UnaryOperator<ObjectNode> replacement) {
    RefusedException refusal =
        new RefusedException(code, String.valueOf(getMessage()), next, replacement.apply(details));
    refusal.recorded = recorded;
    return refusal;
  }
}
