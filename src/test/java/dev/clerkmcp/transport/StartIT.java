package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the start of the server, with valid and invalid configurations. */
final class StartIT {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CLERK_SECRET_KEY | pk_test_MARKED12345 | CLERK_SECRET_KEY is a publishable key",
        "CLERK_SECRET_KEY | ${CLERK_MARKED} | CLERK_SECRET_KEY cannot be used: the host did not replace ${...}",
        "CLERK_SECRET_KEY | MARKED | CLERK_SECRET_KEY is not a Clerk secret key",
        "CLERK_API_URL | api.clerk.com | CLERK_API_URL must be a URL such as",
        "CLERK_API_URL | http://api.example.com | it must begin with https://",
        "CLERK_MCP_LOG_LEVELS | debug | the nearest is CLERK_MCP_LOG_LEVEL",
      })
  void invalidSettingIsReportedOnStderrAndAsErrorOfFirstRequest(
      String name, String value, String sentence) {
    try (ServerProcess server = new ServerProcess(name, value)) {
      server.send(ModernRequests.request("1", "server/discover", ""));
      assertConfigError(server.receive(), "1", sentence);
      server.send(ServerProcess.initialize("2025-11-25"));
      assertConfigError(server.receive(), "\"init\"", sentence);
      assertThat(server.receiveRest()).isEmpty();
      assertThat(server.exitCode(10)).isEqualTo(2);
      assertThat(server.standardError()).startsWith("clerk-mcp: ").contains(sentence);
      assertThat(server.standardError().lines()).hasSize(1);
      assertThat(server.everything()).doesNotContain("MARKED");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "True", "yes"})
  void switchTakesTheWordsOfPeople(String word) {
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_MCP_READ_ONLY", word).initialized()) {
      server.send(ServerProcess.request("1", "tools/list", "{}"));
      assertThat(server.receive().at("/result/tools"))
          .isNotEmpty()
          .allMatch(tool -> tool.at("/annotations/readOnlyHint").asBoolean());
      server.send(ServerProcess.call("2", "clerk_user_ban", "{\"user_id\":\"user_1\"}"));
      assertThat(server.receive().at("/result/content/0/text").asText())
          .contains("CLERK_MCP_READ_ONLY");
    }
  }

  @Test
  void allInvalidSettingsAreReported() {
    try (ServerProcess server =
        ServerProcess.command("--access some", "CLERK_MCP_TIMEOUT", "0", "CLERK_MCP_PII", "hide")) {
      server.send(ServerProcess.initialize("2025-11-25"));
      JsonNode answer = server.receive();
      assertConfigError(answer, "\"init\"", "There are 3 mistakes in the settings. (1) ");
      assertConfigError(answer, "\"init\"", "--access must be read, write or full, not \"some\".");
      assertThat(server.exitCode(10)).isEqualTo(2);
      assertThat(server.standardError().lines())
          .hasSize(3)
          .allMatch(line -> line.matches("clerk-mcp: \\S+ must be .+\\."));
    }
  }

  @Test
  void settingWithLittleEffectIsReportedOnStderr() {
    try (ServerProcess server =
        new ServerProcess("CLERK_MCP_CONFIRM", "never", "CLERK_MCP_CONFIRM_BY", "person")) {
      server.initialized();
      assertThat(server.standardError())
          .contains(
              "clerk-mcp: CLERK_MCP_CONFIRM is never: CLERK_MCP_CONFIRM_BY says how a person is asked,"
                  + " but only a rule of the policy asks.");
    }
  }

  private static void assertConfigError(JsonNode answer, String id, String sentence) {
    ServerProcess.assertError(answer, id, -32603);
    assertThat(answer.at("/error/message").asText())
        .startsWith("clerk-mcp cannot start. ")
        .contains(sentence);
  }

  /** Some hosts start the server with flags. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--toolsets usrs | usrs",
        "--access everything | --access must be read, write or full",
        "--tool-sets=S3CRET | Unknown: --tool-sets",
        "--key S3CRET | Unknown: --key",
        "sk_test_S3CRET | Neither a command nor an option: a secret key; it belongs in CLERK_SECRET_KEY",
        "S3CRET | Neither a command nor an option: an argument that may be a secret",
        "serve | Neither a command nor an option: serve",
      })
  void invalidFlagIsReportedAsErrorOfFirstRequest(String flags, String sentence) {
    try (ServerProcess server = ServerProcess.command(flags)) {
      server.send(ServerProcess.initialize("2025-11-25"));
      assertConfigError(server.receive(), "\"init\"", sentence);
      assertThat(server.receiveRest()).isEmpty();
      assertThat(server.exitCode(10)).isEqualTo(2);
      assertThat(server.standardError()).contains(sentence);
      assertThat(server.everything()).doesNotContain("S3CRET");
    }
  }

  /** Nothing is written to the pipe, so opening it would block forever. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CLERK_SECRET_KEY_FILE",
        "CLERK_MCP_POLICY",
        "CLERK_MCP_INSTANCES",
        "CLERK_MCP_SANDBOX_FILE"
      })
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such files")
  void pipeInPlaceOfFileIsRejected(String variable, @TempDir Path folder) throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    boolean sandbox = variable.equals("CLERK_MCP_SANDBOX_FILE");
    boolean ownKey = variable.equals("CLERK_MCP_POLICY");
    try (ServerProcess server =
        new ServerProcess(
            "CLERK_SECRET_KEY",
            ownKey ? ServerProcess.KEY : "",
            "CLERK_MCP_SANDBOX",
            sandbox ? "true" : "",
            variable,
            pipe.toString())) {
      server.send(ServerProcess.initialize("2025-11-25"));
      assertConfigError(server.receive(), "\"init\"", variable);
      assertThat(server.exitCode(10)).isEqualTo(2);
    }
  }

  @Test
  void invalidSettingEndsTheProcessIfThereIsNoRequest() {
    try (ServerProcess server = new ServerProcess("CLERK_API_URL", "nowhere")) {
      assertThat(server.exitCode(10)).isEqualTo(2);
    }
    try (ServerProcess server = new ServerProcess("CLERK_API_URL", "nowhere")) {
      server.closeInput();
      assertThat(server.exitCode(4)).isEqualTo(2);
      assertThat(server.receiveRest()).isEmpty();
    }
  }

  @Test
  void withoutKeyToolsAreListedAndCallsExplainHowToSetIt() {
    try (ServerProcess server = new ServerProcess("CLERK_SECRET_KEY", "").initialized()) {
      server.send(ServerProcess.request("1", "tools/list", "{}"));
      assertThat(server.receive().at("/result/tools")).isNotEmpty();
      server.send(ServerProcess.call("2", "clerk_users_count", "{}"));
      JsonNode result = server.receive().path("result");
      assertThat(result.path("isError").asBoolean()).isTrue();
      assertThat(result.at("/content/0/text").asText())
          .contains("no_secret_key", "CLERK_SECRET_KEY", "API keys page of the Clerk dashboard");
      assertThat(server.standardError()).contains("No CLERK_SECRET_KEY is set");
    }
  }

  /** Each of them would take about as long to load as the rest of the handshake. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handshakeLoadsNoLibraryLambdaOrRegex(boolean modern, @TempDir Path folder)
      throws IOException {
    List<String> loaded = loadedFor(modern, List.of("tools/list"), folder);
    assertThat(loaded).contains("dev.clerkmcp.Main", "dev.clerkmcp.transport.stdio.StdioServer");
    assertThat(loaded)
        .noneMatch(StartIT::isOfLibrary)
        .noneMatch(name -> name.startsWith("dev.clerkmcp") && name.contains("Lambda"))
        .doesNotContain("java.util.regex.Matcher", "java.util.Formatter");
    assertThat(loaded.stream().filter(name -> name.startsWith("dev.clerkmcp"))).hasSizeLessThan(80);
  }

  /** The tools are listed last: after that, the warm-up loads what calls need. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void listsLoadNoLibrary(boolean modern, @TempDir Path folder) throws IOException {
    List<String> loaded =
        loadedFor(
            modern,
            List.of("prompts/list", "resources/list", "resources/templates/list", "tools/list"),
            folder);
    assertThat(loaded).contains("dev.clerkmcp.transport.protocol.FeatureHandler");
    assertThat(loaded)
        .noneMatch(StartIT::isOfLibrary)
        .doesNotContain("dev.clerkmcp.transport.protocol.ToolCallHandler", "java.util.Formatter");
  }

  private static boolean isOfLibrary(String name) {
    return name.matches("(com|io|kotlin|okhttp3|okio|org|reactor)\\..*");
  }

  /** The classes that are loaded until these lists are answered and the tools are being built. */
  private static List<String> loadedFor(boolean modern, List<String> lists, Path folder)
      throws IOException {
    Path log = folder.resolve("loaded.txt");
    try (ServerProcess server =
        new ServerProcess("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + log)) {
      server.send(
          modern
              ? ModernRequests.request("1", "server/discover", "")
              : ServerProcess.initialize("2025-11-25"));
      assertThat(server.receive().has("result")).isTrue();
      for (String list : lists) {
        server.send(
            modern
                ? ModernRequests.request("2", list, "")
                : ServerProcess.request("2", list, "{}"));
        assertThat(server.receive().path("result")).as(list).isNotEmpty();
      }
    }
    return Files.readAllLines(log).stream()
        .map(line -> line.replaceFirst("^(\\[[^]]*])+ ?", "").replaceFirst(" .*", ""))
        .takeWhile(StartIT::isBeforeToolsAreBuilt)
        .toList();
  }

  /** The catalogue of tools is missing, for instance since the jar was packed again. */
  @Test
  void brokenInstallationIsLoggedOnce(@TempDir Path folder) throws IOException {
    Path jar =
        Files.copy(Path.of(System.getProperty("clerk-mcp.jar")), folder.resolve("broken.jar"));
    try (FileSystem contents = FileSystems.newFileSystem(jar)) {
      Files.delete(contents.getPath("dev/clerkmcp/catalog.jsonl"));
    }
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    try (ServerProcess server =
        new ServerProcess(List.of(java.toString(), "-jar", jar.toString())).initialized()) {
      for (int i = 0; i < 3; i++) {
        server.send(ServerProcess.request("1", "tools/list", "{}"));
        ServerProcess.assertError(server.receive(), "1", -32603);
      }
      server.closeInput();
      assertThat(server.exitCode(10)).isZero();
      assertThat(server.standardError().lines())
          .filteredOn(line -> line.contains("A request could not be served"))
          .hasSize(1);
      assertThat(server.standardError()).contains("at dev.clerkmcp.registry.ToolIndexReader");
    }
  }

  @Test
  void commandPrintsJsonAlone() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess call =
            ServerProcess.command(
                "call clerk_get_user userId=user_x",
                "CLERK_API_URL",
                clerk.url(),
                "CLERK_MCP_LOG_LEVEL",
                "debug")) {
      assertThat(call.receiveRest())
          .extracting(JsonNode::toString)
          .containsExactly("{\"id\":\"user_x\",\"notes\":[\"userId was read as user_id.\"]}");
      assertThat(call.exitCode(5)).isZero();
      assertThat(call.everything()).doesNotContain("MARKED");
    }
  }

  @Test
  void commandWithoutKeyFails() {
    try (ServerProcess call =
        ServerProcess.command("call clerk_users_count", "CLERK_SECRET_KEY", "")) {
      assertThat(call.receiveRest()).isEmpty();
      assertThat(call.exitCode(5)).isEqualTo(1);
      assertThat(call.standardError()).contains("no_secret_key");
    }
  }

  @Test
  void commandWithInvalidConfigurationFailsAsBadUsage() {
    try (ServerProcess call = ServerProcess.command("tools", "CLERK_API_URL", "nowhere")) {
      assertThat(call.exitCode(10)).isEqualTo(2);
      assertThat(call.standardError()).startsWith("clerk-mcp: CLERK_API_URL must be a URL such as");
    }
  }

  /** The tools are built meanwhile, by a thread that begins with one of these classes. */
  private static boolean isBeforeToolsAreBuilt(String loaded) {
    return !loaded.equals("dev.clerkmcp.server.ToolModule")
        && !loaded.startsWith("dev.clerkmcp.server.ToolRegistryFactory$$")
        && !loaded.startsWith("dev.clerkmcp.transport.protocol.WarmUp$$");
  }
}
