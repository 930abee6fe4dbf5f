package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.databind.JsonNode;
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
 * Sends progress notifications about calls whose client asked for them: after one second, then
 * every two seconds. The progress is the elapsed time in seconds, since Clerk reports none; the
 * message is what the call waits for.
 */
final class ProgressNotifier {
  private final MessageWriter writer;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(CallThreadPool.daemonThreads("progress"));

  ProgressNotifier(MessageWriter writer) {
    this.writer = writer;
  }

  /**
   * Notifies the client until the call is responded to.
   *
   * @param token the client's progress token; if MCP does not allow it, nothing is sent
   * @param waitingFor what the call waits for; null if that is Clerk
   */
  void start(JsonNode token, Supplier<@Nullable String> waitingFor, PendingResponse response) {
    if (token.isTextual() || token.isIntegralNumber()) {
      CallProgress progress = new CallProgress(token, waitingFor);
      Future<?> schedule = scheduler.scheduleAtFixedRate(progress, 1, 2, TimeUnit.SECONDS);
      response.beforeEnd(
          () -> {
            schedule.cancel(false);
            progress.stop();
          });
    }
  }

  /** Sends the notifications of one call. */
  private final class CallProgress implements Runnable {
    private final JsonNode token;
    private final Supplier<@Nullable String> waitingFor;
    private final long start = System.nanoTime();
    private boolean stopped;

    CallProgress(JsonNode token, Supplier<@Nullable String> waitingFor) {
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

    /** Stops the notifications: nothing is sent after this has returned. */
    synchronized void stop() {
      stopped = true;
    }
  }
}
