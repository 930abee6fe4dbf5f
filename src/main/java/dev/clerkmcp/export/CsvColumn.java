package dev.clerkmcp.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A column of a table of rows: a field, or what a caller asked for within one by its path.
 *
 * @param path the names that lead to the value, through lists to each item
 */
public record CsvColumn(List<String> path) {
  public CsvColumn {
    path = List.copyOf(path);
  }

  /**
   * The columns for fields that rows have.
   *
   * @param asked the fields and paths that the caller asked for; empty for what rows have
   */
  static List<CsvColumn> of(Collection<String> fields, Collection<String> asked) {
    List<List<String>> paths = asked.stream().map(CsvColumn::names).distinct().toList();
    List<CsvColumn> columns = new ArrayList<>();
    for (String field : fields) {
      List<List<String>> within = paths.stream().filter(path -> path.get(0).equals(field)).toList();
      (within.isEmpty() ? List.of(List.of(field)) : within)
          .forEach(path -> columns.add(new CsvColumn(path)));
    }
    return columns;
  }

  String name() {
    return String.join(".", path);
  }

  /** The value in a row; missing if there is none. */
  JsonNode in(JsonNode row) {
    JsonNode value = row;
    for (String name : path) {
      value = step(value, name);
    }
    return value;
  }

  private static JsonNode step(JsonNode value, String name) {
    if (!(value instanceof ArrayNode items)) {
      return value.path(name);
    }
    ArrayNode found = Json.array();
    for (JsonNode item : items) {
      JsonNode inItem = step(item, name);
      if (inItem instanceof ArrayNode several) {
        found.addAll(several);
      } else if (!inItem.isMissingNode()) {
        found.add(inItem);
      }
    }
    return found;
  }

  /** The names that a path consists of, from the row on. */
  public static List<String> names(String path) {
    String inRow = path.strip().replaceFirst("^data(\\[\\])?\\.", "").replace("[]", "");
    return List.of(inRow.split("\\.", -1));
  }
}
