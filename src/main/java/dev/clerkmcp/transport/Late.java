package dev.clerkmcp.transport;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A thing that is built once, by whichever thread wants it first; the others wait for that. Without
 * the JDK's futures, which take a while to load.
 */
final class Late<T> implements Supplier<T> {
  private final Supplier<? extends T> build;
  private @Nullable T built;
  private @Nullable RuntimeException failure;

  Late(Supplier<? extends T> build) {
    this.build = build;
  }

  /** The thing; it may have to be built, or waited for. */
  @Override
  public synchronized T get() {
    if (failure != null) {
      throw failure;
    }
    if (built == null) {
      try {
        built = build.get();
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
    }
    return built;
  }
}
