package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.SecureClerk;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the server behind a company's proxy, which issues its own certificates. */
@Timeout(90)
final class NetworkIT {
  private static final String COUNT = ServerProcess.call("1", "clerk_users_count", "{}");

  @TempDir private Path folder;
  @AutoClose private SecureClerk clerk;

  @BeforeEach
  void startClerk() throws IOException {
    clerk = new SecureClerk(folder);
    clerk.answerAlways("{\"object\":\"total_count\",\"total_count\":3}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"})
  void callUsesProxyAndCompanyCertificate(String variable) {
    try (ServerProcess server =
        new ServerProcess(
                "CLERK_API_URL",
                "https://" + SecureClerk.HOST,
                "HTTPS_PROXY",
                proxyFor("ada:SECRET%2B1@"),
                variable,
                clerk.pem().toString())
            .initialized()) {
      server.send(COUNT);
      assertThat(ServerProcess.text(server.receive())).contains("\"total_count\":3");
      byte[] login = "ada:SECRET+1".getBytes(StandardCharsets.UTF_8);
      assertThat(clerk.proxy().requests())
          .isNotEmpty()
          .allMatch(head -> head.startsWith("CONNECT api.clerk.test:443 "))
          .allMatch(head -> head.contains("Basic " + Base64.getEncoder().encodeToString(login)));
      assertThat(server.everything()).doesNotContain("SECRET");
    }
  }

  /** The network's own names lead to Clerk directly, so that a call succeeds without the proxy. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk.test | false",
        "other.test, api.clerk.test | false",
        "* | false",
        "other.test | true"
      })
  void exceptedHostIsReachedWithoutProxy(String excepted, boolean throughProxy) throws IOException {
    Path names = Files.writeString(folder.resolve("hosts"), "127.0.0.1 " + SecureClerk.HOST);
    try (ServerProcess server =
        new ServerProcess(
                "CLERK_API_URL",
                "https://%s:%s".formatted(SecureClerk.HOST, clerk.port()),
                "HTTPS_PROXY",
                proxyFor(""),
                "NO_PROXY",
                excepted,
                "NODE_EXTRA_CA_CERTS",
                clerk.pem().toString(),
                "JDK_JAVA_OPTIONS",
                "-Djdk.net.hosts.file=" + names)
            .initialized()) {
      server.send(COUNT);
      assertThat(ServerProcess.text(server.receive())).contains("\"total_count\":3");
      assertThat(clerk.proxy().requests().isEmpty()).isEqualTo(!throughProxy);
    }
  }

  @Test
  void errorNamesIssuerOfUntrustedCertificate() throws IOException {
    try (ServerProcess server =
        new ServerProcess(
                "CLERK_API_URL",
                "https://" + SecureClerk.HOST,
                "ALL_PROXY",
                proxyFor("ada:SECRET@"),
                "CLERK_MCP_LOG_LEVEL",
                "debug")
            .initialized()) {
      server.send(COUNT);
      JsonNode error = error(server.receive());
      assertThat(error.path("code").asText()).isEqualTo("connection_failed");
      assertThat(error.path("message").asText())
          .contains("not trusted", "\"" + SecureClerk.ISSUER + "\"", "set NODE_EXTRA_CA_CERTS");
      assertThat(server.everything()).doesNotContain("SECRET");
    }
  }

  @Test
  void errorSaysThatProxyRequiresLogin() throws IOException {
    clerk.proxy().answer("407 Proxy Authentication Required");
    try (ServerProcess server =
        new ServerProcess(
                "CLERK_API_URL", "https://" + SecureClerk.HOST, "https_proxy", proxyFor(""))
            .initialized()) {
      server.send(COUNT);
      assertThat(error(server.receive()).path("message").asText())
          .contains("requires a user name and a password (407). Set https_proxy to");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTPS_PROXY | https://ada:MARKED@proxy:8080 | HTTPS_PROXY is ignored: it must begin with",
        "SSL_CERT_FILE | /no/such/file.pem | SSL_CERT_FILE names is ignored: it does not exist.",
      })
  void unusableProxySettingIsReportedInErrors(String name, String value, String sentence)
      throws IOException {
    try (ServerProcess server =
        new ServerProcess("CLERK_API_URL", "https://clerk.invalid", name, value).initialized()) {
      server.send(COUNT);
      assertThat(error(server.receive()).path("message").asText())
          .startsWith("The host name clerk.invalid is unknown.")
          .contains(sentence);
      assertThat(server.standardError()).contains(sentence);
      assertThat(server.everything()).doesNotContain("MARKED");
    }
  }

  @Test
  void silentServerDoesNotDelayTheEnd() throws IOException {
    try (ServerSocket mute = silentServer();
        ServerProcess server = connectingTo(mute);
        Socket early = mute.accept()) {
      assertThat(early.isConnected()).isTrue();
      server.closeInput();
      assertThat(server.exitCode(5)).isZero();
    }
  }

  /** The connection ahead of the first call has a timeout of its own. */
  @Test
  void earlyConnectionToSilentServerTimesOut() throws IOException {
    try (ServerSocket mute = silentServer();
        ServerProcess server = connectingTo(mute);
        Socket early = mute.accept()) {
      early.setSoTimeout(15_000);
      assertThat(early.getInputStream().readAllBytes()).isNotEmpty(); // until the client closes it
      server.assertSilentBefore("ping");
    }
  }

  private static ServerSocket silentServer() throws IOException {
    ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    mute.setSoTimeout(30_000);
    return mute;
  }

  /** A server that has listed its tools, after which it connects to Clerk. */
  private static ServerProcess connectingTo(ServerSocket clerk) {
    ServerProcess server =
        new ServerProcess("CLERK_API_URL", "https://127.0.0.1:" + clerk.getLocalPort())
            .initialized();
    server.send(ServerProcess.request("1", "tools/list", "{}"));
    assertThat(server.receive().at("/result/tools")).isNotEmpty();
    return server;
  }

  private String proxyFor(String login) {
    return "http://" + login + "127.0.0.1:" + clerk.proxy().port();
  }

  private static JsonNode error(JsonNode answer) throws IOException {
    assertThat(answer.at("/result/isError").asBoolean()).as(answer.toString()).isTrue();
    return Json.read(answer.at("/result/content/0/text").asText()).path("error");
  }
}
