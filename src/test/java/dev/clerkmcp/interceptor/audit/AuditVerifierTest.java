package dev.clerkmcp.interceptor.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.AuditVerifier.Verdict;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which damages of a log the hashes reveal. */
final class AuditVerifierTest {
  private final Path file;

  AuditVerifierTest(@TempDir Path folder) {
    file = folder.resolve("audit.jsonl");
  }

  @Test
  void emptyFileIsValid() throws IOException {
    AuditLog.open(file);
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(0, 0, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "change first    | line 1 was changed, or a line after it was removed or put in: line 2 does not follow it",
        "change seventh  | line 7 was changed, or a line after it was removed or put in: line 8 does not follow it",
        "garble seventh  | line 7 was changed, or a line after it was removed or put in: line 8 does not follow it",
        "delete first    | line 1 was changed, or lines before it were removed: it does not begin the chain",
        "delete seventh  | line 6 was changed, or a line after it was removed or put in: line 7 does not follow it",
        "insert copy     | line 7 was changed, or a line after it was removed or put in: line 8 does not follow it",
        "insert words    | line 7 was changed, or a line after it was removed or put in: line 8 does not follow it",
        "insert nothing  | line 7 was changed, or a line after it was removed or put in: line 8 does not follow it",
        "insert unlinked | line 7 was changed or put in: it has no prev",
        "swap seventh    | line 6 was changed, or a line after it was removed or put in: line 7 does not follow it",
      })
  void tamperingIsReportedWithItsLine(String tampering, String fault) throws IOException {
    appendTen();
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    switch (tampering) {
      case "change first" -> lines.set(0, lines.get(0).replace(":1", ":2"));
      case "change seventh" -> lines.set(6, lines.get(6).replace(":7", ":8"));
      case "garble seventh" -> lines.set(6, lines.get(6).substring(1));
      case "delete first" -> lines.remove(0);
      case "delete seventh" -> lines.remove(6);
      case "insert copy" -> lines.add(6, lines.get(6).replace(":7", ":0"));
      case "insert words" -> lines.add(6, "a torn line?");
      case "insert nothing" -> lines.add(6, "");
      case "insert unlinked" -> lines.add(6, "{\"n\":7}");
      case "swap seventh" -> lines.add(7, lines.remove(6));
      default -> throw new IllegalArgumentException(tampering);
    }
    Files.writeString(file, String.join("\n", lines) + "\n");
    Verdict verdict = AuditVerifier.verify(file);
    assertThat(verdict.fault()).isEqualTo(fault);
  }

  @Test
  void tamperingBesideIncompleteLineIsFound() throws IOException {
    AuditLog log = AuditLog.open(file);
    log.append(Json.object().put("n", 1));
    Files.writeString(file, "{\"n\":2", StandardOpenOption.APPEND);
    log.append(Json.object().put("n", 3));
    Files.writeString(file, Files.readString(file).replace("{\"n\":2", "{\"n\":0"));
    assertThat(AuditVerifier.verify(file).fault())
        .isEqualTo(
            "line 2 was changed, or a line after it was removed or put in: line 3 does not follow it");
  }

  @ParameterizedTest
  @CsvSource({"'{\"n\":2', 2", "'{\"n\":2\n', 2", "'{\"n\":2\n{\"n\":3,', 3", "'\0\0\0\0', 2"})
  void incompleteLinesOfAnEndedProcessAreNoFault(String left, int linesBefore) throws IOException {
    AuditLog.open(file).append(Json.object().put("n", 1));
    Files.writeString(file, left, StandardOpenOption.APPEND);
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(1, linesBefore - 1, null));
    AuditLog log = AuditLog.open(file);
    log.append(Json.object().put("n", 4));
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(2, linesBefore - 1, null));
    assertThat(Files.readAllLines(file)).hasSize(linesBefore + 1);
    ObjectNode first = log.findLast(record -> record.path("n").asInt() != 4);
    assertThat(Objects.requireNonNull(first).path("n").asInt()).isEqualTo(1);
  }

  @Test
  void recordWithoutNewlineCountsAfterTheNextAppend() throws IOException {
    AuditLog log = AuditLog.open(file);
    log.append(Json.object().put("n", 1));
    Files.writeString(file, Files.readString(file).strip());
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(0, 1, null));
    AuditLog.open(file).append(Json.object().put("n", 2));
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(2, 0, null));
  }

  @Test
  void lineLongerThanAnyRecordIsAFault() throws IOException {
    AuditLog log = AuditLog.open(file);
    log.append(Json.object().put("n", 1));
    String text = "x".repeat(AuditLog.MAX_LINE);
    assertThatThrownBy(() -> log.append(Json.object().put("text", text)))
        .hasMessage("takes records of 16 MiB at most, not 16777301 bytes");
    log.append(Json.object().put("text", text.substring(100)));
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(2, 0, null));

    Files.writeString(file, "{\"text\":\"" + text, StandardOpenOption.APPEND);
    assertThat(AuditVerifier.verify(file).fault())
        .isEqualTo("line 3 was changed or put in: it is longer than 16 MiB");
  }

  private void appendTen() throws IOException {
    AuditLog log = AuditLog.open(file);
    for (int i = 1; i <= 10; i++) {
      log.append(Json.object().put("n", i));
    }
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(10, 0, null));
  }
}
