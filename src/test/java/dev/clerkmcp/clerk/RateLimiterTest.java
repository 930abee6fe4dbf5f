package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests when a request may be sent, with a clock that the tests set. */
final class RateLimiterTest {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final Duration AMPLE = Duration.ofDays(1);

  private final AtomicLong clock = new AtomicLong(-5);
  private final RateLimiter live = new RateLimiter(RateLimit.ofInstance(1000), clock::get);
  private final RateLimiter oneInTenSeconds = new RateLimiter(RateLimit.ofInstance(1), clock::get);

  // Limits

  @ParameterizedTest
  @CsvSource({
    "1000, GET /users, 1000, PT10S, 1000 requests in 10 s from an instance",
    "100, GET /users, 100, PT10S, 100 requests in 10 s from an instance",
    "1000, POST /invitations, 100, PT1H, 100 invitations an hour from an instance",
    "1000, POST /invitations/bulk, 25, PT1H, 25 bulk invitations an hour from an instance",
    "1000, POST /organizations/{organization_id}/invitations, 250, PT1H,"
        + " 250 organization invitations an hour from an instance",
    "1000, POST /organizations/{organization_id}/invitations/bulk, 50, PT1H,"
        + " 50 bulk organization invitations an hour from an instance",
    "1000, PATCH /users/{user_id}, 10, PT10S, 10 updates of a user in 10 s",
    "1000, PATCH /users/{user_id}/metadata, 10, PT10S, 10 updates of a user in 10 s",
    "1000, PUT /users/{user_id}/metadata, 10, PT10S, 10 updates of a user in 10 s",
    "1000, PATCH /organizations/{organization_id}, 10, PT10S,"
        + " 10 updates of an organization in 10 s",
    "1000, PATCH /organizations/{organization_id}/metadata, 10, PT10S,"
        + " 10 updates of an organization in 10 s",
    "1000, PUT /organizations/{organization_id}/metadata, 10, PT10S,"
        + " 10 updates of an organization in 10 s",
    "1000, PATCH /organizations/{organization_id}/memberships/{user_id}, 10, PT10S,"
        + " 10 updates of a membership in 10 s",
    "1000, PATCH /organizations/{organization_id}/memberships/{user_id}/metadata, 10, PT10S,"
        + " 10 updates of a membership in 10 s",
  })
  void limitsAreThoseOfClerk(int instance, String route, int limit, Duration length, String words) {
    RateLimiter rateLimiter = new RateLimiter(RateLimit.ofInstance(instance), clock::get);
    for (int i = 0; i < limit; i++) {
      send(rateLimiter, route).end(true);
    }
    assertThat(refusal(rateLimiter, route, length))
        .hasMessageStartingWith(
            "Not sent to Clerk: Clerk allows " + words + ", and they are used up");
    assertThat(queue(rateLimiter, route).acquireOrNanosLeft()).isEqualTo(length.toNanos());
    pass(length);
    send(rateLimiter, route).end(true);
  }

  @Test
  void publicKeysAreNotLimited() {
    for (int i = 0; i < 1001; i++) {
      send(live, "GET /jwks").end(true);
    }
  }

  @Test
  void eachObjectHasItsOwnLimit() {
    for (int user = 0; user < 50; user++) {
      for (int i = 0; i < 10; i++) {
        String part = i % 2 == 0 ? "" : "/metadata"; // these share a limit
        send(live, "PATCH /users/{user_id}" + part, "user_" + user).end(true);
      }
    }
    assertThat(queue(live, "PUT /users/{user_id}/metadata", "user_7").acquireOrNanosLeft())
        .isPositive();
    send(live, "PATCH /users/{user_id}", "user_50").end(true);
    send(live, "PATCH /organizations/{organization_id}", "org_1").end(true);
  }

  @Test
  void membershipHasItsOwnLimit() {
    for (int i = 0; i < 10; i++) {
      send(live, "PATCH /users/{user_id}", "user_1").end(true);
      send(live, "PATCH /organizations/{organization_id}", "user_1").end(true);
    }
    for (int i = 0; i < 20; i++) {
      String member = "user_" + i / 10;
      send(live, "PATCH /organizations/{organization_id}/memberships/{user_id}", member).end(true);
    }
  }

  @Test
  void oldRequestsAreForgotten() {
    for (int user = 0; user < 500; user++) {
      send(live, "PATCH /users/{user_id}", "user_" + user).end(true);
    }
    send(live, "POST /invitations").end(true);
    assertThat(live.windows()).isEqualTo(502);
    pass(TEN_SECONDS);
    assertThat(live.windows()).isOne();
    pass(Duration.ofHours(1));
    assertThat(live.windows()).isZero();
  }

