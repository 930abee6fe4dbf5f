package dev.clerkmcp.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Serves the sandbox over HTTP on the loopback address, for other programs that use Clerk. */
public final class SandboxServer implements AutoCloseable {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final long MAX_BODY_BYTES = 16 << 20;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Sandbox sandbox;
  private final FaultInjector faults;

  /**
   * Starts the server.
   *
   * @param port the TCP port, 0 for any free one
   * @throws IOException if the port is taken
   */
  SandboxServer(Sandbox sandbox, FaultInjector faults, int port) throws IOException {
    this.sandbox = sandbox;
    this.faults = faults;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), 0);
    http.createContext("/", this::exchange);
    http.setExecutor(threads);
    http.start();
  }

  /** The base URL without the API version: {@code http://127.0.0.1:4010}. */
  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** The secret with which the sandbox's webhooks are signed. */
  public String webhookSecret() {
    return sandbox.webhookSecret();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }

  private void exchange(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes((int) MAX_BODY_BYTES);
      HttpUrl url = HttpUrl.parse(url() + exchange.getRequestURI().toASCIIString());
      if (url == null) {
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      // A fault throws here, and the exchange is then closed without a response.
      Sandbox.HttpResponse answer =
          faults.answer(sandbox, request(exchange, url, body), () -> false);
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      if (answer.retryAfterSeconds() != null) {
        exchange.getResponseHeaders().set("Retry-After", answer.retryAfterSeconds().toString());
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }

  private static Request request(HttpExchange exchange, HttpUrl url, byte[] body) {
    String method = exchange.getRequestMethod();
    Request.Builder request = new Request.Builder().url(url);
    for (String name : List.of("Authorization", "Clerk-API-Version")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    boolean reads = method.equals("GET") || method.equals("HEAD");
    return request.method(method, reads ? null : body(exchange, body)).build();
  }

  private static RequestBody body(HttpExchange exchange, byte[] bytes) {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    MediaType mediaType = type == null ? null : MediaType.parse(type);
    return RequestBody.create(bytes, mediaType);
  }
}
