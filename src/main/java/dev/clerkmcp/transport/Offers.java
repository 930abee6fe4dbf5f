package dev.clerkmcp.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clerkmcp.registry.Selection;

/**
 * What the server offers beside tools: prompts, resources, and the completion of their arguments.
 * The lists are answered from prepared JSON at once, everything else on a thread of its own.
 */
final class Offers {
  private final ToolCalls calls;
  private final Prompts prompts;
  private final String promptList;
  private final Resources resources;
  private final Completions completions;
  private final Results results;

  /**
   * Offers what the selection allows.
   *
   * @param results how the era writes what is offered
   * @param calls runs the tools that resources and completions are made from
   * @param notFound the error code for a resource that there is not
   */
  Offers(Results results, Selection selection, ToolCalls calls, int notFound) {
    this.results = results;
    this.calls = calls;
    this.prompts = new Prompts(selection);
    this.promptList = prompts.members();
    this.resources = new Resources(selection, results, calls, notFound);
    this.completions = new Completions(prompts, selection, results, calls);
  }

  /** Answers a request for prompts, resources or a completion. */
  void serve(Message.Request request, Reply reply) {
    switch (request.method()) {
      case "prompts/list" -> list(request, promptList, reply);
      case "prompts/get" -> calls.begin(reply, invocation -> getPrompt(request, reply));
      case "resources/list" -> list(request, resources.listMembers(), reply);
      case "resources/templates/list" -> list(request, resources.templateMembers(), reply);
      case "resources/read" ->
          calls.begin(reply, invocation -> resources.read(request.params(), reply, invocation));
      case "completion/complete" ->
          calls.begin(
              reply, invocation -> completions.complete(request.params(), reply, invocation));
      default -> reply.error(ErrorCode.METHOD_NOT_FOUND, "There is no method " + request.method());
    }
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
