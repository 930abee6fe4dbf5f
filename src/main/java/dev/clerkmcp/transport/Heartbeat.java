package dev.clerkmcp.transport;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells a client that asked for progress that its call is still at work: after a second, then every
 * two. The progress is the time in seconds, since Clerk does not say how far it is.
 */
final class Heartbeat {
  private final Outlet outlet;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("progress"));

  Heartbeat(Outlet outlet) {
    this.outlet = outlet;
  }

  /** Beats until the call is answered; never, without a token that MCP allows. */
  void start(JsonNode token, Reply reply) {
    if (token.isTextual() || token.isIntegralNumber()) {
      Beat beat = new Beat(token);
      Future<?> beats = clock.scheduleAtFixedRate(beat, 1, 2, TimeUnit.SECONDS);
      reply.beforeEnd(
          () -> {
            beats.cancel(false);
            beat.stop();
          });
    }
  }

  /** The beating for one call. */
  private final class Beat implements Runnable {
    private final JsonNode token;
    private final long start = System.nanoTime();
    private boolean stopped;

    Beat(JsonNode token) {
      this.token = token;
    }

    @Override
    public synchronized void run() {
      if (!stopped) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        outlet.notify(
            "notifications/progress",
            "{\"progressToken\":%s,\"progress\":%d.%03d,\"message\":\"Waiting for Clerk\"}"
                .formatted(token, millis / 1000, millis % 1000));
      }
    }

    /** Once this has returned, nothing more is sent. */
    synchronized void stop() {
      stopped = true;
    }
  }
}
