package dev.clerkmcp.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * A path from a row to a value, as a caller writes it: {@code public_metadata.plan}. It leads
 * through a list to each item. Since keys of metadata may have dots themselves, several words of a
 * path can be one key: {@code a.b} is found in {@code {"a.b": 1}} and in {@code {"a": {"b": 1}}}. A
 * key in quotation marks, {@code ["a.b"]}, is only itself.
 *
 * @param keys the words of the path
 */
public record RowPath(List<String> keys) {
  /** A quoted key, which stays as it is, or the sign for the items of a list. */
  private static final Pattern QUOTED_OR_ITEMS =
      Pattern.compile("(\\[\"(?:[^\"\\\\]|\\\\.)*+\"])|\\[]");

  public RowPath {
    keys = List.copyOf(keys);
  }

  /** Reads a path below a row: {@code data[].email_addresses.id} has two words. */
  public static RowPath of(String written) {
    String inRow = written.strip().replaceFirst("^data(\\[])?\\.", "");
    return new RowPath(
        KeyPath.keys(
            QUOTED_OR_ITEMS
                .matcher(inRow)
                .replaceAll(found -> found.group(1) == null ? "" : "$1")));
  }

  /**
   * The value in a row; those of all items, as one list, if the path leads through a list; a
   * missing node if there is none.
   */
  public JsonNode in(JsonNode row) {
    Values values = new Values();
    values.collect(row, keys);
    if (!values.inList) {
      return values.found.isEmpty() ? MissingNode.getInstance() : values.found.get(0);
    }
    ArrayNode all = Json.array();
    for (JsonNode value : values.found) {
      if (value instanceof ArrayNode several) {
        all.addAll(several);
      } else {
        all.add(value);
      }
    }
    return all;
  }

  /** Whether the path leads to a value in a row, which may be null; in a list, in any item. */
  public boolean leadsIn(JsonNode row) {
    return new Values().collect(row, keys);
  }

  /** The values to which a path leads. */
  private static final class Values {
    private final List<JsonNode> found = new ArrayList<>();
    private boolean inList;

    /** Collects the values; the longest key that leads to one counts. */
    boolean collect(JsonNode at, List<String> keys) {
      if (at.isMissingNode()) {
        return false;
      }
      if (keys.isEmpty()) {
        found.add(at);
        return true;
      }
      boolean any = false;
      if (at.isArray()) {
        inList = true;
        for (JsonNode item : at) {
          any |= collect(item, keys);
        }
        return any;
      }
      for (int words = keys.size(); words > 0 && !any; words--) {
        JsonNode value = at.get(key(keys, words));
        any = value != null && collect(value, keys.subList(words, keys.size()));
      }
      return any;
    }
  }

  /** The key that the first words of a path make. */
  public static String key(List<String> keys, int words) {
    return String.join(".", keys.subList(0, words));
  }

  /**
   * How many words of a path make the key of an object by which the path goes on; 0 if the object
   * has no such key.
   */
  public static int step(JsonNode object, List<String> keys) {
    int any = 0;
    for (int words = keys.size(); words > 0; words--) {
      JsonNode value = object.get(key(keys, words));
      if (value != null) {
        if (new Values().collect(value, keys.subList(words, keys.size()))) {
          return words;
        }
        any = words;
      }
    }
    return any;
  }

  /**
   * Finds where a path ends early: the objects that lack its next key, with the words from that key
   * on. A list without items, a text and a null do not tell what could be in them.
   */
  public void ends(JsonNode row, BiConsumer<ObjectNode, List<String>> end) {
    ends(row, keys, end);
  }

  private static void ends(
      JsonNode at, List<String> keys, BiConsumer<ObjectNode, List<String>> end) {
    if (keys.isEmpty()) {
      return;
    }
    if (at.isArray()) {
      at.forEach(item -> ends(item, keys, end));
    } else if (at instanceof ObjectNode object) {
      int words = step(object, keys);
      if (words == 0) {
        end.accept(object, keys);
      } else {
        ends(object.get(key(keys, words)), keys.subList(words, keys.size()), end);
      }
    }
  }

  @Override
  public String toString() {
    return KeyPath.of(keys);
  }
}
