package dev.clerkmcp.clerk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cancels the work of one call, from any thread. Code that waits for Clerk registers what stops the
 * wait. Code that pauses says why, so that the client can show the reason.
 */
public final class Cancellation {
  /** How often a pause checks how long it still has to be. */
  private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final List<Runnable> stops = new ArrayList<>();
  private final List<Supplier<String>> pauses = new ArrayList<>();
  private volatile Consumer<String> onPause = reason -> {};
  private volatile TraceHeaderInterceptor.@Nullable Traceparent trace;
  private boolean cancelled;

  /** Stops the work; later work of the call does not begin. */
  public void cancel() {
    List<Runnable> running;
    synchronized (this) {
      cancelled = true;
      running = List.copyOf(stops);
      stops.clear();
      notifyAll();
    }
    running.forEach(Runnable::run);
  }

  /** Whether {@link #cancel} was called. */
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /**
   * Throws if the call was cancelled, so that its work ends.
   *
   * @throws CancellationException if the call was cancelled
   */
  public void check() {
    if (isCancelled()) {
      throw new CancellationException("The call was cancelled");
    }
  }

  /**
   * The reason why the call pauses, such as {@code Waiting 3 s before the next try: Clerk answered
   * 503}; null if it does not pause. If several parts of the call pause, the oldest pause counts.
   */
  public @Nullable String waitingFor() {
    Supplier<String> longest;
    synchronized (this) {
      if (pauses.isEmpty()) {
        return null;
      }
      longest = pauses.get(0);
    }
    return longest.get();
  }

  /** Calls {@code listener} at the start of each pause, with the reason. */
  public void onPause(Consumer<String> listener) {
    onPause = listener;
  }

  /**
   * Makes the requests of this call part of a trace.
   *
   * @param traceparent as in W3C Trace Context; ignored if invalid
   */
  public void traceAs(String traceparent) {
    trace = TraceHeaderInterceptor.Traceparent.parse(traceparent);
  }

  /** The trace that the requests of this call are part of; null if there is none. */
  TraceHeaderInterceptor.@Nullable Traceparent trace() {
    return trace;
  }

  /** A pause in seconds, rounded up. */
  static long seconds(Duration pause) {
    return Math.max(1, pause.plusNanos(999_999_999).toSeconds());
  }

  /**
   * Waits for a time, or until the call is cancelled.
   *
   * @throws CancellationException if the call is cancelled before or meanwhile
   */
  void pause(Duration duration, String reason) {
    long end = System.nanoTime() + duration.toNanos();
    pause(() -> end - System.nanoTime(), () -> reason);
  }

  /**
   * Waits until no time is left, or until the call is cancelled.
   *
   * @param nanosLeft evaluated every quarter of a second, since it may change
   * @throws CancellationException if the call is cancelled before or meanwhile
   */
  void pause(LongSupplier nanosLeft, Supplier<String> reason) {
    check();
    long left = nanosLeft.getAsLong();
    if (left <= 0) {
      return;
    }
    synchronized (this) {
      pauses.add(reason);
    }
    try {
      onPause.accept(reason.get());
      for (; left > 0; left = nanosLeft.getAsLong()) {
        nap(Math.min(left, NAP_NANOS));
        check();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("The call was interrupted");
    } finally {
      synchronized (this) {
        pauses.remove(reason);
      }
    }
  }

  private synchronized void nap(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; !cancelled && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /**
   * Runs {@code stop} when the call is cancelled, at once if it was, until the result is closed.
   */
  public Registration onCancel(Runnable stop) {
    synchronized (this) {
      if (!cancelled) {
        stops.add(stop);
        return () -> remove(stop);
      }
    }
    stop.run();
    return () -> {};
  }

  private synchronized void remove(Runnable stop) {
    stops.remove(stop);
  }

  /** Removes what {@link #onCancel} registered. */
  public interface Registration {
    void close();
  }
}
