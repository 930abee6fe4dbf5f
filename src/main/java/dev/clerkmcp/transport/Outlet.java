package dev.clerkmcp.transport;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes messages, each a line and each whole, however many threads write. */
final class Outlet implements Consumer<@Nullable String> {
  private final OutputStream out;
  private final Runnable onBroken;
  private boolean broken;

  /**
   * Takes over a stream.
   *
   * @param onBroken runs once, when the peer has closed the stream
   */
  Outlet(OutputStream out, Runnable onBroken) {
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
  void write(String message) {
    byte[] line = (escapeLoneSurrogates(message) + "\n").getBytes(StandardCharsets.UTF_8);
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

  /**
   * Writes half of a surrogate pair as its escape, since UTF-8 has no bytes for it. In JSON it can
   * only be part of a string, so that the escape means the same.
   */
  private static String escapeLoneSurrogates(String json) {
    int i = 0;
    while (i < json.length() && !isLoneSurrogate(json, i)) {
      i++;
    }
    if (i == json.length()) {
      return json;
    }
    StringBuilder escaped = new StringBuilder(json.length() + 64).append(json, 0, i);
    for (; i < json.length(); i++) {
      if (isLoneSurrogate(json, i)) {
        escaped.append("\\u").append(Integer.toHexString(json.charAt(i)));
      } else {
        escaped.append(json.charAt(i));
      }
    }
    return escaped.toString();
  }

  private static boolean isLoneSurrogate(String text, int at) {
    char c = text.charAt(at);
    if (!Character.isSurrogate(c)) {
      return false;
    }
    int other = Character.isHighSurrogate(c) ? at + 1 : at - 1;
    boolean paired =
        other >= 0
            && other < text.length()
            && Character.isSurrogate(text.charAt(other))
            && Character.isHighSurrogate(text.charAt(other)) != Character.isHighSurrogate(c);
    return !paired;
  }

  /** Sends a notification with parameters given as JSON. */
  void notify(String method, String params) {
    write(
        "{\"jsonrpc\":\"2.0\",\"method\":%s,\"params\":%s}"
            .formatted(JsonText.quote(method), params));
  }
}
