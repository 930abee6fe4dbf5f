package dev.clerkmcp.workflows.support;

import java.util.ArrayList;
import java.util.List;

/** A list cut into pieces of the size that Clerk takes at once. */
public final class Chunks {
  /** The most values of one query parameter that Clerk takes. */
  public static final int MOST_VALUES = 100;

  private Chunks() {}

  public static <T> List<List<T>> of(List<T> all, int size) {
    List<List<T>> portions = new ArrayList<>();
    for (int start = 0; start < all.size(); start += size) {
      portions.add(List.copyOf(all.subList(start, Math.min(start + size, all.size()))));
    }
    return portions;
  }
}
