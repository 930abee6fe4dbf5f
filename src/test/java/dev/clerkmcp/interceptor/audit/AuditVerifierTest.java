package dev.clerkmcp.interceptor.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.AuditVerifier.Verdict;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which damages of a log the hashes reveal. */
final class AuditVerifierTest {
  private static final long MAX_BYTES = 100_000_000;

  private final Path file;

  AuditVerifierTest(@TempDir Path folder) {
    file = folder.resolve("audit.jsonl");
  }

  /** Success for a file that is no audit log would be taken for an intact one. */
  @ParameterizedTest
  @CsvSource({
    "'', 0, it has no records",
    "word, 1, it has no records",
    "'<project>\n  <name>x</name>\n</project>\n', 1, line 1 was changed or put in: it is not a whole record",
    "'{\"n\":1}\n', 0, line 1 was changed or put in: it has no prev"
  })
  void otherFileIsAFault(String text, int torn, String fault) throws IOException {
    Files.writeString(file, text);
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(0, torn, fault));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "change first    | line 1 was changed, or a line after it was removed or put in: line 2 does not follow it",
        "change seventh  | line 7 was changed, or a line after it was removed or put in: line 8 does not follow it",
        "garble seventh  | line 7 was changed or put in: it is not a whole record",
        "delete first    | line 1 was changed, or lines before it were removed: it does not begin the chain",
        "delete seventh  | line 6 was changed, or a line after it was removed or put in: line 7 does not follow it",
        "insert copy     | line 7 was changed, or a line after it was removed or put in: line 8 does not follow it",
        "insert words    | line 7 was changed or put in: it is not a whole record",
        "insert nothing  | line 7 was changed or put in: it is not a whole record",
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

