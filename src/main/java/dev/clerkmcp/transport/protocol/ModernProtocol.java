package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.InputRequiredException;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.transport.jsonrpc.JsonRpcError;
import dev.clerkmcp.transport.jsonrpc.JsonRpcError.InvalidParamsException;
import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import dev.clerkmcp.transport.protocol.LogNotifier.Level;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves MCP since version 2026-07-28: there is no session, and each request describes its client.
 * The server sends no requests; a call that needs the user's consent ends with the question. The
 * SDK is not used, since its server for this version does not support stdio.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28">MCP 2026-07-28</a>
 */
public final class ModernProtocol extends ProtocolHandler {
  static final String VERSION = "2026-07-28";

  /** How many characters of an unsupported version the error quotes. */
  private static final int MAX_QUOTED = 100;

  private final MessageWriter writer;
  private final ResultWriter.Modern modernResults;
  private final Subscriptions subscriptions = new Subscriptions();

  /**
   * Prepares to serve requests.
   *
   * @param toolFilter which tools are listed, and which are disabled
   */
  public ModernProtocol(
      ServerInfo serverInfo, Supplier<ToolFilter> toolFilter, WarmUp warmUp, MessageWriter writer) {
    this(serverInfo, toolFilter, warmUp, writer, new ResultWriter.Modern(serverInfo));
  }

  private ModernProtocol(
      ServerInfo serverInfo,
      Supplier<ToolFilter> toolFilter,
      WarmUp warmUp,
      MessageWriter writer,
      ResultWriter.Modern results) {
    super(serverInfo, toolFilter, warmUp, results, JsonRpcError.INVALID_PARAMS);
    this.writer = writer;
    this.modernResults = results;
  }

  @Override
  public void handle(JsonRpcMessage.Request request, PendingResponse response) {
    RequestMeta meta = RequestMeta.of(request.params());
    String version = meta.version();
    if (version != null && !version.equals(VERSION)) {
      response.error(
          JsonRpcError.UNSUPPORTED_VERSION,
          "Unsupported protocol version",
          "{\"supported\":[\"%s\"],\"requested\":%s}"
              .formatted(
                  VERSION,
                  RawJson.quote(version.substring(0, Math.min(version.length(), MAX_QUOTED)))));
      return;
    }
    String problem = meta.problem();
    if (problem != null) {
      response.error(JsonRpcError.INVALID_PARAMS, problem);
      return;
    }
    switch (request.method()) {
      case RequestMeta.DISCOVER -> response.result(discovery());
      case RequestMeta.LISTEN -> subscriptions.listen(request.id(), request.params(), response);
      case "tools/list" -> listTools(request.params(), response);
      case "tools/call" -> call(warmUp.toolCalls(), request.params(), response);
      default -> serveFeature(request, meta.client().name(), response);
    }
  }

  private String discovery() {
    return results.cacheable(
        "\"supportedVersions\":[\""
            + VERSION
            + "\"],\"capabilities\":{\"tools\":{},\"prompts\":{},\"resources\":{},\"completions\":{},\"logging\":{}},\"instructions\":"
            + RawJson.quote(serverInfo.instructions()));
  }

  @Override
  void call(ToolCallHandler calls, @Nullable String params, PendingResponse response) {
    RequestMeta meta = RequestMeta.of(params);
    if (RawJson.find(params, "requestState") != null && !meta.client().asksByForm()) {
      response.error(
          JsonRpcError.MISSING_CLIENT_CAPABILITY,
          "An answer to a question comes from a client that can ask: declare elicitation",
          "{\"requiredCapabilities\":{\"elicitation\":{\"form\":{}}}}");
      return;
    }
    calls.serve(
        params, response, call -> run(call, ModernClient.of(meta, params), meta.logLevel()));
  }

