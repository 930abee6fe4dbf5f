package dev.clerkmcp.transport;

import org.jspecify.annotations.Nullable;

/** Whose turn it is to read. */
final class Turns {
  private volatile Turn current = new Turn();

  /** A stretch of reading by one thread, until that has work to do. */
  static final class Turn {
    private volatile boolean over;

    /** Lets any thread take the next turn. */
    void end() {
      over = true;
    }

    boolean isOver() {
      return over;
    }
  }

  /** The turn that is, or was last. */
  Turn current() {
    return current;
  }

  /** Begins the turn after that one; null if another thread has. */
  synchronized @Nullable Turn begin(Turn last) {
    if (last != current) {
      return null;
    }
    current = new Turn();
    return current;
  }
}
