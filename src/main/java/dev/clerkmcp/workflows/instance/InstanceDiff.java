package dev.clerkmcp.workflows.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Holds two instances against each other: rows for what differs, counts of what does not. */
final class InstanceDiff {
  /** The most rows that are told. */
  static final int MOST_ROWS = 200;

  private static final int LONGEST = 500;
  private static final TextNode ABSENT = TextNode.valueOf("(absent)");

  private final ArrayNode rows = Json.array();
  private final ObjectNode equal = Json.object();
  private int different;

  /** Adds what an area is in both. */
  void add(InstanceArea area, ObjectNode first, ObjectNode second) {
    int same = 0;
    for (String name : names(first, second)) {
      String what = area.name() + (area.listed() ? "[%s]" : ".%s").formatted(name);
      JsonNode one = first.get(name);
      JsonNode other = second.get(name);
      if (one != null && one.equals(other)) {
        same++;
      } else if (area.listed() && (one == null || other == null)) {
        row(what, presence(one), presence(other));
      } else {
        compare(what, one, other);
      }
    }
    if (same > 0) {
      equal.put(area.name(), same);
    }
  }

  /** Adds what was found to an answer. */
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

  private void compare(String what, @Nullable JsonNode first, @Nullable JsonNode second) {
    if (first != null && first.equals(second)) {
      return;
    }
    if (!isInside(first) || !isInside(second) || (isEmpty(first) && isEmpty(second))) {
      row(what, shown(first), shown(second));
      return;
    }
    ObjectNode one = first instanceof ObjectNode object ? object : Json.object();
    ObjectNode other = second instanceof ObjectNode object ? object : Json.object();
    for (String name : names(one, other)) {
      boolean held =
          InstanceArea.PRESENT.equals(one.get(name))
              || InstanceArea.PRESENT.equals(other.get(name));
      compare(what + (held ? "[%s]" : ".%s").formatted(name), one.get(name), other.get(name));
    }
  }

  private void row(String what, JsonNode first, JsonNode second) {
    different++;
    if (rows.size() < MOST_ROWS) {
      ObjectNode row = rows.addObject().put("what", what);
      row.set("first", first);
      row.set("second", second);
    }
  }

  /** Whether the difference is to be looked for inside; what is absent is like something empty. */
  private static boolean isInside(@Nullable JsonNode value) {
    return value == null || value.isObject();
  }

  private static boolean isEmpty(@Nullable JsonNode value) {
    return value == null || value.isEmpty();
  }

  private static JsonNode shown(@Nullable JsonNode value) {
    if (value == null) {
      return ABSENT;
    }
    int length = value.toString().length();
    return length <= LONGEST ? value : TextNode.valueOf("(%s characters)".formatted(length));
  }

  private static Set<String> names(ObjectNode first, ObjectNode second) {
    Set<String> names = new TreeSet<>();
    first.fieldNames().forEachRemaining(names::add);
    second.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode presence(@Nullable JsonNode thing) {
    return thing == null ? ABSENT : InstanceArea.PRESENT;
  }
}
