package dev.clerkmcp.transport.stdio;

import dev.clerkmcp.transport.jsonrpc.JsonRpcError;
import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import dev.clerkmcp.transport.jsonrpc.JsonRpcParser;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves instead of {@link StdioServer} if the configuration is invalid: responds to every request
 * with an error that says what is wrong, because hosts show that error but often hide stderr.
 */
public final class ConfigErrorServer {
  private static final int MAX_LINE_BYTES = 1 << 20;

  /** How long the server waits for the first request. */
  private static final Duration FIRST_REQUEST = Duration.ofSeconds(5);

  /**
   * How long the server waits for each further request: some hosts try the legacy and the modern
   * protocol in turn.
   */
  private static final Duration NEXT_REQUEST = Duration.ofSeconds(1);

  private static final List<JsonRpcMessage> END = new ArrayList<>();

  private final LineReader lines;
  private final MessageWriter writer;
  private final String message;
  private final BlockingQueue<List<JsonRpcMessage>> queue = new LinkedBlockingQueue<>();
  private volatile boolean outputClosed;

  /**
   * Prepares to serve.
   *
   * @param message the message of every error: what is wrong, without secrets
   */
  public ConfigErrorServer(InputStream in, OutputStream out, String message) {
    this.lines = new LineReader(in, MAX_LINE_BYTES);
    this.writer = new MessageWriter(out, () -> outputClosed = true);
    this.message = message;
  }

  /**
   * Serves until the input ends or no request comes in time: 5 s before the first request, 1 s
   * after each.
   */
  public void serve() {
    Thread reader = new Thread(this::read, "read");
    reader.setDaemon(true); // a read cannot be interrupted
    reader.start();
    long end = System.nanoTime() + FIRST_REQUEST.toNanos();
    while (!outputClosed) {
      List<JsonRpcMessage> messages = next(end - System.nanoTime());
      if (messages == null || messages == END) {
        return;
      }
      if (respond(messages)) {
        end = System.nanoTime() + NEXT_REQUEST.toNanos();
      }
    }
  }

  private @Nullable List<JsonRpcMessage> next(long nanos) {
    try {
      return queue.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private void read() {
    try {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        if (!LineReader.isBlank(line)) {
          queue.add(
              lines.truncated()
                  ? JsonRpcParser.truncated(line, "The message is too long")
                  : new JsonRpcParser(line, false).messages());
        }
      }
    } catch (IOException e) {
      // same as the end of the input
    }
    queue.add(END);
  }

  /** Responds to the messages; returns whether one of them was a request. */
  private boolean respond(List<JsonRpcMessage> messages) {
    boolean requested = false;
    for (JsonRpcMessage next : messages) {
      if (next instanceof JsonRpcMessage.Request request) {
        writer.write(JsonRpcError.response(request.id(), JsonRpcError.INTERNAL_ERROR, message));
        requested = true;
      } else if (next instanceof JsonRpcMessage.Malformed malformed) {
        writer.write(JsonRpcError.response(malformed.id(), malformed.code(), malformed.reason()));
      }
    }
    return requested;
  }
}
