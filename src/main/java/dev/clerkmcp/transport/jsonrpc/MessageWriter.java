package dev.clerkmcp.transport.jsonrpc;

import dev.clerkmcp.json.LoneSurrogates;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes messages, each a line and each whole, however many threads write. */
public final class MessageWriter implements Consumer<@Nullable String> {
  private final OutputStream out;
  private final Runnable onBroken;
  private boolean broken;

  /**
   * Takes over a stream.
   *
   * @param onBroken runs once, when the peer has closed the stream
   */
  public MessageWriter(OutputStream out, Runnable onBroken) {
    this.out = out;
    this.onBroken = onBroken;
  }

  /** Sends the answer to a request; null stands for none. */
  @Override
  public void accept(@Nullable String answer) {
    if (answer != null) {
      write(answer);
    }
  }

  /** Sends one message; nothing once the stream is broken. */
  public void write(String message) {
    byte[] text = LoneSurrogates.escaped(message).getBytes(StandardCharsets.UTF_8);
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    synchronized (this) {
      if (broken) {
        return;
      }
      try {
        out.write(line);
        out.flush();
        return;
      } catch (IOException e) {
        broken = true;
      }
    }
    onBroken.run();
  }

  /** Sends a notification with parameters given as JSON. */
  public void notify(String method, String params) {
    write(
        "{\"jsonrpc\":\"2.0\",\"method\":%s,\"params\":%s}"
            .formatted(RawJson.quote(method), params));
  }
}
