package dev.clerkmcp.interceptor.confirm;

import dev.clerkmcp.clerk.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits the questions to a person, who otherwise may say yes just to end them: a client shows one
 * at a time, and a tool that was refused three times in a row asks no more for ten minutes.
 */
final class QuestionLimits {
  static final int MAX_REFUSALS = 3;

  /** Within this time the refusals must follow each other, and for this time they count. */
  static final Duration PERIOD = Duration.ofMinutes(10);

  private final InstantSource clock;

  /** The times of the last refusals in a row, oldest first, by tool. */
  private final Map<String, Deque<Instant>> refusals = new HashMap<>();

  /** The end of the last question in the queue, by client. */
  private final Map<String, CompletableFuture<@Nullable Void>> last = new HashMap<>();

  QuestionLimits(InstantSource clock) {
    this.clock = clock;
  }

  /** Until when a tool may ask no question; null if it may. */
  synchronized @Nullable Instant refusedUntil(String tool) {
    Deque<Instant> times = refusals.getOrDefault(tool, new ArrayDeque<>());
    if (times.size() < MAX_REFUSALS) {
      return null;
    }
    Instant end = times.getLast().plus(PERIOD);
    if (clock.instant().isBefore(end)) {
      return end;
    }
    refusals.remove(tool);
    return null;
  }

  /** Records that a person answered a question of the tool. */
  synchronized void answered(String tool, boolean yes) {
    if (yes) {
      refusals.remove(tool);
      return;
    }
    Instant now = clock.instant();
    Deque<Instant> times = refusals.computeIfAbsent(tool, first -> new ArrayDeque<>());
    times.removeIf(time -> time.plus(PERIOD).isBefore(now));
    times.add(now);
  }

  /**
   * Asks when the earlier questions of the client are answered.
   *
   * @throws CancellationException if the call is cancelled before its turn
   */
  <T> T inTurn(String client, Cancellation cancellation, Supplier<T> question) {
    CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    CompletableFuture<@Nullable Void> before;
    synchronized (this) {
      before = last.put(client, end);
    }
    if (before == null) {
      before = CompletableFuture.completedFuture(null);
    }
    try {
      await(before, cancellation);
      return question.get();
    } finally {
      // A call that was cancelled in the queue ends when its turn comes.
      CompletableFuture<?> unused = before.thenRun(() -> end(client, end));
    }
  }

  private static void await(CompletableFuture<@Nullable Void> before, Cancellation cancellation) {
    CompletableFuture<@Nullable Void> turn = before.copy(); // so that only this call is cancelled
    Cancellation.Registration registration = cancellation.onCancel(() -> turn.cancel(true));
    try {
      turn.join();
    } finally {
      registration.close();
    }
    cancellation.check();
  }

  private void end(String client, CompletableFuture<@Nullable Void> question) {
    synchronized (this) {
      last.remove(client, question);
    }
    question.complete(null);
  }
}
