package dev.clerkmcp.registry;

import java.util.ArrayList;
import java.util.List;

/** Splits lists into chunks of the size that Clerk accepts in one request. */
public final class Chunks {
  /** The most values that Clerk accepts for one query parameter. */
  public static final int MAX_VALUES = 100;

  private Chunks() {}

  public static <T> List<List<T>> of(List<T> all, int size) {
    List<List<T>> chunks = new ArrayList<>();
    for (int start = 0; start < all.size(); start += size) {
      chunks.add(List.copyOf(all.subList(start, Math.min(start + size, all.size()))));
    }
    return chunks;
  }
}
