package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.transport.jsonrpc.JsonRpcErrorCode;
import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The protocol since 2026-07-28: no session, and every request says of itself what it needs. Spoken
 * without the SDK, whose server for it knows no stdio; what can be is answered from prepared JSON.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28">MCP 2026-07-28</a>
 */
public final class ModernProtocol implements ProtocolHandler {
  static final String VERSION = "2026-07-28";

  /** How much of a version that is not spoken is said back. */
  private static final int MAX_QUOTED = 100;

  private final ServerInfo card;
  private final Supplier<ToolFilter> toolFilter;
  private final WarmUp warmUp;
  private final MessageWriter writer;
  private final ModernResultWriter results;
  private final Subscriptions subscriptions;
  private @Nullable String toolList;
  private @Nullable ModernToolCalls modernCalls;
  private @Nullable FeatureHandler features;

  /**
   * Prepares to serve.
   *
   * @param toolFilter the tools that are listed, and those that are off
   */
  public ModernProtocol(
      ServerInfo card, Supplier<ToolFilter> toolFilter, WarmUp warmUp, MessageWriter writer) {
    this.card = card;
    this.toolFilter = toolFilter;
    this.warmUp = warmUp;
    this.writer = writer;
    this.results = new ModernResultWriter(card);
    this.subscriptions = new Subscriptions(writer, results);
  }

  @Override
  public void handle(JsonRpcMessage.Request request, PendingResponse reply) {
    RequestMeta meta = RequestMeta.of(request.params());
    String version = meta.version();
    if (version != null && !version.equals(VERSION)) {
      reply.error(
          JsonRpcErrorCode.UNSUPPORTED_VERSION,
          "Unsupported protocol version",
          "{\"supported\":[\"%s\"],\"requested\":%s}"
              .formatted(
                  VERSION,
                  RawJson.quote(version.substring(0, Math.min(version.length(), MAX_QUOTED)))));
      return;
    }
    String problem = meta.problem();
    if (problem != null) {
      reply.error(JsonRpcErrorCode.INVALID_PARAMS, problem);
      return;
    }
    switch (request.method()) {
      case RequestMeta.DISCOVER -> reply.result(discovery());
      case RequestMeta.LISTEN -> subscriptions.listen(request.id(), request.params(), reply);
      case "tools/list" -> listTools(request.params(), reply);
      case "tools/call" -> call(warmUp.calls(), request.params(), reply);
      default -> features().serve(request, reply);
    }
  }

  @Override
  public void call(ToolCallHandler calls, @Nullable String params, PendingResponse reply) {
    modernCalls().serve(calls, params, reply);
  }

  /** Nothing is asked of a client in this era, so it has nothing to answer. */
  @Override
  public void handle(JsonRpcMessage.Response response) {}

  @Override
  public void end() {
    subscriptions.end();
  }

  private String discovery() {
    return results.lasting(
        "\"supportedVersions\":[\""
            + VERSION
            + "\"],\"capabilities\":{\"tools\":{},\"prompts\":{},\"resources\":{},\"completions\":{},\"logging\":{}},\"instructions\":"
            + RawJson.quote(card.instructions()));
  }

  private void listTools(@Nullable String params, PendingResponse reply) {
    if (RawJson.findScalar(params, "cursor") != null) {
      reply.error(
          JsonRpcErrorCode.INVALID_PARAMS, "The tools are listed on one page; there is no cursor");
      return;
    }
    if (toolList == null) {
      toolList = results.lasting(ToolList.members(toolFilter.get().listed()));
    }
    reply.result(toolList);
    warmUp.clientIsServed(this);
  }

  private synchronized ModernToolCalls modernCalls() {
    if (modernCalls == null) {
      modernCalls = new ModernToolCalls(toolFilter.get(), results, writer);
    }
    return modernCalls;
  }

  /** Made only when a client asks, so that no handshake waits for it. */
  private FeatureHandler features() {
    if (features == null) {
      features =
          new FeatureHandler(results, toolFilter.get(), warmUp, JsonRpcErrorCode.INVALID_PARAMS);
    }
    return features;
  }
}