  @Test
  void requestCountsUntilTheLengthAfterItsResponse() {
    RateLimiter.Permit first = send(oneInTenSeconds, "GET /a");
    pass(Duration.ofSeconds(3));
    first.end(true);
    assertThat(queue(oneInTenSeconds, "GET /b").acquireOrNanosLeft())
        .isEqualTo(TEN_SECONDS.toNanos());
  }

  @Test
  void unsentRequestDoesNotCount() {
    RateLimiter.Permit first = send(oneInTenSeconds, "GET /a");
    RateLimiter.Permit second = queue(oneInTenSeconds, "GET /b");
    assertThat(second.acquireOrNanosLeft()).isEqualTo(TEN_SECONDS.toNanos());
    first.end(false);
    assertThat(second.acquireOrNanosLeft()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void noPeriodExceedsTheLimit(long seed) {
    Random random = new Random(seed);
    Duration length = Duration.ofSeconds(1);
    RateLimit all = new RateLimit("all", 7, length, false, operation -> true);
    RateLimit some = new RateLimit("some", 2, length.multipliedBy(3), false, "GET /some"::equals);
    RateLimiter rateLimiter = new RateLimiter(List.of(all, some), clock::get);
    List<RateLimiter.Permit> waiting = new ArrayList<>();
    List<Long> arrivals = new ArrayList<>();
    List<Long> arrivalsOfSome = new ArrayList<>();
    List<Runnable> answers = new ArrayList<>();
    List<RateLimiter.Permit> ofSome = new ArrayList<>();
    for (int step = 0; step < 4000; step++) {
      pass(Duration.ofMillis(random.nextInt(40)));
      if (waiting.size() < 20 && random.nextBoolean()) {
        boolean isSome = random.nextInt(4) == 0;
        RateLimiter.Permit place = queue(rateLimiter, isSome ? "GET /some" : "GET /other");
        waiting.add(place);
        if (isSome) {
          ofSome.add(place);
        }
      }
      if (!waiting.isEmpty()) {
        RateLimiter.Permit place = waiting.get(random.nextInt(waiting.size()));
        if (random.nextInt(50) == 0) {
          place.leaveQueue();
          waiting.remove(place);
        } else if (place.acquireOrNanosLeft() == 0) {
          waiting.remove(place);
          answers.add(
              () -> {
                arrivals.add(clock.get());
                if (ofSome.contains(place)) {
                  arrivalsOfSome.add(clock.get());
                }
                pass(Duration.ofMillis(random.nextInt(40))); // the response
                place.end(true);
              });
        }
      }
      if (!answers.isEmpty() && random.nextInt(3) == 0) {
        answers.remove(random.nextInt(answers.size())).run();
      }
    }
    assertThat(arrivals).hasSizeGreaterThan(100);
    assertThat(arrivalsOfSome).hasSizeGreaterThan(10);
    assertThat(shortestStretch(arrivals, 8)).isGreaterThanOrEqualTo(length);
    assertThat(shortestStretch(arrivalsOfSome, 3)).isGreaterThanOrEqualTo(length.multipliedBy(3));
  }

  // The queue

  @Test
  void queueIsFirstComeFirstServed() {
    RateLimiter twoInTenSeconds = new RateLimiter(RateLimit.ofInstance(2), clock::get);
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waits.add(queue(twoInTenSeconds, "GET /users").acquireOrNanosLeft() / TEN_SECONDS.toNanos());
    }
    assertThat(waits).containsExactly(0L, 0L, 1L, 1L, 2L);
  }

  @Test
  void lateResponseMovesTheQueueBack() {
    RateLimiter.Permit first = send(oneInTenSeconds, "GET /1");
    RateLimiter.Permit second = queue(oneInTenSeconds, "GET /2");
    RateLimiter.Permit third = queue(oneInTenSeconds, "GET /3");
    pass(Duration.ofSeconds(4));
    first.end(true);
    pass(Duration.ofSeconds(6));
    assertThat(second.acquireOrNanosLeft()).isEqualTo(Duration.ofSeconds(4).toNanos());
    assertThat(third.acquireOrNanosLeft()).isEqualTo(Duration.ofSeconds(14).toNanos());
    pass(Duration.ofSeconds(4));
    assertThat(second.acquireOrNanosLeft()).isZero();
  }

  @Test
  void unusedPermitMovesTheQueueUp() {
    send(oneInTenSeconds, "GET /1").end(true);
    RateLimiter.Permit second = queue(oneInTenSeconds, "GET /2");
    RateLimiter.Permit third = queue(oneInTenSeconds, "GET /3");
    second.leaveQueue();
    assertThat(third.acquireOrNanosLeft()).isEqualTo(TEN_SECONDS.toNanos());
  }

  @Test
  void limitsDoNotBlockEachOther() {
    for (int i = 0; i < 100; i++) {
      send(live, "POST /invitations").end(true);
    }
    pass(TEN_SECONDS);
    RateLimiter.Permit invitation = queue(live, "POST /invitations");
    for (int i = 0; i < 1000; i++) {
      send(live, "GET /users").end(true);
    }
    assertThat(invitation.acquireOrNanosLeft())
        .isEqualTo(Duration.ofHours(1).minus(TEN_SECONDS).toNanos());
  }

  @Test
  void permitCountsForAllLimitsOrNone() {
    for (int i = 0; i < 100; i++) {
      send(live, "POST /invitations").end(true);
    }
    pass(TEN_SECONDS);
    for (int i = 0; i < 999; i++) {
      send(live, "GET /users").end(true);
    }
    refusal(live, "POST /invitations", TEN_SECONDS);
    send(live, "GET /users").end(true);
    assertThat(
            queue(live, "POST /organizations/{organization_id}/invitations").acquireOrNanosLeft())
        .isEqualTo(TEN_SECONDS.toNanos());
  }

  @Test
  void waitLongerThanTheTimeoutFailsAtOnce() {
    for (int i = 0; i < 100; i++) {
      send(live, "POST /invitations").end(true);
    }
    pass(Duration.ofMillis(1_800_500));
    assertThat(refusal(live, "POST /invitations", Duration.ofSeconds(45)))
        .returns(429, ClerkException::status)
        .returns("rate_budget_used_up", ClerkException::code)
        .returns(Duration.ofSeconds(1800), ClerkException::retryAfter)
        .returns(false, ClerkException::outcomeUnknown)
        .hasMessage(
            "Not sent to Clerk: Clerk allows 100 invitations an hour from an instance, and they are"
                + " used up for another 1800 s, longer than this call may wait.");
  }

  @Test
  void waitThatBecomesTooLongFails() {
    RateLimiter.Permit first = send(oneInTenSeconds, "GET /1");
    RateLimiter.Permit second = queue(oneInTenSeconds, "GET /2", Duration.ofSeconds(12));
    assertThat(second.acquireOrNanosLeft()).isEqualTo(TEN_SECONDS.toNanos());
    pass(Duration.ofSeconds(4));
    first.end(true);
    pass(Duration.ofSeconds(6));
    assertThat(catchThrowableOfType(ClerkException.class, second::acquireOrNanosLeft).retryAfter())
        .isEqualTo(Duration.ofSeconds(4));
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  /** Sends a request that need not wait. */
  private static RateLimiter.Permit send(RateLimiter rateLimiter, String route) {
    return send(rateLimiter, route, "id_1");
  }

  private static RateLimiter.Permit send(RateLimiter rateLimiter, String route, String id) {
    RateLimiter.Permit place = queue(rateLimiter, route, id);
    assertThat(place.acquireOrNanosLeft()).as(route).isZero();
    return place;
  }

  private static RateLimiter.Permit queue(RateLimiter rateLimiter, String route) {
    return queue(rateLimiter, route, "id_1");
  }

  private static RateLimiter.Permit queue(RateLimiter rateLimiter, String route, String id) {
    return rateLimiter.queue(Endpoint.parse(route), arguments(id), AMPLE);
  }

  private static RateLimiter.Permit queue(RateLimiter rateLimiter, String route, Duration left) {
    return rateLimiter.queue(Endpoint.parse(route), arguments("id_1"), left);
  }

  private static ClerkException refusal(RateLimiter rateLimiter, String route, Duration left) {
    return catchThrowableOfType(ClerkException.class, () -> queue(rateLimiter, route, left));
  }

  private static ObjectNode arguments(String id) {
    String organization = id.startsWith("user") ? "org_1" : id;
    return Json.object().put("organization_id", organization).put("user_id", id);
  }

  /** The shortest time in which that many successive requests were received. */
  private static Duration shortestStretch(List<Long> times, int many) {
    long shortest = Long.MAX_VALUE;
    for (int last = many - 1; last < times.size(); last++) {
      shortest = Math.min(shortest, times.get(last) - times.get(last - many + 1));
    }
    return Duration.ofNanos(shortest);
  }
}
