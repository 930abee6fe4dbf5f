package dev.clerkmcp.clerk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * Tells the work of one call to stop. Whoever waits for Clerk registers how to stop waiting; {@link
 * #cancel} runs that at once, from any thread.
 */
public final class Cancellation {
  private final List<Runnable> stops = new ArrayList<>();
  private boolean cancelled;

  /** Stops the work. Later work under this cancellation does not begin. */
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
   * Fails where work must not begin or go on.
   *
   * @throws CancellationException if the call was cancelled
   */
  public void check() {
    if (isCancelled()) {
      throw new CancellationException("The call was cancelled");
    }
  }

  /**
   * Waits, but not longer than the call lives.
   *
   * @throws CancellationException if the call is cancelled before or meanwhile
   */
  void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    synchronized (this) {
      try {
        for (long left = duration.toNanos(); !cancelled && left > 0; ) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
          left = end - System.nanoTime();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("The call was interrupted");
      }
    }
    check();
  }

  /** Runs {@code stop} on cancellation, at once if that has already happened, until closed. */
  Registration onCancel(Runnable stop) {
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

  /** Ends what {@link #onCancel} began. */
  interface Registration {
    void close();
  }
}
