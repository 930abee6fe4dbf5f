package dev.clerkmcp.workflows.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.DeepMerge;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.json.KeyPath;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.text.QuotedText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Computes what a change of metadata sends, and what it changes.
 *
 * @param sent the metadata objects that change, as Clerk gets them
 * @param rows the differences, each a field, its value before and its value after; null for none
 */
record MetadataChange(ObjectNode sent, ArrayNode rows) {
  /** The most bytes of JSON that Clerk, by its documentation, keeps of one metadata object. */
  private static final int MAX_BYTES = 8 * 1024;

  /** The most characters of JSON that are shown of a value. */
  private static final int MAX_CHARACTERS = 300;

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
    List<Removal> removals = removals(kinds, remove);
    MetadataChange change = new MetadataChange(Json.object(), Json.array());
    for (String kind : kinds) {
      boolean hidden = owner.path(kind).isTextual(); // a text says that it is not shown here
      JsonNode before = owner.path(kind).isObject() ? owner.path(kind) : Json.object();
      ObjectNode wanted = wanted(kind, hidden ? null : before, given.get(kind), removals);
      if (wanted == null) {
        continue;
      }
      ObjectNode after = replace ? wanted : DeepMerge.of(before, wanted);
      List<JsonDiff.Difference> differences =
          JsonDiff.of(before, hidden ? wanted : after, JsonDiff.Missing.WHOLE);
      if (!differences.isEmpty() || (hidden && replace)) {
        checkSize(kind, after);
        change.sent.set(kind, wanted);
        change.add(kind, differences);
      }
    }
    return change;
  }

  private static List<Removal> removals(List<String> kinds, List<String> remove) {
    List<Removal> removals = new ArrayList<>();
    for (String path : remove) {
      removals.add(
          kinds.stream()
              .map(kind -> Removal.find(kind, path))
              .filter(Objects::nonNull)
              .findFirst()
              .orElseThrow(
                  () ->
                      InvalidArgumentsException.of(
                          "remove",
                          "must name keys below %s, such as public_metadata.plan, or public_metadata[\"a.b\"] for a key with dots; not %s"
                              .formatted(String.join(", ", kinds), path))));
    }
    return removals;
  }

  /**
   * The part of one metadata object to send; null if it does not change.
   *
   * @param before null if it is not shown here
   */
  private static @Nullable ObjectNode wanted(
      String kind, @Nullable JsonNode before, @Nullable JsonNode given, List<Removal> removals) {
    ObjectNode wanted = given instanceof ObjectNode object ? object.deepCopy() : null;
    for (Removal removal : removals) {
      if (removal.kind().equals(kind)) {
        if (given != null && removal.isSetBy(given)) {
          throw InvalidArgumentsException.of(
              "remove",
              "holds %s, which the new metadata sets, or deletes with what is around it"
                  .formatted(removal.path()));
        }
        wanted = wanted == null ? Json.object() : wanted;
        if (before == null) {
          removal.addUnseen(wanted);
        } else {
          removal.addTo(wanted, before);
          String dotted = String.join(".", removal.names());
          boolean isDeletedToo =
              (given != null && given.has(dotted))
                  || removals.stream().anyMatch(other -> other.isKey(kind, dotted));
          if (!isDeletedToo) {
            removal.noteOther(before);
          }
        }
      }
    }
    return wanted;
  }

  /**
   * A key to remove. A dotted path goes from object to object; only where there is no such object
   * is it a key that contains dots. So the same path names the same key when it is used again.
   *
   * @param kind the name of the metadata object
   * @param path as the caller wrote it
   * @param names the names between the dots, without the kind; a single one in {@code ["..."]} is a
   *     whole key
   */
  private record Removal(String kind, String path, List<String> names) {
    private static final Pattern ELEMENT = Pattern.compile("(?<list>[^\\[]+)\\[\\d*].*");
    private static final Pattern QUOTED = Pattern.compile("\\[\"(?<key>[^\"]+)\"]");

    static @Nullable Removal find(String kind, String path) {
      if (!path.startsWith(kind)) {
        return null;
      }
      String rest = path.substring(kind.length());
      Matcher quoted = QUOTED.matcher(rest);
      if (quoted.matches()) {
        return new Removal(kind, path, List.of(quoted.group("key")));
      }
      return rest.startsWith(".") && rest.length() > 1
          ? new Removal(kind, path, List.of(rest.substring(1).split("\\.", -1)))
          : null;
    }

    /** Whether new metadata sets the key, or replaces an object around it. */
    boolean isSetBy(JsonNode given) {
      JsonNode whole = given.get(String.join(".", names));
      return (whole != null && !whole.isNull()) || isSetBy(given, names);
    }

    private static boolean isSetBy(JsonNode given, List<String> names) {
      JsonNode value = given.get(names.get(0));
      if (value == null || (names.size() == 1 && value.isNull())) {
        return false;
      }
      return names.size() == 1
          || !value.isObject()
          || isSetBy(value, names.subList(1, names.size()));
    }

    /** Whether it removes one key, dots included, directly below a metadata object. */
    boolean isKey(String otherKind, String key) {
      return kind.equals(otherKind) && names.equals(List.of(key));
    }

    /** Adds a null for the key to what is merged, if there is such a key. */
    void addTo(ObjectNode wanted, JsonNode before) {
      if (!add(wanted, before, names) && isInList(before, names)) {
        throw InvalidArgumentsException.of(
            "remove",
            "must name keys, not elements of a list as %s does; a list is set as a whole: give %s"
                    .formatted(path, kind)
                + " with all elements that it is to have");
      }
    }

    /** Whether a path leads into a list: {@code list.0} or {@code list[0]}. */
    private static boolean isInList(JsonNode before, List<String> names) {
      String name = names.get(0);
      Matcher element = ELEMENT.matcher(name);
      if (before.isArray() || (element.matches() && before.path(element.group("list")).isArray())) {
        return true;
      }
      return names.size() > 1 && isInList(before.path(name), names.subList(1, names.size()));
    }

    /** Tells of a key whose name is the path itself, which stays. */
    void noteOther(JsonNode before) {
      if (names.size() > 1
          && before.path(names.get(0)).isObject()
          && before.has(String.join(".", names))) {
        Invocation.current()
            .note(
                "%s was read as %s in %s. The key that is called \"%s\" stays; to remove it: %s[\"%s\"]."
                    .formatted(
                        path,
                        names.get(names.size() - 1),
                        String.join(" in ", reversed(names.subList(0, names.size() - 1))),
                        String.join(".", names),
                        kind,
                        String.join(".", names)));
      }
    }

    /** Adds a null for a key of an object that is not shown, so that it may have none. */
    void addUnseen(ObjectNode wanted) {
      if (names.size() > 1) {
        throw InvalidArgumentsException.of(
            "remove",
            "must name keys directly below %s, which is not shown here, such as %s.%s; not %s"
                .formatted(kind, kind, names.get(0), path));
      }
      wanted.putNull(names.get(0));
    }

    /** Adds a null for the key, and says whether there is such a key. */
    private static boolean add(ObjectNode wanted, JsonNode before, List<String> names) {
      for (int count = 1; count <= names.size(); count++) {
        String key = String.join(".", names.subList(0, count));
        if (count == names.size()) {
          if (before.has(key)) {
            wanted.putNull(key);
            return true;
          }
        } else if (before.path(key).isObject()) {
          return add(
              wanted.withObjectProperty(key), before.path(key), names.subList(count, names.size()));
        }
      }
      return false;
    }

    private static List<String> reversed(List<String> names) {
      List<String> reversed = new ArrayList<>(names);
      Collections.reverse(reversed);
      return reversed;
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

  private void add(String kind, List<JsonDiff.Difference> differences) {
    for (JsonDiff.Difference difference : differences) {
      rows.addObject()
          .put("field", KeyPath.below(kind, difference.field()))
          .<ObjectNode>set("before", shown(difference.before()))
          .set("after", shown(difference.after()));
    }
    if (differences.isEmpty()) { // replaced, but it is not known what it was
      rows.addObject().put("field", kind);
    }
  }

  private static JsonNode shown(@Nullable JsonNode value) {
    if (value == null) {
      return NullNode.getInstance();
    }
    String text = value.isTextual() ? value.textValue() : value.toString();
    return text.length() <= MAX_CHARACTERS
        ? value
        : TextNode.valueOf(QuotedText.withSize(text, MAX_CHARACTERS));
  }
}
