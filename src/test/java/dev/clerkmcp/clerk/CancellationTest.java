package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How work is told to stop. */
final class CancellationTest {
  private final Cancellation cancellation = new Cancellation();
  private final AtomicInteger stops = new AtomicInteger();

  @Test
  void workGoesOnUntilCancelled() {
    cancellation.check();
    cancellation.pause(Duration.ofMillis(1));
    assertThat(cancellation.isCancelled()).isFalse();
  }

  @Test
  void workDoesNotBeginOnceCancelled() {
    cancellation.cancel();
    assertThat(cancellation.isCancelled()).isTrue();
    assertThatThrownBy(cancellation::check).isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> cancellation.pause(Duration.ofDays(1)))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void eachStopRunsOnce() {
    cancellation.onCancel(stops::incrementAndGet);
    cancellation.onCancel(stops::incrementAndGet);
    cancellation.cancel();
    cancellation.cancel();
    assertThat(stops).hasValue(2);
  }

  @Test
  void stopThatComesTooLateRunsAtOnce() {
    cancellation.cancel();
    cancellation.onCancel(stops::incrementAndGet).close();
    assertThat(stops).hasValue(1);
  }

  @Test
  void stopOfFinishedWorkDoesNotRun() {
    cancellation.onCancel(stops::incrementAndGet).close();
    cancellation.cancel();
    assertThat(stops).hasValue(0);
  }

  @Test
  void pauseEndsWhenCancelled() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Void> pause =
        CompletableFuture.runAsync(
            () -> {
              begun.countDown();
              cancellation.pause(Duration.ofDays(1));
            });
    begun.await();
    cancellation.cancel();
    assertThat(pause)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(CancellationException.class);
  }

  @Test
  void interruptionEndsPauseAndIsKept() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> cancellation.pause(Duration.ofDays(1)))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
