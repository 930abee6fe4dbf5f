package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.View;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How one kind of Clerk's objects is shown, in a list and alone. */
final class ObjectView {
  /** In {@link View#more}, all that is left. */
  private static final String REST = "*";

  /** Of an object within, the fields are not named one by one. */
  private static final String EVERYTHING = "*";

  private static final String FLAGS = "flags";

  private final List<Column> row;
  private final List<Flag> flags;
  private final List<Column> more;
  private final boolean rest;
  private final Set<String> except;
  private final Set<String> coveredInRow;
  private final Set<String> coveredAlone;

  ObjectView(View view) {
    this.row = columns(view.row());
    this.flags = Arrays.stream(view.flags()).map(Flag::parse).toList();
    this.rest = List.of(view.more()).contains(REST);
    this.more =
        columns(Arrays.stream(view.more()).filter(m -> !m.equals(REST)).toArray(String[]::new));
    this.except = Set.of(view.except());
    this.coveredInRow = coveredBy(row);
    this.coveredAlone = coveredBy(Stream.concat(row.stream(), more.stream()).toList());
  }

  /** The fields of which nothing is lost where these columns and the flags are shown. */
  private Set<String> coveredBy(List<Column> columns) {
    Set<String> covered = new HashSet<>();
    columns.forEach(column -> column.paths().forEach(part -> covered.addAll(part.covered())));
    flags.forEach(flag -> covered.addAll(flag.path().covered()));
    return covered;
  }

  private static List<Column> columns(String[] texts) {
    return Arrays.stream(texts).map(Column::parse).toList();
  }

  /** What a view makes of the values that its columns lead to. */
  interface Nested {
    /**
     * The value as it is shown.
     *
     * @param field what Clerk calls it
     * @param path where the object around it stands
     * @param name what it is called there
     */
    JsonNode shown(String field, JsonNode value, String path, String name);
  }

  /**
   * The object as it is shown.
   *
   * @param given values that the caller knows already, by the names of columns
   * @param path where it stands in the answer; empty for the answer itself or a row of it
   * @param leftOut takes the paths of what is not shown and says something
   */
  ObjectNode show(
      JsonNode object,
      boolean alone,
      ObjectNode given,
      String path,
      Nested nested,
      Set<String> leftOut) {
    ObjectNode shown = Json.object();
    List<Column> columns = given.isEmpty() ? row : unknown(object, given);
    show(columns, object, path, nested, shown);
    ArrayNode words = words(object);
    if (!words.isEmpty()) {
      shown.set(FLAGS, words);
    }
    if (alone) {
      show(more, object, path, nested, shown);
    }
    Set<String> covered = alone ? coveredAlone : columns == row ? coveredInRow : coveredBy(columns);
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      if (covered.contains(name)
          || NoiseFilter.isNoise(name)
          || NoiseFilter.isNothing(field.getValue())) {
        continue;
      }
      if (alone && rest && !except.contains(name)) {
        shown.set(name, nested.shown(name, field.getValue(), path, name));
      } else if (!field.getValue().isBoolean() || field.getValue().booleanValue()) {
        leftOut.add(path.isEmpty() ? name : path + EVERYTHING);
      }
    }
    return shown;
  }

  /**
   * The columns that say something new: what belongs to the organization that was asked about is
   * known, and so it is with a user.
   */
  private List<Column> unknown(JsonNode object, ObjectNode given) {
    Set<String> known = new TreeSet<>();
    for (Column column : row) {
      JsonNode value = given.path(column.name());
      if (value.isTextual() && value.equals(column.in(object))) {
        column.paths().forEach(path -> known.add(path.root()));
      }
    }
    return known.isEmpty()
        ? row
        : row.stream().filter(column -> !known.contains(column.paths().get(0).root())).toList();
  }

  /** The column of that name, or what the flags say; null if there is none of the name. */
  @Nullable JsonNode find(String name, JsonNode object) {
    if (name.equals(FLAGS) && !flags.isEmpty()) {
      return words(object);
    }
    for (Column column : row) {
      if (column.name().equals(name)) {
        return column.in(object);
      }
    }
    for (Column column : more) {
      if (column.name().equals(name)) {
        return column.in(object);
      }
    }
    return null;
  }

  private static void show(
      List<Column> columns, JsonNode object, String path, Nested nested, ObjectNode shown) {
    for (Column column : columns) {
      JsonNode value = column.in(object);
      if (!NoiseFilter.isNothing(value)) {
        String field = column.paths().get(0).name();
        shown.set(column.name(), nested.shown(field, value, path, column.name()));
      }
    }
  }

  private ArrayNode words(JsonNode object) {
    ArrayNode words = Json.array();
    for (Flag flag : flags) {
      if (flag.holds(object)) {
        words.add(flag.word());
      }
    }
    return words;
  }
}
