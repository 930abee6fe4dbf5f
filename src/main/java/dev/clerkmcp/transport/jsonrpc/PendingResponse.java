package dev.clerkmcp.transport.jsonrpc;

import dev.clerkmcp.registry.text.TextSanitizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one answer that a request gets. Whoever settles it first decides; later attempts do nothing,
 * so a cancelled call may go on to its end without being heard.
 */
public final class PendingResponse {
  private final String id;
  private final Consumer<@Nullable String> destination;
  private final List<Runnable> onCancel = new ArrayList<>();
  private final List<Runnable> beforeEnd = new ArrayList<>();
  private boolean cancelled;
  private boolean settled;

  /**
   * Opens the answer to a request.
   *
   * @param destination takes the answer as a message, or null if there will be none
   */
  public PendingResponse(String id, Consumer<@Nullable String> destination) {
    this.id = id;
    this.destination = destination;
  }

  /** Answers with a result, given as JSON. */
  public void result(String json) {
    settle("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + json + "}");
  }

  /** Answers with a protocol error. */
  public void error(int code, String message) {
    if (!isSettled()) {
      settle(error(id, code, message, null));
    }
  }

  private synchronized boolean isSettled() {
    return settled;
  }

  /** Answers with a protocol error and data about it, given as JSON. */
  public void error(int code, String message, String data) {
    settle(error(id, code, message, data));
  }

  /** Ends the request without an answer and stops the work on it. */
  public void cancel() {
    settle(null); // first, or the work might answer that it was stopped
    stopWork();
  }

  /** Stops the work on it; somebody else answers. */
  public void stopWork() {
    List<Runnable> stops;
    synchronized (this) {
      cancelled = true;
      stops = List.copyOf(onCancel);
      onCancel.clear();
    }
    stops.forEach(Runnable::run);
  }

  /** Runs {@code stop} when the work is no longer wanted, at once if that is so already. */
  public void onCancel(Runnable stop) {
    synchronized (this) {
      if (!cancelled) {
        onCancel.add(stop);
        return;
      }
    }
    stop.run();
  }

  /**
   * Runs {@code last} before the request ends, answered or not; at once if it has ended already.
   */
  public void beforeEnd(Runnable last) {
    synchronized (this) {
      if (!settled) {
        beforeEnd.add(last);
        return;
      }
    }
    last.run();
  }

  /** An error message; {@code id} is null where no request could be made out. */
  public static String error(@Nullable String id, int code, String message, @Nullable String data) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%s,\"message\":%s%s}}"
        .formatted(
            id,
            code,
            RawJson.quote(TextSanitizer.of(message)),
            data == null ? "" : ",\"data\":" + TextSanitizer.inJson(data));
  }

  private void settle(@Nullable String message) {
    synchronized (this) {
      if (settled) {
        return;
      }
      settled = true;
    }
    for (Runnable last : beforeEnd) {
      last.run();
    }
    destination.accept(message);
  }
}
