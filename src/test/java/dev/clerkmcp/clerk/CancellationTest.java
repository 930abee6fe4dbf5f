package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the cancellation of work and pauses. */
final class CancellationTest {
  private final Cancellation cancellation = new Cancellation();
  private final AtomicInteger stops = new AtomicInteger();

  @Test
  void checkThrowsOnceCancelled() {
    cancellation.check();
    cancellation.pause(Duration.ofMillis(1), "reason");
    assertThat(cancellation.isCancelled()).isFalse();
  }

  @Test
  void pauseThrowsOnceCancelled() {
    cancellation.cancel();
    assertThat(cancellation.isCancelled()).isTrue();
    assertThatThrownBy(cancellation::check).isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> cancellation.pause(Duration.ofDays(1), "reason"))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void listenerIsCalledWhenPauseBegins() {
    List<String> told = new ArrayList<>();
    cancellation.onPause(told::add);
    cancellation.pause(Duration.ofMillis(300), "long"); // of several naps
    cancellation.pause(Duration.ZERO, "none");
    assertThat(told).containsExactly("long");
    assertThat(cancellation.waitingFor()).isNull();
  }

  @Test
  void eachCallbackRunsOnce() {
    cancellation.onCancel(stops::incrementAndGet);
    cancellation.onCancel(stops::incrementAndGet);
    cancellation.cancel();
    cancellation.cancel();
    assertThat(stops).hasValue(2);
  }

  @Test
  void lateCallbackRunsAtOnce() {
    cancellation.cancel();
    cancellation.onCancel(stops::incrementAndGet).close();
    assertThat(stops).hasValue(1);
  }

  @Test
  void closedCallbackDoesNotRun() {
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
              cancellation.pause(Duration.ofDays(1), "reason");
            });
    begun.await();
    cancellation.cancel();
    assertThat(pause)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(CancellationException.class);
  }

  @Test
  void waitingForIsTheReasonOfThePause() throws InterruptedException {
    assertThat(cancellation.waitingFor()).isNull();
    CompletableFuture<Void> pause =
        CompletableFuture.runAsync(
            () -> cancellation.pause(Duration.ofDays(1), "Waiting for tomorrow"));
    while (cancellation.waitingFor() == null) {
      Thread.sleep(5);
    }
    assertThat(cancellation.waitingFor()).isEqualTo("Waiting for tomorrow");
    cancellation.cancel();
    assertThat(pause).failsWithin(Duration.ofSeconds(10));
    assertThat(cancellation.waitingFor()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 1", "PT0.001S, 1", "PT1S, 1", "PT1.001S, 2", "PT1H, 3600"})
  void secondsAreRoundedUp(Duration pause, long seconds) {
    assertThat(Cancellation.seconds(pause)).isEqualTo(seconds);
  }

  @Test
  void interruptEndsPauseAndIsKept() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> cancellation.pause(Duration.ofDays(1), "reason"))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
