package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.transport.jsonrpc.InvalidParamsException;
import dev.clerkmcp.transport.jsonrpc.JsonRpcErrorCode;
import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import dev.clerkmcp.transport.jsonrpc.Params;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What the server offers beside tools: prompts, resources, and the completion of their arguments.
 * The lists are answered at once, before anything is loaded that only the rest needs; that is
 * answered on a thread of its own.
 */
final class FeatureHandler {
  private final ResultWriter results;
  private final ToolFilter toolFilter;
  private final WarmUp warmUp;
  private final int notFound;
  private final Prompts prompts;
  private @Nullable Resources resources;
  private @Nullable CompletionHandler completions;

  /**
   * Offers what the selection allows.
   *
   * @param results how the era writes what is offered
   * @param warmUp has what runs the tools that resources and completions are made from
   * @param notFound the error code for a resource that there is not
   */
  FeatureHandler(ResultWriter results, ToolFilter toolFilter, WarmUp warmUp, int notFound) {
    this.results = results;
    this.toolFilter = toolFilter;
    this.warmUp = warmUp;
    this.notFound = notFound;
    this.prompts = new Prompts(toolFilter);
  }

  /** Answers a request for prompts, resources or a completion. */
  void serve(JsonRpcMessage.Request request, PendingResponse response) {
    switch (request.method()) {
      case "prompts/list" -> list(request, prompts.members(), response);
      case "resources/list" -> list(request, ClerkResource.members(toolFilter), response);
      case "resources/templates/list" ->
          list(request, ToolResources.templateMembers(toolFilter), response);
      case "prompts/get" ->
          warmUp.calls().begin(request.params(), response, call -> getPrompt(request, response));
      case "resources/read" -> readResource(request, response);
      case "completion/complete" -> complete(request, response);
      default ->
          response.error(
              JsonRpcErrorCode.METHOD_NOT_FOUND,
              "There is no method " + QuotedText.plain(request.method()));
    }
  }

  private void readResource(JsonRpcMessage.Request request, PendingResponse response) {
    ToolCallHandler calls = warmUp.calls();
    if (resources == null) {
      resources = new Resources(toolFilter, results, calls, notFound);
    }
    Resources offered = resources;
    calls.begin(
        request.params(),
        response,
        invocation -> offered.read(request.params(), response, invocation));
  }

  private void complete(JsonRpcMessage.Request request, PendingResponse response) {
    ToolCallHandler calls = warmUp.calls();
    if (completions == null) {
      completions = new CompletionHandler(prompts, toolFilter, results, calls);
    }
    CompletionHandler offered = completions;
    calls.begin(
        request.params(),
        response,
        invocation -> offered.complete(request.params(), response, invocation));
  }

  private void list(JsonRpcMessage.Request request, String members, PendingResponse response) {
    if (RawJson.findScalar(request.params(), "cursor") != null) {
      response.error(
          JsonRpcErrorCode.INVALID_PARAMS, "Everything is listed on one page; there is no cursor");
      return;
    }
    response.result(results.lasting(members));
  }

  private void getPrompt(JsonRpcMessage.Request request, PendingResponse response)
      throws JsonProcessingException {
    try {
      response.result(results.of(prompts.get(Params.of(request.params()))));
    } catch (InvalidParamsException e) {
      response.error(JsonRpcErrorCode.INVALID_PARAMS, String.valueOf(e.getMessage()));
    }
  }
}