  private void run(ToolCallHandler.ToolCall call, ModernClient client, @Nullable Level logLevel) {
    ToolDefinition tool = call.tool();
    LogNotifier log = new LogNotifier(writer, logLevel, call.response());
    call.invocation().onPause(reason -> log.log(Level.NOTICE, tool, reason));
    log.log(Level.DEBUG, tool, "Begun");
    long start = System.nanoTime();
    try {
      ToolResult result = call.run(client);
      log.log(
          result.isError() ? Level.WARNING : Level.INFO,
          tool,
          "%s after %s ms"
              .formatted(
                  result.isError() ? "Ended with an error" : "Done",
                  TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
      call.response().result(toolResult(tool, result));
    } catch (InputRequiredException e) {
      log.log(Level.INFO, tool, "A person has to agree first");
      call.response().result(modernResults.inputRequired(e));
    }
  }

  @Override
  public void end() {
    subscriptions.end();
  }

  /**
   * The client of one request. A call that needs the user's consent ends with the question, and the
   * client calls again with the answer.
   *
   * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr">MCP
   *     on multi round-trip requests</a>
   */
  private static final class ModernClient implements Caller {
    private final ClientInfo info;
    private final @Nullable Brought brought;

    private ModernClient(ClientInfo info, @Nullable Brought brought) {
      this.info = info;
      this.brought = brought;
    }

    /**
     * Reads the client of a request, and the user's answer if the request has one.
     *
     * @throws InvalidParamsException if the answer does not have the form that MCP requires
     */
    static ModernClient of(RequestMeta meta, @Nullable String params)
        throws InvalidParamsException, JsonProcessingException {
      return new ModernClient(
          meta.client(),
          brought(RawJson.find(params, "requestState"), RawJson.find(params, "inputResponses")));
    }

    @Override
    public String name() {
      return info.name();
    }

    @Override
    public boolean canAsk() {
      return false;
    }

    @Override
    public boolean asksBetweenCalls() {
      return info.asksByForm();
    }

    @Override
    public @Nullable Brought brought() {
      return brought;
    }

    @Override
    public boolean callsAgain() {
      return true;
    }

    @Override
    public CompletableFuture<Answer> ask(String question) {
      return CompletableFuture.completedFuture(Answer.FAILED);
    }

    private static @Nullable Brought brought(@Nullable String state, @Nullable String responses)
        throws InvalidParamsException, JsonProcessingException {
      if (responses != null && !RawJson.isObject(responses)) {
        throw new InvalidParamsException(
            "inputResponses must be an object with an answer for each request");
      }
      if (state == null) {
        return null; // an answer without a state belongs to another server's question
      }
      JsonNode given = Json.read(state);
      if (!given.isTextual()) {
        throw new InvalidParamsException(
            "requestState must be the string that came with the question");
      }
      JsonNode response =
          Json.read(responses == null ? "{}" : responses).path(ResultWriter.Modern.QUESTION);
      return new Brought(given.textValue(), response.isMissingNode() ? null : answer(response));
    }

    private static Answer answer(JsonNode response) throws InvalidParamsException {
      JsonNode content = response.path("content");
      if (!content.isObject() && !content.isMissingNode() && !content.isNull()) {
        throw new InvalidParamsException("The content of an answer must be an object");
      }
      return switch (response.path("action").asText()) {
        case "accept" -> Answer.ofAccepted(content.valueStream().map(JsonNode::booleanValue));
        case "decline" -> Answer.DECLINED;
        case "cancel" -> Answer.CANCELLED;
        default ->
            throw new InvalidParamsException(
                "The action of an answer is accept, decline or cancel");
      };
    }
  }

  /**
   * Keeps the open subscriptions. No list and no resource changes while the server runs, so a
   * subscription gets no notification after the first; its response tells when the server ends.
   *
   * @see <a
   *     href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions">MCP
   *     on subscriptions</a>
   */
  private final class Subscriptions {
    private final Map<String, PendingResponse> open = new ConcurrentHashMap<>();

    /**
     * Opens a subscription, and acknowledges it without any of the wanted kinds of notification.
     */
    void listen(String id, @Nullable String params, PendingResponse response) {
      String filter = RawJson.find(params, "notifications");
      if (filter == null || !RawJson.isObject(filter)) {
        response.error(
            JsonRpcError.INVALID_PARAMS,
            "subscriptions/listen needs notifications, an object with the wanted kinds");
        return;
      }
      writer.notify(
          "notifications/subscriptions/acknowledged",
          "{\"_meta\":{%s},\"notifications\":{}}".formatted(tag(id)));
      open.put(id, response);
      response.beforeEnd(() -> open.remove(id));
    }

    /** Ends all subscriptions. */
    void end() {
      open.forEach((id, response) -> response.result(modernResults.subscriptionEnd(tag(id))));
    }

    /** The {@code _meta} member of every message that belongs to a subscription. */
    private static String tag(String id) {
      return "\"io.modelcontextprotocol/subscriptionId\":" + id;
    }
  }
}
