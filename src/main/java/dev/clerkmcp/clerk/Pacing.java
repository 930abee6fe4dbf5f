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
 * turn, first come, first served. A request gets its place in all its budgets at once, and those
 * behind move up when it gives that back. Safe for use by many threads.
 */
public final class Pacing {
  private final List<Budget> budgets;
  private final LongSupplier clock;
  private final Map<Key, Window> windows = new HashMap<>();

  /** Who waits, in the order of coming. */
  private final List<Place> queue = new ArrayList<>();

  /**
   * Keeps to the given budgets.
   *
   * @param clock tells nanoseconds that never go back
   */
  Pacing(List<Budget> budgets, LongSupplier clock) {
    this.budgets = List.copyOf(budgets);
    this.clock = clock;
  }

  /** For a production instance. */
  public static Pacing forLive() {
    return forInstance(1000);
  }

  /** For a development instance. */
  public static Pacing forTest() {
    return forInstance(100);
  }

  private static Pacing forInstance(int requests) {
    long start = System.nanoTime(); // a time since then can be compared without overflow
    return new Pacing(Budget.ofInstance(requests), () -> System.nanoTime() - start);
  }

  /** Lets everything pass at once. */
  static Pacing none() {
    return new Pacing(List.of(), System::nanoTime);
  }

  /**
   * Waits until a request may be sent. Its place has to be ended when it is answered.
   *
   * @param left how long the call may still take; a longer wait is not begun
   * @throws ClerkException with the code {@link ClerkException#RATE_BUDGET_USED_UP} if the wait
   *     would be longer than that
   * @throws CancellationException if the call is cancelled; the place is then free for others
   */
  Place await(Endpoint endpoint, ObjectNode arguments, Cancellation cancellation, Duration left) {
    Place place = queue(endpoint, arguments, left);
    try {
      cancellation.pause(place::nanosLeft, place::reason);
      return place;
    } finally {
      place.leaveQueue();
    }
  }

  /** Takes a place in the queue. */
  synchronized Place queue(Endpoint endpoint, ObjectNode arguments, Duration left) {
    long now = now();
    List<Window> used = new ArrayList<>();
    for (Budget budget : budgets) {
      if (budget.covers(endpoint)) {
        Key key = new Key(budget, budget.object(endpoint, arguments));
        used.add(windows.computeIfAbsent(key, missing -> new Window(budget)));
      }
    }
    Place place = new Place(used, now + left.toNanos());
    place.plan(now);
    place.refuseIfTooLate(now);
    place.enter();
    return place;
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
    windows.values().forEach(Window::clearPlans);
    for (Place place : queue) {
      place.plan(now);
      place.windows.forEach(window -> window.plan(place.time));
    }
  }

  /** Whose requests are counted against which budget. */
  private record Key(Budget budget, String object) {}

  /** The place of one request in the windows of all its budgets. */
  final class Place {
    private final List<Window> windows;
    private final long deadline;
    private long time;
    private String limit = "";

    private Place(List<Window> windows, long deadline) {
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
        for (Window window : windows) {
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
      synchronized (Pacing.this) {
        Duration wait = Duration.ofNanos(time - clock.getAsLong());
        return "Waiting %s s: Clerk takes %s".formatted(Cancellation.seconds(wait), limit);
      }
    }

    /** How long it is until its turn; when nothing is left, the request counts as sent. */
    long nanosLeft() {
      synchronized (Pacing.this) {
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
      synchronized (Pacing.this) {
        if (queue.remove(this)) {
          planAnew(now());
        }
      }
    }

    /** Ends a request whose turn had come; one that was not {@code sent} leaves its place. */
    void end(boolean sent) {
      synchronized (Pacing.this) {
        long now = now();
        windows.forEach(window -> window.end(sent, now));
        if (!sent) {
          planAnew(now);
        }
      }
    }
  }
}