  /** The next append writes a record of the incomplete line, so that only the last can be one. */
  @ParameterizedTest
  @ValueSource(strings = {"{\"n\":2", "{\"n\":2\n", "\0\0\0\0", "{\"prev\":\"1\"} {"})
  void incompleteLineBecomesARecord(String left) throws IOException {
    AuditLog.open(file, MAX_BYTES).append(Json.object().put("n", 1));
    Files.writeString(file, left, StandardOpenOption.APPEND);
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(1, 1, null));
    AuditLog log = AuditLog.open(file, MAX_BYTES);
    log.append(Json.object().put("n", 4));
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(3, 0, null));
    JsonNode torn = Json.read(Files.readAllLines(file).get(1));
    assertThat(torn.path("event").asText()).isEqualTo("torn");
    assertThat(torn.path("text").asText()).isEqualTo(left.stripTrailing());
    ObjectNode first = log.findLast(AuditLog.Search.ALL, record -> record.path("n").asInt() == 1);
    assertThat(first).isNotNull();
    Files.writeString(file, Files.readString(file).replace("torn", "lost"));
    assertThat(AuditVerifier.verify(file).fault())
        .isEqualTo(
            "line 2 was changed, or a line after it was removed or put in: line 3 does not follow it");
  }

  @Test
  void longIncompleteLineIsShortened() throws IOException {
    AuditLog.open(file, MAX_BYTES).append(Json.object().put("n", 1));
    Files.writeString(file, "{" + "x".repeat(1_000_000), StandardOpenOption.APPEND);
    AuditLog.open(file, MAX_BYTES);
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(2, 0, null));
    assertThat(Files.size(file)).isLessThan(10_000);
    assertThat(Json.read(Files.readAllLines(file).get(1)).path("bytes").asInt())
        .isEqualTo(1_000_001);
  }

  @Test
  void incompleteLineBeforeOthersIsAFault() throws IOException {
    appendTen();
    String text = Files.readString(file);
    Files.writeString(file, text + "{\"n\":11\n{\"n\":12");
    assertThat(AuditVerifier.verify(file).fault())
        .isEqualTo("line 11 was changed or put in: it is not a whole record");
  }

  @Test
  void recordWithoutNewlineIsCompletedByTheNextAppend() throws IOException {
    AuditLog log = AuditLog.open(file, MAX_BYTES);
    log.append(Json.object().put("n", 1));
    log.append(Json.object().put("n", 2));
    Files.writeString(file, Files.readString(file).strip());
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(1, 1, null));
    AuditLog.open(file, MAX_BYTES).append(Json.object().put("n", 3));
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(3, 0, null));
  }

  /** How programs rename a log, and how the verifier finds what it continues all the same. */
  @ParameterizedTest
  @CsvSource({
    "audit.jsonl.1, audit.jsonl.2",
    "audit.jsonl.2, audit.jsonl.1",
    "audit.jsonl-20260601, audit.jsonl-20260602",
    "audit.jsonl.2026-06-01T09, audit.jsonl.2026-06-01T10"
  })
  void renamedFilesBelongToTheChain(String first, String second) throws IOException {
    AuditLog log = AuditLog.open(file, MAX_BYTES);
    for (String name : List.of(first, second)) {
      log.append(Json.object().put("n", name));
      log.append(Json.object().put("n", 1));
      Files.move(file, file.resolveSibling(name));
    }
    log.append(Json.object().put("n", 5));
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(5, 0, null));
    assertThat(log.findLast(AuditLog.Search.ALL, record -> record.path("n").asText().equals(first)))
        .isNotNull();

    Path old = file.resolveSibling(first);
    String text = Files.readString(old);
    Files.writeString(old, text.replace(first, "x"));
    assertThat(AuditVerifier.verify(file).fault())
        .isEqualTo(
            first
                + ", line 1 was changed, or a line after it was removed or put in: line 2 does not"
                + " follow it");
    Files.writeString(old, text + "{\"n\"");
    assertThat(AuditVerifier.verify(file).fault())
        .isEqualTo(
            second
                + ", line 1 was changed, or lines before it were removed: it does not begin the"
                + " chain");
    Files.delete(old);
    assertThat(AuditVerifier.verify(file).fault()).startsWith(second + ", line 1 was changed, or");
  }

  @Test
  void newFileAfterARestartContinuesTheChain() throws IOException {
    appendTen();
    Files.move(file, file.resolveSibling("audit.jsonl.1"));
    AuditLog.open(file, MAX_BYTES);
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(10, 0, null));
    AuditLog.open(file, MAX_BYTES).append(Json.object().put("n", 11));
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(11, 0, null));
  }

  @Test
  void changedOrMissingSideFileIsAFault() throws IOException {
    AuditLog log = AuditLog.open(file, MAX_BYTES);
    log.append(Json.object().put("n", 1));
    log.append(Json.object().put("before", "x".repeat(70_000)));
    log.append(Json.object().put("n", 3));
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(3, 0, null));
    String name = Json.read(Files.readAllLines(file).get(1)).at("/side_files/before").asText();
    Path side = file.resolveSibling(name);
    Files.writeString(side, Files.readString(side).replaceFirst("x", "y"));
    assertThat(AuditVerifier.verify(file).fault())
        .isEqualTo("of line 2, its side file %s was changed".formatted(name));
    Files.delete(side);
    assertThat(AuditVerifier.verify(file).fault())
        .isEqualTo("of line 2, its side file %s is missing".formatted(name));
  }

  @Test
  void lineLongerThanAnyRecordIsAFault() throws IOException {
    AuditLog log = AuditLog.open(file, MAX_BYTES);
    log.append(Json.object().put("n", 1));
    Files.writeString(
        file, "{\"text\":\"" + "x".repeat(AuditLog.MAX_LINE), StandardOpenOption.APPEND);
    assertThat(AuditVerifier.verify(file).fault())
        .isEqualTo("line 2 was changed or put in: it is longer than 16 MiB");
  }

  private void appendTen() throws IOException {
    AuditLog log = AuditLog.open(file, MAX_BYTES);
    for (int i = 1; i <= 10; i++) {
      log.append(Json.object().put("n", i));
    }
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(10, 0, null));
  }
}
