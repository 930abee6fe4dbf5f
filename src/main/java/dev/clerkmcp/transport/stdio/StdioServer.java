package dev.clerkmcp.transport.stdio;

import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.transport.jsonrpc.FailureLog;
import dev.clerkmcp.transport.jsonrpc.JsonRpcError;
import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import dev.clerkmcp.transport.jsonrpc.JsonRpcParser;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingRequests;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import dev.clerkmcp.transport.protocol.LegacyProtocol;
import dev.clerkmcp.transport.protocol.ModernProtocol;
import dev.clerkmcp.transport.protocol.ProtocolHandler;
import dev.clerkmcp.transport.protocol.RequestMeta;
import dev.clerkmcp.transport.protocol.ServerInfo;
import dev.clerkmcp.transport.protocol.ToolRegistryProvider;
import dev.clerkmcp.transport.protocol.WarmUp;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves MCP over stdio: reads JSON-RPC messages from one stream and writes them to another, one
 * per line. Every request gets exactly one response, even if other input is invalid, and nothing
 * but messages is written.
 */
public final class StdioServer {
  private static final int MAX_LINE_BYTES = 16 << 20;

  /** How long calls may still take after the end of the input. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /** How long cancelled calls may take to end. */
  private static final Duration LAST_WORK = Duration.ofSeconds(1);

  /** How long the client may take to read the last responses. */
  private static final Duration LAST_WRITE = Duration.ofSeconds(1);

  private final ServerInfo serverInfo;
  private final Supplier<ToolFilter> toolFilter;
  private final LineReader lines;
  private final MessageWriter writer;
  private final PendingRequests pending = new PendingRequests();
  private final WarmUp warmUp;
  private final LegacyProtocol legacy;
  private volatile @Nullable ProtocolHandler modern;
  private volatile boolean stopped;
  private volatile boolean outputClosed;

  /**
   * Prepares to serve.
   *
   * @param toolFilter which tools are listed, and which are disabled
   * @param provider builds the tools, in the background
   * @param onOutputClosed runs when the client has closed {@code out}, after which no response can
   *     be sent
   */
  public StdioServer(
      InputStream in,
      OutputStream out,
      ServerInfo serverInfo,
      Supplier<ToolFilter> toolFilter,
      ToolRegistryProvider provider,
      Runnable onOutputClosed) {
    this.serverInfo = serverInfo;
    this.toolFilter = toolFilter;
    this.lines = new LineReader(in, MAX_LINE_BYTES);
    this.writer = new MessageWriter(out, new OutputClosed(onOutputClosed));
    this.warmUp = new WarmUp(provider, writer);
    this.legacy = new LegacyProtocol(serverInfo, toolFilter, warmUp, writer);
  }

  /** Serves until the input ends, and then until all calls end, for ten seconds at most. */
  public void serve() throws InterruptedException {
    warmUp.start();
    while (readNext()) {}
    end(DRAIN, "The input ended, and this took longer than %s s".formatted(DRAIN.toSeconds()));
    abandon();
  }

