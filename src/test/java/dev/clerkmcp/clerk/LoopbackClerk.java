package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** The base class of tests of the client with a scripted Clerk on the loopback. */
abstract class LoopbackClerk {
  static final SecretKey KEY = SecretKey.of("sk_test_notarealkey");
  static final Duration AMPLE = Duration.ofSeconds(30);
  static final Duration SHORT = Duration.ofMillis(500);
  static final SocketEffect BREAK = new SocketEffect.CloseSocket();

  @AutoClose final MockWebServer clerk = new MockWebServer();

  @BeforeEach
  void startClerk() throws IOException {
    clerk.start();
  }

  JsonNode call(String route, String arguments) throws IOException {
    return call(Endpoint.parse(route), arguments);
  }

  JsonNode call(Endpoint endpoint, String arguments) throws IOException {
    return call(client(AMPLE), endpoint, arguments);
  }

  static JsonNode call(ClerkClient client, Endpoint endpoint, String arguments) throws IOException {
    return client.exchange(endpoint, (ObjectNode) Json.read(arguments), new Cancellation()).body();
  }

  ClerkException failure(String route) {
    return failure(client(AMPLE), route);
  }

  static ClerkException failure(ClerkClient client, String route) {
    return catchThrowableOfType(
        ClerkException.class, () -> call(client, Endpoint.parse(route), "{}"));
  }

  ClerkClient client(Duration limit) {
    return ClerkClient.create(settings(KEY, limit));
  }

  ClerkClient.Settings settings(@Nullable SecretKey key, Duration limit) {
    return new ClerkClient.Settings(
        key,
        clerk.url("/v1").toString(),
        "clerk-mcp/test",
        limit,
        Duration.ofMillis(1),
        null,
        NetworkSettings.DIRECT);
  }

  void answer(int status, String body) {
    clerk.enqueue(response(status, body).build());
  }

  static MockResponse.Builder response(int status, String body) {
    return new MockResponse.Builder().code(status).body(body);
  }

  static String body(RecordedRequest request) {
    return request.getBody() == null ? "" : request.getBody().utf8();
  }
}
