package dev.clerkmcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.interceptor.audit.AuditLog;
import dev.clerkmcp.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the command that verifies an audit log. */
final class AuditCommandTest {
  private final Path folder;
  private final Path file;

  private final RecordingApplication application =
      new RecordingApplication(
          () -> {
            throw new IllegalStateException("There is no configuration.");
          });

  AuditCommandTest(@TempDir Path folder) {
    this.folder = folder;
    file = folder.resolve("audit.jsonl");
  }

  @ParameterizedTest
  @CsvSource({
    "1, '', '1 record, the chain holds.'",
    "2, '{\"n\"', '2 records, the last line is incomplete, the chain holds.'",
    "1204, '', '1,204 records, the chain holds.'"
  })
  void intactChainIsCounted(int records, String torn, String printed) throws IOException {
    append(records);
    Files.writeString(file, torn, StandardOpenOption.APPEND);
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(run("audit", "verify", file.toString()))
          .isEqualTo(new Said(0, printed + "\n", ""));
    } finally {
      Locale.setDefault(before);
    }
    assertThat(application.calls()).isEmpty();
  }

  @Test
  void faultIsPrintedToStderrWithItsLine() throws IOException {
    append(3);
    Files.writeString(file, Files.readString(file).replace("\"n\":1", "\"n\":7"));
    assertThat(run("audit", "verify", file.toString()))
        .isEqualTo(
            new Said(
                1,
                "",
                file
                    + ": line 2 was changed, or a line after it was removed or put in: line 3 does"
                    + " not follow it.\n"));
  }

  @Test
  void fileWithoutRecordsFails() throws IOException {
    append(0);
    assertThat(run("audit", "verify", file.toString()))
        .isEqualTo(new Said(1, "", file + ": it has no records.\n"));
    assertThat(run("audit", "verify", "pom.xml"))
        .isEqualTo(
            new Said(1, "", "pom.xml: line 1 was changed or put in: it is not a whole record.\n"));
  }

  @Test
  void unreadableFileIsBadUsage() {
    Path missing = folder.resolve("missing");
    assertThat(run("audit", "verify", missing.toString()))
        .isEqualTo(new Said(2, "", "clerk-mcp: %s does not exist.\n".formatted(missing)));
    assertThat(run("audit", "verify", folder.toString()))
        .isEqualTo(
            new Said(
                2, "", "clerk-mcp: %s is a directory; name a file in it.\n".formatted(folder)));
  }

  @ParameterizedTest
  @CsvSource({
    "audit, Say what to do with the audit log.",
    "audit, See clerk-mcp audit --help.",
    "audit verify, Missing required parameter: 'FILE'",
    "audit check, Neither a command nor an option: check"
  })
  void incompleteCommandNamesHelpAndFails(String line, String text) {
    Said said = run(line.split(" ", -1));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).contains(text);
    assertThat(application.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "audit --help, Check an audit log.",
    "audit --help, verify",
    "audit --version, clerk-mcp 1.2.3",
    "audit verify --version, clerk-mcp 1.2.3",
    "audit verify --help, Exit code: 0 if the chain holds"
  })
  void helpAndVersionWork(String line, String text) {
    Said said = run(line.split(" ", -1));
    assertThat(said.exitCode()).isZero();
    assertThat(said.out()).contains(text);
  }

  private void append(int records) throws IOException {
    AuditLog log = AuditLog.open(file, 1_000_000);
    for (int i = 0; i < records; i++) {
      log.append(Json.object().put("n", i));
    }
  }

  private Said run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Cli cli =
        new Cli(
            application,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            null);
    int exitCode = cli.run("1.2.3", arguments);
    return new Said(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The outcome of a command line. */
  private record Said(int exitCode, String out, String err) {}
}
