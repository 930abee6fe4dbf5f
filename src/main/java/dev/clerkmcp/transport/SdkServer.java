package dev.clerkmcp.transport;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.clerkmcp.registry.Selection;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The SDK's server for the legacy era, over a transport of our own: the SDK's stdio transport stops
 * at the first malformed line. It knows the tools by name; what they are listed as comes from the
 * catalogue, and their arguments are checked by the registry.
 */
final class SdkServer implements McpServerTransportProvider {
  /** Where a call's context holds our {@link ToolCall}. */
  static final String CALL = "call";

  /** The longest a request of ours waits for the client, and so for a person. */
  private static final Duration CLIENT_TIMEOUT = Duration.ofMinutes(61);

  private final McpJsonMapper mapper = new JacksonMcpJsonMapper(new ObjectMapper());
  private final Outlet outlet;
  private McpServerSession.@Nullable Factory sessions;
  private @Nullable SdkSession open;

  /**
   * Builds it.
   *
   * @param selection which of the tools tell hosts what they answer
   */
  SdkServer(ServerCard card, ToolRegistry registry, Selection selection, Outlet outlet) {
    this.outlet = outlet;
    Set<String> structured = ToolList.structured(selection.listed());
    List<AsyncToolSpecification> tools =
        registry.tools().stream()
            .map(tool -> specification(tool, structured.contains(tool.name()), card.mark()))
            .toList();
    McpServer.async(this)
        .jsonMapper(mapper)
        .jsonSchemaValidator(new NoValidation())
        .validateToolInputs(false)
        .requestTimeout(CLIENT_TIMEOUT)
        .serverInfo("clerk-mcp", card.version())
        .capabilities(McpSchema.ServerCapabilities.builder().tools(false).build())
        .tools(tools)
        .build();
  }

  /** Opens the session, with the parameters of the client's {@code initialize}. */
  SdkSession open(String initializeParams) {
    if (sessions == null) {
      throw new IllegalStateException("The SDK has not asked for sessions");
    }
    open = new SdkSession(sessions, mapper, outlet, initializeParams);
    return open;
  }

  @Override
  public void setSessionFactory(McpServerSession.Factory factory) {
    sessions = factory;
  }

  @Override
  public Mono<Void> notifyClients(String method, Object params) {
    return open == null ? Mono.empty() : open.notifyClient(method, params);
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
  }

  private static AsyncToolSpecification specification(
      ToolDefinition tool, boolean structured, Map<String, Boolean> mark) {
    return AsyncToolSpecification.builder()
        .tool(McpSchema.Tool.builder(tool.name(), Map.of("type", "object")).build())
        .callHandler(
            (exchange, request) -> Mono.fromCallable(() -> result(exchange, structured, mark)))
        .build();
  }

  /** Runs the tool on the thread that the call came in on. */
  private static McpSchema.CallToolResult result(
      McpAsyncServerExchange exchange, boolean structured, Map<String, Boolean> mark) {
    ToolResult result =
        ((ToolCall) exchange.transportContext().get(CALL)).run(new SdkCaller(exchange));
    McpSchema.CallToolResult.Builder answer =
        McpSchema.CallToolResult.builder().isError(result.isError()).addTextContent(result.json());
    result.notes().forEach(answer::addTextContent);
    if (structured && !result.isError()) {
      answer.structuredContent(result.data());
    }
    Map<String, Object> meta = new TreeMap<>(mark);
    meta.putAll(result.meta());
    if (!meta.isEmpty()) {
      answer.meta(meta);
    }
    return answer.build();
  }

  /** The registry has checked the arguments; the SDK's own check would take a library more. */
  private static final class NoValidation implements JsonSchemaValidator {
    @Override
    public ValidationResponse validate(Map<String, Object> schema, Object content) {
      return ValidationResponse.asValid(null);
    }
  }
}
