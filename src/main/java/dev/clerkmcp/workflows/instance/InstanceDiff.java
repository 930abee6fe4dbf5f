package dev.clerkmcp.workflows.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.workflows.instance.InstanceSnapshot.Area;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares two instances: lists each difference, and counts what is equal. */
final class InstanceDiff {
  /** The most differences that are shown. */
  static final int MAX_ROWS = 200;

  private static final int MAX_VALUE_LENGTH = 500;
  private static final TextNode ABSENT = TextNode.valueOf("(absent)");

  private final ArrayNode rows = Json.array();
  private final ObjectNode equal = Json.object();
  private int different;

  /** Compares what an area holds in both instances. */
  void add(Area area, ObjectNode first, ObjectNode second) {
    int same = 0;
    for (String name : names(first, second)) {
      String what = area.name() + (area.listed() ? "[%s]" : ".%s").formatted(name);
      JsonNode one = first.get(name);
      JsonNode other = second.get(name);
      List<JsonDiff.Difference> differences =
          JsonDiff.of(one, other, JsonDiff.Missing.FIELD_BY_FIELD);
      if (differences.isEmpty()) {
        same++;
      } else if (area.listed() && (one == null || other == null)) {
        row(what, presence(one), presence(other));
      } else {
        differences.forEach(difference -> row(what, difference));
      }
    }
    if (same > 0) {
      equal.put(area.name(), same);
    }
  }

  /** Adds the differences and counts to an answer. */
  void addTo(ObjectNode answer) {
    answer.put("different", different);
    if (!rows.isEmpty()) {
      answer.set("differences", rows);
    }
    if (different > rows.size()) {
      answer.put("not_shown", different - rows.size());
    }
    if (!equal.isEmpty()) {
      answer.set("equal", equal);
    }
  }

  /**
   * Adds a row for a difference. The path names a field as {@code .field}, and an item that only
   * one instance has as {@code [name]}.
   */
  private void row(String what, JsonDiff.Difference difference) {
    boolean held =
        Area.PRESENT.equals(difference.before()) || Area.PRESENT.equals(difference.after());
    StringBuilder path = new StringBuilder(what);
    int last = difference.path().size() - 1;
    for (int i = 0; i <= last; i++) {
      String key = difference.path().get(i);
      path.append((held && i == last ? "[%s]" : ".%s").formatted(key));
    }
    row(path.toString(), shown(difference.before()), shown(difference.after()));
  }

  private void row(String what, JsonNode first, JsonNode second) {
    different++;
    if (rows.size() < MAX_ROWS) {
      ObjectNode row = rows.addObject().put("what", what);
      row.set("first", first);
      row.set("second", second);
    }
  }

  private static JsonNode shown(@Nullable JsonNode value) {
    if (value == null) {
      return ABSENT;
    }
    int length = value.toString().length();
    return length <= MAX_VALUE_LENGTH
        ? value
        : TextNode.valueOf("(%s characters)".formatted(length));
  }

  private static Set<String> names(ObjectNode first, ObjectNode second) {
    Set<String> names = new TreeSet<>();
    first.fieldNames().forEachRemaining(names::add);
    second.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode presence(@Nullable JsonNode thing) {
    return thing == null ? ABSENT : Area.PRESENT;
  }
}
