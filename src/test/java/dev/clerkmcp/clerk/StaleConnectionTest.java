package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests requests over a reused connection that may be dead. */
@Timeout(60)
final class StaleConnectionTest {
  private static final SocketEffect CLOSE = new SocketEffect.CloseSocket();
  private static final Duration FOUND = Duration.ofSeconds(12);
  private static final int REFUSED_STREAM = 7;

  @TempDir private Path folder;
  @AutoClose private SecureClerk clerk;
  private ClerkClient client;

  @BeforeEach
  void startClerk() throws IOException {
    clerk = new SecureClerk(folder);
    client = clerk.client();
  }

  @Test
  void deadConnectionIsDetectedWithinSeconds() throws Exception {
    for (int i = 0; i < 4; i++) {
      clerk.answer("{\"n\":" + i + "}");
    }
    call("GET /users");
    assertThat(request().getVersion()).isEqualTo("HTTP/2");
    clerk.proxy().silenceTunnels();

    CompletableFuture<Duration> reading = CompletableFuture.supplyAsync(() -> timed("GET /users"));
    CompletableFuture<ClerkException> changing =
        CompletableFuture.supplyAsync(() -> LoopbackClerk.failure(client, "POST /users"));
    assertThat(reading).succeedsWithin(FOUND);
    assertThat(changing)
        .succeedsWithin(FOUND)
        .returns("connection_failed", ClerkException::code)
        .returns(true, ClerkException::outcomeUnknown)
        .returns(
            "The connection to api.clerk.test:443 broke before the answer was complete.",
            ClerkException::reason);

    assertThat(timed("POST /users")).isLessThan(Duration.ofSeconds(2));
    assertThat(clerk.proxy().requests()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /users", "GET /users"})
  void closedIdleConnectionIsReplaced(String route) throws Exception {
    clerk.withoutHttp2();
    clerk.answer("{}", CLOSE);
    clerk.answer("{}");
    call("GET /users");
    TimeUnit.MILLISECONDS.sleep(200);
    call(route);
    assertThat(request().getVersion()).isEqualTo("HTTP/1.1");
    assertThat(request().getConnectionIndex()).isEqualTo(1);
  }

  @Test
  void manyClosedConnectionsCostOneTry() throws Exception {
    clerk.withoutHttp2();
    for (int i = 0; i < 6; i++) {
      clerk.server.enqueue(
          new MockResponse.Builder()
              .body("{}")
              .headersDelay(300, TimeUnit.MILLISECONDS)
              .onResponseEnd(CLOSE)
              .build());
    }
    clerk.answer("{}");
    CompletableFuture<?>[] calls = new CompletableFuture<?>[6];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = CompletableFuture.supplyAsync(() -> timed("GET /users"));
    }
    CompletableFuture.allOf(calls).join();
    TimeUnit.MILLISECONDS.sleep(200);
    call("POST /users");
    assertThat(clerk.server.getRequestCount()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void openConnectionIsReused(boolean http2) throws Exception {
    if (!http2) {
      clerk.withoutHttp2();
    }
    for (int i = 0; i < 3; i++) {
      clerk.answer("{}");
      call("POST /users");
      assertThat(request().getConnectionIndex()).isZero();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Test
  void refusedStreamIsRetried() throws Exception {
    clerk.server.enqueue(
        new MockResponse.Builder()
            .onRequestStart(new SocketEffect.CloseStream(REFUSED_STREAM))
            .build());
    clerk.answer("{}");
    call("POST /users");
    assertThat(clerk.server.getRequestCount()).isEqualTo(2);
  }

  private RecordedRequest request() throws InterruptedException {
    return clerk.server.takeRequest();
  }

  private void call(String route) throws IOException {
    LoopbackClerk.call(client, Endpoint.parse(route), "{}");
  }

  private Duration timed(String route) {
    long start = System.nanoTime();
    try {
      call(route);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
