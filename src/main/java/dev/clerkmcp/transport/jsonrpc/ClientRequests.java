package dev.clerkmcp.transport.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller.Answer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The requests that the server sends to a client of the legacy era: questions to the person behind
 * it. The SDK numbers them and matches the answers; it is loaded with the first question.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation">MCP on
 *     elicitation</a>
 */
public final class ClientRequests {
  /** The longest that a request waits for the client, and so for a person. */
  private static final Duration TIMEOUT = Duration.ofMinutes(61);

  private final MessageWriter writer;
  private volatile boolean ended;
  private @Nullable SdkSession session;

  public ClientRequests(MessageWriter writer) {
    this.writer = writer;
  }

  /**
   * Asks by a form without fields, which the person accepts or declines. If the returned answer is
   * cancelled, the client is told that the question is withdrawn. Nobody is asked once there is no
   * input from which an answer could come.
   */
  public CompletableFuture<Answer> ask(String question) {
    if (ended) {
      return CompletableFuture.completedFuture(Answer.FAILED);
    }
    SdkSession asking;
    synchronized (this) {
      if (session == null) {
        session = new SdkSession(writer);
      }
      asking = session;
    }
    CompletableFuture<Answer> answer = asking.ask(question);
    if (ended) { // meanwhile
      asking.end();
    }
    return answer;
  }

  /** Ends all questions without an answer: there is no input from which one could come. */
  public void end() {
    ended = true;
    SdkSession asked;
    synchronized (this) {
      asked = session;
    }
    if (asked != null) {
      asked.end();
    }
  }

  /** Takes the client's answer to a request; an answer that belongs to no request is ignored. */
  public void receive(JsonRpcMessage.Response response) {
    SdkSession asked;
    synchronized (this) {
      asked = session;
    }
    if (asked != null && response.id() != null) {
      asked.receive(response);
    }
  }

  /**
   * The SDK's end of a session, on a transport of our own, since the SDK's stops at the first
   * malformed line.
   */
  private static final class SdkSession implements McpServerTransport {
    private final McpJsonMapper mapper = new JacksonMcpJsonMapper(new ObjectMapper());
    private final MessageWriter writer;
    private final McpServerSession session;
    private final McpAsyncServerExchange exchange;
    private final Map<Object, CompletableFuture<Answer>> open = new ConcurrentHashMap<>();

    /** The id of the request that was sent last by {@link #ask}. */
    private @Nullable Object sent;

    SdkSession(MessageWriter writer) {
      this.writer = writer;
      this.session =
          new McpServerSession("stdio", TIMEOUT, this, request -> Mono.empty(), Map.of(), Map.of());
      this.exchange =
          new McpAsyncServerExchange(
              session.getId(),
              session,
              McpSchema.ClientCapabilities.builder().elicitation(true, false).build(),
              null,
              McpTransportContext.EMPTY);
    }

    public synchronized CompletableFuture<Answer> ask(String question) {
      Map<String, Object> schema = new LinkedHashMap<>(); // which keeps its order
      schema.put("type", "object");
      schema.put("properties", Map.of());
      McpSchema.ElicitFormRequest form =
          McpSchema.ElicitFormRequest.builder(question, schema).build();
      sent = null;
      CompletableFuture<Answer> answer =
          exchange.createElicitation(form).map(SdkSession::answer).toFuture();
      Object id = sent; // the SDK sends on this thread, and tells the id to its transport alone
      if (id == null) {
        return answer; // it could not be sent
      }
      open.put(id, answer);
      CompletableFuture<?> unused =
          answer.whenComplete(
              (said, failure) -> {
                open.remove(id);
                if (answer.isCancelled()) {
                  withdraw(id);
                }
              });
      return answer;
    }

    public void end() {
      open.values().forEach(answer -> answer.complete(Answer.FAILED));
    }

    /** Tells the client that the call has ended, and has the SDK forget the question. */
    private void withdraw(Object id) {
      writer.notify(
          "notifications/cancelled",
          "{\"requestId\":%s,\"reason\":\"The call that asked has ended\"}".formatted(json(id)));
      JSONRPCResponse.JSONRPCError withdrawn =
          new JSONRPCResponse.JSONRPCError(JsonRpcErrorCode.INTERNAL_ERROR, "Withdrawn");
      session.handle(JSONRPCResponse.error(id, withdrawn)).subscribe();
    }

    /** Anything but a result is an error, also what has not the form that MCP gives an answer. */
    public void receive(JsonRpcMessage.Response response) {
      JsonNode answer = read(response);
      String id = answer.path("id").asText();
      JsonNode result = answer.path("result");
      session
          .handle(
              result.isObject() && !answer.has("error")
                  ? JSONRPCResponse.result(id, mapper.convertValue(result, Map.class))
                  : JSONRPCResponse.error(
                      id,
                      new JSONRPCResponse.JSONRPCError(
                          JsonRpcErrorCode.INTERNAL_ERROR, "No result")))
          .block();
    }

    private static JsonNode read(JsonRpcMessage.Response response) {
      try {
        return Json.read(response.whole());
      } catch (IOException e) {
        throw new UncheckedIOException(e); // it was scanned as JSON
      }
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
      return Mono.fromRunnable(
          () -> {
            if (message instanceof JSONRPCRequest request) {
              sent = request.id();
            }
            writer.write(json(message));
          });
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
}
