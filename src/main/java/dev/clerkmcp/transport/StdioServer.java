package dev.clerkmcp.transport;

import dev.clerkmcp.registry.Selection;
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

  private final ServerCard card;
  private final Supplier<Selection> selection;
  private final LineReader lines;
  private final Outlet outlet;
  private final PendingRequests pending = new PendingRequests();
  private final Crew crew = new Lines();
  private final Backstage backstage;
  private final Era legacy;
  private volatile @Nullable Era modern;
  private volatile boolean stopped;
  private volatile boolean outputClosed;

  /**
   * Prepares to serve.
   *
   * @param selection which of the tools are listed
   * @param workshop is asked in the background
   * @param onOutputClosed runs when the client has closed its end of {@code out}; nothing can be
   *     answered from then on
   */
  public StdioServer(
      InputStream in,
      OutputStream out,
      ServerCard card,
      Supplier<Selection> selection,
      Workshop workshop,
      Runnable onOutputClosed) {
    this.card = card;
    this.selection = selection;
    this.lines = new LineReader(in, MAX_LINE_BYTES);
    this.outlet = new Outlet(out, new End(onOutputClosed));
    this.backstage = new Backstage(workshop, crew, outlet);
    this.legacy = new LegacyEra(card, selection, backstage, crew, outlet);
  }

  /** Serves until the input ends and everything asked is answered, for ten seconds at most. */
  public void serve() throws InterruptedException {
    backstage.open();
    crew.read();
    endStreams();
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
    endStreams();
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

  private byte @Nullable [] nextLine() {
    try {
      return lines.next();
    } catch (IOException e) {
      return null; // an input that cannot be read has ended
    }
  }

  private void receive(byte[] bytes) {
    if (bytes == LineReader.TOO_LONG) {
      outlet.write(
          Reply.error(
              null,
              ErrorCode.INVALID_REQUEST,
              "A message may have %d MiB at most".formatted(MAX_LINE_BYTES >> 20),
              null));
      return;
    }
    MessageParser line = new MessageParser(bytes);
    List<Message> messages = line.messages();
    Consumer<@Nullable String> destination = line.isBatch() ? batch(messages) : outlet;
    for (Message message : messages) {
      receive(message, destination);
    }
  }

  private Batch batch(List<Message> messages) {
    int expected = 0;
    for (Message message : messages) {
      boolean answered = message instanceof Message.Request || message instanceof Message.Malformed;
      expected += answered ? 1 : 0;
    }
    return new Batch(outlet, expected);
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
      handle(request, reply, destination != outlet);
    } catch (Throwable e) { // the next line must be read whatever this one did
      reply.error(ErrorCode.INTERNAL_ERROR, "The server could not serve this request");
    }
  }

  private void handle(Message.Request request, Reply reply, boolean inBatch) {
    if (!mayBeModern(request) || !RequestMeta.isModern(request)) {
      legacy.handle(request, reply);
    } else if (inBatch) { // in which one that stays open would keep all others waiting
      reply.error(
          ErrorCode.INVALID_REQUEST,
          "There are no batches since 2025-06-18; send each message on a line of its own");
    } else {
      modern().handle(request, reply);
    }
  }

  /** Spares the first request of most clients what is needed to find out for sure. */
  private static boolean mayBeModern(Message.Request request) {
    String params = request.params();
    return request.method().equals(RequestMeta.DISCOVER)
        || request.method().equals(RequestMeta.LISTEN)
        || (params != null && (params.contains("_meta") || params.indexOf('\\') >= 0));
  }

  /** Made only when a client speaks so, since no other should wait for it. */
  private Era modern() {
    Era made = modern;
    if (made == null) {
      made = new ModernEra(card, selection, backstage, outlet);
      modern = made;
    }
    return made;
  }

  private void endStreams() {
    Era made = modern;
    if (made != null) {
      made.end();
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

  /** What the client sends. */
  private final class Lines extends Crew {
    @Override
    boolean readNext() {
      byte[] line = nextLine();
      if (line == null || stopped) {
        return false;
      }
      if (!LineReader.isBlank(line)) {
        receive(line);
      }
      return true;
    }

    @Override
    boolean hasMore() {
      return lines.hasMore();
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
