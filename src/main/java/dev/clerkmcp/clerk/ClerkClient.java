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
 * Calls Clerk's Backend API: an endpoint and its arguments in, Clerk's JSON out, unchanged. Signs,
 * repeats where that is safe, and keeps to one deadline and to Clerk's rate limits. Safe for use by
 * many threads.
 *
 * @see <a href="https://clerk.com/docs/reference/backend-api">Clerk's reference</a>
 */
public final class ClerkClient {
  /** The most bytes of an answer that are read; a page of 500 users has about three million. */
  private static final long MAX_ANSWER_BYTES = 32 << 20;

  /**
   * A connection whose ping is not answered until the next is broken, so that takes one to two of
   * these. Only HTTP/2 has pings.
   */
  private static final Duration PING_INTERVAL = Duration.ofSeconds(5);

  /** As many as calls run at once, so that a burst over HTTP/1.1 opens each connection once. */
  private static final int MAX_IDLE = 128;

  /** Long enough for a model to think about its next call; pings go on as long. */
  private static final int KEEP_ALIVE_SECONDS = 60;

  /** The longest that a connection ahead of the first request may take. */
  private static final Duration EARLY_LIMIT = Duration.ofSeconds(5);

  private final @Nullable OkHttpClient http;
  private final RequestFactory requests;
  private final RetryPolicy retries;
  private final ConnectionFailure failures;
  private final RateLimiter rateLimiter;
  private final Duration limit;
  private final Settings settings;
  private final Logger log;

  private ClerkClient(@Nullable OkHttpClient http, Settings settings, Logger log) {
    this.http = http;
    this.log = log;
    HttpUrl url = HttpUrl.get(settings.baseUrl());
    this.requests = new RequestFactory(url);
    this.failures = new ConnectionFailure(url, settings.network());
    this.retries = new RetryPolicy(settings.firstPause());
    this.rateLimiter = settings.rateLimiter() == null ? RateLimiter.none() : settings.rateLimiter();
    this.limit = settings.limit();
    this.settings = settings;
  }

  /** Connects with the given settings; {@code inner} interceptors stand between us and Clerk. */
  public static ClerkClient create(Settings settings, Interceptor... inner) {
    SecretKey key = settings.key();
    OkHttpClient http = key == null ? null : http(key, settings, inner);
    return new ClerkClient(http, settings, LoggerFactory.getLogger(ClerkClient.class));
  }

  /**
   * A client that gets the same answer to everything, from memory, but in all else goes the way to
   * Clerk. It logs nothing, since nobody asked for what it does.
   */
  public static ClerkClient rehearsing(String answer) {
    SecretKey key = SecretKey.of(SecretKey.SANDBOX_TEST + "_of_nobody");
    Settings settings =
        new Settings(
            key,
            "http://127.0.0.1",
            "clerk-mcp",
            Duration.ofSeconds(5),
            Duration.ZERO,
            RateLimiter.forTest());
    OkHttpClient http =
        http(key, settings).newBuilder().socketFactory(new StaticResponses(answer)).build();
    return new ClerkClient(http, settings, NOPLogger.NOP_LOGGER);
  }

