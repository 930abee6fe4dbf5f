package dev.clerkmcp.sandbox.handlers;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A filter of several values: those to include and, after a minus, those to leave out. */
record SignedFilter(Set<String> included, Set<String> excluded) {

  /** Reads values such as {@code user_1}, {@code +user_1} and {@code -user_2}. */
  static SignedFilter of(List<String> values) {
    Set<String> included = new HashSet<>();
    Set<String> excluded = new HashSet<>();
    for (String value : values) {
      if (value.startsWith("-")) {
        excluded.add(value.substring(1));
      } else {
        // A plus that was not encoded arrives as a space.
        included.add(value.startsWith("+") ? value.substring(1) : value.strip());
      }
    }
    return new SignedFilter(included, excluded);
  }

  /** Reads values in which signs are ordinary characters, and case does not count. */
  static SignedFilter plain(List<String> values) {
    Set<String> included = new HashSet<>();
    values.forEach(value -> included.add(value.toLowerCase(Locale.ROOT)));
    return new SignedFilter(included, Set.of());
  }

  /** Whether a row with this value stays. */
  boolean keeps(String value) {
    return keepsAny(List.of(value));
  }

  /** Whether a row with any of these values stays. */
  boolean keepsAny(Collection<String> values) {
    return (included.isEmpty() || values.stream().anyMatch(included::contains))
        && values.stream().noneMatch(excluded::contains);
  }
}
