package dev.clerkmcp.transport.stdio;

import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.transport.jsonrpc.BatchResponse;
import dev.clerkmcp.transport.jsonrpc.FailureLog;
import dev.clerkmcp.transport.jsonrpc.JsonRpcErrorCode;
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
 * Serves MCP on a pair of streams, a JSON-RPC message to the line. Whatever comes in, every request
 * is answered once, and nothing but messages goes out.
 */
public final class StdioServer {
  private static final int MAX_LINE_BYTES = 16 << 20;

  /** How long calls may still take when there is no more input. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /** How long calls that were broken off may take to end. */
  private static final Duration LAST_WORK = Duration.ofSeconds(1);

  /** How long the client may take to read the last answers. */
  private static final Duration LAST_WRITE = Duration.ofSeconds(1);

  private final ServerInfo card;
  private final Supplier<ToolFilter> toolFilter;
  private final LineReader lines;
  private final MessageWriter outlet;
  private final PendingRequests pending = new PendingRequests();
  private final WarmUp warmUp;
  private final LegacyProtocol legacy;
  private volatile @Nullable ProtocolHandler modern;
  private volatile boolean stopped;
  private volatile boolean outputClosed;

  /**
   * Prepares to serve.
   *
   * @param toolFilter which of the tools are listed
   * @param provider is asked in the background
   * @param onOutputClosed runs when the client has closed its end of {@code out}; nothing can be
   *     answered from then on
   */
  public StdioServer(
      InputStream in,
      OutputStream out,
      ServerInfo card,
      Supplier<ToolFilter> toolFilter,
      ToolRegistryProvider provider,
      Runnable onOutputClosed) {
    this.card = card;
    this.toolFilter = toolFilter;
    this.lines = new LineReader(in, MAX_LINE_BYTES);
    this.outlet = new MessageWriter(out, new End(onOutputClosed));
    this.warmUp = new WarmUp(provider, outlet);
    this.legacy = new LegacyProtocol(card, toolFilter, warmUp, outlet);
  }

  /** Serves until the input ends and everything asked is answered, for ten seconds at most. */
  public void serve() throws InterruptedException {
    warmUp.open();
    while (readNext()) {}
    end(DRAIN, "The input ended, and this took longer than %s s".formatted(DRAIN.toSeconds()));
    abandon();
  }

  /**
   * Takes no more input, gives running calls the given time, and answers the rest with an error.
   */
  public void stop(Duration grace) {
    stopped = true;
    try {
      if (!outputClosed) { // else no answer can be sent
        end(grace, "The server was stopped before this ended");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    abandon();
  }

  /** Gives running calls the given time, and answers the rest with an error. */
  private void end(Duration grace, String reason) throws InterruptedException {
    writeLast(this::endStreams);
    if (!pending.awaitNone(grace)) {
      writeLast(() -> breakOff(reason));
      warmUp.awaitIdle(LAST_WORK); // or the audit log would lack the ends of changes
    }
  }

  private void breakOff(String reason) {
    for (PendingResponse reply : pending.all()) {
      reply.error(
          JsonRpcErrorCode.INTERNAL_ERROR,
          reason + "; if it was to change something, look whether it did");
      reply.stopWork();
    }
  }

  /** Writes what is left to write, but not for long: the client may have stopped reading. */
  private static void writeLast(Runnable writing) throws InterruptedException {
    Thread writer = new Thread(writing, "last answers");
    writer.setDaemon(true);
    writer.start();
    writer.join(LAST_WRITE.toMillis());
  }

  private void abandon() {
    stopped = true;
    pending.all().forEach(PendingResponse::cancel);
  }

  /** Reads a line and begins what it asks for; false at the end. */
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
      return false; // an input that cannot be read has ended
    } catch (Throwable e) { // the next line must be read whatever this one did
      FailureLog.log("A line could not be read", e);
      outlet.write(
          PendingResponse.error(
              null, JsonRpcErrorCode.INTERNAL_ERROR, "The server could not read this line", null));
    }
    return true;
  }

