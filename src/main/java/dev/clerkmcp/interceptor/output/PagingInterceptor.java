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
    int groups = context.arguments().path(LIMIT).asInt(GROUPS);
    if (selection.isCountedByClerk()) {
      Long total = total(chain);
      if (total != null) {
        return selection.number(total);
      }
    }
    JsonNode unused = walk(chain, selection, page -> true);
    return selection.numbers(groups);
  }

  /** The number of all rows, if Clerk tells it with a page. */
  private static @Nullable Long total(Chain chain) {
    ToolCallContext context = chain.context();
    ObjectNode given = context.arguments().deepCopy();
    context.set(LIMIT, context.tool().toArgument(LIMIT, LongNode.valueOf(1)));
    try {
      return ListPage.ofJson(chain.proceed()).totalCount();
    } finally {
      restore(context, given);
    }
  }

  /** Stops when the answer is full, because further pages could not be shown. */
  private JsonNode listed(Chain chain, @Nullable Selection selection) {
    ArrayNode rows = Json.array();
    long[] size = {0};
    ObjectNode last =
        walk(
            chain,
            selection,
            page -> {
              page.forEach(rows::add);
              size[0] += TokenBudget.size(page);
              return size[0] <= budget.tokens();
            });
    last.set("data", rows);
    return selection == null ? last : selection.answer(last, rows);
  }

  private JsonNode exported(Chain chain, String name, @Nullable Selection selection) {
    try (ExportFile file = folder.begin(name, chain.context().options().fields())) {
      ArrayNode sample = Json.array();
      ObjectNode last =
          walk(
              chain,
              selection,
              page -> {
                for (JsonNode row : page) {
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
      }
      return answer;
    }
  }

  /**
   * Reads pages while more follow and {@code use} wants them, and returns the last one.
   *
   * @param selection reduces the pages to the rows that the caller wants; null for all rows
   */
  private static ObjectNode walk(
      Chain chain, @Nullable Selection selection, Predicate<ArrayNode> use) {
    ToolCallContext context = chain.context();
    ObjectNode given = context.arguments().deepCopy();
    if (!given.has(LIMIT) || selection != null) {
      context.set(LIMIT, context.tool().toArgument(LIMIT, LongNode.valueOf(Pages.LARGEST)));
    }
    ObjectNode[] last = {Json.object()};
    long[] read = {0};
    try {
      Pages.End end =
          Pages.read(
              "rows",
              position -> {
                position.properties().forEach(step -> context.set(step.getKey(), step.getValue()));
                last[0] = (ObjectNode) chain.proceed();
                return selection == null ? ListPage.ofJson(last[0]) : selection.page();
              },
              page -> {
                read[0] += page.size();
                return selection == null
                    ? use.test(page)
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

  private static void restore(ToolCallContext context, ObjectNode given) {
    for (Map.Entry<String, JsonNode> argument : context.arguments().deepCopy().properties()) {
      @Nullable JsonNode before = given.get(argument.getKey());
      context.set(argument.getKey(), before);
    }
  }
}
