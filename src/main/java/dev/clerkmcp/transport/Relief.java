package dev.clerkmcp.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks every millisecond whether nobody has read for two, and then has somebody take over. To wake
 * a thread for that with each call would take a fifth of what the server adds to a short one; this
 * sleeps only when there were none for a second.
 */
final class Relief implements Runnable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int LONGEST_PERIODS = 2;

  /** There may have been no thread to take over. */
  private static final int AGAIN_PERIODS = 100;

  private static final int QUIET_PERIODS = 1000;

  private final AtomicLong turn;
  private final LongConsumer takeOver;
  private volatile @Nullable Thread sleeping;

  /**
   * Prepares to look.
   *
   * @param turn counts turns of reading: odd when one is over
   * @param takeOver has another thread read after that turn
   */
  Relief(AtomicLong turn, LongConsumer takeOver) {
    this.turn = turn;
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
    long last = turn.get();
    int over = 0;
    int quiet = 0;
    while (true) {
      LockSupport.parkNanos(PERIOD_NANOS);
      long now = turn.get();
      if (now != last) {
        last = now;
        over = 0;
        quiet = 0;
      }
      if (isOver(now)) {
        over++;
        quiet = 0;
      }
      if (over % AGAIN_PERIODS == LONGEST_PERIODS) {
        takeOver.accept(now);
      }
      quiet++;
      if (quiet > QUIET_PERIODS) {
        sleep();
        quiet = 0;
      }
    }
  }

  private static boolean isOver(long turn) {
    return turn % 2 == 1;
  }

  /** Until a turn ends; one that has ended by now is seen at once. */
  private void sleep() {
    sleeping = Thread.currentThread();
    while (!isOver(turn.get())) {
      LockSupport.park(this);
    }
    sleeping = null;
  }
}
