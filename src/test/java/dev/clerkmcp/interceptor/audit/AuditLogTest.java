package dev.clerkmcp.interceptor.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.AuditVerifier.Verdict;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Tests the log in which later changes can be detected. */
final class AuditLogTest {
  private final Path folder;
  private final Path file;

  AuditLogTest(@TempDir Path folder) {
    this.folder = folder;
    file = folder.resolve("audit.jsonl");
  }

  @Test
  void fileIsReadableOnlyByItsOwner() throws IOException {
    AuditLog.open(file);
    assumeTrue(isPosix());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void eachRecordHasTheHashOfThePreviousLine() throws Exception {
    AuditLog log = AuditLog.open(file);
    ObjectNode first = Json.object().put("prev", "mine").put("name", "Zo\u00eb\u202e\ud800\n");
    log.append(first);
    AuditLog.open(file).append(Json.object().put("n", 2));
    log.append(Json.object().put("n", 3));

    List<String> lines = Files.readAllLines(file);
    assertThat(lines)
        .containsExactly(
            "{\"name\":\"Zo\\u00EB\\u202E\\uD800\\n\",\"prev\":\"%s\"}".formatted("0".repeat(64)),
            "{\"n\":2,\"prev\":\"%s\"}".formatted(sha256(lines.get(0))),
            "{\"n\":3,\"prev\":\"%s\"}".formatted(sha256(lines.get(1))));
    assertThat(Files.readString(file)).endsWith("}\n");
    assertThat(first.path("prev").asText()).as("the caller's own record").isEqualTo("mine");
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(3, 0, null));
  }

