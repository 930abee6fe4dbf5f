package dev.clerkmcp.workflows.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.DeepMerge;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.workflows.support.Rows;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Computes what a change of metadata sends, and what it changes.
 *
 * @param sent the metadata objects that change, as Clerk gets them
 * @param rows the differences by metadata object, so that the private ones can be hidden as one.
 *     Each is a field, its value before and its value after; a side without a value is absent.
 */
record MetadataChange(ObjectNode sent, ObjectNode rows) {
  /** The most bytes of JSON that Clerk, by its documentation, keeps of one metadata object. */
  private static final int MAX_BYTES = 8 * 1024;

  /** The most characters of JSON that are shown of a value. */
  private static final int MAX_CHARACTERS = 500;

  /**
   * Computes a change and checks it.
   *
   * @param kinds the names of the owner's metadata objects
   * @param given the new metadata by kind
   * @param replace whether the new metadata replaces the old; otherwise it is merged
   * @param remove the keys to remove, as dotted paths such as public_metadata.plan
   * @throws InvalidArgumentsException if the change is impossible, or the result too large for
   *     Clerk
   */
  static MetadataChange of(
      JsonNode owner, List<String> kinds, ObjectNode given, boolean replace, List<String> remove) {
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      if (!kinds.contains(field.getKey())) {
        throw InvalidArgumentsException.of(field.getKey(), "is something that only users have");
      }
    }
    checkPaths(kinds, remove);
    MetadataChange change = new MetadataChange(Json.object(), Json.object());
    for (String kind : kinds) {
      JsonNode before = owner.path(kind).isObject() ? owner.path(kind) : Json.object();
      ObjectNode wanted = wanted(kind, before, given.get(kind), remove);
      if (wanted == null) {
        continue;
      }
      ObjectNode after = replace ? wanted : DeepMerge.of(before, wanted);
      List<JsonDiff.Difference> differences = JsonDiff.of(before, after, JsonDiff.Missing.WHOLE);
      if (!differences.isEmpty()) {
        checkSize(kind, after);
        change.sent.set(kind, wanted);
        change.rows.set(kind, rows(differences));
      }
    }
    return change;
  }

  private static void checkPaths(List<String> kinds, List<String> remove) {
    for (String path : remove) {
      if (kinds.stream().noneMatch(kind -> isBelow(kind, path))) {
        throw InvalidArgumentsException.of(
            "remove",
            "must name keys below %s, such as public_metadata.plan; not %s"
                .formatted(String.join(", ", kinds), path));
      }
    }
  }

  private static boolean isBelow(String kind, String path) {
    return path.startsWith(kind + ".") && path.length() > kind.length() + 1;
  }

  /** The part of one metadata object to send; null if it does not change. */
  private static @Nullable ObjectNode wanted(
      String kind, JsonNode before, @Nullable JsonNode given, List<String> remove) {
    ObjectNode wanted = given instanceof ObjectNode object ? object.deepCopy() : null;
    for (String path : remove) {
      if (isBelow(kind, path)) {
        wanted = wanted == null ? Json.object() : wanted;
        addRemoval(wanted, before, path, path.substring(kind.length() + 1));
      }
    }
    return wanted;
  }

  /** A key may itself contain dots, so the existing keys decide where a path is split. */
  private static void addRemoval(ObjectNode wanted, JsonNode before, String path, String rest) {
    if (before.has(rest)) {
      wanted.putNull(rest);
      return;
    }
    for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.', dot + 1)) {
      String key = rest.substring(0, dot);
      if (!before.path(key).isObject()) {
        continue;
      }
      if (wanted.has(key) && !wanted.get(key).isObject()) {
        throw InvalidArgumentsException.of(
            "remove", "holds " + path + ", which the new metadata sets");
      }
      addRemoval(wanted.withObjectProperty(key), before.path(key), path, rest.substring(dot + 1));
      return;
    }
  }

  private static void checkSize(String kind, ObjectNode after) {
    int bytes = after.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw InvalidArgumentsException.of(
          kind,
          "would have %s bytes of JSON; Clerk keeps at most %s (8 KB). Give less, or remove keys"
              .formatted(bytes, MAX_BYTES));
    }
  }

  private static ArrayNode rows(List<JsonDiff.Difference> differences) {
    ArrayNode rows = Json.array();
    for (JsonDiff.Difference difference : differences) {
      ObjectNode row = rows.addObject().put("field", difference.field());
      show(row, "before", difference.before());
      show(row, "after", difference.after());
    }
    return rows;
  }

  /** Shows a value, truncated if it is long; adds nothing for an absent value. */
  private static void show(ObjectNode row, String side, @Nullable JsonNode value) {
    if (value == null) {
      return;
    }
    if (value.toString().length() <= MAX_CHARACTERS) {
      row.set(side, value);
      return;
    }
    String text = value.isTextual() ? value.textValue() : value.toString();
    String shown = Rows.of(text, MAX_CHARACTERS + 1); // with the mark of the cut
    row.put(side, shown);
    if (!shown.equals(text)) {
      row.put("cut", true);
    }
  }
}
