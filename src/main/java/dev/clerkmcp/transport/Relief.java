package dev.clerkmcp.transport;

import dev.clerkmcp.transport.Turns.Turn;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks every millisecond whether nobody has read for two, and then has somebody take over. To wake
 * a thread for that with each call would take a fifth of what the server adds to a short one; this
 * sleeps only when there were none for a second.
 */
final class Relief implements Runnable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int LONGEST_PERIODS = 2;
  private static final int QUIET_PERIODS = 1000;

  private final Turns turns;
  private final Consumer<Turn> takeOver;
  private volatile @Nullable Thread sleeping;

  /**
   * Prepares to look.
   *
   * @param takeOver has another thread read after that turn
   */
  Relief(Turns turns, Consumer<Turn> takeOver) {
    this.turns = turns;
    this.takeOver = takeOver;
  }

  /** Looks from now on; a turn has ended. */
  void watch() {
    Thread asleep = sleeping;
    if (asleep != null) {
      LockSupport.unpark(asleep);
    }
  }

  @Override
  public void run() {
    Turn last = turns.current();
    int over = 0;
    int quiet = 0;
    while (true) {
      LockSupport.parkNanos(PERIOD_NANOS);
      Turn now = turns.current();
      if (now != last) {
        last = now;
        over = 0;
        quiet = 0;
      }
      if (now.isOver()) {
        over++;
        quiet = 0;
      }
      if (over == LONGEST_PERIODS) {
        takeOver.accept(now);
      }
      quiet++;
      if (quiet > QUIET_PERIODS) {
        sleep();
        quiet = 0;
      }
    }
  }

  /** Until a turn ends; one that has ended by now is seen at once. */
  private void sleep() {
    sleeping = Thread.currentThread();
    while (!turns.current().isOver()) {
      LockSupport.park(this);
    }
    sleeping = null;
  }
}
