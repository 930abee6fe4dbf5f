package dev.clerkmcp.clerk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;

/** A Clerk with TLS behind a company's proxy; the company issued its certificate. */
public final class SecureClerk implements AutoCloseable {
  /** The host name of the certificate; only the proxy resolves it. */
  public static final String HOST = "api.clerk.test";

  /** The issuer of the certificate. */
  public static final String ISSUER = "Acme Root CA";

  final MockWebServer server = new MockWebServer();
  private final HeldCertificate authority;
  private final LoopbackProxy proxy;
  private final Path pem;
  private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();

  /** Supports HTTP/2 and HTTP/1.1. */
  public SecureClerk(Path folder) throws IOException {
    this(folder, certificate().addSubjectAlternativeName(HOST), ISSUER);
  }

  SecureClerk(Path folder, HeldCertificate.Builder certificate, String issuer) throws IOException {
    authority = new HeldCertificate.Builder().commonName(issuer).certificateAuthority(0).build();
    HandshakeCertificates handshake =
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate.signedBy(authority).build(), authority.certificate())
            .build();
    server.useHttps(handshake.sslSocketFactory());
    server.start();
    proxy = new LoopbackProxy(server.getPort());
    pem = Files.writeString(folder.resolve("acme.pem"), authority.certificatePem());
  }

  static HeldCertificate.Builder certificate() {
    return new HeldCertificate.Builder().commonName("server").duration(1, TimeUnit.DAYS);
  }

  /** From now on supports only HTTP/1.1. */
  void withoutHttp2() {
    server.setProtocols(List.of(Protocol.HTTP_1_1));
  }

  /** Responds to the next request; then applies the effects to the connection. */
  public void answer(String body, SocketEffect... effects) {
    MockResponse.Builder response = new MockResponse.Builder().body(body);
    for (SocketEffect effect : effects) {
      response.onResponseEnd(effect);
    }
    server.enqueue(response.build());
  }

  /** Responds to every request with an error from now on. */
  void failAlways(int status) {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            requests.add(request);
            return new MockResponse.Builder().code(status).build();
          }
        });
  }

  /** The requests that {@link #failAlways} has responded to. */
  List<RecordedRequest> requests() {
    return requests;
  }

  /** Responds to every request from now on. */
  public void answerAlways(String body) {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            boolean head = "HEAD".equals(request.getMethod());
            return new MockResponse.Builder().body(head ? "" : body).build();
          }
        });
  }

  /** The port, on the loopback. */
  public int port() {
    return server.getPort();
  }

  /** The proxy. */
  public LoopbackProxy proxy() {
    return proxy;
  }

  /** A file with the company's certificate. */
  public Path pem() {
    return pem;
  }

  NetworkSettings network() {
    return network(null);
  }

  NetworkSettings network(NetworkSettings.@Nullable Login login) {
    return new NetworkSettings(
        new NetworkSettings.ProxyServer("HTTPS_PROXY", false, "127.0.0.1", proxy.port(), login),
        null,
        List.of(new NetworkSettings.Authorities("NODE_EXTRA_CA_CERTS", pem)),
        List.of());
  }

  ClerkClient client() {
    return client(network());
  }

  static ClerkClient client(NetworkSettings network) {
    return client("https://" + HOST + "/v1", network, LoopbackClerk.AMPLE);
  }

  static ClerkClient client(String url, NetworkSettings network, Duration limit) {
    return ClerkClient.create(
        new ClerkClient.Settings(
            LoopbackClerk.KEY, url, "clerk-mcp/test", limit, Duration.ofMillis(1), null, network));
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    server.close();
  }
}
