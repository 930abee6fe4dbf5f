package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests commands in locales whose encoding is not UTF-8, as in many containers. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no sh")
final class CommandLocaleIT {
  private static final String CALL = "\"$0\" -jar \"$1\" call clerk_allowlist_create notify=false ";

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX"})
  void argumentWithLostCharactersIsRejected(String locale) {
    // The test's own locale must not matter, so that sh makes the bytes.
    try (ServerProcess call = shell(CALL + "identifier=$(printf '\\305\\201@b.example')", locale)) {
      assertThat(call.receiveRest()).isEmpty();
      assertThat(call.exitCode(10)).isEqualTo(2);
      assertThat(call.standardError()).contains("U+FFFD", "LC_ALL=C.UTF-8", "--json -");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX"})
  void standardInputIsUtf8InEveryLocale(String locale) {
    String json = "printf '{\"identifier\":\"\\305\\201@b.example\"}' | " + CALL + "--json -";
    try (ServerProcess call = shell(json, locale)) {
      assertThat(call.receiveRest().get(0).path("identifier").asText())
          .isEqualTo("\u0141@b.example");
      assertThat(call.exitCode(10)).isZero();
    }
  }

  /** In such a directory Java finds no files, not even its own certificates. */
  @Test
  void directoryWithUnreadableNameIsRejected(@TempDir Path folder) {
    String enter = "cd '%s' && mkdir \"$(printf '\\303\\274')\" && cd * && ".formatted(folder);
    try (ServerProcess call = shell(enter + CALL + "identifier=a@b.example", "C")) {
      assertThat(call.receiveRest()).isEmpty();
      assertThat(call.exitCode(10)).isEqualTo(2);
      assertThat(call.standardError()).contains("the working directory", "LC_ALL=C.UTF-8");
    }
    try (ServerProcess server = shell("cd '%s'/* && \"$0\" -jar \"$1\"".formatted(folder), "C")) {
      server.send(ServerProcess.initialize("2025-11-25"));
      assertThat(server.receive().at("/error/message").asText())
          .contains("the working directory", "LC_ALL=C.UTF-8");
    }
  }

  private static ServerProcess shell(String line, String locale) {
    return new ServerProcess(
        List.of(
            "sh",
            "-c",
            line,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            System.getProperty("clerk-mcp.jar")),
        "LC_ALL",
        locale,
        "CLERK_SECRET_KEY",
        "",
        "CLERK_MCP_SANDBOX",
        "true");
  }
}
