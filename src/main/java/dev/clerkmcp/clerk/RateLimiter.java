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
 * Keeps the requests of one instance within Clerk's rate limits: who comes too early waits for its
 * turn, first come, first served. A request gets its permit in all its budgets at once, and those
 * behind move up when it gives that back. Safe for use by many threads.
 */
public final class RateLimiter {
  private final List<RateLimit> budgets;
  private final LongSupplier clock;
  private final Map<Key, SlidingWindow> windows = new HashMap<>();

  /** Who waits, in the order of coming. */
  private final List<Permit> queue = new ArrayList<>();

  /**
   * Keeps to the given budgets.
   *
   * @param clock tells nanoseconds that never go back
   */
  RateLimiter(List<RateLimit> budgets, LongSupplier clock) {
    this.budgets = List.copyOf(budgets);
    this.clock = clock;
  }

  /** For a production instance. */
  public static RateLimiter forLive() {
    return forInstance(1000);
  }

  /** For a development instance. */
  public static RateLimiter forTest() {
    return forInstance(100);
  }

  private static RateLimiter forInstance(int requests) {
    long start = System.nanoTime(); // a time since then can be compared without overflow
    return new RateLimiter(RateLimit.ofInstance(requests), () -> System.nanoTime() - start);
  }

  /** Lets everything pass at once. */
  static RateLimiter none() {
    return new RateLimiter(List.of(), System::nanoTime);
  }

  /**
   * Waits until a request may be sent. Its permit has to be ended when it is answered.
   *
   * @param left how long the call may still take; a longer wait is not begun
   * @throws ClerkException with the code {@link ClerkException#RATE_BUDGET_USED_UP} if the wait
   *     would be longer than that
   * @throws CancellationException if the call is cancelled; the permit is then free for others
   */
  Permit await(Endpoint endpoint, ObjectNode arguments, Cancellation cancellation, Duration left) {
    Permit permit = queue(endpoint, arguments, left);
    try {
      cancellation.pause(permit::nanosLeft, permit::reason);
      return permit;
    } finally {
      permit.leaveQueue();
    }
  }

  /** Takes a permit in the queue. */
  synchronized Permit queue(Endpoint endpoint, ObjectNode arguments, Duration left) {
    long now = now();
    List<SlidingWindow> used = new ArrayList<>();
    for (RateLimit budget : budgets) {
      if (budget.covers(endpoint)) {
        Key key = new Key(budget, budget.object(endpoint, arguments));
        used.add(windows.computeIfAbsent(key, missing -> new SlidingWindow(budget)));
      }
    }
    Permit permit = new Permit(used, now + left.toNanos());
    permit.plan(now);
    permit.refuseIfTooLate(now);
    permit.enter();
    return permit;
  }

  /** How many windows there are, those of each object counted. */
  synchronized int windows() {
    now();
    return windows.size();
  }

  /** The time, at which what no longer counts is forgotten. */
  private long now() {
    long now = clock.getAsLong();
    windows.values().removeIf(window -> window.forget(now));
    return now;
  }

  /** Lets everybody who waits move up, or back where an answer took longer than was planned. */
  private void planAnew(long now) {
    windows.values().forEach(SlidingWindow::clearPlans);
    for (Permit permit : queue) {
      permit.plan(now);
      permit.windows.forEach(window -> window.plan(permit.time));
    }
  }

  /** Whose requests are counted against which budget. */
  private record Key(RateLimit budget, String object) {}

  /** The permit of one request in the windows of all its budgets. */
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

    /** Finds the first time that suits all windows. */
    private void plan(long now) {
      time = now;
      for (boolean suits = false; !suits; ) {
        suits = true;
        for (SlidingWindow window : windows) {
          long earliest = window.earliest(time, now);
          if (earliest > time) {
            time = earliest;
            limit = window.budget().words();
            suits = false;
          }
        }
      }
    }

    private void refuseIfTooLate(long now) {
      if (time > now && time >= deadline) {
        throw ClerkException.rateBudgetUsedUp(limit, Duration.ofNanos(time - now));
      }
    }

    /** What is waited for. */
    private String reason() {
      synchronized (RateLimiter.this) {
        Duration wait = Duration.ofNanos(time - clock.getAsLong());
        return "Waiting %s s: Clerk takes %s".formatted(Cancellation.seconds(wait), limit);
      }
    }

    /** How long it is until its turn; when nothing is left, the request counts as sent. */
    long nanosLeft() {
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

    /** Makes room for others if it still waits. */
    void leaveQueue() {
      synchronized (RateLimiter.this) {
        if (queue.remove(this)) {
          planAnew(now());
        }
      }
    }

    /** Ends a request whose turn had come; one that was not {@code sent} leaves its permit. */
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
