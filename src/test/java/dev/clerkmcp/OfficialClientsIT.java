package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The finished jar with the official clients and conformance suite, libraries that convert tools,
 * and real tokenizers, each with its own script.
 */
@EnabledIfSystemProperty(
    named = "clerk.clients",
    matches = ".+",
    disabledReason = "needs -Dclerk.clients=<src/test/clients after npm ci>")
final class OfficialClientsIT {
  private static final int TIMEOUT_SECONDS = 300;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "automatic.mjs",
        "clerkBackend.mjs",
        "confirmation.mjs",
        "conformance/run.mjs",
        "evaluation/check.mjs",
        "inspector.mjs",
        "legacy.mjs",
        "libraries.mjs",
        "modern.mjs",
        "tokens.mjs"
      })
  void scriptSucceeds(String script, @TempDir Path directory)
      throws IOException, InterruptedException {
    // A file, because the script would block on a full pipe.
    Path output = directory.resolve("output.txt");
    Process process = start(Path.of(System.getProperty("clerk.clients"), script), output);
    boolean ended;
    try {
      ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String said = Files.readString(output);
    assertThat(ended).as("%s ends within %d s:%n%s", script, TIMEOUT_SECONDS, said).isTrue();
    assertThat(process.exitValue()).as("exit code of %s:%n%s", script, said).isZero();
  }

  private static Process start(Path script, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("node", script.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("CLERK_MCP_JAR", System.getProperty("clerk-mcp.jar"));
    // The clients start "java": it has to be the one that runs this test.
    Path java = Path.of(System.getProperty("java.home"), "bin");
    environment.merge("PATH", java.toString(), (path, first) -> first + File.pathSeparator + path);
    return builder.start();
  }
}
