package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.export.ExportFile;
import dev.clerkmcp.export.ExportFolder;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads all pages of a list, into the answer or into a file, if the caller asks for it. */
public final class PagingInterceptor implements ToolInterceptor {
  private static final int SAMPLE = 3;
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
    if (options.export() != null) {
      return exported(chain, options.export());
    }
    return options.all() ? all(chain) : chain.proceed();
  }

  /** Stops when the answer is full, because further pages could not be shown. */
  private JsonNode all(Chain chain) {
    ArrayNode rows = Json.array();
    long[] size = {0};
    ObjectNode last =
        walk(
            chain,
            page -> {
              page.forEach(rows::add);
              size[0] += TokenBudget.size(page);
              return size[0] <= budget.tokens();
            });
    last.set("data", rows);
    return last;
  }

  private JsonNode exported(Chain chain, String name) {
    try (ExportFile file = folder.begin(name, chain.context().options().fields())) {
      ArrayNode sample = Json.array();
      ObjectNode unused =
          walk(
              chain,
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
      return answer;
    }
  }

  /** Reads pages while more follow and {@code use} wants them, and returns the last one. */
  private static ObjectNode walk(Chain chain, Predicate<ArrayNode> use) {
    ToolCallContext context = chain.context();
    ObjectNode given = context.arguments().deepCopy();
    if (!given.has(LIMIT)) {
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
                return ListPage.ofJson(last[0]);
              },
              page -> {
                read[0] += page.size();
                return use.test(page);
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
