package dev.clerkmcp.tools;

import dev.clerkmcp.registry.argument.Arg;
import org.jspecify.annotations.Nullable;

/** The part of a list to show where Clerk returns at most 100 rows a page. */
public record SmallPage(
    @Arg(value = "1-100; default 10", min = 1, max = 100, clamped = true) @Nullable Integer limit,
    @Arg(value = "Rows to skip", min = 0) @Nullable Long offset) {
  /** The largest page that begins at an offset; null begins at the first row. */
  public static SmallPage largest(@Nullable Long offset) {
    return new SmallPage(100, offset);
  }
}
