package dev.clerkmcp.sandbox.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time in the sandbox: a fixed date from which every change takes a second, or the real one.
 */
public final class SandboxClock {
  private static final long MILLIS_PER_CHANGE = 1000;

  private final boolean real;
  private long millis;
  private @Nullable Long visited;

  private SandboxClock(boolean real, long millis) {
    this.real = real;
    this.millis = millis;
  }

  /** Starts at a date; the same changes then happen at the same times in every run. */
  public static SandboxClock startingAt(Instant start) {
    return new SandboxClock(false, start.toEpochMilli());
  }

  /** Follows the machine's clock. */
  public static SandboxClock real() {
    return new SandboxClock(true, 0);
  }

  /** Milliseconds since 1970, as everywhere in Clerk's answers. */
  long now() {
    if (visited != null) {
      return visited;
    }
    return real ? System.currentTimeMillis() : millis;
  }

  /** What {@link #goOnFrom} takes, wherever the clock is visiting. */
  long ownTime() {
    return millis;
  }

  /** Takes the time of one change; the real one takes it by itself. */
  void tick() {
    millis += MILLIS_PER_CHANGE;
  }

  /** Goes on from a time; the real one cannot. */
  void goOnFrom(long now) {
    millis = now;
  }

  /** Is at another time until {@link #comeBack}. */
  void visit(long time) {
    visited = time;
  }

  /** Is at its own time again. */
  void comeBack() {
    visited = null;
  }
}
