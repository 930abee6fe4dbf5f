package dev.clerkmcp.transport.jsonrpc;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The requests that have not been answered yet, by id. */
public final class PendingRequests {
  private final Map<String, PendingResponse> byId = new HashMap<>();
  private int answersOnTheirWay;

  /** Notes a request, or returns null if its id is in use. */
  public synchronized @Nullable PendingResponse open(
      String id, Consumer<@Nullable String> destination) {
    if (byId.containsKey(id)) {
      return null;
    }
    PendingResponse response = new PendingResponse(id, new Departure(id, destination));
    byId.put(id, response);
    return response;
  }

  /** Cancels the request of that id, if there is one. */
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

  /** Waits until every answer has left, and says whether that happened in time. */
  public synchronized boolean awaitNone(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); !isQuiet() && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    return isQuiet();
  }

  private boolean isQuiet() {
    return byId.isEmpty() && answersOnTheirWay == 0;
  }

  /** Frees the id before the answer goes out: whoever reads the answer may use the id again. */
  private synchronized void close(String id) {
    byId.remove(id);
    answersOnTheirWay++;
  }

  private synchronized void answerHasLeft() {
    answersOnTheirWay--;
    notifyAll();
  }

  /** The way of an answer to its destination. */
  private final class Departure implements Consumer<@Nullable String> {
    private final String id;
    private final Consumer<@Nullable String> destination;

    Departure(String id, Consumer<@Nullable String> destination) {
      this.id = id;
      this.destination = destination;
    }

    @Override
    public void accept(@Nullable String answer) {
      close(id);
      try {
        destination.accept(answer);
      } finally {
        answerHasLeft();
      }
    }
  }
}
