package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.export.ExportFile;
import dev.clerkmcp.export.ExportFolder;
import dev.clerkmcp.interceptor.where.Selection;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads all pages of a list, into the answer or into a file, if the caller asks for it. */
public final class PagingInterceptor implements ToolInterceptor {
  private static final int SAMPLE = 3;

  /** How many groups are shown unless the caller gives a limit. */
  private static final int GROUPS = 50;

  private static final String LIMIT = "limit";
  private static final String EVERYTHING = "*";
  private static final String ID = "id";
  private static final String NEXT = "next";
  private static final String REPEATED =
      "Clerk returned the last page again when asked for the rows after these %s; there may be more.";

  private final TokenBudget budget;
  private final ExportFolder folder;

  public PagingInterceptor(OutputSettings answers, ExportFolder folder) {
    this.budget = new TokenBudget(answers.maxTokens());
    this.folder = folder;
  }

  @Override
  public boolean concerns(ToolCallContext context) {
    return context.tool().listing();
  }

  @Override
  public JsonNode intercept(Chain chain) {
    CallOptions options = chain.context().options();
    Selection selection = Selection.find(chain.context());
    if (selection != null && options.counts()) {
      return counted(chain, selection);
    }
    if (selection != null) {
      selection.limit(limit(chain.context(), options));
    }
    if (options.export() != null) {
      return exported(chain, options.export(), selection);
    }
    return options.all() || selection != null ? listed(chain, selection) : chain.proceed();
  }

  /** How many of the rows that meet the conditions are wanted. */
  private static long limit(ToolCallContext context, CallOptions options) {
    boolean paged = context.tool().arguments().find(LIMIT) != null;
    boolean every = !paged || options.all() || options.export() != null;
    return context.arguments().path(LIMIT).asLong(every ? Long.MAX_VALUE : ListPage.DEFAULT_LIMIT);
  }

  private static JsonNode counted(Chain chain, Selection selection) {
    ToolCallContext context = chain.context();
    if (context.options().export() != null) {
      throw InvalidArgumentsException.of(
          CallOptions.EXPORT, "needs rows, and count and by answer with numbers only");
    }
    int groups = (int) Math.min(Integer.MAX_VALUE, context.arguments().path(LIMIT).asLong(GROUPS));
    // If Clerk tells no total with the first row, the rows after it are counted.
    boolean asked = selection.isCountedByClerk();
    @Nullable Long[] total = {null};
    JsonNode unused =
        walk(
            chain,
            selection,
            asked ? 1 : Pages.LARGEST,
            page -> {
              total[0] = asked ? selection.page().totalCount() : null;
              return total[0] == null;
            });
    return total[0] == null ? selection.numbers(groups) : selection.number(total[0]);
  }

  /** Stops when the answer is full, because further pages could not be shown. */
  private JsonNode listed(Chain chain, @Nullable Selection selection) {
    ArrayNode rows = Json.array();
    long[] size = {0};
    ObjectNode last =
        walk(
            chain,
            selection,
            Pages.LARGEST,
            page -> {
              page.forEach(rows::add);
              size[0] += TokenBudget.size(page);
              return size[0] <= budget.tokens();
            });
    last.set("data", rows);
    return selection == null ? last : selection.answer(last, rows);
  }

  private JsonNode exported(Chain chain, String name, @Nullable Selection selection) {
    List<String> fields = chain.context().options().fields();
    boolean withId = fields.isEmpty() || fields.contains(EVERYTHING) || fields.contains(ID);
    try (ExportFile file = folder.begin(name, fields)) {
      ArrayNode sample = Json.array();
      ObjectNode last =
          walk(
              chain,
              selection,
              Pages.LARGEST,
              page -> {
                for (JsonNode picked : page) {
                  JsonNode row = withId ? picked : withoutId(picked);
                  file.add(row);
                  if (sample.size() < SAMPLE) {
                    sample.add(row);
                  }
                }
                return true;
              });
      file.finish();
      ObjectNode answer = Json.object().put("file", file.path().toString());
      answer.put("rows", file.count());
      file.columns().forEach(answer.putArray("columns")::add);
      answer.set("sample", sample);
      if (selection != null) {
        ObjectNode rest = selection.answer(last, sample);
        rest.remove(List.of("data", "total_count"));
        answer.setAll(rest);
      } else if (last.has(NEXT)) { // the limit ended reading
        answer.put("has_more", true).set(NEXT, last.get(NEXT));
      }
      return answer;
    }
  }

  /** Answers have the IDs of rows for the next call; a file has the columns that were asked for. */
  private static JsonNode withoutId(JsonNode row) {
    ObjectNode rest = Json.object().setAll((ObjectNode) row);
    rest.remove(ID);
    return rest;
  }

  /**
   * Reads pages while more follow, {@code use} wants them and the limit of the call is not reached,
   * and returns the last one. Pages are as large as Clerk allows; the last is as large as the limit
   * still needs, so that what follows it is what follows the rows.
   *
   * @param selection reduces the pages to the rows that the caller wants, and knows how many; null
   *     for all rows
   * @param first the size of the first page
   */
  private static ObjectNode walk(
      Chain chain, @Nullable Selection selection, int first, Predicate<ArrayNode> use) {
    ToolCallContext context = chain.context();
    ObjectNode given = context.arguments().deepCopy();
    long most = selection == null ? given.path(LIMIT).asLong(Long.MAX_VALUE) : Long.MAX_VALUE;
    ObjectNode[] last = {Json.object()};
    long[] read = {0};
    try {
      Pages.End end =
          Pages.read(
              "rows",
              position -> {
                position.properties().forEach(step -> context.set(step.getKey(), step.getValue()));
                long size = Math.min(read[0] == 0 ? first : Pages.LARGEST, most - read[0]);
                context.set(LIMIT, context.tool().toArgument(LIMIT, LongNode.valueOf(size)));
                last[0] = (ObjectNode) chain.proceed();
                return selection == null ? ListPage.ofJson(last[0]) : selection.page();
              },
              page -> {
                long before = read[0];
                read[0] = Math.min(most, before + page.size());
                return selection == null
                    ? use.test(first(read[0] - before, page, last[0], context)) && read[0] < most
                    : use.test(ListPage.ofJson(last[0]).data()) && selection.wantsMore();
              });
      if (end == Pages.End.SAME_PAGE) {
        context.invocation().note(REPEATED.formatted(read[0]));
        last[0].remove(NEXT);
      }
      return last[0];
    } finally {
      restore(context, given);
    }
  }

  /** The first rows of a page; Clerk may answer more rows than it was asked for. */
  private static ArrayNode first(
      long wanted, ArrayNode page, ObjectNode answer, ToolCallContext context) {
    if (wanted == page.size()) {
      return page;
    }
    ArrayNode rows = Json.array();
    page.valueStream().limit(wanted).forEach(rows::add);
    ObjectNode rest = TokenBudgetInterceptor.rest(context, answer, rows);
    if (rest != null) {
      answer.put("has_more", true).set(NEXT, rest);
    }
    return rows;
  }

  private static void restore(ToolCallContext context, ObjectNode given) {
    for (Map.Entry<String, JsonNode> argument : context.arguments().deepCopy().properties()) {
      @Nullable JsonNode before = given.get(argument.getKey());
      context.set(argument.getKey(), before);
    }
  }
}
