package dev.clerkmcp.clerk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/**
 * Calls Clerk's Backend API: takes an endpoint and arguments, and returns Clerk's JSON unchanged.
 * Each call has a timeout that includes rate limiting and retries ({@link RateLimiter}, {@link
 * RetryPolicy}); redirects are refused. Safe for use by many threads.
 *
 * @see <a href="https://clerk.com/docs/reference/backend-api">Clerk's reference</a>
 */
public final class ClerkClient {
  /** The most bytes of a response; a page of 500 users has about three million. */
  private static final long MAX_RESPONSE_BYTES = 32 << 20;

  /**
   * How often a connection is pinged. It is dead if a ping is not answered before the next, so a
   * dead connection is detected after one to two intervals. Only HTTP/2 has pings.
   */
  private static final Duration PING_INTERVAL = Duration.ofSeconds(5);

  /**
   * The most idle connections: as many as calls that run at once, so that bursts over HTTP/1.1
   * reuse connections.
   */
  private static final int MAX_IDLE = 128;

  /** How long an idle connection stays open: long enough for a model's next call. */
  private static final int KEEP_ALIVE_SECONDS = 60;

  /** The timeout of {@link #connect}. */
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  private final @Nullable OkHttpClient http;
  private final RequestFactory requests;
  private final RetryPolicy retries;
  private final ConnectionFailureExplainer failureExplainer;
  private final RateLimiter rateLimiter;
  private final Duration limit;
  private final Settings settings;
  private final Logger log;

  private ClerkClient(@Nullable OkHttpClient http, Settings settings, Logger log) {
    this.http = http;
    this.log = log;
    HttpUrl url = HttpUrl.get(settings.baseUrl());
    this.requests = new RequestFactory(url);
    this.failureExplainer = new ConnectionFailureExplainer(url, settings.network());
    this.retries = new RetryPolicy(settings.pauseUnit());
    this.rateLimiter = settings.rateLimiter() == null ? RateLimiter.none() : settings.rateLimiter();
    this.limit = settings.limit();
    this.settings = settings;
  }

  /** Creates a client; further interceptors are called last, before the network. */
  public static ClerkClient create(Settings settings, Interceptor... inner) {
    SecretKey key = settings.key();
    OkHttpClient http = key == null ? null : http(key, settings, inner);
    return new ClerkClient(http, settings, LoggerFactory.getLogger(ClerkClient.class));
  }

  /**
   * Creates a client for the warm-up, which gets the same response to every request from memory.
   * Otherwise it works like a real client, but it logs nothing.
   */
  public static ClerkClient answering(String json) {
    SecretKey key = SecretKey.of(SecretKey.SANDBOX_TEST + "_of_nobody");
    Settings settings =
        new Settings(
            key,
            "http://127.0.0.1",
            "clerk-mcp",
            Duration.ofSeconds(5),
            Duration.ZERO,
            RateLimiter.forTest(),
            NetworkSettings.DIRECT);
    OkHttpClient http =
        http(key, settings).newBuilder().socketFactory(new StaticResponses(json)).build();
    return new ClerkClient(http, settings, NOPLogger.NOP_LOGGER);
  }

  /**
   * Opens a connection to Clerk ahead of the first request, without sending the key. Blocks for
   * five seconds at most, plus the DNS lookup. If it fails, the first request reports the problem.
   */
  public void connect() {
    if (http == null) {
      return;
    }
    HttpUrl url = HttpUrl.get(settings.baseUrl());
    try {
      if (url.isHttps()) {
        shakeHands(http, url);
      } else { // on this computer, connecting is fast, but loading the socket classes is not
        loadSockets();
      }
    } catch (IOException e) {
      log.debug("Clerk cannot be reached yet");
    }
  }

