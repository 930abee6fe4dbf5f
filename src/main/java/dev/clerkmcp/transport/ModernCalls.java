package dev.clerkmcp.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clerkmcp.registry.InputRequired;
import dev.clerkmcp.registry.Selection;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolResult;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves {@code tools/call} of the modern era. */
final class ModernCalls {
  private final ModernResults results;
  private final Outlet outlet;
  private final ResultText texts;

  /**
   * Serves calls.
   *
   * @param selection which of the tools tell hosts what they answer
   */
  ModernCalls(Selection selection, ModernResults results, Outlet outlet) {
    this.results = results;
    this.outlet = outlet;
    this.texts = new ResultText(selection, results);
  }

  /** Begins a call and returns. */
  void serve(ToolCalls calls, @Nullable String params, Reply reply) {
    RequestMeta meta = RequestMeta.of(params);
    if (JsonText.find(params, "requestState") != null && !meta.client().asksByForm()) {
      reply.error(
          ErrorCode.MISSING_CLIENT_CAPABILITY,
          "An answer to a question comes from a client that can ask: declare elicitation",
          "{\"requiredCapabilities\":{\"elicitation\":{\"form\":{}}}}");
      return;
    }
    calls.serve(params, reply, call -> serve(call, params, meta));
  }

  private void serve(ToolCall call, @Nullable String params, RequestMeta meta)
      throws JsonProcessingException {
    ModernCaller caller;
    try {
      caller = ModernCaller.of(meta, params);
    } catch (InvalidParams e) {
      call.reply().error(ErrorCode.INVALID_PARAMS, String.valueOf(e.getMessage()));
      return;
    }
    ToolDefinition tool = call.tool();
    RequestLog log = new RequestLog(outlet, meta.logLevel(), call.reply());
    call.invocation().onPause(reason -> log.tell(LogLevel.NOTICE, tool, reason));
    log.tell(LogLevel.DEBUG, tool, "Begun");
    long start = System.nanoTime();
    try {
      ToolResult result = call.run(caller);
      log.tell(
          result.isError() ? LogLevel.WARNING : LogLevel.INFO,
          tool,
          "%s after %s ms"
              .formatted(
                  result.isError() ? "Ended with an error" : "Done",
                  TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
      call.reply().result(texts.of(tool, result));
    } catch (InputRequired e) {
      log.tell(LogLevel.INFO, tool, "A person has to agree first");
      call.reply().result(results.inputRequired(e));
    }
  }
}