  /**
   * Connects to Clerk, so that the first request need not wait for that. Clerk is asked for nothing
   * and not told the key. Blocks for five seconds at most, the lookup of its name excepted; if
   * Clerk cannot be reached, the first request says so.
   */
  public void connect() {
    if (http == null) {
      return;
    }
    HttpUrl url = HttpUrl.get(settings.baseUrl());
    try {
      if (url.isHttps()) {
        shakeHands(http, url);
      } else { // on this computer, where only loading what sockets need takes time
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
    OkHttpClient.Builder unsigned = http.newBuilder().callTimeout(EARLY_LIMIT);
    unsigned.interceptors().clear();
    Request request = new Request.Builder().url(url).head().build();
    unsigned.build().newCall(request).execute().close();
  }

  /** Sends one request and returns the body of Clerk's answer; else as {@link #exchange}. */
  public JsonNode call(Endpoint endpoint, ObjectNode arguments, Cancellation cancellation) {
    return exchange(endpoint, arguments, cancellation).body();
  }

  /**
   * Sends one request and returns Clerk's answer. Blocks until then, for the limit of the settings
   * at most.
   *
   * @throws ClerkException if Clerk refuses, cannot be reached, or takes too long, or if its rate
   *     limits demand a longer wait than the limit
   * @throws CancellationException if cancelled; the HTTP request is then broken off
   */
  public Answer exchange(Endpoint endpoint, ObjectNode arguments, Cancellation cancellation) {
    if (http == null) {
      throw ClerkException.withoutAnswer(
          "no_secret_key", "No secret key is configured.", false, null);
    }
    Request.Builder request =
        requests.request(endpoint, arguments).tag(Traceparent.class, cancellation.trace());
    long deadline = System.nanoTime() + limit.toNanos();
    boolean changes = !endpoint.method().equals("GET");
    boolean outcomeUnknown = false;
    for (int tries = 1; ; tries++) {
      long start = System.nanoTime();
      try {
        RateLimiter.Permit permit =
            rateLimiter.await(endpoint, arguments, cancellation, left(deadline));
        Answer answer = attempt(http, request, permit, cancellation, left(deadline));
        if (log.isDebugEnabled()) {
          log.debug(
              "{} {}: answered in {} ms", endpoint.method(), endpoint.path(), millisSince(start));
        }
        return answer;
      } catch (ClerkException failure) {
        log.debug(
            "{} {}: {} {} in {} ms",
            endpoint.method(),
            endpoint.path(),
            failure.status(),
            failure.code(),
            millisSince(start));
        cancellation.check();
        outcomeUnknown |= changes && RetryPolicy.mayHaveBeenCarriedOut(failure);
        Duration pause = retries.pauseBeforeNextTry(endpoint, failure, tries, left(deadline));
        if (pause == null) {
          throw explained(failure, tries).withOutcomeUnknown(outcomeUnknown);
        }
        cancellation.pause(pause, reason(pause, failure));
      }
    }
  }

  private Answer attempt(
      OkHttpClient http,
      Request.Builder request,
      RateLimiter.Permit permit,
      Cancellation cancellation,
      Duration left) {
    SentInterceptor.SentMarker marker = new SentInterceptor.SentMarker();
    Call call = http.newCall(marker.on(request));
    call.timeout().timeout(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS);
    Cancellation.Registration registration = cancellation.onCancel(call::cancel);
    try (Response response = call.execute()) {
      byte[] body = bodyOf(response, marker);
      if (!response.isSuccessful()) {
        throw ErrorParser.parse(response, new String(body, StandardCharsets.UTF_8));
      }
      return new Answer(response.code(), response.header("cf-ray"), Json.readOrNull(body));
    } catch (JsonProcessingException e) {
      throw ClerkException.withoutAnswer(
          "answer_not_json",
          "What answered is not Clerk: it did not send JSON.",
          marker.sent(),
          null);
    } catch (IOException e) {
      if (call.isCanceled()) { // a limit that runs out cancels too
        marker.breakOff();
      }
      if (marker.reusedConnection() && !cancellation.isCancelled()) {
        http.connectionPool().evictAll(); // what broke this connection may have broken idle ones
      }
      throw failures.explain(e, marker);
    } finally {
      registration.close();
      permit.end(marker.sent());
    }
  }

  private static byte[] bodyOf(Response response, SentInterceptor.SentMarker marker)
      throws IOException {
    ResponseBody body = response.body();
    BufferedSource source = body.source();
    if (source.request(MAX_ANSWER_BYTES + 1)) {
      throw ClerkException.withoutAnswer(
          "answer_too_large",
          "Clerk's answer has more than %s MiB.".formatted(MAX_ANSWER_BYTES >> 20),
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

  private static ClerkException explained(ClerkException failure, int tries) {
    if (failure.status() != 429 || failure.code().equals(ClerkException.RATE_BUDGET_USED_UP)) {
      return failure;
    }
    Duration wait = failure.retryAfter();
    return failure.withMessage(
        wait == null || tries == RetryPolicy.MOST_TRIES
            ? "Clerk's rate limit is used up; it refused %s of %s tries.".formatted(tries, tries)
            : "Clerk's rate limit is used up for another %s s, longer than this call may wait."
                .formatted(wait.toSeconds()));
  }

  private static OkHttpClient http(SecretKey key, Settings settings, Interceptor... inner) {
    SentInterceptor delivery = new SentInterceptor();
    OkHttpClient.Builder http =
        new OkHttpClient.Builder()
            .connectTimeout(Duration.ofSeconds(10))
            .readTimeout(Duration.ZERO) // each call has a limit as a whole
            .writeTimeout(Duration.ZERO)
            .pingInterval(PING_INTERVAL)
            // Otherwise every connection is opened on a thread of its own, to try several addresses
            // at once. One after the other, Java tries IPv4 first.
            .fastFallback(false)
            // Redirects and repeats are decided here: a key must not follow a redirect to another
            // host, and OkHttp would send a POST again that may have been carried out.
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .connectionPool(new ConnectionPool(MAX_IDLE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS))
            .eventListener(delivery)
            .addNetworkInterceptor(new StaleConnectionInterceptor())
            .addNetworkInterceptor(delivery)
            .addInterceptor(new ClerkHeadersInterceptor(key, settings.userAgent()));
    List.of(inner).forEach(http::addInterceptor);
    if (HttpUrl.get(settings.baseUrl()).isHttps()) {
      ServerTrust trust = ServerTrust.of(settings.network().authorities());
      http.sslSocketFactory(trust.socketFactory(), trust);
    } else {
      http.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT)); // or TLS would be loaded for nothing
    }
    Network.ProxyServer proxy = settings.network().proxy();
    if (proxy != null) {
      http.proxy(
          new Proxy(
              proxy.socks() ? Proxy.Type.SOCKS : Proxy.Type.HTTP,
              InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
      http.proxyAuthenticator(new ProxyLogin(proxy.login()));
    }
    return http.build();
  }

  /**
   * What Clerk answered when it did what was asked.
   *
   * @param traceId what Clerk's support asks for, if the answer had it
   * @param body JSON null where there is none
   */
  public record Answer(int status, @Nullable String traceId, JsonNode body) {}

  /**
   * How to reach Clerk.
   *
   * @param key without one, every call fails with the code {@code no_secret_key}
   * @param baseUrl the URL that paths are appended to, such as {@code https://api.clerk.com/v1}
   * @param userAgent what the client calls itself
   * @param limit the longest a call may take, repeats and pauses included
   * @param firstPause the unit of the pauses between repeats
   * @param rateLimiter keeps to the rate limits of the instance; null keeps to none
   * @param network the way to Clerk
   */
  public record Settings(
      @Nullable SecretKey key,
      String baseUrl,
      String userAgent,
      Duration limit,
      Duration firstPause,
      @Nullable RateLimiter rateLimiter,
      Network network) {
    /** Without a proxy, and with the certificate authorities of Java. */
    public Settings(
        @Nullable SecretKey key,
        String baseUrl,
        String userAgent,
        Duration limit,
        Duration firstPause,
        @Nullable RateLimiter rateLimiter) {
      this(key, baseUrl, userAgent, limit, firstPause, rateLimiter, Network.DIRECT);
    }
  }
}
