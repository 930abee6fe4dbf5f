package dev.clerkmcp;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A part of the configuration that takes a while to read. Where nothing is set that could be wrong
 * it is read when it is first asked for, since a host waits for the start.
 */
abstract class Part<T> implements Supplier<T> {
  private @Nullable T value;

  /**
   * Reads it.
   *
   * @throws ConfigException for the first mistake
   */
  abstract T read() throws ConfigException;

  /**
   * Reads it now.
   *
   * @throws ConfigException for the first mistake
   */
  final void check() throws ConfigException {
    value = read();
  }

  @Override
  public final synchronized T get() {
    if (value == null) {
      try {
        value = read();
      } catch (ConfigException e) {
        throw new IllegalStateException("It should have been checked", e);
      }
    }
    return value;
  }
}
