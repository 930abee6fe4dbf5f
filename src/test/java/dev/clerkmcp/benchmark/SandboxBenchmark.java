package dev.clerkmcp.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.Cancellation;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.NetworkSettings;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.FaultInjector;
import dev.clerkmcp.sandbox.Sandbox;
import dev.clerkmcp.sandbox.SandboxSettings;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * How long the sandbox takes to answer with 10,000 users, through the client as in the server. Not
 * a test: {@code mvn -q -Dquick -Dtest=SandboxBenchmark test} prints the figures.
 */
final class SandboxBenchmark {
  private static final int USERS = 10_000;
  private static final int WARM_UP = 100;
  private static final int RUNS = 301;

  private static final String[] ARGUMENTS = {
    "{}",
    "{\"query\":\"haddad\"}",
    "{\"email_address_query\":\"nowak\",\"order_by\":\"-last_sign_in_at\",\"limit\":50}",
    "{\"banned\":true,\"order_by\":\"email_address\"}",
    "{\"last_active_at_before\":1772000000000,\"limit\":100}",
    "{\"limit\":500}",
  };

  @Test
  void listOfUsers() throws Exception {
    SandboxSettings settings =
        new SandboxSettings(1, USERS, SandboxSettings.START, null, FaultInjector.none(), null);
    long begin = System.nanoTime();
    ClerkClient clerk =
        ClerkClient.create(
            new ClerkClient.Settings(
                SecretKey.of(Sandbox.SECRET_KEY),
                Sandbox.BASE_URL,
                "benchmark",
                Duration.ofMinutes(1),
                Duration.ofMillis(1),
                null,
                NetworkSettings.DIRECT),
            Sandbox.open(settings).interceptor());
    System.err.printf(
        "%,d users made in %,d ms%n%n| GET /users with | rows | median ms | 90 %% ms |%n| --- | ---: | ---: | ---: |%n",
        USERS, (System.nanoTime() - begin) / 1_000_000);
    for (String arguments : ARGUMENTS) {
      measure(clerk, arguments);
    }
  }

  private static void measure(ClerkClient clerk, String arguments) throws Exception {
    Endpoint list = Endpoint.parse("GET /users");
    double[] millis = new double[RUNS];
    int rows = 0;
    for (int i = -WARM_UP; i < RUNS; i++) {
      long begin = System.nanoTime();
      JsonNode answer =
          clerk.exchange(list, Json.read(arguments).deepCopy(), new Cancellation()).body();
      if (i >= 0) {
        millis[i] = (System.nanoTime() - begin) / 1e6;
      }
      rows = answer.size();
    }
    assertThat(rows).as(arguments).isPositive();
    Arrays.sort(millis);
    System.err.printf(
        "| `%s` | %d | %.2f | %.2f |%n", arguments, rows, millis[RUNS / 2], millis[RUNS * 9 / 10]);
  }
}
