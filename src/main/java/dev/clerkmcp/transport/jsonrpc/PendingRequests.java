package dev.clerkmcp.transport.jsonrpc;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tracks the requests that have no response yet, by id. Safe for use by many threads. */
public final class PendingRequests {
  private final Map<String, PendingResponse> byId = new HashMap<>();
  private int beingSent;

  /** Registers a request; returns null if another pending request has its id. */
  public synchronized @Nullable PendingResponse open(
      String id, Consumer<@Nullable String> destination) {
    if (byId.containsKey(id)) {
      return null;
    }
    PendingResponse response = new PendingResponse(id, new Sender(id, destination));
    byId.put(id, response);
    return response;
  }

  /** Cancels the request of that id; does nothing if no pending request has it. */
  public void cancel(String id) {
    PendingResponse response;
    synchronized (this) {
      response = byId.get(id);
    }
    if (response != null) {
      response.cancel();
    }
  }

  public synchronized List<PendingResponse> all() {
    return List.copyOf(byId.values());
  }

  /** Waits until every response is sent; returns false if that takes longer than the limit. */
  public synchronized boolean awaitNone(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); !isEmpty() && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    return isEmpty();
  }

  private boolean isEmpty() {
    return byId.isEmpty() && beingSent == 0;
  }

  private synchronized void beginSending(String id) {
    byId.remove(id);
    beingSent++;
  }

  private synchronized void endSending() {
    beingSent--;
    notifyAll();
  }

  /** Sends a response, and frees the id first: the client may reuse it when it has the response. */
  private final class Sender implements Consumer<@Nullable String> {
    private final String id;
    private final Consumer<@Nullable String> destination;

    Sender(String id, Consumer<@Nullable String> destination) {
      this.id = id;
      this.destination = destination;
    }

    @Override
    public void accept(@Nullable String response) {
      beginSending(id);
      try {
        destination.accept(response);
      } finally {
        endSending();
      }
    }
  }
}
