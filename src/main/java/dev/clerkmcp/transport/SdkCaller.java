package dev.clerkmcp.transport;

import dev.clerkmcp.registry.Caller;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The client at the other end of an SDK session; through it a person is asked by elicitation.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation">MCP on
 *     elicitation</a>
 */
final class SdkCaller implements Caller {
  private final McpAsyncServerExchange exchange;

  SdkCaller(McpAsyncServerExchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public String name() {
    McpSchema.Implementation client = exchange.getClientInfo();
    return client == null ? "unknown" : client.name() + " " + client.version();
  }

  @Override
  public boolean canAsk() {
    McpSchema.ClientCapabilities capabilities = exchange.getClientCapabilities();
    McpSchema.ClientCapabilities.Elicitation way =
        capabilities == null ? null : capabilities.elicitation();
    // One that names no kind is of a time when forms were the only one.
    return way != null && (way.form() != null || way.url() == null);
  }

  @Override
  public boolean callsAgain() {
    return true;
  }

  /** The form has no fields: to accept it is the yes. */
  @Override
  public CompletableFuture<Answer> ask(String question) {
    McpSchema.ElicitFormRequest form =
        McpSchema.ElicitFormRequest.builder(
                question, Map.of("type", "object", "properties", Map.of()))
            .build();
    return exchange.createElicitation(form).map(SdkCaller::answer).toFuture();
  }

  private static Answer answer(McpSchema.ElicitResult result) {
    if (result.action() == null) {
      return Answer.FAILED;
    }
    return switch (result.action()) {
      case ACCEPT -> saysYes(result.content()) ? Answer.ACCEPTED : Answer.DECLINED;
      case DECLINE -> Answer.DECLINED;
      case CANCEL -> Answer.CANCELLED;
    };
  }

  /** A host may make up boxes to tick; anything in them but a tick is no yes. */
  private static boolean saysYes(Map<String, Object> content) {
    return content == null || content.values().stream().allMatch(Boolean.TRUE::equals);
  }
}
