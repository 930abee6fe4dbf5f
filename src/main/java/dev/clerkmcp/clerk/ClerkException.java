package dev.clerkmcp.clerk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reports that Clerk responded with an error or did not respond, or that a request was not sent to
 * it, such as for its rate limits. Contains no key and no header; Clerk's messages may quote what
 * was sent.
 *
 * @see <a href="https://clerk.com/docs/errors/overview">Clerk's errors</a>
 */
public final class ClerkException extends RuntimeException {
  /** The code if the request was not sent because of Clerk's rate limits. */
  static final String RATE_BUDGET_USED_UP = "rate_budget_used_up";

  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient List<Reason> reasons;
  private final @Nullable String traceId;
  private final @Nullable Duration retryAfter;
  private final boolean outcomeUnknown;

  ClerkException(
      int status,
      List<Reason> reasons,
      @Nullable String traceId,
      @Nullable Duration retryAfter,
      boolean outcomeUnknown,
      @Nullable Throwable cause) {
    super(heading(status, reasons.get(0).code()) + reasons.get(0).message(), cause);
    this.status = status;
    this.reasons = List.copyOf(reasons);
    this.traceId = traceId;
    this.retryAfter = retryAfter;
    this.outcomeUnknown = outcomeUnknown;
  }

  /** A failure without a response from Clerk; {@code sent} says whether the request was sent. */
  static ClerkException withoutAnswer(
      String code, String message, boolean sent, @Nullable Throwable cause) {
    return new ClerkException(0, List.of(new Reason(code, message, null)), null, null, sent, cause);
  }

  /** The failure of a request that would have to wait too long for Clerk's rate limits. */
  static ClerkException rateBudgetUsedUp(String limit, Duration wait) {
    long seconds = Cancellation.seconds(wait);
    String message =
        "Clerk allows %s, and they are used up for another %s s, longer than this call may wait."
            .formatted(limit, seconds);
    return new ClerkException(
        429,
        List.of(new Reason(RATE_BUDGET_USED_UP, message, null)),
        null,
        Duration.ofSeconds(seconds),
        false,
        null);
  }

  /** The failure of a read whose answer lacks a value that Clerk always sends. */
  public static ClerkException unusable(String message) {
    return withoutAnswer("answer_unusable", message, false, null);
  }

  /** A failure like Clerk's status 404, for objects that Clerk has no endpoint to get. */
  public static ClerkException notFound(String message) {
    return new ClerkException(
        404, List.of(new Reason("resource_not_found", message, null)), null, null, false, null);
  }

  /** The same failure; {@code unknown} says whether any try may have been processed. */
  ClerkException withOutcomeUnknown(boolean unknown) {
    return new ClerkException(status, reasons, traceId, retryAfter, unknown, getCause());
  }

  /** The same failure with another message. */
  ClerkException withMessage(String message) {
    List<Reason> explained = new ArrayList<>(reasons);
    explained.set(0, new Reason(code(), message, reasons.get(0).parameter()));
    return new ClerkException(status, explained, traceId, retryAfter, outcomeUnknown, getCause());
  }

  /**
   * The same failure with every text from Clerk replaced, such as by a redacted one. It has no
   * cause, since the message of that could contain the original text.
   */
  public ClerkException withReasons(UnaryOperator<String> replacement) {
    List<Reason> replaced = new ArrayList<>();
    for (Reason reason : reasons) {
      String parameter = reason.parameter();
      replaced.add(
          new Reason(
              reason.code(),
              replacement.apply(reason.message()),
              parameter == null ? null : replacement.apply(parameter)));
    }
    return new ClerkException(status, replaced, traceId, retryAfter, outcomeUnknown, null);
  }

  /** The HTTP status; 0 if there was no usable response. */
  public int status() {
    return status;
  }

  /** Clerk's code of the first reason, in lower snake case. */
  public String code() {
    return reasons.get(0).code();
  }

  /** Clerk's message of the first reason. */
  public String reason() {
    return reasons.get(0).message();
  }

  /** The parameter that the first reason is about; null if there is none. */
  public @Nullable String parameter() {
    return reasons.get(0).parameter();
  }

  /** All reasons that Clerk gave; never empty. */
  public List<Reason> reasons() {
    return reasons;
  }

  /** Identifies the request for Clerk's support; null if the response has none. */
  public @Nullable String traceId() {
    return traceId;
  }

  /** How long to wait before a retry, as Clerk or its rate limits require; null if unknown. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Whether Clerk may have made the change although no success was reported. */
  public boolean outcomeUnknown() {
    return outcomeUnknown;
  }

  private static String heading(int status, String code) {
    if (status == 0) {
      return "No answer from Clerk: ";
    }
    return code.equals(RATE_BUDGET_USED_UP)
        ? "Not sent to Clerk: "
        : "Clerk answered " + status + ": ";
  }

  /** One reason for an error: Clerk's code, its message, and the parameter that it is about. */
  public record Reason(String code, String message, @Nullable String parameter) {}
}
