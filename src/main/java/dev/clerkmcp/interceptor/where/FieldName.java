package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.json.RowPath;
import dev.clerkmcp.registry.text.SnakeCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A field of a row as a caller names it, such as {@code public_metadata.plan}.
 *
 * @param keys the keys that lead from a row to the value, of which the first is in snake_case
 */
record FieldName(List<String> keys) {
  FieldName {
    keys = List.copyOf(keys);
  }

  /** Reads a path of keys with dots between them; a key with a dot may be quoted. */
  static FieldName of(String written) {
    List<String> keys = new ArrayList<>(RowPath.of(written).keys());
    if (keys.isEmpty()) {
      return new FieldName(List.of(written)); // such as "[]", which no row has
    }
    keys.set(0, SnakeCase.of(keys.get(0)));
    return new FieldName(keys);
  }

  String root() {
    return keys.get(0);
  }

  String last() {
    return keys.get(keys.size() - 1);
  }

  boolean isPath() {
    return keys.size() > 1;
  }

  /** Whether the customer chose the keys, as in metadata. */
  boolean isCustom() {
    return keys.stream().limit(keys.size() - 1L).anyMatch(FieldCatalog::isCustom);
  }

  /** Whether its value is a time in all of Clerk's objects. */
  boolean isTime() {
    return !isCustom() && FieldCatalog.isTime(last());
  }

  /** The value in a row, as {@link RowPath#in} finds it. */
  JsonNode in(JsonNode row) {
    return new RowPath(keys).in(row);
  }

  /** The names beside the first key of the path that a row does not have. */
  Set<String> siblings(JsonNode row) {
    Set<String> names = new TreeSet<>();
    new RowPath(keys)
        .ends(row, (object, missing) -> object.fieldNames().forEachRemaining(names::add));
    return names;
  }

  @Override
  public String toString() {
    return new RowPath(keys).toString();
  }
}
