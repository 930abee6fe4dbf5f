package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Tests the image with its own Java, in a folder that it was not built in. */
@EnabledIfSystemProperty(named = "clerk-mcp.image", matches = ".+", disabledReason = "not built")
final class ImageIT {
  private static final String COUNT = "{\"object\":\"total_count\",\"total_count\":3}";
  private static final String PASSWORD = "changeit";
  private static final Path IMAGE = Path.of(System.getProperty("clerk-mcp.image", ""));

  @TempDir private Path folder;

  @Test
  void imageServesFromAnyFolder() throws IOException {
    Path moved = folder.resolve("another folder");
    copy(IMAGE, moved);
    Path link = Files.createSymbolicLink(folder.resolve("clerk"), moved.resolve("bin/clerk-mcp"));
    try (ServerProcess server =
        new ServerProcess(List.of(link.toString(), "--sandbox"), "CLERK_SECRET_KEY", "")
            .initialized()) {
      server.send(ServerProcess.request("1", "tools/list", "{}"));
      assertThat(server.receive().at("/result/tools")).isNotEmpty();
      assertThat(server.answer("clerk_users_list", "{\"limit\":1}").path("data")).hasSize(1);
      server.closeInput();
      assertThat(server.receiveRest()).isEmpty();
      assertThat(server.exitCode(10)).isZero();
    }
  }

  /** The key is of the same kind as that of Clerk's certificate. */
  @Test
  void imageSupportsTls() throws Exception {
    Path keys = folder.resolve("keys.p12");
    run(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=clerk"),
        List.of("-ext", "san=ip:127.0.0.1", "-storepass", PASSWORD, "-keystore", keys.toString()));
    HttpsServer clerk = serve(keys);
    String trust = "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s";
    try (ServerProcess call =
        new ServerProcess(
            List.of(IMAGE.resolve("bin/clerk-mcp").toString(), "call", "clerk_users_count"),
            "CLERK_API_URL",
            "https://127.0.0.1:" + clerk.getAddress().getPort(),
            "JAVA_TOOL_OPTIONS",
            trust.formatted(keys, PASSWORD))) {
      assertThat(call.receiveLines())
          .as(call.standardError())
          .containsExactly("{\"total_count\":3}");
      assertThat(call.exitCode(10)).isZero();
    } finally {
      clerk.stop(0);
    }
  }

  private static void run(String program, List<String> what, List<String> where) throws Exception {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(what);
    command.addAll(where);
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private static HttpsServer serve(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] bytes = COUNT.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.start();
    return server;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            to.resolve(from.relativize(file).toString()),
            LinkOption.NOFOLLOW_LINKS,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
