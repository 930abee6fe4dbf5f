package dev.clerkmcp.clerk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Counts the requests of one rate limit in a sliding window. It is unknown at which moment Clerk
 * counts a request. A request therefore counts from its sending until one window length after its
 * response. Times are nanoseconds of one clock. Not thread-safe: the {@link RateLimiter} locks it.
 */
final class SlidingWindow {
  private final RateLimit rateLimit;
  private final long length;

  /** When the responses were received, oldest first. */
  private final List<Long> answered = new ArrayList<>();

  private int inFlight;

  /** When the waiting requests will be sent, earliest first. */
  private final List<Long> planned = new ArrayList<>();

  SlidingWindow(RateLimit rateLimit) {
    this.rateLimit = rateLimit;
    this.length = rateLimit.length().toNanos();
  }

  RateLimit rateLimit() {
    return rateLimit;
  }

  /** Forgets requests that no longer count; returns whether the window is empty then. */
  boolean forget(long now) {
    int old = 0;
    while (old < answered.size() && now - answered.get(old) >= length) {
      old++;
    }
    answered.subList(0, old).clear();
    return size() == 0;
  }

  /**
   * The earliest time from {@code from} on at which one more request keeps every window within the
   * limit, planned requests included. If {@code limit} successive requests lie within less than the
   * window length, no further request fits into a period of that length that includes them all.
   */
  long earliest(long from, long now) {
    long time = from;
    for (int first = 0; first + rateLimit.limit() <= size(); first++) {
      long begin = time(first, now);
      long end = time(first + rateLimit.limit() - 1, now);
      if (time - begin < length && end - time < length) {
        time = begin + length;
      }
    }
    return time;
  }

  private int size() {
    return answered.size() + inFlight + planned.size();
  }

  private long time(int index, long now) {
    if (index < answered.size()) {
      return answered.get(index);
    }
    int waiting = index - answered.size() - inFlight;
    return waiting < 0 ? now : Math.max(now, planned.get(waiting));
  }

  /** Plans a request for a time. */
  void plan(long time) {
    int found = Collections.binarySearch(planned, time);
    planned.add(found < 0 ? -found - 1 : found, time);
  }

  /** Removes all planned requests. */
  void clearPlans() {
    planned.clear();
  }

  /** Whether all requests that are planned until {@code now} may be sent now. */
  boolean hasRoomForAllDue(long now) {
    int due = 0;
    while (due < planned.size() && planned.get(due) <= now) {
      due++;
    }
    return answered.size() + inFlight + due <= rateLimit.limit();
  }

  /** Counts the request that was planned for that time as sent. */
  void send(long time) {
    planned.remove(Collections.binarySearch(planned, time));
    inFlight++;
  }

  /** Ends a request that counted as sent; if it was not {@code sent} after all, forgets it. */
  void end(boolean sent, long now) {
    inFlight--;
    if (sent) {
      answered.add(now);
    }
  }
}
