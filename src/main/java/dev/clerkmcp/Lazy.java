package dev.clerkmcp;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Computes a value at first use, and keeps it. If several threads ask at once, one computes and the
 * others wait. A failure is thrown to the caller and not kept, so the next call tries again.
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
      compute = null; // lets the supplier be garbage-collected
    }
    return value;
  }
}
