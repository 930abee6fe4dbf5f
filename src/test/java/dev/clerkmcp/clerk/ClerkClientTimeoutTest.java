package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okio.Okio;
import org.junit.jupiter.api.Test;

/** Tests the timeout and the cancellation of calls. */
final class ClerkClientTimeoutTest extends LoopbackClerk {
  @Test
  void lateResponseIsTimeout() {
    clerk.enqueue(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
    long start = System.nanoTime();
    assertThat(failure(client(SHORT), "POST /users"))
        .returns(0, ClerkException::status)
        .returns("timeout", ClerkException::code)
        .returns(true, ClerkException::outcomeUnknown);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AMPLE.dividedBy(2));
  }

  /** There is no read timeout; the timeout of the call must apply. */
  @Test
  void stalledResponseIsTimeout() {
    clerk.enqueue(
        new MockResponse.Builder()
            .body("{\"id\":\"" + "x".repeat(100_000) + "\"}")
            .onResponseBody(SocketEffect.Stall.INSTANCE)
            .build());
    long start = System.nanoTime();
    assertThat(failure(client(SHORT), "POST /users"))
        .returns("timeout", ClerkException::code)
        .returns(true, ClerkException::outcomeUnknown);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AMPLE.dividedBy(2));
  }

  @Test
  void retriesAndPausesShareTheTimeout() {
    for (int i = 0; i < 4; i++) {
      clerk.enqueue(response(503, "").addHeader("Retry-After", "2").build());
    }
    assertThat(failure(client(Duration.ofSeconds(4)), "GET /x").status()).isEqualTo(503);
    assertThat(clerk.getRequestCount()).isEqualTo(2);
  }

  @Test
  void cancellationAbortsSlowResponse() throws Exception {
    CountDownLatch brokenOff = new CountDownLatch(1);
    clerk.enqueue(
        new MockResponse.Builder()
            .removeHeader("Content-Length") // the body goes on until the connection ends
            .socketHandler(
                socket -> {
                  awaitEnd(socket);
                  brokenOff.countDown();
                })
            .build());
    Cancellation cancellation = new Cancellation();
    CompletableFuture<JsonNode> call = begin("GET /x", cancellation);
    awaitRequest();
    cancellation.cancel();
    assertCancelled(call);
    assertThat(brokenOff.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void cancellationEndsPause() throws Exception {
    clerk.enqueue(response(429, "").addHeader("Retry-After", "25").build());
    Cancellation cancellation = new Cancellation();
    CompletableFuture<JsonNode> call = begin("GET /x", cancellation);
    awaitRequest();
    while (cancellation.waitingFor() == null) {
      Thread.sleep(5);
    }
    assertThat(cancellation.waitingFor())
        .matches("Waiting 2[56] s before the next try: Clerk answered 429");
    cancellation.cancel();
    assertCancelled(call);
    assertThat(clerk.getRequestCount()).isOne();
  }

  @Test
  void cancelledCallSendsNothing() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    assertCancelled(begin("POST /users", cancellation));
    assertThat(clerk.getRequestCount()).isZero();
  }

  private void awaitRequest() throws InterruptedException {
    assertThat(clerk.takeRequest(10, TimeUnit.SECONDS)).isNotNull();
  }

  private static void assertCancelled(CompletableFuture<JsonNode> call) {
    assertThat(call)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(CancellationException.class);
  }

  private static void awaitEnd(okio.Socket socket) {
    try {
      Okio.buffer(socket.getSource()).exhausted();
    } catch (IOException e) {
      // a connection that is reset has ended as well
    }
  }

  private CompletableFuture<JsonNode> begin(String route, Cancellation cancellation) {
    return CompletableFuture.supplyAsync(
        () -> client(AMPLE).exchange(Endpoint.parse(route), Json.object(), cancellation).body());
  }
}
