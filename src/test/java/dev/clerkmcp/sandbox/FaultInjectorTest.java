package dev.clerkmcp.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clerkmcp.clerk.Cancellation;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.NetworkSettings;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.SandboxClock;
import dev.clerkmcp.sandbox.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Injected faults, as a client experiences them. */
final class FaultInjectorTest {
  private final Store store = new Store(1, SandboxClock.startingAt(SandboxSettings.START));

  @Test
  void faultByNumberIsRetried() {
    ClerkClient clerk = client(FaultInjector.of("", "500@1,503@2", 1));
    assertThat(count(clerk)).as("two tries failed, the third did not").isZero();
  }

  @Test
  void rejectedRequestIsNotCarriedOut() {
    ClerkClient clerk = client(FaultInjector.of("", "500:1", 1));
    assertThatThrownBy(() -> create(clerk))
        .isInstanceOfSatisfying(
            ClerkException.class, failure -> assertThat(failure.status()).isEqualTo(500));
    assertThat(store.table(ObjectKind.USER).size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"drop, 0", "lost, 1"})
  void brokenConnectionMakesTheOutcomeUnknown(String fault, int created) {
    ClerkClient clerk = client(FaultInjector.of("", fault + "@1", 1));
    assertThatThrownBy(() -> create(clerk))
        .isInstanceOfSatisfying(
            ClerkException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo("connection_failed");
              assertThat(failure.outcomeUnknown()).isTrue();
            });
    assertThat(store.table(ObjectKind.USER).size()).isEqualTo(created);
  }

  @Test
  void sameSeedHitsTheSameRequests() {
    assertThat(hits(7)).isEqualTo(hits(7)).isNotEqualTo(hits(8)).contains(true, false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "soon | ''      | latency must be milliseconds",
        "9-5  | ''      | latency must begin with the shorter time",
        "''   | 418:0.1 | faults must be 429",
        "''   | 429     | faults must be 429",
        "''   | 429:2   | faults must be 429",
        "''   | 429@0.5 | faults must be 429",
      })
  void rejectsInvalidSettings(String latency, String faults, String message) {
    assertThatThrownBy(() -> FaultInjector.of(latency, faults, 1)).hasMessageContaining(message);
  }

  private List<Boolean> hits(long seed) {
    ClerkClient clerk = client(FaultInjector.of("0-1", "drop:0.5", seed));
    List<Boolean> hits = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int before = store.table(ObjectKind.USER).size();
      try {
        clerk.exchange(
            Endpoint.parse("POST /users"),
            Json.object().put("username", "user-%s-%s".formatted(before, i)),
            new Cancellation());
        hits.add(true);
      } catch (ClerkException e) {
        hits.add(false);
      }
    }
    return hits;
  }

  private static int count(ClerkClient clerk) {
    return clerk
        .exchange(Endpoint.parse("GET /users/count"), Json.object(), new Cancellation())
        .body()
        .path("total_count")
        .asInt();
  }

  private static void create(ClerkClient clerk) {
    clerk.exchange(
        Endpoint.parse("POST /users"), Json.object().put("username", "ada_l"), new Cancellation());
  }

  private ClerkClient client(FaultInjector faults) {
    Sandbox sandbox = new Sandbox(SandboxCalls.CONTRACT, store, () -> {}, faults);
    return ClerkClient.create(
        new ClerkClient.Settings(
            SecretKey.of(Sandbox.SECRET_KEY),
            Sandbox.BASE_URL,
            "test",
            Duration.ofSeconds(10),
            Duration.ofMillis(1),
            null,
            NetworkSettings.DIRECT),
        sandbox.interceptor());
  }
}
