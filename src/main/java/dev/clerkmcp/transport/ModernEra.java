package dev.clerkmcp.transport;

import dev.clerkmcp.registry.Selection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The protocol since 2026-07-28: no session, and every request says of itself what it needs. Spoken
 * without the SDK, whose server for it knows no stdio; what can be is answered from prepared JSON.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28">MCP 2026-07-28</a>
 */
final class ModernEra implements Era {
  static final String VERSION = "2026-07-28";

  /** How much of a version that is not spoken is said back. */
  private static final int MAX_QUOTED = 100;

  private final ServerCard card;
  private final Supplier<Selection> selection;
  private final Backstage backstage;
  private final Outlet outlet;
  private final ModernResults results;
  private final Subscriptions subscriptions;
  private @Nullable String toolList;
  private @Nullable ModernCalls modernCalls;
  private @Nullable Offers offers;

  /**
   * Prepares to serve.
   *
   * @param selection the tools that are listed, and those that are off
   */
  ModernEra(ServerCard card, Supplier<Selection> selection, Backstage backstage, Outlet outlet) {
    this.card = card;
    this.selection = selection;
    this.backstage = backstage;
    this.outlet = outlet;
    this.results = new ModernResults(card);
    this.subscriptions = new Subscriptions(outlet, results);
  }

  @Override
  public void handle(Message.Request request, Reply reply) {
    RequestMeta meta = RequestMeta.of(request.params());
    String version = meta.version();
    if (version != null && !version.equals(VERSION)) {
      reply.error(
          ErrorCode.UNSUPPORTED_VERSION,
          "Unsupported protocol version",
          "{\"supported\":[\"%s\"],\"requested\":%s}"
              .formatted(
                  VERSION,
                  JsonText.quote(version.substring(0, Math.min(version.length(), MAX_QUOTED)))));
      return;
    }
    String problem = meta.problem();
    if (problem != null) {
      reply.error(ErrorCode.INVALID_PARAMS, problem);
      return;
    }
    switch (request.method()) {
      case RequestMeta.DISCOVER -> reply.result(discovery());
      case RequestMeta.LISTEN -> subscriptions.listen(request.id(), request.params(), reply);
      case "tools/list" -> listTools(request.params(), reply);
      case "tools/call" -> call(backstage.calls(), request.params(), reply);
      default -> offers().serve(request, reply);
    }
  }

  @Override
  public void call(ToolCalls calls, @Nullable String params, Reply reply) {
    modernCalls().serve(calls, params, reply);
  }

  /** Nothing is asked of a client in this era, so it has nothing to answer. */
  @Override
  public void handle(Message.Response response) {}

  @Override
  public void end() {
    subscriptions.end();
  }

  private String discovery() {
    return results.lasting(
        "\"supportedVersions\":[\""
            + VERSION
            + "\"],\"capabilities\":{\"tools\":{},\"prompts\":{},\"resources\":{},\"completions\":{},\"logging\":{}},\"instructions\":"
            + JsonText.quote(card.instructions()));
  }

  private void listTools(@Nullable String params, Reply reply) {
    if (JsonText.findScalar(params, "cursor") != null) {
      reply.error(ErrorCode.INVALID_PARAMS, "The tools are listed on one page; there is no cursor");
      return;
    }
    if (toolList == null) {
      toolList = results.lasting(ToolList.members(selection.get().listed()));
    }
    reply.result(toolList);
    backstage.clientIsServed(this);
  }

  private synchronized ModernCalls modernCalls() {
    if (modernCalls == null) {
      modernCalls = new ModernCalls(selection.get(), results, outlet);
    }
    return modernCalls;
  }

  /** Made only when a client asks, so that no handshake waits for it. */
  private Offers offers() {
    if (offers == null) {
      offers = new Offers(results, selection.get(), backstage, ErrorCode.INVALID_PARAMS);
    }
    return offers;
  }
}
