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
  /** Removing a field of fewer tokens would save too little. */
  private static final int SMALL = 60;

  /** The estimates of parts add up to the estimate of the whole, give or take so many tokens. */
  private static final int SLACK = 5;

  /** The number of fields of an object of which the caller asked for one: that field and the ID. */
  private static final int WITH_ID = 2;

  private final long most;
  private final List<String> removed = new ArrayList<>();

  FieldTruncator(long mostTokens) {
    this.most = Math.max(mostTokens, SMALL);
  }

  JsonNode of(JsonNode answer) {
    return cut(answer, most, "");
  }

  /** A sentence that names what was removed and how to read it. */
  String sentence(TokenBudget budget) {
    return "Left out, since the answer would cost more than %s tokens (%s): %s. Ask for them with fields."
        .formatted(budget.tokens(), Setting.MAX_RESULT_TOKENS, QuotedText.first(removed));
  }

  private JsonNode cut(JsonNode value, long tokens, String path) {
    if (TokenBudget.size(value) <= tokens) {
      return value;
    }
    if (value instanceof ObjectNode object) {
      return fewerFields(object, tokens, path);
    }
    if (value instanceof ArrayNode list) {
      return fewerItems(list, tokens, path);
    }
    return shorter(value.asText(), tokens, path);
  }

  private ObjectNode fewerFields(ObjectNode object, long tokens, String path) {
    ObjectNode cut = Json.object().setAll(object);
    long size = TokenBudget.size(cut);
    for (String largest = largest(cut); size > tokens && largest != null; largest = largest(cut)) {
      JsonNode value = cut.get(largest);
      String name = path.isEmpty() ? largest : path + "." + largest;
      long ofField = TokenBudget.size(value);
      long others = Math.max(0, size - ofField);
      boolean leavesRoom = tokens - others > SMALL;
      boolean divides = value.isArray() || cut.size() <= WITH_ID;
      if (leavesRoom && divides) {
        cut.set(largest, cut(value, tokens - others - SLACK, name));
        break;
      }
      cut.remove(largest);
      removed.add("%s (%s tokens)".formatted(QuotedText.plain(name), ofField));
      size -= sizeOf(largest, value);
    }
    removeLast(cut, tokens, path);
    return cut;
  }

  private void removeLast(ObjectNode object, long tokens, String path) {
    List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(object.properties());
    int left = fields.size();
    for (long size = TokenBudget.size(object);
        size > tokens && left > 0;
        size = TokenBudget.size(object)) {
      for (long excess = size - tokens; excess > 0 && left > 0; left--) {
        Map.Entry<String, JsonNode> last = fields.get(left - 1);
        excess -= sizeOf(last.getKey(), last.getValue());
        object.remove(last.getKey());
      }
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

  /** The tokens of a field, with its colon and comma. */
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

  private ArrayNode fewerItems(ArrayNode list, long tokens, String path) {
    ArrayNode cut = Json.array();
    long left = tokens - SLACK;
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

  private TextNode shorter(String text, long tokens, String path) {
    int end = text.length();
    for (long size = TokenBudget.size(TextNode.valueOf(text)); size > tokens; ) {
      int fewer = (int) (text.codePointCount(0, end) * tokens / (size + 1));
      end = text.offsetByCodePoints(0, fewer);
      size = TokenBudget.size(TextNode.valueOf(text.substring(0, end)));
    }
    removed.add(
        "%s (%s of %s characters are shown)".formatted(QuotedText.plain(path), end, text.length()));
    return TextNode.valueOf(text.substring(0, end));
  }
}
