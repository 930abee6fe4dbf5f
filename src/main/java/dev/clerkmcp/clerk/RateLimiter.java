package dev.clerkmcp.clerk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;

/**
 * Keeps the requests of one instance within Clerk's rate limits: rate limiting on the client side,
 * with a {@link SlidingWindow} for each limit. A request that would exceed a limit waits in a
 * queue, first come, first served. One permit covers all limits of a request; if the permit is not
 * used, the requests behind it move up. Safe for use by many threads.
 */
public final class RateLimiter {
  private final List<RateLimit> limits;
  private final LongSupplier clock;
  private final Map<Key, SlidingWindow> windows = new HashMap<>();

  /** The requests that wait, in order of arrival. */
  private final List<Permit> queue = new ArrayList<>();

  /**
   * Creates a limiter for the given limits.
   *
   * @param clock a monotonic time in nanoseconds
   */
  RateLimiter(List<RateLimit> limits, LongSupplier clock) {
    this.limits = List.copyOf(limits);
    this.clock = clock;
  }

  /** Creates a limiter for a production instance. */
  public static RateLimiter forLive() {
    return forInstance(1000);
  }

  /** Creates a limiter for a development instance. */
  public static RateLimiter forTest() {
    return forInstance(100);
  }

  private static RateLimiter forInstance(int requests) {
    long start = System.nanoTime(); // times since then can be compared without overflow
    return new RateLimiter(RateLimit.ofInstance(requests), () -> System.nanoTime() - start);
  }

  /** Creates a limiter without limits. */
  static RateLimiter none() {
    return new RateLimiter(List.of(), System::nanoTime);
  }

  /**
   * Waits until a request may be sent. The caller must end the permit after the response.
   *
   * @param left how long the call may still take
   * @throws ClerkException with the code {@link ClerkException#RATE_BUDGET_USED_UP} if the wait
   *     would be longer than {@code left}: at once, or during the wait if the send time moved later
   * @throws CancellationException if the call is cancelled; the request then leaves the queue
   */
  Permit await(Endpoint endpoint, ObjectNode arguments, Cancellation cancellation, Duration left) {
    Permit permit = queue(endpoint, arguments, left);
    try {
      cancellation.pause(permit::acquireOrNanosLeft, permit::reason);
      return permit;
    } finally {
      permit.leaveQueue();
    }
  }

  /**
   * Adds a request to the queue.
   *
   * @throws ClerkException if the wait would be longer than {@code left}
   */
  synchronized Permit queue(Endpoint endpoint, ObjectNode arguments, Duration left) {
    long now = now();
    List<SlidingWindow> used = new ArrayList<>();
    for (RateLimit rateLimit : limits) {
      if (rateLimit.covers(endpoint)) {
        Key key = new Key(rateLimit, rateLimit.object(endpoint, arguments));
        used.add(windows.computeIfAbsent(key, missing -> new SlidingWindow(rateLimit)));
      }
    }
    Permit permit = new Permit(used, now + left.toNanos());
    permit.plan(now);
    permit.refuseIfTooLate(now);
    permit.enter();
    return permit;
  }

  /** The number of windows, including those of each object. */
  synchronized int windows() {
    now();
    return windows.size();
  }

  /** Returns the time, and drops windows that no longer matter. */
  private long now() {
    long now = clock.getAsLong();
    windows.values().removeIf(window -> window.forget(now));
    return now;
  }

  /** Computes all send times anew; a slow response moves them later, an unused permit earlier. */
  private void planAnew(long now) {
    windows.values().forEach(SlidingWindow::clearPlans);
    for (Permit permit : queue) {
      permit.plan(now);
      permit.windows.forEach(window -> window.plan(permit.time));
    }
  }

  /** A rate limit, and the object that it applies to. */
  private record Key(RateLimit rateLimit, String object) {}

  /** The permission to send one request, in the windows of all limits that apply to it. */
  final class Permit {
    private final List<SlidingWindow> windows;
    private final long deadline;
    private long time;
    private String limit = "";

    private Permit(List<SlidingWindow> windows, long deadline) {
      this.windows = windows;
      this.deadline = deadline;
    }

    private void enter() {
      queue.add(this);
      windows.forEach(window -> window.plan(time));
    }

    /** Sets the send time: the earliest at which all windows have room. */
    private void plan(long now) {
      time = now;
      for (boolean found = false; !found; ) {
        found = true;
        for (SlidingWindow window : windows) {
          long earliest = window.earliest(time, now);
          if (earliest > time) {
            time = earliest;
            limit = window.rateLimit().words();
            found = false;
          }
        }
      }
    }

    private void refuseIfTooLate(long now) {
      if (time > now && time >= deadline) {
        throw ClerkException.rateBudgetUsedUp(limit, Duration.ofNanos(time - now));
      }
    }

    /** The reason for the wait, as a sentence. */
    private String reason() {
      synchronized (RateLimiter.this) {
        Duration wait = Duration.ofNanos(time - clock.getAsLong());
        return "Waiting %s s: Clerk allows %s".formatted(Cancellation.seconds(wait), limit);
      }
    }

    /**
     * Returns the nanoseconds left. At 0, also takes the request off the queue and counts it as
     * sent.
     */
    long acquireOrNanosLeft() {
      synchronized (RateLimiter.this) {
        long now = now();
        if (time > now) {
          return time - now;
        }
        if (!windows.stream().allMatch(window -> window.hasRoomForAllDue(now))) {
          planAnew(now);
          refuseIfTooLate(now);
        }
        if (time > now) {
          return time - now;
        }
        queue.remove(this);
        windows.forEach(window -> window.send(time));
        return 0;
      }
    }

    /** Takes the request off the queue if it still waits; the requests behind it move up. */
    void leaveQueue() {
      synchronized (RateLimiter.this) {
        if (queue.remove(this)) {
          planAnew(now());
        }
      }
    }

    /** Ends a request that left the queue; one that was not {@code sent} does not count. */
    void end(boolean sent) {
      synchronized (RateLimiter.this) {
        long now = now();
        windows.forEach(window -> window.end(sent, now));
        if (!sent) {
          planAnew(now);
        }
      }
    }
  }
}
