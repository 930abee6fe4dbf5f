package dev.clerkmcp.clerk;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a failed request is sent again, and when. Clerk knows no idempotency key, so
 * after a failure that may have come too late to stop the change only a repeatable operation is
 * sent again; 429 and a connection that never stood were not carried out and always are.
 */
final class RetryPolicy {
  /** How often a request is sent at most. */
  static final int MOST_TRIES = 4;

  private static final Set<Integer> PASSING = Set.of(500, 502, 503, 504);

  private final Duration firstPause;

  RetryPolicy(Duration firstPause) {
    this.firstPause = firstPause;
  }

  /**
   * The pause before the next try, or null to give up.
   *
   * @param tries how often the request was sent so far
   * @param left how long the call may still take
   */
  @Nullable Duration pauseBeforeNextTry(
      Endpoint endpoint, ClerkException failure, int tries, Duration left) {
    if (tries >= MOST_TRIES || !mayRepeat(endpoint, failure, tries)) {
      return null;
    }
    if (tries == 1 && failure.getCause() instanceof StaleConnectionException) {
      return Duration.ZERO;
    }
    Duration pause =
        failure.retryAfter() != null ? failure.retryAfter() : firstPause.multipliedBy(1L << tries);
    pause = pause.plusMillis(ThreadLocalRandom.current().nextLong(1 + firstPause.toMillis()));
    return pause.compareTo(left) < 0 ? pause : null;
  }

  /** Whether the failed request may nevertheless have changed something. */
  static boolean mayHaveBeenCarriedOut(ClerkException failure) {
    // A 408 comes from a proxy in between, which may have passed the request on.
    return failure.outcomeUnknown() || failure.status() >= 500 || failure.status() == 408;
  }

  private static boolean mayRepeat(Endpoint endpoint, ClerkException failure, int tries) {
    int status = failure.status();
    if (status == 429) {
      return !failure.code().equals(ClerkException.RATE_BUDGET_USED_UP); // which knows the wait
    }
    if (status == 409) {
      return tries == 1 && failure.code().equals("resource_locked");
    }
    if (PASSING.contains(status)) {
      return endpoint.repeatable();
    }
    boolean mayPass = failure.getCause() instanceof IOException;
    return mayPass && (endpoint.repeatable() || !failure.outcomeUnknown());
  }
}
