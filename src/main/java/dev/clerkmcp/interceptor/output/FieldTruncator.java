package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentType;
import dev.clerkmcp.registry.argument.TimeType;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.Iterator;
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

  private static final int MAX_NAMED = 5;

  /** The number of fields of an object of which the caller asked for one: that field and the ID. */
  private static final int WITH_ID = 2;

  private static final String PLAN = "For the whole plan, plan fewer changes at a time.";

  private final long most;
  private final List<String> removed = new ArrayList<>();

  /** Whether whole fields were removed. */
  private boolean wholeFields;

  /** The path of a value in a list that was cut, or of the list if its items have none. */
  private @Nullable String cutList;

  FieldTruncator(long mostTokens) {
    this.most = Math.max(mostTokens, SMALL);
  }

  JsonNode of(JsonNode answer) {
    return cut(answer, most, "");
  }

  /**
   * A sentence that names what was removed and how to read it.
   *
   * @param isPlan whether the answer tells what the call would do
   */
  String sentence(TokenBudget budget, ToolCallContext context, boolean isPlan) {
    String advice = isPlan ? PLAN : advice(context);
    return "Left out, since the answer would cost more than %s tokens (%s): %s. %s"
        .formatted(budget.tokens(), Setting.MAX_RESULT_TOKENS, QuotedText.first(removed), advice);
  }

  /** What shows more of the answer; a call that changes something must not be repeated for that. */
  private String advice(ToolCallContext context) {
    ToolDefinition tool = context.tool();
    if (tool.effect().changes()) {
      String reading = context.findReadingTool(cutList != null);
      return reading == null
          ? "A tool that only reads can show more, this one would change things again."
          : "%s can show more, %s would change things again.".formatted(reading, tool.name());
    }
    if (!context.options().by().isEmpty()) {
      return "With a smaller limit, other counts the rest; where or a coarser by makes fewer groups.";
    }
    List<String> advice = new ArrayList<>();
    if (cutList != null) {
      if (tool.arguments().find(CallOptions.EXPORT) != null) {
        advice.add("export writes all of them to a file.");
      }
      String narrowing = narrowing(tool);
      if (!narrowing.isEmpty()) {
        advice.add("For fewer of them, %s.".formatted(narrowing));
      }
      if (cutList.contains(".")) {
        advice.add("For shorter ones, name parts of them: fields: [\"%s\"].".formatted(cutList));
      }
    }
    if (wholeFields) {
      advice.add(
          context.options().fields().isEmpty()
              ? "Ask for them with fields."
              : "Ask for fewer at a time with fields, or for parts of them, as in field.part.");
    }
    if (advice.isEmpty()) {
      advice.add("Only a person can raise that limit.");
    }
    return String.join(" ", advice);
  }

  /** How to choose fewer, by the arguments about how much there is, not about what it is of. */
  private static String narrowing(ToolDefinition tool) {
    List<String> times = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Argument argument : tool.arguments().all()) {
      boolean isChoice =
          argument.listed()
              && !argument.isOption()
              && !argument.required()
              && !argument.name().equals(CallOptions.EXPORT)
              && !(argument.type() instanceof ArgumentType.Flag);
      if (isChoice) {
        (argument.type() instanceof TimeType ? times : others).add(argument.name());
      }
    }
    List<String> ways = new ArrayList<>();
    if (!times.isEmpty()) {
      ways.add("choose a shorter time (%s)".formatted(String.join(", ", times)));
    }
    boolean choose = tool.listing() || !times.isEmpty();
    if (choose && !others.isEmpty() && others.size() <= MAX_NAMED) {
      ways.add("change " + String.join(", ", others));
    }
    return String.join(" or ", ways);
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
      wholeFields = true;
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
      wholeFields = true;
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
    Iterator<String> parts = list.path(0).fieldNames();
    cutList = parts.hasNext() ? path + "." + parts.next() : path;
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
