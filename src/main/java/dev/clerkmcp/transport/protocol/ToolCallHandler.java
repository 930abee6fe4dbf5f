package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.transport.jsonrpc.FailureLog;
import dev.clerkmcp.transport.jsonrpc.JsonRpcErrorCode;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Serves {@code tools/call} for every era: each call on a thread of the pool, answered once. */
final class ToolCallHandler {
  private final Supplier<ToolRegistry> registry;
  private final CallThreadPool pool;
  private final ProgressNotifier progress;

  /**
   * Serves calls of a registry that may still be under construction.
   *
   * @param pool runs the calls
   */
  ToolCallHandler(Supplier<ToolRegistry> registry, CallThreadPool pool, ProgressNotifier progress) {
    this.registry = registry;
    this.pool = pool;
    this.progress = progress;
  }

  /**
   * Begins a call and returns.
   *
   * @param dispatch carries the call through the era, on the call's thread, and answers it
   */
  void serve(@Nullable String params, PendingResponse response, Dispatch dispatch) {
    begin(params, response, invocation -> serve(params, response, invocation, dispatch));
  }

  /** The registry; it may have to be waited for. */
  ToolRegistry tools() {
    return registry.get();
  }

  /**
   * Has the pool work on a request and returns. Cancelling the request cancels the work, and
   * whatever becomes of the work, the request is answered.
   *
   * @param params what the work holds in memory
   */
  void begin(@Nullable String params, PendingResponse response, Work work) {
    Invocation invocation = new Invocation(pool, Caller.UNKNOWN);
    response.onCancel(invocation::cancel);
    try {
      int characters = params == null ? 0 : params.length();
      response.onCancel(pool.submit(() -> run(work, invocation, response), characters));
    } catch (RejectedExecutionException e) {
      response.error(JsonRpcErrorCode.INTERNAL_ERROR, "The server is busy: " + e.getMessage());
    }
  }

  private static void run(Work work, Invocation invocation, PendingResponse response) {
    try {
      invocation.checkCancelled(); // the call may have waited in the queue
      work.run(invocation);
      response.error(
          JsonRpcErrorCode.INTERNAL_ERROR, "The call came to no answer"); // unless it did
    } catch (CancellationException e) {
      response.error(JsonRpcErrorCode.INTERNAL_ERROR, "The call was cancelled");
    } catch (JsonProcessingException e) { // beyond the limits of the parser behind the scanner
      response.error(
          JsonRpcErrorCode.INVALID_PARAMS,
          "params cannot be read: a name has half of a surrogate pair, or a text is too long");
    } catch (Throwable e) { // whatever happens, the client gets an answer
      FailureLog.log("A call could not be served", e);
      response.error(JsonRpcErrorCode.INTERNAL_ERROR, "The server could not serve this call");
    }
  }

  /** Runs {@code late} if the request has not ended after that time. */
  void limit(Duration time, PendingResponse response, Runnable late) {
    CompletableFuture<@Nullable Void> alarm =
        new CompletableFuture<@Nullable Void>()
            .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
    response.beforeEnd(() -> alarm.cancel(false));
    CompletableFuture<?> unused = alarm.thenRunAsync(late);
  }

  /** How an era runs a call and answers it. */
  interface Dispatch {
    void accept(ToolCall call) throws JsonProcessingException;
  }

  /** What is done for a request. */
  interface Work {
    void run(Invocation invocation) throws JsonProcessingException;
  }

  private void serve(
      @Nullable String params, PendingResponse response, Invocation invocation, Dispatch dispatch)
      throws JsonProcessingException {
    JsonNode call = Json.read(params == null ? "null" : params);
    String name = call.path("name").textValue();
    if (name == null) {
      response.error(JsonRpcErrorCode.INVALID_PARAMS, "tools/call needs the name of a tool");
      return;
    }
    ToolRegistry tools = tools();
    ToolDefinition tool = tools.find(name);
    if (tool == null) {
      unknownTool(name, tools.nearest(name), response);
      return;
    }
    JsonNode arguments = call.path("arguments");
    JsonNode meta = call.path("_meta");
    invocation.traceAs(meta.path("traceparent").textValue());
    progress.start(meta.path("progressToken"), invocation::waitingFor, response);
    dispatch.accept(
        new ToolCall(
            tools,
            tool,
            name,
            arguments.isMissingNode() ? NullNode.getInstance() : arguments,
            invocation,
            response));
  }

  private static void unknownTool(String name, List<String> nearest, PendingResponse response) {
    String shown = QuotedText.plain(name);
    ObjectNode data = Json.object().put("requested", shown);
    nearest.forEach(data.putArray("nearest")::add);
    response.error(
        JsonRpcErrorCode.INVALID_PARAMS,
        "Unknown tool: " + shown + NameSuggestions.hint(nearest),
        data.toString());
  }
}
