package dev.clerkmcp.transport.jsonrpc;

import dev.clerkmcp.json.LoneSurrogates;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON-RPC messages to a stream, one per line; messages of several threads are never mixed.
 */
public final class MessageWriter implements Consumer<@Nullable String> {
  private final OutputStream out;
  private final Runnable onBroken;
  private boolean broken;

  /**
   * Creates a writer for a stream.
   *
   * @param onBroken runs once, at the first failed write
   */
  public MessageWriter(OutputStream out, Runnable onBroken) {
    this.out = out;
    this.onBroken = onBroken;
  }

  /** Writes the response to a request; null, for a cancelled request, writes nothing. */
  @Override
  public void accept(@Nullable String response) {
    if (response != null) {
      write(response);
    }
  }

  /** Writes one message and flushes; after a failed write, does nothing. */
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

  /** Writes a notification; {@code params} is JSON. */
  public void notify(String method, String params) {
    write(
        "{\"jsonrpc\":\"2.0\",\"method\":%s,\"params\":%s}"
            .formatted(RawJson.quote(method), params));
  }

  /**
   * Returns a consumer of the responses to a batch that writes them as one array after the last.
   */
  public Consumer<@Nullable String> batch(int responses) {
    return new Batch(responses);
  }

  private final class Batch implements Consumer<@Nullable String> {
    private final List<String> responses = new ArrayList<>();
    private int outstanding;

    Batch(int outstanding) {
      this.outstanding = outstanding;
    }

    @Override
    public void accept(@Nullable String response) {
      String all;
      synchronized (this) {
        if (response != null) {
          responses.add(response);
        }
        outstanding--;
        if (outstanding > 0 || responses.isEmpty()) {
          return;
        }
        all = "[" + String.join(",", responses) + "]";
      }
      write(all);
    }
  }
}
