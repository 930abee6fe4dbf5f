package dev.clerkmcp.clerk;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Decides on the retry of a failed request, and on the pause (backoff) before it. Clerk has no
 * idempotency keys, so if Clerk may have processed the request, only a repeatable operation is
 * retried. If Clerk did not process the request (after status 429, or if the connection failed
 * before), any operation is retried. There are two exceptions: {@link
 * ClerkException#RATE_BUDGET_USED_UP} is not retried, since the rate limiter knows that the wait is
 * too long, and status 409 with the code {@code resource_locked} is retried once.
 */
final class RetryPolicy {
  /** The most times that a request is sent. */
  static final int MAX_TRIES = 4;

  private static final Set<Integer> TRANSIENT = Set.of(500, 502, 503, 504);

  /** A pause is 2, 4 or 8 units, or what Clerk asks for, plus a random jitter of up to one unit. */
  private final Duration pauseUnit;

  RetryPolicy(Duration pauseUnit) {
    this.pauseUnit = pauseUnit;
  }

  /**
   * The pause before the next try; null to give up.
   *
   * @param tries how many times the request was sent
   * @param left how long the call may still take
   */
  @Nullable Duration pauseBeforeRetry(
      Endpoint endpoint, ClerkException failure, int tries, Duration left) {
    if (tries >= MAX_TRIES || !mayRetry(endpoint, failure, tries)) {
      return null;
    }
    if (tries == 1
        && failure.getCause() instanceof StaleConnectionInterceptor.StaleConnectionException) {
      return Duration.ZERO;
    }
    Duration pause =
        failure.retryAfter() != null ? failure.retryAfter() : pauseUnit.multipliedBy(1L << tries);
    pause = pause.plusMillis(ThreadLocalRandom.current().nextLong(1 + pauseUnit.toMillis()));
    return pause.compareTo(left) < 0 ? pause : null;
  }

  /** Whether Clerk may have processed the request, although it failed. */
  static boolean mayHaveBeenProcessed(ClerkException failure) {
    // Status 408 comes from a proxy, which may have forwarded the request.
    return failure.outcomeUnknown() || failure.status() >= 500 || failure.status() == 408;
  }

  private static boolean mayRetry(Endpoint endpoint, ClerkException failure, int tries) {
    int status = failure.status();
    if (status == 429) {
      return !failure.code().equals(ClerkException.RATE_BUDGET_USED_UP);
    }
    if (status == 409) {
      return tries == 1 && failure.code().equals("resource_locked");
    }
    if (TRANSIENT.contains(status)) {
      return endpoint.repeatable();
    }
    boolean isTransient = failure.getCause() instanceof IOException;
    return isTransient && (endpoint.repeatable() || !failure.outcomeUnknown());
  }
}
