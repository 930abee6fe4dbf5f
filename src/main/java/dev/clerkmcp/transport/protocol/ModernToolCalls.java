package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clerkmcp.registry.InputRequiredException;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.transport.jsonrpc.InvalidParamsException;
import dev.clerkmcp.transport.jsonrpc.JsonRpcErrorCode;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves {@code tools/call} of the modern era. */
final class ModernToolCalls {
  private final ModernResultWriter results;
  private final MessageWriter writer;
  private final ToolResultWriter texts;

  /**
   * Serves calls.
   *
   * @param toolFilter which of the tools tell hosts what they answer
   */
  ModernToolCalls(ToolFilter toolFilter, ModernResultWriter results, MessageWriter writer) {
    this.results = results;
    this.writer = writer;
    this.texts = new ToolResultWriter(toolFilter, results);
  }

  /** Begins a call and returns. */
  void serve(ToolCallHandler calls, @Nullable String params, PendingResponse response) {
    RequestMeta meta = RequestMeta.of(params);
    if (RawJson.find(params, "requestState") != null && !meta.client().asksByForm()) {
      response.error(
          JsonRpcErrorCode.MISSING_CLIENT_CAPABILITY,
          "An answer to a question comes from a client that can ask: declare elicitation",
          "{\"requiredCapabilities\":{\"elicitation\":{\"form\":{}}}}");
      return;
    }
    calls.serve(params, response, call -> serve(call, params, meta));
  }

  private void serve(ToolCall call, @Nullable String params, RequestMeta meta)
      throws JsonProcessingException {
    ModernClient caller;
    try {
      caller = ModernClient.of(meta, params);
    } catch (InvalidParamsException e) {
      call.response().error(JsonRpcErrorCode.INVALID_PARAMS, String.valueOf(e.getMessage()));
      return;
    }
    ToolDefinition tool = call.tool();
    LogNotifier log = new LogNotifier(writer, meta.logLevel(), call.response());
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
      call.response().result(texts.of(tool, result));
    } catch (InputRequiredException e) {
      log.tell(LogLevel.INFO, tool, "A person has to agree first");
      call.response().result(results.inputRequired(e));
    }
  }
}
