package dev.clerkmcp.transport;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.clerkmcp.registry.Caller.Answer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/**
 * The SDK's end of a legacy session, in which the server asks and the client answers: it numbers
 * the requests, binds them and waits for what comes back. It stands on a transport of our own, as
 * the SDK's stops at the first malformed line.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation">MCP on
 *     elicitation</a>
 */
final class SdkSession implements McpServerTransport {
  /** The longest a request of ours waits for the client, and so for a person. */
  private static final Duration CLIENT_TIMEOUT = Duration.ofMinutes(61);

  private final McpJsonMapper mapper = new JacksonMcpJsonMapper(new ObjectMapper());
  private final Outlet outlet;
  private final McpServerSession session;
  private final McpAsyncServerExchange exchange;

  /** Opens it to a client that can put a form before a person. */
  SdkSession(Outlet outlet) {
    this.outlet = outlet;
    this.session =
        new McpServerSession(
            "stdio", CLIENT_TIMEOUT, this, request -> Mono.empty(), Map.of(), Map.of());
    this.exchange =
        new McpAsyncServerExchange(
            session.getId(),
            session,
            McpSchema.ClientCapabilities.builder().elicitation(true, false).build(),
            null,
            McpTransportContext.EMPTY);
  }

  /** Asks by a form without fields: to accept it is the yes. */
  CompletableFuture<Answer> ask(String question) {
    McpSchema.ElicitFormRequest form =
        McpSchema.ElicitFormRequest.builder(
                question, Map.of("type", "object", "properties", Map.of()))
            .build();
    return exchange.createElicitation(form).map(SdkSession::answer).toFuture();
  }

  /** Takes the client's answer to a request of the session; one that is none is ignored. */
  void receive(Message.Response response) {
    JSONRPCResponse answer;
    try {
      answer = mapper.readValue(response.whole(), JSONRPCResponse.class);
    } catch (IOException e) {
      return;
    }
    session.handle(answer).block();
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    return Mono.fromRunnable(() -> outlet.write(json(message)));
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return mapper.convertValue(data, type);
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
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

  private String json(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
