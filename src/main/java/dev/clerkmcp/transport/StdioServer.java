package dev.clerkmcp.transport;

import dev.clerkmcp.registry.Selection;
import dev.clerkmcp.registry.ToolRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

  private final LineReader lines;
  private final Outlet outlet;
  private final PendingRequests pending = new PendingRequests();
  private final Era legacy;
  private final Era modern;
  private volatile boolean stopped;
  private volatile boolean outputClosed;

  /**
   * Prepares to serve; building the tools begins at once, in the background.
   *
   * @param selection which of {@code tools} are listed
   * @param onOutputClosed runs when the client has closed its end of {@code out}; nothing can be
   *     answered from then on
   */
  public StdioServer(
      InputStream in,
      OutputStream out,
      ServerCard card,
      Selection selection,
      Supplier<ToolRegistry> tools,
      Runnable onOutputClosed) {
    this.lines = new LineReader(in, MAX_LINE_BYTES);
    this.outlet =
        new Outlet(
            out,
            () -> {
              outputClosed = true;
              abandon();
              onOutputClosed.run();
            });
    ExecutorService executor = Executors.newCachedThreadPool(DaemonThreads.named("call"));
    CompletableFuture<ToolRegistry> registry = CompletableFuture.supplyAsync(tools, executor);
    ToolCalls calls = new ToolCalls(registry, executor, new Heartbeat(outlet));
    this.legacy =
        new LegacyEra(
            card,
            selection,
            calls,
            () ->
                registry.thenApplyAsync(
                    built -> new SdkServer(card, built, selection, outlet), executor),
            executor);
    this.modern = new ModernEra(card, selection, calls, outlet);
  }

  /** Serves until the input ends and everything asked is answered, for ten seconds at most. */
  public void serve() throws InterruptedException {
    for (LineReader.Line line = nextLine(); line != null && !stopped; line = nextLine()) {
      if (!line.isBlank()) {
        receive(line);
      }
    }
    modern.end();
    if (!pending.awaitNone(DRAIN)) {
      for (Reply reply : pending.all()) {
        reply.error(
            ErrorCode.INTERNAL_ERROR,
            "The input ended, and this took longer than %d s".formatted(DRAIN.toSeconds()));
        reply.stopWork();
      }
    }
  }

  /** Takes no more input, gives running calls the given time, and breaks off the rest. */
  public void stop(Duration grace) {
    stopped = true;
    modern.end();
    try {
      if (!outputClosed) { // or nobody would hear what is waited for
        pending.awaitNone(grace);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    abandon();
  }

  private void abandon() {
    stopped = true;
    pending.all().forEach(Reply::cancel);
  }

  private LineReader.@Nullable Line nextLine() {
    try {
      return lines.next();
    } catch (IOException e) {
      return null; // an input that cannot be read has ended
    }
  }

  private void receive(LineReader.Line bytes) {
    if (bytes.tooLong()) {
      outlet.write(
          Reply.error(
              null,
              ErrorCode.INVALID_REQUEST,
              "A message may have %d MiB at most".formatted(MAX_LINE_BYTES >> 20),
              null));
      return;
    }
    MessageParser.Line line = MessageParser.parse(bytes.bytes());
    Consumer<@Nullable String> destination = line.batch() ? batch(line) : this::answer;
    for (Message message : line.messages()) {
      receive(message, destination);
    }
  }

  private Batch batch(MessageParser.Line line) {
    long expected =
        line.messages().stream()
            .filter(m -> m instanceof Message.Request || m instanceof Message.Malformed)
            .count();
    return new Batch(outlet, (int) expected);
  }

  private void answer(@Nullable String message) {
    if (message != null) {
      outlet.write(message);
    }
  }

  private void receive(Message message, Consumer<@Nullable String> destination) {
    if (message instanceof Message.Request request) {
      receive(request, destination);
    } else if (message instanceof Message.Notification notification) {
      receive(notification);
    } else if (message instanceof Message.Response response) {
      legacy.handle(response); // the modern era asks nothing
    } else if (message instanceof Message.Malformed malformed) {
      destination.accept(Reply.error(malformed.id(), malformed.code(), malformed.reason(), null));
    }
  }

  private void receive(Message.Request request, Consumer<@Nullable String> destination) {
    Reply reply = pending.open(request.id(), destination);
    if (reply == null) {
      destination.accept(
          Reply.error(
              request.id(),
              ErrorCode.INVALID_REQUEST,
              "A request with this id has not been answered yet",
              null));
      return;
    }
    try {
      handle(request, reply, destination instanceof Batch);
    } catch (Throwable e) { // the next line must be read whatever this one did
      reply.error(ErrorCode.INTERNAL_ERROR, "The server could not serve this request");
    }
  }

  private void handle(Message.Request request, Reply reply, boolean inBatch) {
    if (!ModernEra.isMeant(request)) {
      legacy.handle(request, reply);
    } else if (inBatch) { // in which one that stays open would keep all others waiting
      reply.error(
          ErrorCode.INVALID_REQUEST,
          "There are no batches since 2025-06-18; send each message on a line of its own");
    } else {
      modern.handle(request, reply);
    }
  }

  private void receive(Message.Notification notification) {
    if (notification.method().equals("notifications/cancelled")) {
      String id = JsonText.findScalar(notification.params(), "requestId");
      if (id != null) {
        pending.cancel(id);
      }
    }
  }
}
