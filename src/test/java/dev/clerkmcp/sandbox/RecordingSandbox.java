package dev.clerkmcp.sandbox;

import dev.clerkmcp.clerk.SecretKey;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/**
 * A sandbox with seed data on a port, which records the requests and their keys. With a live key it
 * is a live instance.
 */
public final class RecordingSandbox implements AutoCloseable {
  private volatile SandboxCalls sandbox = seeded();
  private final MockWebServer server = new MockWebServer();
  private final List<Received> received = new CopyOnWriteArrayList<>();

  public RecordingSandbox() throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }
        });
    server.start();
  }

  private static SandboxCalls seeded() {
    return SandboxCalls.seeded(1, 40);
  }

  /** Begins again with the same seed data, and returns the new sandbox. */
  public SandboxCalls reset() {
    sandbox = seeded();
    return sandbox;
  }

  /**
   * A recorded request.
   *
   * @param path below /v1, without the query
   * @param key the secret key of the request
   */
  public record Received(String method, String path, String body, String key) {
    /** Whether the request may have changed anything. */
    public boolean changes() {
      return !method.equals("GET");
    }
  }

  /** The value for CLERK_API_URL. */
  public String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** The requests so far. */
  public List<Received> received() {
    return List.copyOf(received);
  }

  private MockResponse answer(RecordedRequest request) {
    String target = request.getTarget().replaceFirst("^/v1", "");
    String body = request.getBody() == null ? "" : request.getBody().utf8();
    String key = String.valueOf(request.getHeaders().get("Authorization")).replace("Bearer ", "");
    received.add(new Received(request.getMethod(), target.replaceAll("\\?.*", ""), body, key));
    boolean live = key.startsWith("sk_live_");
    SandboxCalls.Reply reply =
        sandbox.send(
            request.getMethod(),
            target,
            body,
            live ? SecretKey.SANDBOX_LIVE + "1" : Sandbox.SECRET_KEY);
    return new MockResponse.Builder()
        .code(reply.status())
        .addHeader("Content-Type", "application/json")
        .body(reply.body().isMissingNode() ? "" : reply.body().toString())
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
