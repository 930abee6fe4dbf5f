package dev.clerkmcp.interceptor.confirm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clerkmcp.clerk.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class QuestionLimitsTest {
  private static final Executor NEW_THREAD = task -> new Thread(task).start();

  private Instant now = Instant.EPOCH;
  private final QuestionLimits limits = new QuestionLimits(() -> now);

  @Test
  void threeRefusalsInTenMinutesCountForTenMinutes() {
    refuse("ban", 2);
    assertThat(limits.refusedUntil("ban")).isNull();
    now = now.plus(Duration.ofMinutes(10));
    refuse("ban", 1);
    Instant end = now.plus(Duration.ofMinutes(10));
    assertThat(limits.refusedUntil("ban")).isEqualTo(end);
    assertThat(limits.refusedUntil("lock")).isNull();
    now = end;
    assertThat(limits.refusedUntil("ban")).isNull();
    refuse("ban", 2);
    assertThat(limits.refusedUntil("ban")).isNull();
  }

  @Test
  void refusalsFarApartDoNotCountTogether() {
    refuse("ban", 2);
    now = now.plus(Duration.ofMinutes(10)).plusMillis(1);
    refuse("ban", 2);
    assertThat(limits.refusedUntil("ban")).isNull();
  }

  @Test
  void yesEndsTheRow() {
    refuse("ban", 2);
    limits.answered("ban", true);
    refuse("ban", 2);
    assertThat(limits.refusedUntil("ban")).isNull();
  }

  @Test
  void clientIsAskedOneQuestionAtATime() throws InterruptedException {
    List<String> order = new CopyOnWriteArrayList<>();
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<Void> one = ask("a", "first", first, order);
    awaitSize(order, 1);
    Cancellation cancelled = new Cancellation();
    CompletableFuture<Void> two =
        CompletableFuture.runAsync(
            () -> limits.inTurn("a", cancelled, () -> order.add("cancelled")), NEW_THREAD);
    CompletableFuture<Void> other =
        ask("b", "other client", CompletableFuture.completedFuture("yes"), order);
    other.join();
    cancelled.cancel();
    assertThatThrownBy(two::join).hasRootCauseInstanceOf(CancellationException.class);
    Thread queued =
        new Thread(() -> limits.inTurn("a", new Cancellation(), () -> order.add("third")), "third");
    queued.start();
    while (queued.getState() != Thread.State.WAITING && queued.isAlive()) {
      Thread.onSpinWait(); // a question that is not queued ends the thread
    }
    assertThat(order).containsExactly("first", "other client");
    first.complete("yes");
    one.join();
    queued.join();
    assertThat(order).containsExactly("first", "other client", "third");
  }

  private CompletableFuture<Void> ask(
      String client, String question, CompletableFuture<String> answer, List<String> order) {
    return CompletableFuture.runAsync(
        () ->
            limits.inTurn(
                client,
                new Cancellation(),
                () -> {
                  order.add(question);
                  return answer.join();
                }),
        NEW_THREAD);
  }

  private static void awaitSize(List<String> list, int size) {
    while (list.size() < size) {
      Thread.onSpinWait();
    }
  }

  private void refuse(String tool, int times) {
    for (int i = 0; i < times; i++) {
      limits.answered(tool, false);
    }
  }
}
