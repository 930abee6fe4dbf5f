package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.transport.jsonrpc.JsonRpcError;
import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the requests of one generation of MCP: {@link LegacyProtocol} or {@link ModernProtocol}.
 * They differ in how a client introduces itself and how its user is asked. The list of tools, the
 * other features and the content of tool results are the same, and are served here.
 */
public abstract class ProtocolHandler {
  final ServerInfo serverInfo;
  final WarmUp warmUp;
  private final Supplier<ToolFilter> toolFilter;
  final ResultWriter results;
  private final int resourceNotFound;
  private @Nullable String toolList;
  private @Nullable FeatureHandler features;
  private @Nullable Set<String> structuredTools;

  /**
   * Prepares to serve requests.
   *
   * @param toolFilter which tools are listed, and which are disabled
   * @param resourceNotFound the error code for a resource that does not exist
   */
  ProtocolHandler(
      ServerInfo serverInfo,
      Supplier<ToolFilter> toolFilter,
      WarmUp warmUp,
      ResultWriter results,
      int resourceNotFound) {
    this.serverInfo = serverInfo;
    this.toolFilter = toolFilter;
    this.warmUp = warmUp;
    this.results = results;
    this.resourceNotFound = resourceNotFound;
  }

  /** Begins to serve a request, without blocking; the response may be sent later. */
  public abstract void handle(JsonRpcMessage.Request request, PendingResponse response);

  /** Begins a tool call, without blocking. */
  abstract void call(ToolCallHandler calls, @Nullable String params, PendingResponse response);

  /**
   * Ends the requests that stay open as long as the server runs. Called at the end of the input.
   */
  public abstract void end();

  /** Serves {@code tools/list}, and signals the end of the handshake to the warm-up. */
  void listTools(@Nullable String params, PendingResponse response) {
    if (RawJson.findScalar(params, "cursor") != null) {
      response.error(
          JsonRpcError.INVALID_PARAMS, "The tools are listed on one page, so cursors are invalid");
      return;
    }
    if (toolList == null) {
      toolList = results.cacheable(ResultWriter.toolList(toolFilter.get().listed()));
    }
    response.result(toolList);
    warmUp.handshakeDone(this);
  }

  /**
   * Serves any other request: prompts, resources, completion, and unknown methods.
   *
   * @param client the name of the client; it is not asked to confirm such a request
   */
  void serveFeature(JsonRpcMessage.Request request, String client, PendingResponse response) {
    if (features == null) { // loaded only when a client asks, so that no handshake waits for it
      features = new FeatureHandler(results, toolFilter.get(), warmUp, resourceNotFound);
    }
    features.serve(request, Caller.named(client), response);
  }

  /** Writes the result of a tool call. */
  String toolResult(ToolDefinition tool, ToolResult result) {
    return results.toolResult(result, structuredTools().contains(tool.name()));
  }

  /** The names of the tools that are listed with an output schema, and so return that structure. */
  private synchronized Set<String> structuredTools() {
    if (structuredTools == null) {
      structuredTools = new HashSet<>();
      for (ToolIndexEntry entry : toolFilter.get().listed()) {
        if (entry.isStructured()) {
          structuredTools.add(entry.name());
        }
      }
    }
    return structuredTools;
  }
}
