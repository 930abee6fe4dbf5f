package dev.clerkmcp.clerk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Clerk said no, or did not answer. Never carries a key, a header or anything that was sent.
 *
 * @see <a href="https://clerk.com/docs/errors/overview">Clerk's errors</a>
 */
public final class ClerkException extends RuntimeException {
  /** The code of a request that was not sent, to keep to Clerk's rate limits. */
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

  /** A failure that has no answer of Clerk's behind it; {@code sent} if the request went out. */
  static ClerkException withoutAnswer(
      String code, String message, boolean sent, @Nullable Throwable cause) {
    return new ClerkException(0, List.of(new Reason(code, message, null)), null, null, sent, cause);
  }

  /** The answer that Clerk would give to a request that had better wait. */
  static ClerkException rateBudgetUsedUp(String limit, Duration wait) {
    long seconds = Cancellation.seconds(wait);
    String message =
        "Clerk takes %s, and they are used up for another %s s, longer than this call may wait."
            .formatted(limit, seconds);
    return new ClerkException(
        429,
        List.of(new Reason(RATE_BUDGET_USED_UP, message, null)),
        null,
        Duration.ofSeconds(seconds),
        false,
        null);
  }

  /** An answer of this client's own in Clerk's form, for what Clerk has no endpoint to say. */
  public static ClerkException notFound(String message) {
    return new ClerkException(
        404, List.of(new Reason("resource_not_found", message, null)), null, null, false, null);
  }

  /** The same failure, after tries of which one may have been carried out or not. */
  ClerkException withOutcomeUnknown(boolean unknown) {
    return new ClerkException(status, reasons, traceId, retryAfter, unknown, getCause());
  }

  /** The same failure with another explanation, the code and everything else unchanged. */
  ClerkException withMessage(String message) {
    List<Reason> explained = new ArrayList<>(reasons);
    explained.set(0, new Reason(code(), message, reasons.get(0).parameter()));
    return new ClerkException(status, explained, traceId, retryAfter, outcomeUnknown, getCause());
  }

  /**
   * The same failure, every text that came from Clerk said in other words. It has no cause, whose
   * message might still say it in the old ones.
   */
  public ClerkException withReasons(UnaryOperator<String> words) {
    List<Reason> said = new ArrayList<>();
    for (Reason reason : reasons) {
      String parameter = reason.parameter();
      said.add(
          new Reason(
              reason.code(),
              words.apply(reason.message()),
              parameter == null ? null : words.apply(parameter)));
    }
    return new ClerkException(status, said, traceId, retryAfter, outcomeUnknown, null);
  }

  /** The HTTP status, or 0 if there was no usable answer. */
  public int status() {
    return status;
  }

  /** Clerk's code of the first reason, in lower snake case. */
  public String code() {
    return reasons.get(0).code();
  }

  /** What Clerk says in the first reason. */
  public String reason() {
    return reasons.get(0).message();
  }

  /** The parameter that the first reason is about, if it is about one. */
  public @Nullable String parameter() {
    return reasons.get(0).parameter();
  }

  /** Everything Clerk objected to; never empty. */
  public List<Reason> reasons() {
    return reasons;
  }

  /** What Clerk's support asks for, if the answer had it. */
  public @Nullable String traceId() {
    return traceId;
  }

  /** How long Clerk asks, or its rate limits demand, to wait before the next try; if known. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Whether the change may have been made although no success was reported. */
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

  /** One objection: Clerk's code, what is wrong, and the parameter it is about. */
  public record Reason(String code, String message, @Nullable String parameter) {}
}
