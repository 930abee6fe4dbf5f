package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.transport.jsonrpc.DaemonThreads;
import dev.clerkmcp.transport.jsonrpc.MessageWriter;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.math.BigDecimal;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client that asked for progress that its call is still at work: after a second, then every
 * two. The progress is the time in seconds, since Clerk does not say how far it is; the message is
 * what the call waits for.
 */
final class ProgressNotifier {
  private final MessageWriter writer;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("progress"));

  ProgressNotifier(MessageWriter writer) {
    this.writer = writer;
  }

  /**
   * Beats until the call is answered; never, without a token that MCP allows.
   *
   * @param waitingFor what the call pauses for, if it does not wait for Clerk
   */
  void start(JsonNode token, Supplier<@Nullable String> waitingFor, PendingResponse response) {
    if (token.isTextual() || token.isIntegralNumber()) {
      Beat beat = new Beat(token, waitingFor);
      Future<?> beats = clock.scheduleAtFixedRate(beat, 1, 2, TimeUnit.SECONDS);
      response.beforeEnd(
          () -> {
            beats.cancel(false);
            beat.stop();
          });
    }
  }

  /** The beating for one call. */
  private final class Beat implements Runnable {
    private final JsonNode token;
    private final Supplier<@Nullable String> waitingFor;
    private final long start = System.nanoTime();
    private boolean stopped;

    Beat(JsonNode token, Supplier<@Nullable String> waitingFor) {
      this.token = token;
      this.waitingFor = waitingFor;
    }

    @Override
    public synchronized void run() {
      if (!stopped) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        String pause = waitingFor.get();
        writer.notify(
            "notifications/progress",
            "{\"progressToken\":%s,\"progress\":%s,\"message\":%s}"
                .formatted(
                    token,
                    BigDecimal.valueOf(millis, 3),
                    RawJson.quote(pause == null ? "Waiting for Clerk" : pause)));
      }
    }

    /** Once this has returned, nothing more is sent. */
    synchronized void stop() {
      stopped = true;
    }
  }
}
