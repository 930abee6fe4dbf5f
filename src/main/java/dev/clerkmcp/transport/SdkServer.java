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

  /** What the SDK is told of a call that has been answered. */
  private static final McpSchema.CallToolResult ANSWERED =
      McpSchema.CallToolResult.builder().isError(false).content(List.of()).build();

  private final McpJsonMapper mapper = new JacksonMcpJsonMapper(new ObjectMapper());
  private final Results results;
  private final Outlet outlet;
  private McpServerSession.@Nullable Factory sessions;
  private @Nullable SdkSession open;

  /**
   * Builds it.
   *
   * @param selection which of the tools tell hosts what they answer
   */
  SdkServer(ServerCard card, ToolRegistry registry, Selection selection, Outlet outlet) {
    this.results = new LegacyResults(card);
    this.outlet = outlet;
    Set<String> structured = ToolList.structured(selection.listed());
    List<AsyncToolSpecification> tools =
        registry.tools().stream()
            .map(tool -> specification(tool, structured.contains(tool.name())))
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

  private AsyncToolSpecification specification(ToolDefinition tool, boolean structured) {
    return AsyncToolSpecification.builder()
        .tool(McpSchema.Tool.builder(tool.name(), Map.of("type", "object")).build())
        .callHandler((exchange, request) -> Mono.fromCallable(() -> answered(exchange, structured)))
        .build();
  }

  /** Runs the tool on the thread that the call came in on, and answers the client. */
  private McpSchema.CallToolResult answered(McpAsyncServerExchange exchange, boolean structured) {
    ToolCall call = (ToolCall) exchange.transportContext().get(CALL);
    ToolResult result = call.run(new SdkCaller(exchange));
    call.reply().result(results.of(ResultText.members(result, structured), result.meta()));
    return ANSWERED;
  }

  /** The registry has checked the arguments; the SDK's own check would take a library more. */
  private static final class NoValidation implements JsonSchemaValidator {
    @Override
    public ValidationResponse validate(Map<String, Object> schema, Object content) {
      return ValidationResponse.asValid(null);
    }
  }
}
