package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which requests are retried, and the error after the last try. */
final class ClerkClientRetryTest extends LoopbackClerk {
  private static final String LOCKED =
      "{\"errors\":[{\"code\":\"resource_locked\",\"message\":\"m\"}]}";

  @Test
  void status429IsRetried() throws Exception {
    clerk.enqueue(response(429, "").addHeader("Retry-After", "0").build());
    answer(200, "{\"id\":\"user_1\"}");
    call(Endpoint.parse("POST /users").withRepeatable(false), "{\"first_name\":\"Ada\"}");
    assertThat(body(clerk.takeRequest()))
        .isEqualTo(body(clerk.takeRequest()))
        .isEqualTo("{\"first_name\":\"Ada\"}");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 500, 503})
  void outcomeOfChangeIsUnknownAfterStatus(int status) {
    answer(status, "");
    assertThat(failure("POST /users")).returns(true, ClerkException::outcomeUnknown);
    assertThat(clerk.getRequestCount()).isOne();
  }

  @Test
  void pauseFollowsRetryAfter() throws Exception {
    clerk.enqueue(response(429, "").addHeader("Retry-After", "1").build());
    answer(200, "{}");
    long start = System.nanoTime();
    call("GET /x", "{}");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void pauseLongerThanTheTimeoutIsNotBegun() {
    clerk.enqueue(response(429, "").addHeader("Retry-After", "3600").build());
    assertThat(failure("POST /users"))
        .returns("too_many_requests", ClerkException::code)
        .returns(Duration.ofHours(1), ClerkException::retryAfter)
        .returns(false, ClerkException::outcomeUnknown)
        .hasMessage(
            "Clerk answered 429: Clerk's rate limit is used up for another 3600 s, longer than this"
                + " call may wait.");
    assertThat(clerk.getRequestCount()).isOne();
  }

  @Test
  void retryAfterCanBeDate() {
    ZonedDateTime inAnHour = ZonedDateTime.now(ZoneOffset.UTC).plusHours(1);
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(inAnHour);
    clerk.enqueue(response(429, "").addHeader("Retry-After", date).build());
    assertThat(failure("GET /x").retryAfter())
        .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-1", "1.5", ""})
  void invalidRetryAfterMeansShortPause(String retryAfter) throws Exception {
    clerk.enqueue(response(429, "").addHeader("Retry-After", retryAfter).build());
    answer(200, "{}");
    assertThat(call("GET /x", "{}").isEmpty()).isTrue();
  }

  @Test
  void atMostFourTries() {
    for (int i = 0; i < 5; i++) {
      answer(429, "");
    }
    assertThat(failure("GET /x")).hasMessageContaining("it refused 4 of 4 tries");
    assertThat(clerk.getRequestCount()).isEqualTo(4);
  }

  @Test
  void onlyTriesOverTheRateLimitCountAsRefused() {
    answer(503, "");
    answer(429, "");
    answer(500, "");
    answer(429, "");
    assertThat(failure("GET /x")).hasMessageContaining("it refused 2 of 4 tries");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void repeatableRequestIsRetriedAfterTransientStatus(int status) throws Exception {
    answer(status, "");
    answer(status, "<html>Bad gateway</html>");
    answer(200, "{\"id\":\"user_1\"}");
    assertThat(call("PATCH /users/{id}", "{\"id\":\"user_1\"}").path("id").asText())
        .isEqualTo("user_1");
    assertThat(clerk.getRequestCount()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void otherRequestIsNotRetried(int status) {
    answer(status, "");
    assertThat(failure("POST /users"))
        .returns(status, ClerkException::status)
        .returns(true, ClerkException::outcomeUnknown);
    assertThat(clerk.getRequestCount()).isOne();
  }

  @Test
  void retryByOkHttpIsPrevented() {
    clerk.enqueue(response(503, "").addHeader("Retry-After", "0").build());
    answer(200, "{}");
    assertThat(failure("POST /users").outcomeUnknown()).isTrue();
    assertThat(clerk.getRequestCount()).isOne();
  }

  @Test
  void outcomeOfChangeIsUnknownAfterUnreadableResponse() {
    answer(200, "<html>");
    assertThat(failure("POST /users"))
        .returns("answer_not_json", ClerkException::code)
        .returns(true, ClerkException::outcomeUnknown);
    answer(200, "<html>");
    assertThat(failure("GET /users").outcomeUnknown()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 402, 403, 404, 410, 413, 422, 501})
  void clientErrorIsNotRetried(int status) {
    answer(status, "{\"errors\":[{\"code\":\"c\",\"message\":\"m\"}]}");
    assertThat(failure("GET /x").status()).isEqualTo(status);
    assertThat(clerk.getRequestCount()).isOne();
  }

  @Test
  void outcomeOfChangeIsUnknownAfterLastTry() {
    for (int i = 0; i < 4; i++) {
      answer(500, "");
    }
    assertThat(failure("DELETE /x").outcomeUnknown()).isTrue();
    assertThat(clerk.getRequestCount()).isEqualTo(4);
  }

  @Test
  void outcomeOfReadIsNeverUnknown() {
    for (int i = 0; i < 4; i++) {
      answer(500, "");
    }
    assertThat(failure("GET /x").outcomeUnknown()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /x", "DELETE /x"})
  void repeatableRequestIsRetriedAfterBrokenConnection(String route) throws Exception {
    clerk.enqueue(new MockResponse.Builder().onResponseStart(BREAK).build());
    clerk.enqueue(response(200, "{\"id\":\"user_1\"}").onResponseBody(BREAK).build());
    answer(200, "{\"id\":\"user_1\"}");
    assertThat(call(route, "{}")).hasToString("{\"id\":\"user_1\"}");
  }

  @Test
  void sentRequestIsNotRetried() {
    clerk.enqueue(new MockResponse.Builder().onResponseStart(BREAK).build());
    answer(200, "{}");
    assertThat(failure("POST /users"))
        .returns(0, ClerkException::status)
        .returns("connection_failed", ClerkException::code)
        .returns(true, ClerkException::outcomeUnknown);
    assertThat(clerk.getRequestCount()).isOne();
  }

  @Test
  void unsentRequestChangedNothing() {
    clerk.close();
    assertThat(failure("POST /users"))
        .returns("connection_failed", ClerkException::code)
        .returns(false, ClerkException::outcomeUnknown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /users", "PATCH /users"})
  void lockedObjectIsRetriedOnce(String route) throws Exception {
    answer(409, LOCKED);
    answer(200, "{\"id\":\"user_1\"}");
    assertThat(call(route, "{}").path("id").asText()).isEqualTo("user_1");
  }

  @Test
  void objectThatStaysLockedFails() {
    answer(409, LOCKED);
    answer(409, LOCKED);
    assertThat(failure("PATCH /x").code()).isEqualTo("resource_locked");
    assertThat(clerk.getRequestCount()).isEqualTo(2);
  }

  @Test
  void otherConflictIsNotRetried() {
    answer(409, "{\"errors\":[{\"code\":\"duplicate_record\",\"message\":\"m\"}]}");
    assertThat(failure("PATCH /x").code()).isEqualTo("duplicate_record");
    assertThat(clerk.getRequestCount()).isOne();
  }

  @Test
  void outcomeIsUnknownIfRetriedDeletionFindsNothing() {
    clerk.enqueue(new MockResponse.Builder().onResponseStart(BREAK).build());
    answer(404, "{\"errors\":[{\"code\":\"resource_not_found\",\"message\":\"m\"}]}");
    assertThat(failure("DELETE /x"))
        .returns("resource_not_found", ClerkException::code)
        .returns(true, ClerkException::outcomeUnknown);
  }
}
