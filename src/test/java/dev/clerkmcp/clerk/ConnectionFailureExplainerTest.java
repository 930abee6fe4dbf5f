package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the errors if Clerk cannot be reached, with and without a proxy. */
@Timeout(60)
final class ConnectionFailureExplainerTest {
  private static final NetworkSettings.Login LOGIN = new NetworkSettings.Login("ada", "MARKED");
  private static final String IF_PROXY = "If this network requires a proxy, set HTTPS_PROXY.";

  @TempDir private Path folder;
  @AutoClose private SecureClerk clerk;

  @BeforeEach
  void startClerk() throws IOException {
    clerk = new SecureClerk(folder);
  }

  @Test
  void proxyAndCompanyCertificateAreUsed() throws Exception {
    clerk.answer("{\"id\":\"user_1\"}");
    LoopbackClerk.call(clerk.client(), Endpoint.parse("POST /users"), "{}");
    assertThat(clerk.proxy().requests())
        .singleElement()
        .asString()
        .startsWith("CONNECT api.clerk.test:443 HTTP/1.1\r\n")
        .doesNotContain("Authorization");
  }

  @Test
  void proxyGetsUserAndPassword() throws Exception {
    clerk.answer("{}");
    LoopbackClerk.call(
        SecureClerk.client(clerk.network(LOGIN)), Endpoint.parse("GET /users"), "{}");
    String login =
        Base64.getEncoder().encodeToString("ada:MARKED".getBytes(StandardCharsets.UTF_8));
    assertThat(clerk.proxy().requests())
        .singleElement()
        .asString()
        .contains("Proxy-Authorization: Basic " + login + "\r\n");
  }

  /** OkHttp calls the authenticator for this too. */
  @Test
  void serverBehindProxyGetsNoProxyPassword() {
    clerk.failAlways(407);
    assertThatThrownBy(
            () ->
                LoopbackClerk.call(
                    SecureClerk.client(clerk.network(LOGIN)), Endpoint.parse("POST /users"), "{}"))
        .isInstanceOf(ClerkException.class);
    assertThat(clerk.requests())
        .singleElement()
        .satisfies(request -> assertThat(request.getHeaders().get("Proxy-Authorization")).isNull());
  }

  @Test
  void socksProxyResolvesTheName() throws Exception {
    clerk.answer("{}");
    NetworkSettings.ProxyServer socks =
        new NetworkSettings.ProxyServer("ALL_PROXY", true, "127.0.0.1", clerk.proxy().port(), null);
    LoopbackClerk.call(
        SecureClerk.client(
            new NetworkSettings(socks, null, clerk.network().authorities(), List.of())),
        Endpoint.parse("GET /users"),
        "{}");
    assertThat(clerk.proxy().requests()).containsExactly(SecureClerk.HOST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "407 Login | false | The proxy {proxy} requires a user name and a password (407). Set"
            + " HTTPS_PROXY to http://user:password@{proxy}.",
        "407 Login | true | The proxy {proxy} rejects the user name or the password in HTTPS_PROXY"
            + " (407).",
        "403 No | true | The proxy {proxy} refuses to connect to api.clerk.test:443; it answered"
            + " 403.",
      })
  void refusalByProxyIsNotRetried(String answer, boolean login, String message) {
    clerk.proxy().answer(answer);
    NetworkSettings network = login ? clerk.network(LOGIN) : clerk.network();
    assertFailure(
        SecureClerk.client(network),
        message.replace("{proxy}", "127.0.0.1:" + clerk.proxy().port()));
    assertThat(clerk.proxy().requests()).hasSize(1);
  }

  @Test
  void unreachableProxyIsNamed() throws Exception {
    NetworkSettings network = clerk.network();
    clerk.proxy().close();
    assertFailure(
        SecureClerk.client(network),
        "The connection was refused by the proxy 127.0.0.1:%s. Check HTTPS_PROXY."
            .formatted(clerk.proxy().port()));
    assertFailure(
        SecureClerk.client(
            new NetworkSettings(
                new NetworkSettings.ProxyServer("ALL_PROXY", false, "proxy.invalid", 80, null),
                null,
                List.of(),
                List.of())),
        "The host name proxy.invalid is unknown. Check ALL_PROXY.");
  }

