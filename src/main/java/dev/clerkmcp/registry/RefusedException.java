package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * An interceptor or a tool refused a call. The refused request was not sent; what the call did
 * before it stays done.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String next;
  private final transient ObjectNode details;
  private @Nullable String rule;
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

  /** Names the rule of the policy because of which the call is refused, for the audit log. */
  public RefusedException byRule(@Nullable String name) {
    rule = name;
    return this;
  }

  /** The rule of the policy because of which the call is refused; null if it was none. */
  public @Nullable String rule() {
    return rule;
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
}
