package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts an answer to a size by removing its largest fields, and names each of them. Of an object
 * with many small fields, it removes the last ones and tells how many.
 */
final class FieldTruncator {
  /** Removing a smaller field, in bytes, would save too little. */
  private static final int SMALL = 200;

  /** The number of fields of an object of which the caller asked for one: that field and the ID. */
  private static final int WITH_ID = 2;

  private final long most;
  private final List<String> removed = new ArrayList<>();

  FieldTruncator(long mostBytes) {
    this.most = Math.max(mostBytes, SMALL);
  }

  JsonNode of(JsonNode answer) {
    return cut(answer, most, "");
  }

  /** A sentence that names what was removed and how to read it. */
  String sentence(TokenBudget budget) {
    return "Left out, since the answer would cost more than %s tokens (%s): %s. Ask for them with fields."
        .formatted(budget.tokens(), Setting.MAX_RESULT_TOKENS, QuotedText.first(removed));
  }

  private JsonNode cut(JsonNode value, long bytes, String path) {
    if (TokenBudget.size(value) <= bytes) {
      return value;
    }
    if (value instanceof ObjectNode object) {
      return fewerFields(object, bytes, path);
    }
    if (value instanceof ArrayNode list) {
      return fewerItems(list, bytes, path);
    }
    return shorter(value.asText(), bytes, path);
  }

  private ObjectNode fewerFields(ObjectNode object, long bytes, String path) {
    ObjectNode cut = Json.object().setAll(object);
    long size = TokenBudget.size(cut);
    for (String largest = largest(cut); size > bytes && largest != null; largest = largest(cut)) {
      JsonNode value = cut.get(largest);
      String name = path.isEmpty() ? largest : path + "." + largest;
      long ofField = TokenBudget.size(value);
      long others = size - ofField;
      boolean leavesRoom = bytes - others > SMALL;
      boolean divides = value.isArray() || cut.size() <= WITH_ID;
      if (leavesRoom && divides) {
        cut.set(largest, cut(value, bytes - others, name));
        break;
      }
      cut.remove(largest);
      removed.add(
          "%s (%s tokens)".formatted(QuotedText.plain(name), TokenBudget.tokensOf(ofField)));
      size -= sizeOf(largest, value);
    }
    removeLast(cut, bytes, path);
    return cut;
  }

  private void removeLast(ObjectNode object, long bytes, String path) {
    List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(object.properties());
    int left = fields.size();
    for (long size = TokenBudget.size(object); size > bytes && left > 0; left--) {
      Map.Entry<String, JsonNode> last = fields.get(left - 1);
      size -= sizeOf(last.getKey(), last.getValue());
      object.remove(last.getKey());
    }
    if (left < fields.size()) {
      removed.add(
          "the last %s of %s fields%s"
              .formatted(
                  fields.size() - left,
                  fields.size(),
                  path.isEmpty() ? "" : " of " + QuotedText.plain(path)));
    }
  }

  /** The bytes of a field, with its colon and comma. */
  private static long sizeOf(String name, JsonNode value) {
    return TokenBudget.size(TextNode.valueOf(name)) + TokenBudget.size(value) + 2;
  }

  private static @Nullable String largest(ObjectNode object) {
    String largest = null;
    long most = SMALL;
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      long size = TokenBudget.size(field.getValue());
      if (size > most) {
        largest = field.getKey();
        most = size;
      }
    }
    return largest;
  }

  private ArrayNode fewerItems(ArrayNode list, long bytes, String path) {
    ArrayNode cut = Json.array();
    long left = bytes - 2;
    for (JsonNode item : list) {
      left -= TokenBudget.size(item) + 1;
      if (left < 0) {
        break;
      }
      cut.add(item);
    }
    removed.add(
        "%s (%s of %s items are shown)".formatted(QuotedText.plain(path), cut.size(), list.size()));
    return cut;
  }

  private TextNode shorter(String text, long bytes, String path) {
    int end =
        text.offsetByCodePoints(
            0, (int) Math.min(text.codePointCount(0, text.length()), bytes / 4));
    while (TokenBudget.size(TextNode.valueOf(text.substring(0, end))) > bytes) { // escapes
      end = text.offsetByCodePoints(0, text.codePointCount(0, end) / 2);
    }
    removed.add(
        "%s (%s of %s characters are shown)".formatted(QuotedText.plain(path), end, text.length()));
    return TextNode.valueOf(text.substring(0, end));
  }
}
