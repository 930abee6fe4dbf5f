package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.RowPath;
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

  /** Of customers' keys, so many are compared with one that is not there. */
  private static final int MAX_COMPARED = 200;

  private final List<Wanted> wanted;
  private final Set<String> there = new TreeSet<>();

  private FieldSelection(List<Wanted> wanted) {
    this.wanted = List.copyOf(wanted);
  }

  static FieldSelection of(Collection<String> paths) {
    return new FieldSelection(
        paths.stream()
            .map(RowPath::of)
            .filter(path -> !path.keys().isEmpty())
            .distinct()
            .map(Wanted::new)
            .toList());
  }

  /** A wanted field, and what the objects had of it. */
  private static final class Wanted {
    private final RowPath path;
    private final Set<String> beside = new TreeSet<>();
    private String missing;
    private boolean isKnown;
    private boolean isFound;
    private boolean isLacking;

    Wanted(RowPath path) {
      this.path = path;
      this.missing = path.toString();
    }

    /** Looks for the field in an object that is known to have its root, or a column for it. */
    void lookedFor(JsonNode object) {
      isKnown = true;
      if (path.leadsIn(object)) {
        isFound = true;
        return;
      }
      JsonNode root = object.get(path.keys().get(0));
      isLacking |= root != null && root.isMissingNode(); // a column without a value
      path.ends(
          object,
          (at, keys) -> {
            isLacking = true;
            missing = RowPath.key(keys, keys.size());
            at.fieldNames().forEachRemaining(this::addBeside);
          });
    }

    private void addBeside(String name) {
      if (beside.size() < MAX_COMPARED) {
        beside.add(name);
      }
    }

    boolean isMissed() {
      return !isKnown || (isLacking && !isFound);
    }

    String sentence(Set<String> names, Collection<String> arguments) {
      String adding = "include_" + path;
      if (isKnown && arguments.contains(adding)) {
        return "%s; %s: true adds it".formatted(path, adding);
      }
      return QuotedText.plain(path.toString())
          + NameSuggestions.hint(
              NameSuggestions.of(missing, isKnown ? beside : names, MAX_SUGGESTIONS).stream()
                  .map(QuotedText::plain)
                  .toList());
    }
  }

  /** Whether the caller asks for whole objects. */
  boolean wantsEverything() {
    return wanted.stream().anyMatch(field -> field.path.keys().equals(List.of(EVERYTHING)));
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
    for (Wanted field : wanted) {
      JsonNode in = with(object, view, field.path.keys());
      if (RowPath.step(in, field.path.keys()) > 0) {
        field.lookedFor(in);
      }
    }
    pick(object, view, wanted.stream().map(field -> field.path.keys()).toList(), picked);
    return picked;
  }

  /** The object with the column that the first word of a path names, if it has no such field. */
  private static JsonNode with(JsonNode object, @Nullable ObjectRenderer view, List<String> keys) {
    JsonNode column =
        view == null || RowPath.step(object, keys) > 0 ? null : view.findAsked(keys.get(0), object);
    return column == null ? object : Json.object().set(keys.get(0), column);
  }

  /** The only list of an object, if its rows have a wanted field and the object has none. */
  private @Nullable String findRows(JsonNode object) {
    String rows = findOnlyList(object);
    boolean own = wanted.stream().anyMatch(field -> RowPath.step(object, field.path.keys()) > 0);
    boolean inRows =
        rows != null
            && object
                .path(rows)
                .valueStream()
                .anyMatch(
                    row ->
                        wanted.stream()
                            .anyMatch(field -> RowPath.step(row, field.path.keys()) > 0));
    return inRows && !own ? rows : null;
  }

  private static @Nullable String findOnlyList(JsonNode object) {
    String only = null;
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (field.getValue().isArray()) {
        if (only != null) {
          return null;
        }
        only = field.getKey();
      }
    }
    return only;
  }

  private static void pick(
      JsonNode object, @Nullable ObjectRenderer view, List<List<String>> paths, ObjectNode picked) {
    Map<String, List<List<String>>> within = new LinkedHashMap<>();
    Map<String, JsonNode> values = new LinkedHashMap<>();
    for (List<String> keys : paths) {
      JsonNode in = with(object, view, keys);
      int words = RowPath.step(in, keys);
      if (words > 0) {
        String name = RowPath.key(keys, words);
        values.put(name, in.path(name));
        within
            .computeIfAbsent(name, field -> new ArrayList<>())
            .add(keys.subList(words, keys.size()));
      }
    }
    for (Map.Entry<String, JsonNode> value : values.entrySet()) {
      if (!value.getValue().isMissingNode()) {
        String name = value.getKey();
        picked.set(name, in(name, value.getValue(), within.getOrDefault(name, List.of())));
      }
    }
  }

  private static JsonNode in(String name, JsonNode value, List<List<String>> paths) {
    if (paths.stream().anyMatch(List::isEmpty)) {
      return TimeFields.in(name, value);
    }
    if (value instanceof ArrayNode list) {
      ArrayNode picked = Json.array();
      list.forEach(item -> picked.add(in(name, item, paths)));
      return picked;
    }
    if (!value.isObject()) {
      return value;
    }
    ObjectNode picked = Json.object();
    pick(value, null, paths, picked);
    return picked;
  }

  /** The wanted fields that no object had, and the paths that led nowhere. */
  List<String> missed() {
    return wanted.stream().filter(Wanted::isMissed).map(field -> field.path.toString()).toList();
  }

  /** Whether there were objects, and none had any of the wanted fields. */
  boolean isAllUnknown() {
    return !there.isEmpty()
        && !wanted.isEmpty()
        && wanted.stream().noneMatch(field -> field.isKnown);
  }

  /** Collects the field names of an object, to suggest them if a wanted one does not exist. */
  void lookedFor(JsonNode object, @Nullable ObjectRenderer view) {
    object.fieldNames().forEachRemaining(there::add);
    if (view != null) {
      there.addAll(view.names());
      return;
    }
    String rows = findOnlyList(object);
    if (rows != null) {
      object.path(rows).path(0).fieldNames().forEachRemaining(there::add);
    }
  }

  /**
   * A sentence about the names that no object had; null without such names or without objects.
   *
   * @param arguments the names of the arguments of the tool, one of which may add a field
   */
  @Nullable String sentence(Collection<String> arguments) {
    return there.isEmpty() || missed().isEmpty() || wantsEverything()
        ? null
        : "fields: these objects have no %s.".formatted(hints(arguments));
  }

  /** The names that no object had, each with the nearest of those that there are. */
  String hints(Collection<String> arguments) {
    return String.join(
        "; no ",
        wanted.stream()
            .filter(Wanted::isMissed)
            .map(field -> field.sentence(there, arguments))
            .toList());
  }
}
