package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/**
 * A Clerk on the loopback that has every user. The digits of a user's ID are the delay of the
 * response, in milliseconds.
 */
public final class SlowClerk implements AutoCloseable {
  private final MockWebServer server = new MockWebServer();
  private final CountDownLatch firstRequest = new CountDownLatch(1);

  public SlowClerk() throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            firstRequest.countDown();
            String path = request.getUrl().encodedPath();
            String id = path.substring(path.lastIndexOf('/') + 1);
            String millis = id.replaceAll("\\D", "");
            return new MockResponse.Builder()
                .code(200)
                .headersDelay(millis.isEmpty() ? 0 : Long.parseLong(millis), TimeUnit.MILLISECONDS)
                .body("{\"id\":\"%s\"}".formatted(id))
                .build();
          }
        });
    server.start();
  }

  /** The value for CLERK_API_URL. */
  public String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** Waits until a request was received. */
  public void awaitRequest() {
    try {
      assertThat(firstRequest.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
