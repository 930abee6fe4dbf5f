package dev.clerkmcp.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.clerk.NetworkSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which proxy and certificates the environment configures. */
final class NetworkConfigTest {
  private static final String CLERK = "https://api.clerk.com/v1";
  private static final String PROXY = "http://proxy.example.com:8080";
  private static final String PEM =
      "# Acme\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

  @Test
  void withoutSettingsNoProxyOrCertificateIsUsed() {
    assertThat(
            NetworkConfig.from(new Environment(Map.of("HTTPS_PROXY", " ", "NO_PROXY", "*")), CLERK))
        .isSameAs(NetworkSettings.DIRECT);
  }

  @ParameterizedTest
  @CsvSource({
    "http://proxy.example.com:8080, false, proxy.example.com, 8080, ,",
    "HTTP://Proxy.Example.com/, false, proxy.example.com, 80, ,",
    "my_proxy:3128, false, my_proxy, 3128, ,",
    "http://[::1]:3128, false, ::1, 3128, ,",
    "http://ada:s%40c%2Fr+t@10.0.0.1:3128/, false, 10.0.0.1, 3128, ada, s@c/r+t",
    "http://ACME\\ada:p@ss#w:rd@proxy:3128, false, proxy, 3128, ACME\\ada, p@ss#w:rd",
    "ada@proxy:3128, false, proxy, 3128, ada, ''",
    "socks5h://proxy, true, proxy, 1080, ,",
    "socks5://proxy:9050, true, proxy, 9050, ,",
  })
  void proxyIsReadInUsualForms(
      String text, boolean socks, String host, int port, String user, String password) {
    NetworkSettings.Login login = user == null ? null : new NetworkSettings.Login(user, password);
    assertThat(NetworkConfig.from(new Environment(Map.of("HTTPS_PROXY", text)), CLERK).proxy())
        .isEqualTo(new NetworkSettings.ProxyServer("HTTPS_PROXY", socks, host, port, login));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS_PROXY, ALL_PROXY, HTTPS_PROXY",
    "https_proxy, all_proxy, https_proxy",
    "ALL_PROXY, HTTP_PROXY, ALL_PROXY",
    "all_proxy, http_proxy, all_proxy",
  })
  void mostSpecificVariableWins(String one, String other, String winner) {
    Map<String, String> environment = Map.of(one, PROXY, other, "http://other:1");
    assertThat(NetworkConfig.from(new Environment(environment), CLERK).proxy())
        .returns(winner, NetworkSettings.ProxyServer::variable)
        .hasToString("proxy.example.com:8080");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://ada:MARKED@proxy:1",
        "https://ada:MARKED@proxy:1",
        "socks5://ada:MARKED@proxy:1",
        "http://",
        "http://ada:MARKED@",
        "http://ada:MARKED@proxy:port",
        "http://ada:MARKED@proxy:0",
        "http://ada:MARKED@proxy:65536",
        "http://ada:MARKED@pro xy:1",
        "http://ada:MARKED%zz@proxy:1",
      })
  void unusableProxyIsIgnoredAndReportedWithoutPassword(String text) {
    assertThat(problem(Map.of("ALL_PROXY", text)))
        .startsWith("ALL_PROXY is ignored: it ")
        .doesNotContain("MARKED");
  }

  @ParameterizedTest
  @CsvSource({
    "'*', true",
    "'other.test, api.clerk.com', true",
    "'other.test api.clerk.com', true",
    "API.Clerk.com, true",
    "clerk.com, true",
    ".clerk.com, true",
    "*.clerk.com, true",
    "api.clerk.com:443, true",
    "api.clerk.com:8443, false",
    "lerk.com, false",
    "api.clerk.com.example, false",
    "10.0.0.0/8, false",
    "',,', false",
  })
  void exceptionsMatchHostSuffixes(String exceptions, boolean exempt) {
    assertExempt(CLERK, exceptions, exempt);
  }

  @ParameterizedTest
  @CsvSource({
    "https://10.1.2.3/v1, 10.0.0.0/8, true",
    "https://10.1.2.3/v1, 10.1.2.3, true",
    "https://10.1.2.3:8443/v1, 10.1.2.3:8443, true",
    "https://10.1.2.3/v1, 2.3, false",
    "https://10.1.2.3/v1, 10.1.2.0/23, true",
    "https://10.1.2.3/v1, 10.1.2.0/31, false",
    "https://10.1.2.3/v1, 10.0.0.0/99, false",
    "https://10.1.2.3/v1, '::/0', false",
    "https://[fd00::1]/v1, fd00::/8, true",
    "https://[fd00::1]/v1, fd00::1, true",
    "https://[fd00::1]/v1, '[fd00::1]:443', true",
  })
  void exceptionsMatchAddressesAndNetworks(String url, String exceptions, boolean exempt) {
    assertExempt(url, exceptions, exempt);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://127.0.0.1:8443/v1", "https://localhost/v1", "https://[::1]/v1"})
  void loopbackNeverUsesTheProxy(String url) {
    assertThat(NetworkConfig.from(new Environment(Map.of("HTTPS_PROXY", PROXY)), url).proxy())
        .isNull();
  }

  @Test
  void bothCertificateFilesAreUsed(@TempDir Path folder) throws Exception {
    Path one = Files.writeString(folder.resolve("one.pem"), PEM);
    Path other = Files.writeString(folder.resolve("other.pem"), PEM);
    Map<String, String> environment =
        Map.of("SSL_CERT_FILE", one.toString(), "NODE_EXTRA_CA_CERTS", other.toString());
    assertThat(NetworkConfig.from(new Environment(environment), CLERK).authorities())
        .containsExactly(
            new NetworkSettings.Authorities("NODE_EXTRA_CA_CERTS", other),
            new NetworkSettings.Authorities("SSL_CERT_FILE", one));
    assertThat(NetworkConfig.from(new Environment(environment), "http://127.0.0.1:4010/v1"))
        .isSameAs(NetworkSettings.DIRECT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-----BEGIN PRIVATE KEY-----", "0\u0082"})
  void fileWithoutCertificateIsIgnored(String contents, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), contents);
    assertThat(problem(Map.of("SSL_CERT_FILE", file.toString())))
        .isEqualTo(
            "The file that SSL_CERT_FILE names is ignored: it holds no certificate in PEM form.");
  }

  @Test
  void fileThatCannotBeReadIsIgnored(@TempDir Path folder) {
    Map<String, String> reasons =
        Map.of(
            folder.toString(),
            "is not a regular file",
            folder + "/missing.pem",
            "does not exist",
            "a\0b",
            "cannot be read");
    reasons.forEach(
        (file, reason) ->
            assertThat(problem(Map.of("NODE_EXTRA_CA_CERTS", file)))
                .isEqualTo("The file that NODE_EXTRA_CA_CERTS names is ignored: it %s.", reason));
  }

  @Test
  void sandboxNeedsNoNetwork() throws ConfigException {
    Map<String, String> environment =
        Map.of("CLERK_MCP_SANDBOX", "true", "HTTPS_PROXY", "?", "SSL_CERT_FILE", "/missing");
    assertThat(ServerConfig.from(environment).clerk().network()).isSameAs(NetworkSettings.DIRECT);
  }

  private static void assertExempt(String url, String exceptions, boolean exempt) {
    Map<String, String> environment = new HashMap<>(Map.of("HTTPS_PROXY", PROXY));
    assertThat(NetworkConfig.from(new Environment(environment), url).proxy()).isNotNull();
    environment.put("no_proxy", exceptions);
    NetworkSettings network = NetworkConfig.from(new Environment(environment), url);
    assertThat(network.proxy() == null).isEqualTo(exempt);
    assertThat(network.exemption()).isEqualTo(exempt ? "no_proxy" : null);
  }

  /** Returns the only problem of an environment, whose setting is then ignored. */
  private static String problem(Map<String, String> environment) {
    NetworkSettings network = NetworkConfig.from(new Environment(environment), CLERK);
    assertThat(network.proxy()).isNull();
    assertThat(network.authorities()).isEmpty();
    assertThat(network.problems()).hasSize(1);
    return network.problems().get(0);
  }
}
