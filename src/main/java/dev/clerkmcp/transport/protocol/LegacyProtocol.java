package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.transport.jsonrpc.ClientRequests;
import dev.clerkmcp.transport.jsonrpc.JsonRpcError;
import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves MCP until version 2025-11-25: a session that begins with {@code initialize}, during which
 * the server may send requests to the client. The handshake and the lists are served from prepared
 * JSON while the tools are still being built.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25">MCP 2025-11-25</a>
 */
public final class LegacyProtocol extends ProtocolHandler {
  /**
   * The supported versions, oldest first. A client that asks for another one is offered the last.
   */
  static final List<String> VERSIONS =
      List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");

  private static final String LAST_WITH_BATCHES = "2025-03-26";

  private static final String NO_SESSION =
      "A session begins with initialize. Since MCP 2026-07-28 there are no sessions: each request"
          + " names its version in _meta, as io.modelcontextprotocol/protocolVersion";

  private final ClientRequests clientRequests;
  private volatile @Nullable Session session;

  /**
   * Creates a handler.
   *
   * @param toolFilter which tools are listed, and which are disabled
   */
  public LegacyProtocol(
      ServerInfo serverInfo, Supplier<ToolFilter> toolFilter, WarmUp warmUp, MessageWriter writer) {
    super(
        serverInfo,
        toolFilter,
        warmUp,
        new ResultWriter.Legacy(serverInfo),
        JsonRpcError.RESOURCE_NOT_FOUND);
    this.clientRequests = new ClientRequests(writer);
  }

  /**
   * The data of the newest {@code initialize}. A bridge may share one process among several
   * clients, so there may be more than one; a running call keeps the client that made it.
   */
  private record Session(String version, LegacyClient client) {}

  /**
   * The client of a session, whose user is asked while the call waits.
   *
   * @param canAsk whether the client can show its user a form
   */
  private record LegacyClient(String name, boolean canAsk, ClientRequests requests)
      implements Caller {
    @Override
    public boolean callsAgain() {
      return true;
    }

    @Override
    public CompletableFuture<Answer> ask(String question) {
      return requests.ask(question);
    }
  }

  /** Whether a line may be a batch: yes, until a session begins with a version without batches. */
  public boolean allowsBatches() {
    Session open = session;
    return open == null || open.version().compareTo(LAST_WITH_BATCHES) <= 0;
  }

  @Override
  public void handle(JsonRpcMessage.Request request, PendingResponse response) {
    String method = request.method();
    Session open = session;
    if (method.equals("ping")) {
      response.result("{}");
    } else if (method.equals("initialize")) {
      initialize(request.params(), response);
    } else if (open == null) {
      response.error(JsonRpcError.INVALID_REQUEST, NO_SESSION);
    } else if (method.equals("tools/list")) {
      listTools(request.params(), response);
    } else if (method.equals("tools/call")) {
      call(warmUp.toolCalls(), request.params(), response);
    } else {
      serveFeature(request, open.client().name(), response);
    }
  }

  @Override
  void call(ToolCallHandler calls, @Nullable String params, PendingResponse response) {
    Session open = session;
    Caller caller = open == null ? Caller.UNKNOWN : open.client();
    calls.serve(
        params, response, call -> response.result(toolResult(call.tool(), call.run(caller))));
  }

  /** Takes the client's response to a request of the server, without blocking. */
  public void handle(JsonRpcMessage.Response response) {
    clientRequests.receive(response);
  }

  @Override
  public void end() {
    clientRequests.end();
  }

  private void initialize(@Nullable String params, PendingResponse response) {
    String wanted = RawJson.findScalar(params, "protocolVersion");
    if (params == null || wanted == null || !wanted.startsWith("\"")) {
      response.error(JsonRpcError.INVALID_PARAMS, "initialize needs a protocolVersion");
      return;
    }
    String latest = VERSIONS.get(VERSIONS.size() - 1);
    String asked = wanted.substring(1, wanted.length() - 1);
    String version = VERSIONS.contains(asked) ? asked : latest;
    ClientInfo info =
        new ClientInfo(RawJson.find(params, "clientInfo"), RawJson.find(params, "capabilities"));
    session =
        new Session(version, new LegacyClient(info.name(), info.asksByForm(), clientRequests));
    response.result(
        results.result(
            "\"protocolVersion\":\""
                + version
                + "\",\"capabilities\":{\"tools\":{},\"prompts\":{},\"resources\":{},\"completions\":{}},\"serverInfo\":"
                + serverInfo.json()
                + ",\"instructions\":"
                + RawJson.quote(serverInfo.instructions())));
  }
}
