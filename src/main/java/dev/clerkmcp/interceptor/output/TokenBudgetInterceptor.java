package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.interceptor.where.Selection;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.TokenEstimate;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every answer within its token budget: cuts a list between rows and names the arguments for
 * the rest; removes the largest fields of anything else. Its notes count as well. It is the
 * outermost interceptor, so that its notes are about all pages of an answer.
 */
public final class TokenBudgetInterceptor implements ToolInterceptor {
  private static final String CURSOR = "starting_after";
  private static final String OFFSET = "offset";

  /** The tokens of most notes about a cut. */
  private static final int NOTE_TOKENS = 80;

  private final TokenBudget budget;

  public TokenBudgetInterceptor(OutputSettings answers) {
    this.budget = new TokenBudget(answers.maxTokens());
  }

  @Override
  public JsonNode intercept(Chain chain) {
    ToolCallContext context = chain.context();
    try {
      return affordable(context, chain.proceed());
    } catch (PartialFailureException e) {
      throw e.withDone(done -> affordable(context, done));
    }
  }

  private JsonNode affordable(ToolCallContext context, JsonNode answer) {
    tell(
        context,
        context
            .attribute(ViewInterceptor.OmittedFields.class, ViewInterceptor.OmittedFields::none)
            .sentence());
    tell(
        context,
        context
            .attribute(FieldSelection.class, () -> FieldSelection.of(List.of()))
            .sentence(context.tool().argumentNames()));
    TokenBudget left = budget.beside(context.invocation().notes());
    if (left.holds(answer)) {
      return answer;
    }
    int room = left.tokens() - NOTE_TOKENS;
    boolean pages = context.tool().listing() && !context.tool().effect().changes();
    return answer.path("data") instanceof ArrayNode rows && pages
        ? fewerRows(context, (ObjectNode) answer, rows, room)
        : fewerFields(context, answer, room);
  }

  private static void tell(ToolCallContext context, @Nullable String sentence) {
    if (sentence != null) {
      context.invocation().note(sentence);
    }
  }

  private JsonNode fewerRows(
      ToolCallContext context, ObjectNode answer, ArrayNode rows, int tokens) {
    ObjectNode cut = Json.object().setAll(answer);
    ArrayNode shown = Json.array();
    cut.set("data", shown);
    cut.put("has_more", true);
    cut.remove("next");
    long room = tokens - TokenBudget.size(cut) - 40; // for the arguments of the next call
    long left = room;
    for (JsonNode row : rows) {
      left -= TokenBudget.size(row);
      if (left < 0) {
        break;
      }
      shown.add(row);
    }
    if (shown.isEmpty()) { // the first row is too large by itself, so it is cut like an object
      shown.add(fewerFields(context, rows.get(0), (int) Math.max(0, room)));
      if (rows.size() == 1) {
        return Json.object().<ObjectNode>setAll(answer).set("data", shown);
      }
    }
    ObjectNode rest = rest(context, answer, shown);
    if (rest != null) {
      cut.set("next", rest);
    }
    long total = Math.max(answer.path("total_count").asLong(), rows.size());
    context
        .invocation()
        .note(
            "Showing %s of %s%s rows (limit: %s tokens, %s). %s"
                .formatted(
                    shown.size(),
                    isUntold(answer) ? "at least " : "",
                    total,
                    budget.tokens(),
                    Setting.MAX_RESULT_TOKENS,
                    rest == null
                        ? "This list has no paging: ask for fewer fields."
                        : "For the rest, repeat the call with %s. Or use export, where for fewer rows, count: true for a number."
                            .formatted(rest)));
    return cut;
  }

  /** Whether more rows follow than the answer has, and it does not tell how many. */
  private static boolean isUntold(ObjectNode answer) {
    return answer.path("has_more").asBoolean() && !answer.has("total_count");
  }

  private JsonNode fewerFields(ToolCallContext context, JsonNode answer, int tokens) {
    boolean isPlan = answer.path("dry_run").asBoolean() && context.tool().effect().changes();
    FieldTruncator shorter = new FieldTruncator(tokens);
    JsonNode cut = shorter.of(answer);
    String sentence = shorter.sentence(budget, context, isPlan);
    long longer = TokenEstimate.charged(sentence) - NOTE_TOKENS;
    if (longer > 0 && longer < tokens) { // a note with long names takes room from the answer
      shorter = new FieldTruncator(tokens - longer);
      cut = shorter.of(answer);
      sentence = shorter.sentence(budget, context, isPlan);
    }
    context.invocation().note(sentence);
    return cut;
  }

  /** The arguments that read on after the shown rows; null if the list has no pages. */
  static @Nullable ObjectNode rest(ToolCallContext context, ObjectNode answer, ArrayNode shown) {
    Selection selection = Selection.find(context);
    if (selection != null) { // rows between those that are shown do not match
      return selection.after(shown.size());
    }
    ObjectNode arguments = context.arguments();
    String last = shown.get(shown.size() - 1).path("id").asText();
    boolean byCursor = arguments.has(CURSOR) || answer.path("next").has(CURSOR) || last.isEmpty();
    List<String> names = context.tool().argumentNames();
    if (byCursor && !last.isEmpty() && names.contains(CURSOR)) {
      return Json.object().put(CURSOR, last);
    }
    return names.contains(OFFSET)
        ? Json.object().put(OFFSET, arguments.path(OFFSET).asLong() + shown.size())
        : null;
  }
}
