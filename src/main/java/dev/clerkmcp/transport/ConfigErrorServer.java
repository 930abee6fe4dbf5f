package dev.clerkmcp.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
  private static final long FIRST_REQUEST_SECONDS = 5;

  /** How long a host may take for another request: some try one protocol era after the other. */
  private static final long NEXT_REQUEST_SECONDS = 1;

  private static final byte[] END = new byte[0];

  private final LineReader lines;
  private final Outlet outlet;
  private final String mistake;
  private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
  private boolean outputClosed;

  /**
   * Prepares to serve.
   *
   * @param mistake what is wrong with the configuration, as a sentence without a secret
   */
  public ConfigErrorServer(InputStream in, OutputStream out, String mistake) {
    this.lines = new LineReader(in, MAX_LINE_BYTES);
    this.outlet = new Outlet(out, () -> outputClosed = true);
    this.mistake = mistake;
  }

  /** Serves until the input ends or no request comes for some seconds. */
  public void serve() throws InterruptedException {
    Thread reader = new Thread(this::read, "read");
    reader.setDaemon(true); // a read cannot be interrupted
    reader.start();
    byte[] line = received.poll(FIRST_REQUEST_SECONDS, TimeUnit.SECONDS);
    while (line != null && line != END && !outputClosed) {
      answer(line);
      line = received.poll(NEXT_REQUEST_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void read() {
    byte[] line = next();
    while (line != null) {
      received.add(line);
      line = next();
    }
    received.add(END);
  }

  private byte @Nullable [] next() {
    try {
      return lines.next();
    } catch (IOException e) {
      return null; // an input that cannot be read has ended
    }
  }

  private void answer(byte[] line) {
    for (Message message : new MessageParser(line, true).messages()) {
      if (message instanceof Message.Request request) {
        outlet.write(Reply.error(request.id(), ErrorCode.INTERNAL_ERROR, mistake, null));
      }
    }
  }
}
