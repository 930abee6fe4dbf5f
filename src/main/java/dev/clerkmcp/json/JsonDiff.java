package dev.clerkmcp.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares two JSON values field by field. */
public final class JsonDiff {
  private static final Comparator<JsonNode> BY_WORTH =
      (a, b) -> {
        if (a.isNumber() && b.isNumber()) {
          return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
      };

  private final Missing missing;
  private final List<Difference> found = new ArrayList<>();

  private JsonDiff(Missing missing) {
    this.missing = missing;
  }

  /** How an object is compared with nothing. */
  public enum Missing {
    /** As one difference. */
    WHOLE,
    /** Field by field, as if the other side were an empty object. */
    FIELD_BY_FIELD
  }

  /**
   * One difference.
   *
   * @param path the keys that lead to it; empty if the values differ as a whole
   * @param before null if there is nothing before
   * @param after null if there is nothing after
   */
  public record Difference(List<String> path, @Nullable JsonNode before, @Nullable JsonNode after) {
    public Difference {
      path = List.copyOf(path);
    }

    /** The path as text; see {@link KeyPath}. */
    public String field() {
      return KeyPath.of(path);
    }
  }

  /**
   * All differences, sorted by key at each depth. Objects are compared field by field; lists are
   * compared as a whole.
   */
  public static List<Difference> of(
      @Nullable JsonNode before, @Nullable JsonNode after, Missing missing) {
    JsonDiff diff = new JsonDiff(missing);
    diff.compare(List.of(), before, after);
    return List.copyOf(diff.found);
  }

  /** Whether two values are equal for Clerk; 1 and 1.0 are. */
  public static boolean same(JsonNode a, JsonNode b) {
    return a.equals(BY_WORTH, b);
  }

  private void compare(List<String> path, @Nullable JsonNode before, @Nullable JsonNode after) {
    if (before == null ? after == null : after != null && same(before, after)) {
      return;
    }
    if (!isComparedInside(before, after)) {
      found.add(new Difference(path, before, after));
      return;
    }
    for (String key : keys(before, after)) {
      List<String> inside = new ArrayList<>(path);
      inside.add(key);
      compare(
          inside, before == null ? null : before.get(key), after == null ? null : after.get(key));
    }
  }

  private boolean isComparedInside(@Nullable JsonNode before, @Nullable JsonNode after) {
    if (before != null && after != null) {
      return before.isObject() && after.isObject();
    }
    JsonNode only = before == null ? after : before;
    return missing == Missing.FIELD_BY_FIELD && only != null && only.isObject() && !only.isEmpty();
  }

  private static Set<String> keys(@Nullable JsonNode before, @Nullable JsonNode after) {
    Set<String> keys = new TreeSet<>();
    if (before != null) {
      before.fieldNames().forEachRemaining(keys::add);
    }
    if (after != null) {
      after.fieldNames().forEachRemaining(keys::add);
    }
    return keys;
  }
}