  /**
   * Stops reading. Gives running calls the given time to end; calls that do not end get an error.
   */
  public void stop(Duration grace) {
    stopped = true;
    try {
      if (!outputClosed) { // else no response can be sent
        end(grace, "The server was stopped before this ended");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    abandon();
  }

  /** Gives running calls the given time to end; calls that do not end get an error. */
  private void end(Duration grace, String reason) throws InterruptedException {
    writeLast(this::endProtocols);
    if (!pending.awaitNone(grace)) {
      writeLast(() -> cancelAll(reason));
      warmUp.awaitIdle(LAST_WORK); // so that the audit log gets the outcome of changes
    }
  }

  private void cancelAll(String reason) {
    for (PendingResponse response : pending.all()) {
      response.error(
          JsonRpcError.INTERNAL_ERROR, reason + "; if it changes something, check whether it did");
      response.stopWork();
    }
  }

  /** Runs a task that writes, with a time limit: the client may have stopped reading. */
  private static void writeLast(Runnable task) throws InterruptedException {
    Thread thread = new Thread(task, "last responses");
    thread.setDaemon(true);
    thread.start();
    thread.join(LAST_WRITE.toMillis());
  }

  private void abandon() {
    stopped = true;
    pending.all().forEach(PendingResponse::cancel);
  }

  /** Reads a line and handles its messages; returns false at the end of the input. */
  private boolean readNext() {
    try {
      byte[] line = lines.next();
      if (line == null || stopped) {
        return false;
      }
      if (!LineReader.isBlank(line)) {
        receive(line);
      }
    } catch (IOException e) {
      return false; // same as the end of the input
    } catch (Throwable e) { // must not stop the server from reading the next line
      FailureLog.log("A line could not be read", e);
      writer.write(
          JsonRpcError.response(
              null, JsonRpcError.INTERNAL_ERROR, "The server could not read this line"));
    }
    return true;
  }

  private void receive(byte[] bytes) {
    if (lines.truncated()) {
      String reason = "A message may have %s MiB at most".formatted(MAX_LINE_BYTES >> 20);
      receive(JsonRpcParser.truncated(bytes, reason), writer);
      return;
    }
    JsonRpcParser line = new JsonRpcParser(bytes, legacy.allowsBatches());
    List<JsonRpcMessage> messages = line.messages();
    receive(messages, line.isBatch() ? batch(messages) : writer);
  }

  private void receive(List<JsonRpcMessage> messages, Consumer<@Nullable String> destination) {
    for (JsonRpcMessage message : messages) {
      if (stopped) { // in the middle of a batch
        return;
      }
      try {
        receive(message, destination);
      } catch (Throwable e) { // must not stop the server from reading the next line
        FailureLog.log("A message could not be handled", e);
      }
    }
  }

  private Consumer<@Nullable String> batch(List<JsonRpcMessage> messages) {
    int responses = 0;
    for (JsonRpcMessage message : messages) {
      boolean getsResponse =
          message instanceof JsonRpcMessage.Request || message instanceof JsonRpcMessage.Malformed;
      responses += getsResponse ? 1 : 0;
    }
    return writer.batch(responses);
  }

  private void receive(JsonRpcMessage message, Consumer<@Nullable String> destination) {
    if (message instanceof JsonRpcMessage.Request request) {
      receive(request, destination);
    } else if (message instanceof JsonRpcMessage.Notification notification) {
      receive(notification);
    } else if (message instanceof JsonRpcMessage.Response response) {
      legacy.handle(response); // the modern protocol sends no requests
    } else if (message instanceof JsonRpcMessage.Malformed malformed) {
      destination.accept(
          JsonRpcError.response(malformed.id(), malformed.code(), malformed.reason()));
    }
  }

  private void receive(JsonRpcMessage.Request request, Consumer<@Nullable String> destination) {
    PendingResponse response = pending.open(request.id(), destination);
    if (response == null) {
      destination.accept(
          JsonRpcError.response(
              request.id(),
              JsonRpcError.INVALID_REQUEST,
              "A request with this id has not been answered yet"));
      return;
    }
    try {
      handle(request, response, destination != writer);
    } catch (Throwable e) { // the request must get a response
      FailureLog.log("A request could not be served", e);
      response.error(JsonRpcError.INTERNAL_ERROR, "The server could not serve this request");
    }
  }

  private void handle(JsonRpcMessage.Request request, PendingResponse response, boolean inBatch) {
    if (!mayBeModern(request) || !RequestMeta.isModern(request)) {
      legacy.handle(request, response);
    } else if (inBatch) { // a subscription would hold back the responses of the whole batch
      response.error(
          JsonRpcError.INVALID_REQUEST,
          "Batches were removed in MCP 2025-06-18; send each message on a line of its own");
    } else {
      modern().handle(request, response);
    }
  }

  /** A quick check that spares the first request of most clients the loading of RequestMeta. */
  private static boolean mayBeModern(JsonRpcMessage.Request request) {
    String params = request.params();
    return request.method().equals(RequestMeta.DISCOVER)
        || request.method().equals(RequestMeta.LISTEN)
        || (params != null && (params.contains("_meta") || params.indexOf('\\') >= 0));
  }

  /** Loaded only when a client uses it, so that no handshake waits for it. */
  private ProtocolHandler modern() {
    ProtocolHandler handler = modern;
    if (handler == null) {
      handler = new ModernProtocol(serverInfo, toolFilter, warmUp, writer);
      modern = handler;
    }
    return handler;
  }

  private void endProtocols() {
    legacy.end();
    ProtocolHandler handler = modern;
    if (handler != null) {
      handler.end();
    }
  }

  private void receive(JsonRpcMessage.Notification notification) {
    if (notification.method().equals("notifications/cancelled")) {
      String id = RawJson.findScalar(notification.params(), "requestId");
      if (id != null) {
        pending.cancel(id);
      }
    }
  }

  /**
   * Runs when the client has closed the output. It is a class, since no lambda may be loaded yet.
   */
  private final class OutputClosed implements Runnable {
    private final Runnable andThen;

    OutputClosed(Runnable andThen) {
      this.andThen = andThen;
    }

    @Override
    public void run() {
      outputClosed = true;
      abandon();
      andThen.run();
    }
  }
}
