package dev.clerkmcp.transport.jsonrpc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the response to a request, at most once: the first result, error or cancellation wins, and
 * later ones are ignored. So the work on a cancelled request may run to its end without any effect
 * on the client.
 */
public final class PendingResponse {
  private final String id;
  private final Consumer<@Nullable String> destination;
  private final List<Runnable> onCancel = new ArrayList<>();
  private final List<Runnable> beforeEnd = new ArrayList<>();
  private boolean cancelled;
  private boolean settled;

  /**
   * Creates the response to a request.
   *
   * @param id the request's id, as JSON
   * @param destination takes the response as a message, or null if the request was cancelled
   */
  public PendingResponse(String id, Consumer<@Nullable String> destination) {
    this.id = id;
    this.destination = destination;
  }

  /** Responds with a result, given as JSON. */
  public void result(String json) {
    settle("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + json + "}");
  }

  /** Responds with a protocol error. */
  public void error(int code, String message) {
    if (!isSettled()) {
      settle(JsonRpcError.response(id, code, message, null));
    }
  }

  private synchronized boolean isSettled() {
    return settled;
  }

  /** Responds with a protocol error and data about it, given as JSON. */
  public void error(int code, String message, String data) {
    settle(JsonRpcError.response(id, code, message, data));
  }

  /** Ends the request without a response and stops the work on it. */
  public void cancel() {
    settle(null); // first, otherwise the work could respond that it was stopped
    stopWork();
  }

  /** Stops the work on the request, but does not respond to it. */
  public void stopWork() {
    List<Runnable> stops;
    synchronized (this) {
      cancelled = true;
      stops = List.copyOf(onCancel);
      onCancel.clear();
    }
    stops.forEach(Runnable::run);
  }

  /** Runs {@code stop} when the work on the request is stopped; at once if it already was. */
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
   * Runs {@code last} before the request ends, with a response or without; at once if it has ended.
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
