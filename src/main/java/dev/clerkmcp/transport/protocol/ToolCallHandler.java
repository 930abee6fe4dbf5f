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
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.transport.jsonrpc.FailureLog;
import dev.clerkmcp.transport.jsonrpc.JsonRpcError;
import dev.clerkmcp.transport.jsonrpc.JsonRpcError.InvalidParamsException;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code tools/call} and other requests that call tools: runs each on the thread pool,
 * cancels the work when the request is cancelled, and makes sure that the request gets a response.
 */
final class ToolCallHandler {
  private final Supplier<ToolRegistry> registry;
  private final CallThreadPool pool;
  private final ProgressNotifier progress;

  /**
   * Creates a handler.
   *
   * @param registry the tools; blocks while they are being built
   */
  ToolCallHandler(Supplier<ToolRegistry> registry, CallThreadPool pool, ProgressNotifier progress) {
    this.registry = registry;
    this.pool = pool;
    this.progress = progress;
  }

  /**
   * A {@code tools/call} whose tool has been found.
   *
   * @param calledAs the tool's name, or the alias that the client used
   */
  record ToolCall(
      ToolRegistry registry,
      ToolDefinition tool,
      String calledAs,
      JsonNode arguments,
      Invocation invocation,
      PendingResponse response) {
    /** Runs the tool on the current thread. */
    ToolResult run(Caller caller) {
      return registry.call(tool, calledAs, arguments, invocation.from(caller));
    }
  }

  /** Runs a tool call as one protocol requires, and responds to it. */
  interface Dispatch {
    void accept(ToolCall call) throws JsonProcessingException, InvalidParamsException;
  }

  /** Does the work for a request, given its parameters, and responds to it. */
  interface Work {
    void run(JsonNode params, Invocation invocation)
        throws JsonProcessingException, InvalidParamsException;
  }

  /**
   * Begins a tool call and returns.
   *
   * @param dispatch runs on the thread of the call
   */
  void serve(@Nullable String params, PendingResponse response, Dispatch dispatch) {
    begin(
        params,
        Caller.UNKNOWN, // the dispatch knows it
        response,
        (call, invocation) -> serve(call, response, invocation, dispatch));
  }

  /** The tools; blocks while they are being built. */
  ToolRegistry tools() {
    return registry.get();
  }

  /** Begins the work for a request on a thread of the pool, and returns. */
  void begin(@Nullable String params, Caller caller, PendingResponse response, Work work) {
    Invocation invocation = new Invocation(pool, caller);
    response.onCancel(invocation::cancel);
    try {
      int characters = params == null ? 0 : params.length();
      response.onCancel(pool.submit(() -> run(work, params, invocation, response), characters));
    } catch (RejectedExecutionException e) {
      response.error(JsonRpcError.INTERNAL_ERROR, "The server is busy: " + e.getMessage());
    }
  }

  private static void run(
      Work work, @Nullable String params, Invocation invocation, PendingResponse response) {
    try {
      invocation.checkCancelled(); // the request may have waited in the queue
      work.run(params == null ? Json.object() : Json.readStrictly(params), invocation);
      response.error( // ignored if the work has responded
          JsonRpcError.INTERNAL_ERROR, "The call produced no result");
    } catch (CancellationException e) {
      response.error(JsonRpcError.INTERNAL_ERROR, "The call was cancelled");
    } catch (InvalidParamsException e) {
      response.error(JsonRpcError.INVALID_PARAMS, String.valueOf(e.getMessage()));
    } catch (JsonProcessingException e) { // Jackson is stricter than the scanner
      response.error(
          JsonRpcError.INVALID_PARAMS,
          Json.isDuplicateField(e)
              ? "params have an object that names %s twice; give each field once"
                  .formatted(QuotedText.plain(Json.duplicateField(e)))
              : "params cannot be read: a name has half of a surrogate pair, or a text is too long");
    } catch (Throwable e) { // the request must get a response
      FailureLog.log("A call could not be served", e);
      response.error(JsonRpcError.INTERNAL_ERROR, "The server could not serve this call");
    }
  }

  /** Runs {@code onTimeout} if the request has no response after that time. */
  void limit(Duration time, PendingResponse response, Runnable onTimeout) {
    CompletableFuture<@Nullable Void> timer =
        new CompletableFuture<@Nullable Void>()
            .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
    response.beforeEnd(() -> timer.cancel(false));
    CompletableFuture<?> unused = timer.thenRunAsync(onTimeout);
  }

  private void serve(
      JsonNode call, PendingResponse response, Invocation invocation, Dispatch dispatch)
      throws JsonProcessingException, InvalidParamsException {
    String name = call.path("name").textValue();
    if (name == null) {
      response.error(JsonRpcError.INVALID_PARAMS, "tools/call needs the name of a tool");
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
        JsonRpcError.INVALID_PARAMS,
        "Unknown tool: " + shown + NameSuggestions.hint(nearest),
        data.toString());
  }
}
