package dev.clerkmcp.sandbox.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tells the sandbox's time: it either follows the machine's clock, or starts at a fixed date and
 * moves forward one second with each change.
 */
public final class SandboxClock {
  private static final long MILLIS_PER_CHANGE = 1000;

  private final boolean real;
  private long millis;
  private @Nullable Long override;

  private SandboxClock(boolean real, long millis) {
    this.real = real;
    this.millis = millis;
  }

  /** A clock that starts at a date, so that the same changes get the same times in every run. */
  public static SandboxClock startingAt(Instant start) {
    return new SandboxClock(false, start.toEpochMilli());
  }

  /** A clock that follows the machine's clock. */
  public static SandboxClock real() {
    return new SandboxClock(true, 0);
  }

  /** The time in milliseconds since 1970, the unit of Clerk's API. */
  long now() {
    if (override != null) {
      return override;
    }
    return real ? System.currentTimeMillis() : millis;
  }

  /** The time to {@link #reset} to after a failed change; ignores an override. */
  long ticks() {
    return millis;
  }

  /** Moves the clock forward for one change; has no effect on a real clock. */
  void tick() {
    millis += MILLIS_PER_CHANGE;
  }

  /** Sets the time; has no effect on a real clock. */
  void reset(long now) {
    millis = now;
  }

  /** Shows another time until {@link #clearOverride}. */
  void override(long time) {
    override = time;
  }

  /** Shows its own time again. */
  void clearOverride() {
    override = null;
  }
}
