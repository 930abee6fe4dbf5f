package dev.clerkmcp.transport.stdio;

import dev.clerkmcp.transport.jsonrpc.JsonRpcErrorCode;
import dev.clerkmcp.transport.jsonrpc.JsonRpcMessage;
import dev.clerkmcp.transport.jsonrpc.JsonRpcParser;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
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
 * Serves where the configuration has a mistake: it answers every request with an error that names
 * the mistake. Hosts show the error of {@code initialize}, but often hide what is on stderr.
 */
public final class ConfigErrorServer {
  private static final int MAX_LINE_BYTES = 1 << 20;

  /** How long a host may take for its first request. */
  private static final Duration FIRST_REQUEST = Duration.ofSeconds(5);

  /** How long a host may take for another request: some try one protocol era after the other. */
  private static final Duration NEXT_REQUEST = Duration.ofSeconds(1);

  private static final List<JsonRpcMessage> END = new ArrayList<>();

  private final LineReader lines;
  private final MessageWriter writer;
  private final String mistake;
  private final BlockingQueue<List<JsonRpcMessage>> received = new LinkedBlockingQueue<>();
  private volatile boolean outputClosed;

  /**
   * Prepares to serve.
   *
   * @param mistake what is wrong with the configuration, as a sentence without a secret
   */
  public ConfigErrorServer(InputStream in, OutputStream out, String mistake) {
    this.lines = new LineReader(in, MAX_LINE_BYTES);
    this.writer = new MessageWriter(out, () -> outputClosed = true);
    this.mistake = mistake;
  }

  /** Serves until the input ends or no request comes for some seconds. */
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
      if (answer(messages)) {
        end = System.nanoTime() + NEXT_REQUEST.toNanos();
      }
    }
  }

  private @Nullable List<JsonRpcMessage> next(long nanos) {
    try {
      return received.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private void read() {
    try {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        if (!LineReader.isBlank(line)) {
          received.add(
              lines.truncated()
                  ? JsonRpcParser.truncated(line, "The message is too long")
                  : new JsonRpcParser(line, false).messages());
        }
      }
    } catch (IOException e) {
      // an input that cannot be read has ended
    }
    received.add(END);
  }

  /** Answers what has to be answered, and says whether a request was among it. */
  private boolean answer(List<JsonRpcMessage> messages) {
    boolean asked = false;
    for (JsonRpcMessage message : messages) {
      if (message instanceof JsonRpcMessage.Request request) {
        writer.write(
            PendingResponse.error(request.id(), JsonRpcErrorCode.INTERNAL_ERROR, mistake, null));
        asked = true;
      } else if (message instanceof JsonRpcMessage.Malformed malformed) {
        writer.write(
            PendingResponse.error(malformed.id(), malformed.code(), malformed.reason(), null));
      }
    }
    return asked;
  }
}