  private static void loadSockets() throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
  }

  private static void shakeHands(OkHttpClient http, HttpUrl url) throws IOException {
    OkHttpClient.Builder unsigned = http.newBuilder().callTimeout(CONNECT_LIMIT);
    unsigned.interceptors().clear();
    Request request = new Request.Builder().url(url).head().build();
    unsigned.build().newCall(request).execute().close();
  }

  /**
   * Sends a request without a file, as {@link #exchange(Endpoint, ObjectNode, UploadFile,
   * Cancellation)} does.
   */
  public ClerkResponse exchange(
      Endpoint endpoint, ObjectNode arguments, Cancellation cancellation) {
    return exchange(endpoint, arguments, null, cancellation);
  }

  /**
   * Sends a request, with retries, and returns Clerk's response. Blocks for the limit of the
   * settings at most.
   *
   * @param image the image of a form; null for a request without one
   * @throws ClerkException if Clerk responds with an error, cannot be reached or takes too long, or
   *     if its rate limits require a longer wait than the limit
   * @throws CancellationException if cancelled; the HTTP request is then aborted
   * @throws IllegalArgumentException if a form has no image
   */
  public ClerkResponse exchange(
      Endpoint endpoint,
      ObjectNode arguments,
      @Nullable UploadFile image,
      Cancellation cancellation) {
    if (http == null) {
      throw ClerkException.withoutAnswer(
          "no_secret_key", "No secret key is configured.", false, null);
    }
    if (image == null && endpoint.payload() instanceof Endpoint.Payload.Form) {
      throw new IllegalArgumentException(endpoint + " needs an image");
    }
    Request.Builder request =
        requests
            .request(endpoint, arguments, image)
            .tag(TraceHeaderInterceptor.Traceparent.class, cancellation.trace());
    long deadline = System.nanoTime() + limit.toNanos();
    boolean changes = !endpoint.method().equals("GET");
    boolean outcomeUnknown = false;
    int rateLimited = 0;
    for (int tries = 1; ; tries++) {
      long start = System.nanoTime();
      try {
        RateLimiter.Permit permit =
            rateLimiter.await(endpoint, arguments, cancellation, left(deadline));
        ClerkResponse response = attempt(http, request, permit, cancellation, left(deadline));
        if (log.isDebugEnabled()) {
          log.debug(
              "{} {}: answered in {} ms", endpoint.method(), endpoint.path(), millisSince(start));
        }
        return response;
      } catch (ClerkException failure) {
        log.debug(
            "{} {}: {} {} in {} ms",
            endpoint.method(),
            endpoint.path(),
            failure.status(),
            failure.code(),
            millisSince(start));
        cancellation.check();
        outcomeUnknown |= changes && RetryPolicy.mayHaveBeenProcessed(failure);
        rateLimited += failure.status() == 429 ? 1 : 0;
        Duration pause = retries.pauseBeforeRetry(endpoint, failure, tries, left(deadline));
        if (pause == null) {
          throw explained(failure, rateLimited, tries).withOutcomeUnknown(outcomeUnknown);
        }
        cancellation.pause(pause, reason(pause, failure));
      }
    }
  }

  private ClerkResponse attempt(
      OkHttpClient http,
      Request.Builder request,
      RateLimiter.Permit permit,
      Cancellation cancellation,
      Duration left) {
    SentInterceptor.SentMarker marker = new SentInterceptor.SentMarker();
    Call call = http.newCall(marker.attachTo(request));
    call.timeout().timeout(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS);
    Cancellation.Registration registration = cancellation.onCancel(call::cancel);
    try (Response response = call.execute()) {
      byte[] body = bodyOf(response, marker);
      if (!response.isSuccessful()) {
        throw ErrorParser.parse(response, new String(body, StandardCharsets.UTF_8));
      }
      return new ClerkResponse(response.code(), response.header("cf-ray"), Json.readOrNull(body));
    } catch (JsonProcessingException e) {
      throw ClerkException.withoutAnswer(
          "answer_not_json",
          "The response is not from Clerk: it is not JSON.",
          marker.sent(),
          null);
    } catch (IOException e) {
      if (call.isCanceled()) { // by the caller or by the timeout
        marker.abort();
      }
      if (marker.reusedConnection() && !cancellation.isCancelled()) {
        http.connectionPool().evictAll(); // idle connections may be dead for the same reason
      }
      throw failureExplainer.explain(e, marker);
    } finally {
      registration.close();
      permit.end(marker.sent());
    }
  }

  private static byte[] bodyOf(Response response, SentInterceptor.SentMarker marker)
      throws IOException {
    ResponseBody body = response.body();
    BufferedSource source = body.source();
    if (source.request(MAX_RESPONSE_BYTES + 1)) {
      throw ClerkException.withoutAnswer(
          "answer_too_large",
          "Clerk's answer has more than %s MiB.".formatted(MAX_RESPONSE_BYTES >> 20),
          marker.sent(),
          null);
    }
    return source.readByteArray();
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(deadline - System.nanoTime());
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private static String reason(Duration pause, ClerkException failure) {
    return "Waiting %s s before the next try: Clerk %s"
        .formatted(
            Cancellation.seconds(pause),
            failure.status() == 0 ? "did not answer" : "answered " + failure.status());
  }

  private static ClerkException explained(ClerkException failure, int rateLimited, int tries) {
    if (failure.status() != 429 || failure.code().equals(ClerkException.RATE_BUDGET_USED_UP)) {
      return failure;
    }
    Duration wait = failure.retryAfter();
    return failure.withMessage(
        wait == null || tries == RetryPolicy.MAX_TRIES
            ? "Clerk's rate limit is used up; it refused %s of %s tries."
                .formatted(rateLimited, tries)
            : "Clerk's rate limit is used up for another %s s, longer than this call may wait."
                .formatted(wait.toSeconds()));
  }

  private static OkHttpClient http(SecretKey key, Settings settings, Interceptor... inner) {
    SentInterceptor sent = new SentInterceptor();
    OkHttpClient.Builder http =
        new OkHttpClient.Builder()
            .connectTimeout(Duration.ofSeconds(10))
            .readTimeout(Duration.ZERO) // each call has a timeout as a whole
            .writeTimeout(Duration.ZERO)
            .pingInterval(PING_INTERVAL)
            // Fast fallback would open every connection on a thread of its own, to try several
            // addresses at once. One after the other, Java tries IPv4 first.
            .fastFallback(false)
            // Redirects are refused: the key must not be sent to another host. OkHttp's own retry
            // is off, since it would repeat a POST that Clerk may have processed.
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .connectionPool(new ConnectionPool(MAX_IDLE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS))
            .eventListener(sent)
            .addNetworkInterceptor(new StaleConnectionInterceptor())
            .addNetworkInterceptor(sent)
            .addInterceptor(new ClerkHeadersInterceptor(key, settings.userAgent()));
    List.of(inner).forEach(http::addInterceptor);
    if (HttpUrl.get(settings.baseUrl()).isHttps()) {
      ServerTrust trust = ServerTrust.of(settings.network().authorities());
      http.sslSocketFactory(trust.socketFactory(), trust);
    } else {
      http.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT)); // so that TLS is not loaded
    }
    NetworkSettings.ProxyServer proxy = settings.network().proxy();
    if (proxy != null) {
      http.proxy(
          new Proxy(
              proxy.socks() ? Proxy.Type.SOCKS : Proxy.Type.HTTP,
              InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
      http.proxyAuthenticator(new NetworkSettings.ProxyAuthenticator(proxy.login()));
    }
    return http.build();
  }

  /**
   * The settings of a client.
   *
   * @param key without one, every call fails with the code {@code no_secret_key}
   * @param baseUrl the URL before the path, such as {@code https://api.clerk.com/v1}
   * @param userAgent the value of the User-Agent header
   * @param limit the timeout of a call, including rate limiting and retries
   * @param pauseUnit the unit of the pauses between retries
   * @param rateLimiter shared by all clients of an instance; null for no rate limiting
   * @param network proxy and certificate authorities
   */
  public record Settings(
      @Nullable SecretKey key,
      String baseUrl,
      String userAgent,
      Duration limit,
      Duration pauseUnit,
      @Nullable RateLimiter rateLimiter,
      NetworkSettings network) {}

  /**
   * Clerk's response to a request that succeeded.
   *
   * @param traceId identifies the request for Clerk's support; null if the response has none
   * @param body JSON null if the response has no body
   */
  public record ClerkResponse(int status, @Nullable String traceId, JsonNode body) {}
}
