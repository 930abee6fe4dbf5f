package dev.clerkmcp;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Computes a value when it is first asked for, and keeps it. Many threads may ask: one computes,
 * the others wait. A failure goes to the caller and is not kept, so that the next call tries again.
 */
public final class Lazy<T> implements Supplier<T> {
  private @Nullable Supplier<? extends T> compute;
  private @Nullable T value;

  /** Prepares to compute a value, which must not be null. */
  public Lazy(Supplier<? extends T> compute) {
    this.compute = compute;
  }

  @Override
  public synchronized T get() {
    if (value == null) {
      value = Objects.requireNonNull(compute).get();
      compute = null; // what it holds is no longer needed
    }
    return value;
  }
}