  /** An unsuitable file: how a test creates it, and the error. */
  record Unfit(String name, Preparation preparation, String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Makes a file at a path. */
  @FunctionalInterface
  interface Preparation {
    void make(Path path) throws IOException;
  }

  static final List<Unfit> UNFIT =
      List.of(
          new Unfit(
              "no-folder/audit.jsonl",
              path -> {},
              "lies in a folder that does not exist; create the folder first"),
          new Unfit("directory", Files::createDirectory, "is a directory; name a file in it"),
          new Unfit(
              "link",
              path -> Files.createSymbolicLink(path, Files.createFile(path.resolveSibling("to"))),
              "is a symbolic link; name the file that it leads to"),
          new Unfit(
              "dangling-link",
              path -> Files.createSymbolicLink(path, path.resolveSibling("nowhere")),
              "is a symbolic link; name the file that it leads to"),
          new Unfit(
              "group",
              path -> permit(path, "rw-r-----"),
              "is open to others than its owner (rw-r-----); run: chmod 600 "),
          new Unfit(
              "others",
              path -> permit(path, "rw-----w-"),
              "is open to others than its owner (rw-----w-); run: chmod 600 "));

  @ParameterizedTest
  @FieldSource("UNFIT")
  void unsuitableFileIsRejectedAndUnchanged(Unfit unfit) throws IOException {
    assumeTrue(isPosix());
    Path path = folder.resolve(unfit.name());
    unfit.preparation().make(path);
    assertThatThrownBy(() -> AuditLog.open(path))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(unfit.message());
    try (var left = Files.walk(folder)) {
      assertThat(left.filter(Files::isRegularFile)).allMatch(at -> at.toFile().length() == 0);
    }
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  void fileThatCannotBeCreatedIsRefused() {
    Path processes = Path.of("/proc/self");
    assumeTrue(Files.isDirectory(processes), "a folder that not even root writes to");
    assertThatThrownBy(() -> AuditLog.open(processes.resolve("audit.jsonl")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot be created")
        .hasMessageEndingWith("its folder must be one that you may write to");
  }

  @Test
  void fileThatCannotBeWrittenIsRefused() throws IOException {
    assumeTrue(isPosix());
    permit(file, "r--------");
    assumeFalse(Files.isWritable(file), "root writes to any file");
    assertThatThrownBy(() -> AuditLog.open(file))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot be written");
  }

  @ParameterizedTest
  @CsvSource({"8, 1", "1, 1", "0, 0"})
  void chainContinuesAfterIncompleteLine(int bytesLeft, int torn) throws Exception {
    AuditLog log = AuditLog.open(file);
    log.append(Json.object().put("n", 1));
    String whole = Files.readString(file);
    String rest = "{\"n\":2,\"pr".substring(0, bytesLeft);
    Files.writeString(file, rest, StandardOpenOption.APPEND);
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(1, torn, null));
    assertThat(log.findLast(any -> true)).isEqualTo(Json.read(whole));

    log.append(Json.object().put("n", 3));
    AuditLog.open(file).append(Json.object().put("n", 4));
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(3, torn, null));
    assertThat(Files.readString(file)).startsWith(whole + rest);
    if (torn > 0) {
      assertThat(Json.read(Files.readAllLines(file).get(2)).path("prev").asText())
          .isEqualTo(sha256(rest));
    }
    assertThat(log.findLast(record -> record.path("n").asInt() < 3)).isEqualTo(Json.read(whole));
  }

  @ParameterizedTest
  @CsvSource({
    "deleted, was deleted or replaced while in use",
    "replaced, was deleted or replaced while in use",
    "linked, cannot be written",
    "emptied, was cut short or changed while in use",
    "cut, was cut short or changed while in use",
    "rewritten, was cut short or changed while in use"
  })
  void replacedFileIsNotWritten(String fate, String message) throws IOException {
    appendTen();
    AuditLog log = AuditLog.open(file);
    String text = Files.readString(file);
    Path other = folder.resolve("other");
    switch (fate) {
      case "deleted" -> Files.delete(file);
      case "replaced" -> {
        Files.writeString(other, text + text);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      }
      case "linked" -> {
        Files.move(file, other);
        Files.createSymbolicLink(file, other);
      }
      case "emptied" -> Files.writeString(file, "");
      case "cut" -> Files.writeString(file, text.substring(0, text.length() - 90));
      case "rewritten" -> Files.writeString(file, text.replace(":10,", ":11,"));
      default -> throw new IllegalArgumentException(fate);
    }
    byte[] now = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> log.append(Json.object().put("n", 12)))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(message);
    }
    assertThat(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]).isEqualTo(now);
  }

  @Test
  void interruptedThreadWritesAndStaysInterrupted() throws IOException {
    AuditLog log = AuditLog.open(file);
    Thread.currentThread().interrupt();
    log.append(Json.object().put("n", 1));
    ObjectNode found = log.findLast(any -> true);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(found).isNotNull();
  }

  @Test
  void tooDeepRecordIsRefused() throws IOException {
    AuditLog log = AuditLog.open(file);
    ObjectNode deep = Json.object();
    for (int i = 0; i < 1000; i++) {
      deep = Json.object().set("in", deep);
    }
    ObjectNode tooDeep = deep;
    assertThatThrownBy(() -> log.append(tooDeep))
        .hasMessage("takes records of 1,000 levels at most");
    log.append((ObjectNode) Objects.requireNonNull(deep.get("in")));
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(1, 0, null));
  }

  @Test
  void newestMatchIsFoundAcrossBlocksOfLargeFile() throws IOException {
    AuditLog log = AuditLog.open(file);
    assertThat(log.findLast(any -> true)).isNull();
    for (int i = 0; i < 40; i++) {
      log.append(
          Json.object().put("n", i).put("even", i % 2 == 0).put("text", "x".repeat(i * 9000)));
    }
    assertThat(Files.size(file)).isGreaterThan(7_000_000);
    assertThat(numbers(log)).hasSize(40).isSortedAccordingTo((a, b) -> b - a);
    JsonNode even = log.findLast(record -> record.path("even").asBoolean());
    assertThat(Objects.requireNonNull(even).path("n").asInt()).isEqualTo(38);
    assertThat(log.findLast(record -> record.has("missing"))).isNull();
  }

  /** The matching records in the order in which the log returns them. */
  private static List<Integer> numbers(AuditLog log) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    log.findLast(
        record -> {
          numbers.add(record.path("n").asInt());
          return false;
        });
    return numbers;
  }

  private void appendTen() throws IOException {
    AuditLog log = AuditLog.open(file);
    for (int i = 1; i <= 10; i++) {
      log.append(Json.object().put("n", i));
    }
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(10, 0, null));
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.createFile(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private boolean isPosix() {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static String sha256(String line) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(line.getBytes(UTF_8)));
  }
}
