package dev.clerkmcp.clerk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The requests that use up one budget. Nobody knows when on its way Clerk counts a request, so it
 * counts from when it is sent until its answer is as old as the budget is long. Times are
 * nanoseconds of one clock; the {@link RateLimiter} it belongs to guards it.
 */
final class SlidingWindow {
  private final RateLimit budget;
  private final long length;

  /** When the answers came, the oldest first. */
  private final List<Long> answered = new ArrayList<>();

  private int underway;

  /** When those that wait will be sent, the next first. */
  private final List<Long> planned = new ArrayList<>();

  SlidingWindow(RateLimit budget) {
    this.budget = budget;
    this.length = budget.length().toNanos();
  }

  RateLimit budget() {
    return budget;
  }

  /** Forgets answers that are too old to matter, and says whether nothing else is left. */
  boolean forget(long now) {
    int old = 0;
    while (old < answered.size() && now - answered.get(old) >= length) {
      old++;
    }
    answered.subList(0, old).clear();
    return size() == 0;
  }

  /**
   * The first time from {@code from} on at which one more request keeps to the budget, and so do
   * those planned. As many in a row as the budget allows, in less than its length, leave no room
   * for another in any stretch that has them all.
   */
  long earliest(long from, long now) {
    long time = from;
    for (int first = 0; first + budget.limit() <= size(); first++) {
      long begin = time(first, now);
      long end = time(first + budget.limit() - 1, now);
      if (time - begin < length && end - time < length) {
        time = begin + length;
      }
    }
    return time;
  }

  private int size() {
    return answered.size() + underway + planned.size();
  }

  private long time(int index, long now) {
    if (index < answered.size()) {
      return answered.get(index);
    }
    int waiting = index - answered.size() - underway;
    return waiting < 0 ? now : Math.max(now, planned.get(waiting));
  }

  /** Plans a request. */
  void plan(long time) {
    int found = Collections.binarySearch(planned, time);
    planned.add(found < 0 ? -found - 1 : found, time);
  }

  /** Drops all plans. */
  void clearPlans() {
    planned.clear();
  }

  /** Whether everything planned until {@code now} may be sent now. */
  boolean hasRoomForAllDue(long now) {
    int due = 0;
    while (due < planned.size() && planned.get(due) <= now) {
      due++;
    }
    return answered.size() + underway + due <= budget.limit();
  }

  /** Sends the request that was planned for a time. */
  void send(long time) {
    planned.remove(Collections.binarySearch(planned, time));
    underway++;
  }

  /** Ends a request that is on its way; one that did not leave does not count. */
  void end(boolean sent, long now) {
    underway--;
    if (sent) {
      answered.add(now);
    }
  }
}
