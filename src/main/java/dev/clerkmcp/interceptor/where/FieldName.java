package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.KeyPath;
import dev.clerkmcp.registry.text.SnakeCase;
import java.util.ArrayList;
import java.util.List;

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
    String path = written.strip().replaceFirst("^data(\\[\\])?\\.", "").replace("[]", "");
    List<String> keys = new ArrayList<>(KeyPath.keys(path));
    if (!keys.isEmpty()) {
      keys.set(0, SnakeCase.of(keys.get(0)));
    }
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

  /**
   * The value in a row; those of all items if the path leads through a list; a missing node if
   * there is none. A key with dots is found with or without quotation marks.
   */
  JsonNode in(JsonNode row) {
    List<JsonNode> found = new ArrayList<>();
    boolean inList = collect(row, 0, found);
    if (!inList) {
      return found.isEmpty() ? MissingNode.getInstance() : found.get(0);
    }
    ArrayNode all = Json.array();
    found.forEach(all::add);
    return all;
  }

  /** Collects the values, and returns whether the path led through a list. */
  private boolean collect(JsonNode at, int next, List<JsonNode> found) {
    if (next == keys.size()) {
      found.add(at);
      return false;
    }
    if (at.isArray()) {
      at.forEach(item -> collect(item, next, found));
      return true;
    }
    for (int end = keys.size(); end > next; end--) {
      JsonNode value = at.get(String.join(".", keys.subList(next, end)));
      if (value != null) {
        return collect(value, end, found);
      }
    }
    return false;
  }

  /** The names beside the first key of the path that a row does not have. */
  List<String> siblings(JsonNode row) {
    JsonNode at = row;
    for (String key : keys) {
      JsonNode value = at.isArray() ? at.path(0).path(key) : at.path(key);
      if (!value.isContainerNode()) {
        break;
      }
      at = value;
    }
    List<String> names = new ArrayList<>();
    (at.isArray() ? at.path(0) : at).fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Override
  public String toString() {
    return KeyPath.of(keys);
  }
}
