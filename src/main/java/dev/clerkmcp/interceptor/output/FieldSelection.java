package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.export.CsvTable;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Picks the fields that a caller asks for, by name or path; a path leads through lists to each
 * item. One object of this class serves all pages of an answer, because a field that one row lacks
 * may be in another.
 */
public final class FieldSelection {
  private static final String EVERYTHING = "*";
  private static final String ID = "id";
  private static final int MAX_SUGGESTIONS = 3;

  private final Map<String, FieldSelection> within = new LinkedHashMap<>();
  private final Set<String> found = new TreeSet<>();
  private final Set<String> there = new TreeSet<>();

  static FieldSelection of(Collection<String> paths) {
    FieldSelection fields = new FieldSelection();
    paths.forEach(fields::add);
    return fields;
  }

  private void add(String path) {
    FieldSelection at = this;
    for (String name : CsvTable.names(path)) {
      at = at.within.computeIfAbsent(name, word -> new FieldSelection());
    }
  }

  /** Whether the caller asks for whole objects. */
  boolean wantsEverything() {
    return within.containsKey(EVERYTHING);
  }

  /**
   * The wanted fields of an object, and its ID, so that another call can refer to it. If only the
   * rows in the object have them, they are picked from each row.
   */
  ObjectNode of(JsonNode object, @Nullable ObjectRenderer view) {
    String rows = view == null ? findRows(object) : null;
    if (rows != null) {
      ObjectNode picked = object.deepCopy();
      ArrayNode list = picked.putArray(rows);
      object.path(rows).forEach(row -> list.add(of(row, null)));
      return picked;
    }

    ObjectNode picked = Json.object();
    if (object.has(ID)) {
      picked.set(ID, object.path(ID));
    }
    pick(object, view, picked);
    return picked;
  }

  /** The only list of an object, if its rows have a wanted field and the object has none. */
  private @Nullable String findRows(JsonNode object) {
    String rows = null;
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (within.containsKey(field.getKey()) || (field.getValue().isArray() && rows != null)) {
        return null;
      }
      rows = field.getValue().isArray() ? field.getKey() : rows;
    }
    boolean wanted =
        rows != null
            && object
                .path(rows)
                .valueStream()
                .anyMatch(r -> within.keySet().stream().anyMatch(r::has));
    return wanted ? rows : null;
  }

  private void pick(JsonNode object, @Nullable ObjectRenderer view, ObjectNode picked) {
    for (Map.Entry<String, FieldSelection> wanted : within.entrySet()) {
      String name = wanted.getKey();
      JsonNode value = object.get(name);
      if (value == null && view != null) {
        value = view.findAsked(name, object);
      }
      if (value != null && !value.isMissingNode()) {
        found.add(name);
        picked.set(name, wanted.getValue().in(name, value));
      }
    }
  }

  /** The wanted names that no object had. */
  Set<String> missed() {
    Set<String> missed = new TreeSet<>(within.keySet());
    missed.removeAll(found);
    return missed;
  }

  /** Collects the field names of an object, to suggest them if a wanted one does not exist. */
  void lookedFor(JsonNode object, @Nullable ObjectRenderer view) {
    object.fieldNames().forEachRemaining(there::add);
    if (view != null) {
      there.addAll(view.names());
    }
  }

  /** A sentence about the names that no object had; null without such names or without objects. */
  @Nullable String sentence() {
    if (there.isEmpty() || missed().isEmpty() || wantsEverything()) {
      return null;
    }
    List<String> hints = new ArrayList<>();
    for (String name : missed()) {
      hints.add(
          QuotedText.plain(name)
              + NameSuggestions.hint(NameSuggestions.of(name, there, MAX_SUGGESTIONS)));
    }
    return "fields: these objects have no %s.".formatted(String.join("; no ", hints));
  }

  private JsonNode in(String name, JsonNode value) {
    if (within.isEmpty()) {
      return TimeFields.in(name, value);
    }
    if (value instanceof ArrayNode list) {
      ArrayNode picked = Json.array();
      list.forEach(item -> picked.add(in(name, item)));
      return picked;
    }
    if (!value.isObject()) {
      return value;
    }
    ObjectNode picked = Json.object();
    pick(value, null, picked);
    return picked;
  }
}
