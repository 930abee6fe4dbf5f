package dev.clerkmcp.transport;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/**
 * One session of the SDK. Requests enter it under numbers of our own, so that the client's ids need
 * not be ones that the SDK can hold.
 */
final class SdkSession implements McpServerTransport {
  private final McpJsonMapper mapper;
  private final Outlet outlet;
  private final McpServerSession session;
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final AtomicLong lastNumber = new AtomicLong();

  SdkSession(
      McpServerSession.Factory sessions,
      McpJsonMapper mapper,
      Outlet outlet,
      String initializeParams) {
    this.mapper = mapper;
    this.outlet = outlet;
    this.session = sessions.create(this);
    initialize(initializeParams);
  }

  /** Carries a call through the session, on this thread, until it is answered. */
  void call(ToolCall call) {
    String number = Long.toString(lastNumber.incrementAndGet());
    replies.put(number, call.reply());
    try {
      McpTransportContext context = McpTransportContext.create(Map.of(SdkServer.CALL, call));
      Map<String, Object> params = Map.of("name", call.tool().name(), "arguments", Map.of());
      session
          .handle(new JSONRPCRequest(McpSchema.METHOD_TOOLS_CALL, number, params))
          .contextWrite(values -> values.put(McpTransportContext.KEY, context))
          .block();
    } finally {
      replies.remove(number);
    }
  }

  /** Hands over the client's answer to a request of the session; one that is none is ignored. */
  void receive(Message.Response response) {
    JSONRPCResponse answer;
    try {
      answer = mapper.readValue(response.whole(), JSONRPCResponse.class);
    } catch (IOException e) {
      return;
    }
    session.handle(answer).block();
  }

  Mono<Void> notifyClient(String method, Object params) {
    return session.sendNotification(method, params);
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    return Mono.fromRunnable(() -> send(message));
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return mapper.convertValue(data, type);
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
  }

  /**
   * The client was answered at once from prepared JSON. The SDK's own answer goes nowhere, and the
   * notification that it waits for before it serves anything is not made to depend on the client.
   */
  private void initialize(String params) {
    session.handle(new JSONRPCRequest(McpSchema.METHOD_INITIALIZE, "0", read(params))).block();
    session.handle(new JSONRPCNotification(McpSchema.METHOD_NOTIFICATION_INITIALIZED)).block();
  }

  private Object read(String params) {
    try {
      return mapper.readValue(params, Map.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void send(JSONRPCMessage message) {
    if (message instanceof JSONRPCResponse response) {
      Reply reply = replies.get(String.valueOf(response.id()));
      JSONRPCResponse.JSONRPCError error = response.error();
      if (reply != null && error != null) { // or the tool has answered
        reply.error(error.code(), error.message());
      }
    } else {
      outlet.write(json(message));
    }
  }

  private String json(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