  private void receive(byte[] bytes) {
    if (lines.truncated()) {
      String reason = "A message may have %s MiB at most".formatted(MAX_LINE_BYTES >> 20);
      receive(JsonRpcParser.truncated(bytes, reason), outlet);
      return;
    }
    JsonRpcParser line = new JsonRpcParser(bytes, legacy.allowsBatches());
    List<JsonRpcMessage> messages = line.messages();
    receive(messages, line.isBatch() ? batch(messages) : outlet);
  }

  private void receive(List<JsonRpcMessage> messages, Consumer<@Nullable String> destination) {
    for (JsonRpcMessage message : messages) {
      if (stopped) { // a batch may be in the middle
        return;
      }
      try {
        receive(message, destination);
      } catch (Throwable e) { // the next line must be read whatever this one did
        FailureLog.log("A message could not be handled", e);
      }
    }
  }

  private BatchResponse batch(List<JsonRpcMessage> messages) {
    int expected = 0;
    for (JsonRpcMessage message : messages) {
      boolean answered =
          message instanceof JsonRpcMessage.Request || message instanceof JsonRpcMessage.Malformed;
      expected += answered ? 1 : 0;
    }
    return new BatchResponse(outlet, expected);
  }

  private void receive(JsonRpcMessage message, Consumer<@Nullable String> destination) {
    if (message instanceof JsonRpcMessage.Request request) {
      receive(request, destination);
    } else if (message instanceof JsonRpcMessage.Notification notification) {
      receive(notification);
    } else if (message instanceof JsonRpcMessage.Response response) {
      legacy.handle(response); // the modern era asks nothing
    } else if (message instanceof JsonRpcMessage.Malformed malformed) {
      destination.accept(
          PendingResponse.error(malformed.id(), malformed.code(), malformed.reason(), null));
    }
  }

  private void receive(JsonRpcMessage.Request request, Consumer<@Nullable String> destination) {
    PendingResponse reply = pending.open(request.id(), destination);
    if (reply == null) {
      destination.accept(
          PendingResponse.error(
              request.id(),
              JsonRpcErrorCode.INVALID_REQUEST,
              "A request with this id has not been answered yet",
              null));
      return;
    }
    try {
      handle(request, reply, destination != outlet);
    } catch (Throwable e) { // the request must be answered whatever it did
      FailureLog.log("A request could not be served", e);
      reply.error(JsonRpcErrorCode.INTERNAL_ERROR, "The server could not serve this request");
    }
  }

  private void handle(JsonRpcMessage.Request request, PendingResponse reply, boolean inBatch) {
    if (!mayBeModern(request) || !RequestMeta.isModern(request)) {
      legacy.handle(request, reply);
    } else if (inBatch) { // in which one that stays open would keep all others waiting
      reply.error(
          JsonRpcErrorCode.INVALID_REQUEST,
          "There are no batches since 2025-06-18; send each message on a line of its own");
    } else {
      modern().handle(request, reply);
    }
  }

  /** Spares the first request of most clients what is needed to find out for sure. */
  private static boolean mayBeModern(JsonRpcMessage.Request request) {
    String params = request.params();
    return request.method().equals(RequestMeta.DISCOVER)
        || request.method().equals(RequestMeta.LISTEN)
        || (params != null && (params.contains("_meta") || params.indexOf('\\') >= 0));
  }

  /** Made only when a client speaks so, since no other should wait for it. */
  private ProtocolHandler modern() {
    ProtocolHandler made = modern;
    if (made == null) {
      made = new ModernProtocol(card, toolFilter, warmUp, outlet);
      modern = made;
    }
    return made;
  }

  private void endStreams() {
    legacy.end();
    ProtocolHandler made = modern;
    if (made != null) {
      made.end();
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

  /** The client has closed its end of the output. */
  private final class End implements Runnable {
    private final Runnable andThen;

    End(Runnable andThen) {
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
