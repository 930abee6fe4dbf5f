package dev.clerkmcp.transport;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Calls that nobody made: Java loads and compiles the way of a call when it is first gone, and the
 * first person to call should not have to wait for that.
 */
final class Rehearsal {
  /** After so many, more would gain nothing that a person could notice. */
  private static final int CALLS = 20;

  /** Something is wrong if one takes longer; the rehearsal is then broken off. */
  private static final int LONGEST_SECONDS = 5;

  private Rehearsal() {}

  /**
   * Carries calls through an era, one after the other.
   *
   * @param calls serves tools that reach nothing
   */
  static void run(Era era, ToolCalls calls) throws InterruptedException {
    for (int i = 0; i < CALLS; i++) {
      CountDownLatch answered = new CountDownLatch(1);
      era.call(calls, Workshop.REHEARSED, new Reply("0", answer -> answered.countDown()));
      if (!answered.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    }
  }
}
