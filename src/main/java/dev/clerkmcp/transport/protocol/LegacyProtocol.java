package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.transport.jsonrpc.ClientRequests;
import dev.clerkmcp.transport.jsonrpc.JsonRpcErrorCode;
import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The protocol as it was until 2025-11-25: a session opened by {@code initialize}. What is the same
 * for every session is answered here from prepared JSON, while what calls need is built.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25">MCP 2025-11-25</a>
 */
public final class LegacyProtocol implements ProtocolHandler {
  /** Oldest first; the last is what a client with an unknown version is offered. */
  static final List<String> VERSIONS =
      List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");

  private static final String LAST_WITH_BATCHES = "2025-03-26";

  private static final String BEFORE_SESSION =
      "A session begins with initialize; since 2026-07-28 there is none, and each request names its"
          + " version in _meta, as io.modelcontextprotocol/protocolVersion";

  private static final Set<String> METHODS =
      Set.of(
          "ping",
          "initialize",
          "tools/list",
          "tools/call",
          "resources/list",
          "resources/templates/list",
          "resources/read",
          "prompts/list",
          "prompts/get",
          "completion/complete");

  private final ServerInfo card;
  private final Supplier<ToolFilter> toolFilter;
  private final WarmUp warmUp;
  private final ResultWriter results;
  private final ClientRequests clientRequests;
  private volatile @Nullable Session session;
  private @Nullable String toolList;
  private @Nullable ToolResultWriter texts;
  private @Nullable FeatureHandler features;

  /**
   * Prepares for a session.
   *
   * @param toolFilter the tools that are listed, and those that are off
   */
  public LegacyProtocol(
      ServerInfo card, Supplier<ToolFilter> toolFilter, WarmUp warmUp, MessageWriter writer) {
    this.card = card;
    this.toolFilter = toolFilter;
    this.warmUp = warmUp;
    this.clientRequests = new ClientRequests(writer);
    this.results = new LegacyResultWriter(card);
  }

  /**
   * What the newest {@code initialize} said. Bridges share one process among several clients, so
   * there may be more than one; calls that run meanwhile keep the client that made them.
   */
  private record Session(String version, LegacyClient caller) {}

  /** Whether a line may hold several messages: until a session has a version without batches. */
  public boolean allowsBatches() {
    Session open = session;
    return open == null || open.version().compareTo(LAST_WITH_BATCHES) <= 0;
  }

  @Override
  public void handle(JsonRpcMessage.Request request, PendingResponse reply) {
    String method = request.method();
    if (method.equals("ping")) {
      reply.result("{}");
    } else if (method.equals("initialize")) {
      initialize(request.params(), reply);
    } else if (session == null) {
      reply.error(JsonRpcErrorCode.INVALID_REQUEST, BEFORE_SESSION);
    } else if (!METHODS.contains(method)) {
      reply.error(
          JsonRpcErrorCode.METHOD_NOT_FOUND, "There is no method " + QuotedText.plain(method));
    } else if (method.equals("tools/list")) {
      listTools(request.params(), reply);
    } else if (method.equals("tools/call")) {
      call(warmUp.calls(), request.params(), reply);
    } else {
      features().serve(request, reply);
    }
  }

  @Override
  public void call(ToolCallHandler calls, @Nullable String params, PendingResponse reply) {
    Session open = session;
    Caller caller = open == null ? Caller.UNKNOWN : open.caller();
    calls.serve(params, reply, call -> reply.result(texts().of(call.tool(), call.run(caller))));
  }

  @Override
  public void handle(JsonRpcMessage.Response response) {
    clientRequests.receive(response);
  }

  @Override
  public void end() {
    clientRequests.end();
  }

  private void initialize(@Nullable String params, PendingResponse reply) {
    String wanted = RawJson.findScalar(params, "protocolVersion");
    if (params == null || wanted == null || !wanted.startsWith("\"")) {
      reply.error(JsonRpcErrorCode.INVALID_PARAMS, "initialize needs a protocolVersion");
      return;
    }
    String latest = VERSIONS.get(VERSIONS.size() - 1);
    String asked = wanted.substring(1, wanted.length() - 1);
    String version = VERSIONS.contains(asked) ? asked : latest;
    session = new Session(version, LegacyClient.of(params, clientRequests));
    reply.result(
        results.of(
            "\"protocolVersion\":\""
                + version
                + "\",\"capabilities\":{\"tools\":{},\"prompts\":{},\"resources\":{},\"completions\":{}},\"serverInfo\":"
                + card.serverInfo()
                + ",\"instructions\":"
                + RawJson.quote(card.instructions())));
  }

  private synchronized ToolResultWriter texts() {
    if (texts == null) {
      texts = new ToolResultWriter(toolFilter.get(), results);
    }
    return texts;
  }

  /** Made only when a client asks, so that no handshake waits for it. */
  private FeatureHandler features() {
    if (features == null) {
      features =
          new FeatureHandler(
              results, toolFilter.get(), warmUp, JsonRpcErrorCode.RESOURCE_NOT_FOUND);
    }
    return features;
  }

  private void listTools(@Nullable String params, PendingResponse reply) {
    if (RawJson.findScalar(params, "cursor") != null) {
      reply.error(
          JsonRpcErrorCode.INVALID_PARAMS, "The tools are listed on one page; there is no cursor");
      return;
    }
    if (toolList == null) {
      toolList = results.of(ToolList.members(toolFilter.get().listed()));
    }
    reply.result(toolList);
    warmUp.clientIsServed(this);
  }
}
