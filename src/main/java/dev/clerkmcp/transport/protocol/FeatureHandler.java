package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.transport.jsonrpc.JsonRpcError;
import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Serves the features of MCP besides tools: prompts, resources, and the completion of their
 * arguments. Lists are served at once, without loading a library; the rest is served on the thread
 * pool.
 */
final class FeatureHandler {
  private final ResultWriter results;
  private final ToolFilter toolFilter;
  private final WarmUp warmUp;
  private final int resourceNotFound;
  private final Prompts prompts;
  private @Nullable Resources resources;
  private @Nullable CompletionHandler completions;

  /**
   * Offers the features whose tools are enabled.
   *
   * @param warmUp has the tools that read resources and completions
   * @param resourceNotFound the error code for a resource that does not exist
   */
  FeatureHandler(ResultWriter results, ToolFilter toolFilter, WarmUp warmUp, int resourceNotFound) {
    this.results = results;
    this.toolFilter = toolFilter;
    this.warmUp = warmUp;
    this.resourceNotFound = resourceNotFound;
    this.prompts = new Prompts(toolFilter);
  }

  /** Serves a request for prompts, resources or a completion; any other method is unknown. */
  void serve(JsonRpcMessage.Request request, Caller caller, PendingResponse response) {
    switch (request.method()) {
      case "prompts/list" -> list(request, prompts.members(), response);
      case "resources/list" -> list(request, ClerkResource.members(toolFilter), response);
      case "resources/templates/list" ->
          list(request, ClerkResource.templateMembers(toolFilter), response);
      case "prompts/get" ->
          warmUp
              .toolCalls()
              .begin(
                  request.params(),
                  caller,
                  response,
                  (params, invocation) -> response.result(results.result(prompts.get(params))));
      case "resources/read" -> readResource(request, caller, response);
      case "completion/complete" -> complete(request, caller, response);
      default ->
          response.error(
              JsonRpcError.METHOD_NOT_FOUND,
              "There is no method " + QuotedText.plain(request.method()));
    }
  }

  private void readResource(
      JsonRpcMessage.Request request, Caller caller, PendingResponse response) {
    ToolCallHandler calls = warmUp.toolCalls();
    if (resources == null) {
      resources = new Resources(toolFilter, results, calls, resourceNotFound);
    }
    Resources reader = resources;
    calls.begin(
        request.params(),
        caller,
        response,
        (params, invocation) -> reader.read(params, response, invocation));
  }

  private void complete(JsonRpcMessage.Request request, Caller caller, PendingResponse response) {
    ToolCallHandler calls = warmUp.toolCalls();
    if (completions == null) {
      completions = new CompletionHandler(prompts, toolFilter, results, calls);
    }
    CompletionHandler handler = completions;
    calls.begin(
        request.params(),
        caller,
        response,
        (params, invocation) -> handler.complete(params, response, invocation));
  }

  private void list(JsonRpcMessage.Request request, String members, PendingResponse response) {
    if (RawJson.findScalar(request.params(), "cursor") != null) {
      response.error(
          JsonRpcError.INVALID_PARAMS, "Everything is listed on one page, so cursors are invalid");
      return;
    }
    response.result(results.cacheable(members));
  }
}
