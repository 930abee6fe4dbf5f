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

  /** Beats until stopped; never, without a token that MCP allows. */
  Beat start(JsonNode token) {
    if (!token.isTextual() && !token.isIntegralNumber()) {
      return () -> {};
    }
    long start = System.nanoTime();
    Future<?> beats =
        clock.scheduleAtFixedRate(
            () -> beat(token, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)),
            1,
            2,
            TimeUnit.SECONDS);
    return () -> beats.cancel(false);
  }

  private void beat(JsonNode token, long millis) {
    outlet.notify(
        "notifications/progress",
        "{\"progressToken\":%s,\"progress\":%d.%03d,\"message\":\"Waiting for Clerk\"}"
            .formatted(token, millis / 1000, millis % 1000));
  }

  /** The beating for one call. */
  interface Beat {
    void stop();
  }
}
