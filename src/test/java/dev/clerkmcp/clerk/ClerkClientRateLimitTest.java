package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;

/** Tests rate limiting over a real connection; each try counts. */
final class ClerkClientRateLimitTest extends LoopbackClerk {
  private static final int CALLS = 130;

  @Test
  void concurrentCallsStayWithinTheLimit() {
    Duration length = Duration.ofMillis(300);
    StrictClerk strict = new StrictClerk(20, length);
    clerk.setDispatcher(strict);
    ClerkClient client = client(limiter(20, length));
    ExecutorService threads = Executors.newFixedThreadPool(CALLS);
    try {
      List<CompletableFuture<JsonNode>> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        calls.add(CompletableFuture.supplyAsync(() -> read(client), threads));
      }
      assertThat(calls).allSatisfy(call -> assertThat(call).succeedsWithin(Duration.ofSeconds(30)));
    } finally {
      threads.shutdownNow();
    }
    assertThat(strict.refused()).isZero();
    assertThat(clerk.getRequestCount()).isEqualTo(CALLS);
  }

  @Test
  void everyTryCounts() {
    answer(503, "");
    answer(200, "{}");
    ClerkClient client = client(limiter(1, Duration.ofHours(1)));
    assertThat(failure(client, "PATCH /x"))
        .returns("rate_budget_used_up", ClerkException::code)
        .returns(true, ClerkException::outcomeUnknown);
    assertThat(failure(client, "PATCH /x"))
        .returns("rate_budget_used_up", ClerkException::code)
        .returns(false, ClerkException::outcomeUnknown)
        .hasMessageContaining("Clerk allows 1 request, and they are used up for another 3600 s");
    assertThat(clerk.getRequestCount()).isOne();
  }

  @Test
  void unsentRequestDoesNotCount() {
    RateLimiter rateLimiter = limiter(1, Duration.ofHours(1));
    ClerkClient client = client(rateLimiter);
    clerk.close();
    assertThat(failure(client, "GET /x")).returns("connection_failed", ClerkException::code);
    assertThat(rateLimiter.windows()).isZero();
  }

  private static RateLimiter limiter(int limit, Duration length) {
    String words = limit == 1 ? "1 request" : limit + " requests";
    return new RateLimiter(
        List.of(new RateLimit(words, limit, length, false, operation -> true)), System::nanoTime);
  }

  private ClerkClient client(RateLimiter rateLimiter) {
    ClerkClient.Settings settings = settings(KEY, AMPLE);
    return ClerkClient.create(
        new ClerkClient.Settings(
            settings.key(),
            settings.baseUrl(),
            settings.userAgent(),
            settings.limit(),
            settings.pauseUnit(),
            rateLimiter,
            NetworkSettings.DIRECT));
  }

  private static JsonNode read(ClerkClient client) {
    return client.exchange(Endpoint.parse("GET /x"), Json.object(), new Cancellation()).body();
  }

  /** Rejects requests over the limit, and delays each response differently. */
  private static final class StrictClerk extends Dispatcher {
    private final int limit;
    private final Duration length;
    private final List<Long> arrivals = new ArrayList<>();
    private int refused;

    StrictClerk(int limit, Duration length) {
      this.limit = limit;
      this.length = length;
    }

    @Override
    public synchronized MockResponse dispatch(RecordedRequest request) {
      long now = System.nanoTime();
      arrivals.removeIf(arrival -> now - arrival >= length.toNanos());
      arrivals.add(now);
      if (arrivals.size() > limit) {
        refused++;
        return response(429, "").build();
      }
      return response(200, "{}").headersDelay(arrivals.size() * 3L, TimeUnit.MILLISECONDS).build();
    }

    synchronized int refused() {
      return refused;
    }
  }
}
