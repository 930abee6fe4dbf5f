package dev.clerkmcp.workflows.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is different between two metadata objects: rows of field, before and after, sorted by field.
 * A row has no before where there was nothing, and no after where nothing is left.
 */
final class MetadataDifference {
  /** The most characters that a value may take as JSON. */
  private static final int MOST_CHARACTERS = 500;

  private MetadataDifference() {}

  static ArrayNode rows(JsonNode before, JsonNode after) {
    ArrayNode rows = Json.array();
    addInside(rows, "", before, after);
    return rows;
  }

  private static void addInside(ArrayNode rows, String prefix, JsonNode before, JsonNode after) {
    Set<String> keys = new TreeSet<>();
    before.fieldNames().forEachRemaining(keys::add);
    after.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      add(rows, prefix + key, before.get(key), after.get(key));
    }
  }

  private static void add(
      ArrayNode rows, String field, @Nullable JsonNode before, @Nullable JsonNode after) {
    if (before != null && before.equals(after)) {
      return;
    }
    if (before != null && after != null && before.isObject() && after.isObject()) {
      addInside(rows, field + ".", before, after);
      return;
    }
    ObjectNode row = rows.addObject().put("field", field);
    show(row, "before", before);
    show(row, "after", after);
  }

  private static void show(ObjectNode row, String side, @Nullable JsonNode value) {
    if (value == null) {
      return;
    }
    if (value.toString().length() <= MOST_CHARACTERS) {
      row.set(side, value);
      return;
    }
    String text = value.isTextual() ? value.textValue() : value.toString();
    int end = Math.min(MOST_CHARACTERS, text.length());
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    row.put(side, text.substring(0, end) + "…").put("cut", true);
  }
}
