package dev.clerkmcp.clerk;

import java.util.concurrent.TimeUnit;
import okio.AsyncTimeout;

/**
 * Keeps the thread that looks after the limits of requests from being woken by each. It sleeps
 * until the first limit runs out, so each request that is alone wakes it, to let it sleep on. A
 * limit that is always before theirs and means nothing spares them that; it is there as long as
 * requests come.
 */
final class WatchdogPace extends AsyncTimeout {
  private static final WatchdogPace PACE = new WatchdogPace();

  private volatile boolean needed;
  private volatile boolean kept;

  private WatchdogPace() {
    timeout(500, TimeUnit.MILLISECONDS);
  }

  /** Says that a request is about to be limited. */
  static void keep() {
    PACE.needed = true;
    if (!PACE.kept) {
      PACE.begin();
    }
  }

  private synchronized void begin() {
    if (!kept) {
      kept = true;
      enter();
    }
  }

  @Override
  protected synchronized void timedOut() {
    exit();
    kept = needed;
    needed = false;
    if (kept) {
      enter();
    }
  }
}
