package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections wait for the next request, and not for ever. */
@Timeout(30)
final class IdleConnectionsTest extends LoopbackClerk {
  private static final int REQUESTS = 20;

  @Test
  void connectionServesManyRequestsAndIsClosedAtLast() throws Exception {
    ConnectionPool pool = IdleConnections.keptFor(Duration.ofMillis(400));
    OkHttpClient http = new OkHttpClient.Builder().connectionPool(pool).build();
    for (int round = 0; round < 2; round++) { // the second has to open one again
      request(http);
      assertThat(pool.connectionCount()).isEqualTo(1);
      while (pool.connectionCount() > 0) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    assertThat(clerk.takeRequest().getConnectionIndex()).isZero();
    for (int i = 1; i < REQUESTS; i++) {
      assertThat(clerk.takeRequest().getConnectionIndex()).isZero();
    }
    assertThat(clerk.takeRequest().getConnectionIndex()).isEqualTo(1);
  }

  private void request(OkHttpClient http) throws IOException {
    for (int i = 0; i < REQUESTS; i++) {
      clerk.enqueue(new MockResponse.Builder().body("{}").build());
      http.newCall(new Request.Builder().url(clerk.url("/")).build()).execute().close();
    }
  }
}
