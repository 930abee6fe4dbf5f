package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clerkmcp.json.Json;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tests the wait for a permit: its reason and its cancellation. */
final class RateLimiterWaitTest {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final Duration AMPLE = Duration.ofDays(1);

  private final AtomicLong clock = new AtomicLong();
  private final RateLimiter rateLimiter = new RateLimiter(RateLimit.ofInstance(1), clock::get);

  @Test
  void waitEndsWhenThereIsRoom() throws Exception {
    sendFirst();
    Cancellation cancellation = new Cancellation();
    CompletableFuture<RateLimiter.Permit> permit = wait(cancellation);
    assertThat(awaitReason(cancellation))
        .isEqualTo("Waiting 10 s: Clerk allows 1 requests in 10 s from an instance");
    clock.addAndGet(Duration.ofMillis(6_500).toNanos());
    assertThat(cancellation.waitingFor()).startsWith("Waiting 4 s: ");
    assertThat(permit).isNotDone();
    clock.addAndGet(Duration.ofMillis(3_500).toNanos());
    assertThat(permit).succeedsWithin(Duration.ofSeconds(10));
    assertThat(cancellation.waitingFor()).isNull();
  }

  @Test
  void cancelledRequestGivesItsPermitBack() throws Exception {
    sendFirst();
    Cancellation cancellation = new Cancellation();
    CompletableFuture<RateLimiter.Permit> permit = wait(cancellation);
    awaitReason(cancellation);
    RateLimiter.Permit third = queue();
    assertThat(third.acquireOrNanosLeft()).isEqualTo(TEN_SECONDS.multipliedBy(2).toNanos());
    cancellation.cancel();
    assertThat(permit)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(CancellationException.class);
    assertThat(third.acquireOrNanosLeft()).isEqualTo(TEN_SECONDS.toNanos());
    assertThat(cancellation.waitingFor()).isNull();
  }

  @Test
  void cancelledRequestIsNotQueued() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    assertThatThrownBy(() -> await(cancellation)).isInstanceOf(CancellationException.class);
    assertThat(rateLimiter.windows()).isZero();
  }

  private void sendFirst() {
    RateLimiter.Permit first = queue();
    assertThat(first.acquireOrNanosLeft()).isZero();
    first.end(true);
  }

  private RateLimiter.Permit queue() {
    return rateLimiter.queue(Endpoint.parse("GET /x"), Json.object(), AMPLE);
  }

  private CompletableFuture<RateLimiter.Permit> wait(Cancellation cancellation) {
    return CompletableFuture.supplyAsync(() -> await(cancellation));
  }

  private RateLimiter.Permit await(Cancellation cancellation) {
    return rateLimiter.await(Endpoint.parse("GET /waiting"), Json.object(), cancellation, AMPLE);
  }

  private static String awaitReason(Cancellation cancellation) throws InterruptedException {
    String reason = cancellation.waitingFor();
    for (; reason == null; reason = cancellation.waitingFor()) {
      Thread.sleep(5);
    }
    return reason;
  }
}
