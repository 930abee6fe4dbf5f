package dev.clerkmcp.clerk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that an earlier request had opened turns out to be broken. That says nothing about a
 * new one, so the next try need not wait.
 */
final class StaleConnectionException extends IOException {
  private static final long serialVersionUID = 1L;

  StaleConnectionException(@Nullable IOException cause) {
    super("A connection that was kept open is broken", cause);
  }
}
