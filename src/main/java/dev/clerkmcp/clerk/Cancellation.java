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
 * Tells the work of one call to stop. Whoever waits for Clerk registers how to stop waiting; {@link
 * #cancel} runs that at once, from any thread. Who pauses says why, for those who wait for the
 * call.
 */
public final class Cancellation {
  /** How long a pause may go on before it is asked again how long it has to be. */
  private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final List<Runnable> stops = new ArrayList<>();
  private final List<Supplier<String>> pauses = new ArrayList<>();
  private volatile Consumer<String> onPause = reason -> {};
  private volatile @Nullable Traceparent trace;
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
   * What the call pauses for, such as {@code Waiting 3 s before the next try: Clerk answered 503};
   * null while it is at work. Of a call with several parts it is the longest pause that counts.
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

  /** Has {@code listener} told of every pause, when it begins, as {@link #waitingFor} tells it. */
  public void onPause(Consumer<String> listener) {
    onPause = listener;
  }

  /**
   * Makes the requests of this call part of a trace.
   *
   * @param traceparent as in W3C Trace Context; nothing comes of anything else
   */
  public void traceAs(String traceparent) {
    trace = Traceparent.find(traceparent);
  }

  /** The trace that the requests of this call are part of, if it is one that can be passed on. */
  @Nullable Traceparent trace() {
    return trace;
  }

  /** A pause in whole seconds, so that it is over after them. */
  static long seconds(Duration pause) {
    return Math.max(1, pause.plusNanos(999_999_999).toSeconds());
  }

  /**
   * Waits, but not longer than the call lives.
   *
   * @throws CancellationException if the call is cancelled before or meanwhile
   */
  void pause(Duration duration, String reason) {
    long end = System.nanoTime() + duration.toNanos();
    pause(() -> end - System.nanoTime(), () -> reason);
  }

  /**
   * Waits until nothing is left to wait for, but not longer than the call lives.
   *
   * @param nanosLeft asked anew every quarter of a second, since it may become shorter or longer
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

  /** Runs {@code stop} on cancellation, at once if that has already happened, until closed. */
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

  /** Ends what {@link #onCancel} began. */
  public interface Registration {
    void close();
  }
}
