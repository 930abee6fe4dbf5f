package dev.clerkmcp.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clerkmcp.registry.Selection;
import dev.clerkmcp.registry.ShownText;
import org.jspecify.annotations.Nullable;

/**
 * What the server offers beside tools: prompts, resources, and the completion of their arguments.
 * The lists are answered at once, before anything is loaded that only the rest needs; that is
 * answered on a thread of its own.
 */
final class Offers {
  private final Results results;
  private final Selection selection;
  private final Backstage backstage;
  private final int notFound;
  private final Prompts prompts;
  private @Nullable Resources resources;
  private @Nullable Completions completions;

  /**
   * Offers what the selection allows.
   *
   * @param results how the era writes what is offered
   * @param backstage has what runs the tools that resources and completions are made from
   * @param notFound the error code for a resource that there is not
   */
  Offers(Results results, Selection selection, Backstage backstage, int notFound) {
    this.results = results;
    this.selection = selection;
    this.backstage = backstage;
    this.notFound = notFound;
    this.prompts = new Prompts(selection);
  }

  /** Answers a request for prompts, resources or a completion. */
  void serve(Message.Request request, Reply reply) {
    switch (request.method()) {
      case "prompts/list" -> list(request, prompts.members(), reply);
      case "resources/list" -> list(request, DataResource.members(selection), reply);
      case "resources/templates/list" ->
          list(request, ToolResources.templateMembers(selection), reply);
      case "prompts/get" ->
          backstage.calls().begin(request.params(), reply, call -> getPrompt(request, reply));
      case "resources/read" -> readResource(request, reply);
      case "completion/complete" -> complete(request, reply);
      default ->
          reply.error(
              ErrorCode.METHOD_NOT_FOUND,
              "There is no method " + ShownText.plain(request.method()));
    }
  }

  private void readResource(Message.Request request, Reply reply) {
    ToolCalls calls = backstage.calls();
    if (resources == null) {
      resources = new Resources(selection, results, calls, notFound);
    }
    Resources offered = resources;
    calls.begin(
        request.params(), reply, invocation -> offered.read(request.params(), reply, invocation));
  }

  private void complete(Message.Request request, Reply reply) {
    ToolCalls calls = backstage.calls();
    if (completions == null) {
      completions = new Completions(prompts, selection, results, calls);
    }
    Completions offered = completions;
    calls.begin(
        request.params(),
        reply,
        invocation -> offered.complete(request.params(), reply, invocation));
  }

  private void list(Message.Request request, String members, Reply reply) {
    if (JsonText.findScalar(request.params(), "cursor") != null) {
      reply.error(ErrorCode.INVALID_PARAMS, "Everything is listed on one page; there is no cursor");
      return;
    }
    reply.result(results.lasting(members));
  }

  private void getPrompt(Message.Request request, Reply reply) throws JsonProcessingException {
    try {
      reply.result(results.of(prompts.get(Params.of(request.params()))));
    } catch (InvalidParams e) {
      reply.error(ErrorCode.INVALID_PARAMS, String.valueOf(e.getMessage()));
    }
  }
}