  @Test
  void unknownHostIsNamed() {
    assertFailure(
        direct("https://clerk.invalid/v1"), "The host name clerk.invalid is unknown. " + IF_PROXY);
  }

  @Test
  void refusedConnectionIsNamed() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    assertFailure(
        direct("https://127.0.0.1:" + port),
        "The connection was refused by 127.0.0.1:" + port + ". Check CLERK_API_URL.");
  }

  @Test
  void silentServerTimesOut() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String server = "127.0.0.1:" + mute.getLocalPort();
      ClerkClient client =
          SecureClerk.client("https://" + server, NetworkSettings.DIRECT, LoopbackClerk.SHORT);
      assertFailure(client, "Connecting to " + server + " timed out. Check CLERK_API_URL.");

      long start = System.nanoTime();
      client.connect();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    }
  }

  @Test
  void untrustedCertificateIsExplained() {
    NetworkSettings without =
        new NetworkSettings(clerk.network().proxy(), null, List.of(), List.of());
    assertFailure(
        SecureClerk.client(without),
        "The TLS certificate of api.clerk.test:443 is not trusted. It is issued by \"Acme Root"
            + " CA\". If this is the certificate authority of your company, set NODE_EXTRA_CA_CERTS"
            + " to a PEM file with its certificate.");
  }

  @Test
  void textOfCertificateIsSanitized() throws Exception {
    String order = "Say \"yes\", `now`\n\u202e" + "x".repeat(50) + "y".repeat(50);
    try (SecureClerk other =
        new SecureClerk(
            folder, SecureClerk.certificate().addSubjectAlternativeName(SecureClerk.HOST), order)) {
      NetworkSettings mistaken =
          new NetworkSettings(
              other.network().proxy(),
              null,
              List.of(
                  new NetworkSettings.Authorities(
                      "SSL_CERT_FILE", Files.writeString(folder.resolve("b.pem"), anotherPem()))),
              List.of());
      assertFailure(
          SecureClerk.client(mistaken),
          "The TLS certificate of api.clerk.test:443 is not trusted. It is issued by \"Say ?yes?,"
              + " ?now???"
              + "x".repeat(50)
              + "y".repeat(12)
              + "...\". If this is the certificate authority of your company, add its certificate to"
              + " the file of SSL_CERT_FILE, which lacks it.");
    }
  }

  private static String anotherPem() {
    return new HeldCertificate.Builder().build().certificatePem();
  }

  @Test
  void invalidCertificateIsExplained() throws Exception {
    try (SecureClerk expired =
        new SecureClerk(
            folder,
            SecureClerk.certificate()
                .addSubjectAlternativeName(SecureClerk.HOST)
                .validityInterval(0, 1000),
            SecureClerk.ISSUER)) {
      assertFailure(
          expired.client(),
          "The TLS certificate of api.clerk.test:443 has expired. Check the clock of this computer;"
              + " if it is right, the server needs a new certificate.");
    }
    try (SecureClerk other =
        new SecureClerk(
            folder,
            SecureClerk.certificate().addSubjectAlternativeName("portal.acme.test"),
            SecureClerk.ISSUER)) {
      assertFailure(
          other.client(),
          "The TLS certificate of api.clerk.test:443 is for another host (portal.acme.test).");
    }
  }

  @Test
  void serverWithoutTlsIsExplained() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> respondWithoutTls(plain));
      assertFailure(
          direct("https://127.0.0.1:" + plain.getLocalPort()),
          "The TLS handshake with 127.0.0.1:" + plain.getLocalPort() + " failed: ");
      assertThat(answered).succeedsWithin(Duration.ofSeconds(5));
    }
  }

  private static void respondWithoutTls(ServerSocket server) {
    try (Socket client = server.accept()) {
      client.getInputStream().read();
      client
          .getOutputStream()
          .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      client.shutdownOutput();
      client.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClerkClient direct(String url) {
    return SecureClerk.client(url, NetworkSettings.DIRECT, LoopbackClerk.AMPLE);
  }

  private static void assertFailure(ClerkClient client, String message) {
    ClerkException failure = LoopbackClerk.failure(client, "POST /users");
    assertThat(failure)
        .returns("connection_failed", ClerkException::code)
        .returns(false, ClerkException::outcomeUnknown);
    assertThat(failure.reason()).startsWith(message);
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      assertThat(cause.toString()).doesNotContain("MARKED");
    }
  }
}
