package dev.clerkmcp.transport.jsonrpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller.Answer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpError;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Sends requests from the server to a client of the legacy protocol: elicitation, a question to the
 * user. The SDK numbers the requests and matches the responses; it is loaded with the first
 * question.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation">MCP on
 *     elicitation</a>
 */
public final class ClientRequests {
  /** The longest that a request waits for the client, and so for the user. */
  private static final Duration TIMEOUT = Duration.ofMinutes(61);

  private final MessageWriter writer;
  private volatile boolean ended;
  private @Nullable SdkSession session;

  public ClientRequests(MessageWriter writer) {
    this.writer = writer;
  }

  /**
   * Asks the user with a form without fields, which the user accepts or declines. Cancelling the
   * returned future withdraws the question from the client. After {@link #end} the answer is {@link
   * Answer#FAILED} at once.
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
    if (ended) { // end() was called since the check above
      asking.end();
    }
    return answer;
  }

  /** Fails all open questions, because the input has ended and no answer can come. */
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

  /** Takes the client's response to a request; one that belongs to no request is ignored. */
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
   * The SDK's server session on a transport of its own: the SDK's stdio transport stops at the
   * first malformed line.
   */
  private static final class SdkSession implements McpServerTransport {
    private final McpJsonMapper mapper = new JacksonMcpJsonMapper(new ObjectMapper());
    private final MessageWriter writer;
    private final McpServerSession session;
    private final McpAsyncServerExchange exchange;
    private final Map<Object, CompletableFuture<Answer>> open = new ConcurrentHashMap<>();

    /** The id of the last request that {@link #ask} sent. */
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

    synchronized CompletableFuture<Answer> ask(String question) {
      Map<String, Object> schema = new LinkedHashMap<>(); // keeps the order of its entries
      schema.put("type", "object");
      schema.put("properties", Map.of());
      McpSchema.ElicitFormRequest form =
          McpSchema.ElicitFormRequest.builder(question, schema).build();
      sent = null;
      CompletableFuture<Answer> answer =
          exchange
              .createElicitation(form)
              .map(SdkSession::answer)
              .onErrorResume(McpError.class, SdkSession::answer)
              .toFuture();
      Object id = sent; // the SDK sends on this thread, and gives the id only to the transport
      if (id == null) {
        return answer; // the question could not be sent
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

    void end() {
      open.values().forEach(answer -> answer.complete(Answer.FAILED));
    }

    /** Notifies the client that the question is withdrawn, and removes it from the SDK. */
    private void withdraw(Object id) {
      writer.notify(
          "notifications/cancelled",
          "{\"requestId\":%s,\"reason\":\"The call that asked has ended\"}".formatted(json(id)));
      JSONRPCResponse.JSONRPCError withdrawn =
          new JSONRPCResponse.JSONRPCError(JsonRpcError.INTERNAL_ERROR, "Withdrawn");
      session.handle(JSONRPCResponse.error(id, withdrawn)).subscribe();
    }

    /** Passes a response to the SDK; anything but a valid result becomes an error. */
    void receive(JsonRpcMessage.Response response) {
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
                          answer.at("/error/code").asInt(JsonRpcError.PARSE_ERROR), "No result")))
          .block();
    }

    /**
     * The answer of a client that cannot ask; a person who says no makes no such error, and no
     * question is so long that a client fails to show it.
     */
    private static Mono<Answer> answer(McpError error) {
      int code = error.getJsonRpcError() == null ? 0 : error.getJsonRpcError().code();
      return code >= JsonRpcError.INTERNAL_ERROR && code <= JsonRpcError.INVALID_REQUEST
          ? Mono.just(Answer.UNSUPPORTED)
          : Mono.error(error);
    }

    /** The response; only its id if a field is given twice: one of the values may be the no. */
    private static JsonNode read(JsonRpcMessage.Response response) {
      try {
        return Json.readStrictly(response.whole());
      } catch (JsonProcessingException e) { // it is JSON, but ambiguous or beyond Jackson's limits
        return Json.object().put("id", RawJson.findText(response.whole(), "id"));
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
        case ACCEPT -> Answer.ofAccepted(checkboxes(result.content()));
        case DECLINE -> Answer.DECLINED;
        case CANCEL -> Answer.CANCELLED;
      };
    }

    private static Stream<Boolean> checkboxes(@Nullable Map<String, Object> content) {
      return content == null ? Stream.of() : content.values().stream().map(Boolean.TRUE::equals);
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
