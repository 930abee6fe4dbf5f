package dev.clerkmcp.registry.argument;

import org.jspecify.annotations.Nullable;

/** The page of a list to read. */
public record PageRequest(
    @Arg(value = "1-500 a page; default 10", min = 1, max = 500, clamped = true)
        @Nullable Integer limit,
    @Arg(value = "Rows to skip", min = 0) @Nullable Long offset) {
  /** The first rows, as many as Clerk returns by default. */
  public static final PageRequest DEFAULT = new PageRequest(null, null);

  /** The first rows, at most {@code limit}. */
  public static PageRequest first(int limit) {
    return new PageRequest(limit, null);
  }
}
