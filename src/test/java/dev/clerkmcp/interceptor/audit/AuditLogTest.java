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
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Tests the log in which later changes can be detected. */
final class AuditLogTest {
  private static final long MAX_BYTES = 100_000_000;

  private final Path folder;
  private final Path file;

  AuditLogTest(@TempDir Path folder) {
    this.folder = folder;
    file = folder.resolve("audit.jsonl");
  }

  @Test
  void fileIsReadableOnlyByItsOwner() throws IOException {
    AuditLog.open(file, MAX_BYTES);
    assumeTrue(isPosix());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void eachRecordHasTheHashOfThePreviousLine() throws Exception {
    AuditLog log = AuditLog.open(file, MAX_BYTES);
    ObjectNode first = Json.object().put("prev", "mine").put("name", "Zo\u00eb\u202e\ud800\n");
    log.append(first);
    AuditLog.open(file, MAX_BYTES).append(Json.object().put("n", 2));
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
              "can be read by others (rw-r-----); run: chmod 600 "),
          new Unfit(
              "others",
              path -> permit(path, "rw-----w-"),
              "can be written by others (rw-----w-); run: chmod 600 "));

  @ParameterizedTest
  @FieldSource("UNFIT")
  void unsuitableFileIsRejectedAndUnchanged(Unfit unfit) throws IOException {
    assumeTrue(isPosix());
    Path path = folder.resolve(unfit.name());
    unfit.preparation().make(path);
    assertThatThrownBy(() -> AuditLog.open(path, MAX_BYTES))
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
    assertThatThrownBy(() -> AuditLog.open(processes.resolve("audit.jsonl"), MAX_BYTES))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot be created")
        .hasMessageEndingWith("its folder must be one that you may write to");
  }

  @Test
  void fileThatCannotBeWrittenIsRefused() throws IOException {
    assumeTrue(isPosix());
    permit(file, "r--------");
    assumeFalse(Files.isWritable(file), "root writes to any file");
    assertThatThrownBy(() -> AuditLog.open(file, MAX_BYTES))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot be written");
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
    AuditLog log = AuditLog.open(file, MAX_BYTES);
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
    AuditLog log = AuditLog.open(file, MAX_BYTES);
    Thread.currentThread().interrupt();
    log.append(Json.object().put("n", 1));
    ObjectNode found = log.findLast(AuditLog.Search.ALL, any -> true);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(found).isNotNull();
  }

  @Test
  void tooDeepRecordIsRefused() throws IOException {
    AuditLog log = AuditLog.open(file, MAX_BYTES);
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
  void largeMembersGoIntoSideFilesOfTheOwner() throws IOException {
    AuditLog log = AuditLog.open(file, MAX_BYTES);
    ObjectNode state = Json.object().put("text", "x\u202e".repeat(5_000_000));
    ObjectNode record = Json.object().put("n", 1);
    record.set("before", state);
    record.put("request", "y".repeat(70_000)).put("note", "z".repeat(60_000));
    log.append(record);
    log.append(record.deepCopy().put("n", 2));

    assertThat(Files.size(file)).isLessThan(200_000);
    ObjectNode found = Objects.requireNonNull(log.findLast(AuditLog.Search.ALL, any -> true));
    assertThat(found.has("before") || found.has("request")).isFalse();
    assertThat(found.path("note").asText()).hasSize(60_000);
    assertThat(log.whole(found)).isEqualTo(withLinks(record.put("n", 2), found));
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> sides = files.filter(path -> !path.equals(file)).toList();
      assertThat(sides).as("equal values share a file").hasSize(2);
      for (Path side : sides) {
        assertThat(side.getFileName().toString())
            .isEqualTo("audit.jsonl." + sha256(Files.readString(side)) + ".json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(side)))
            .isEqualTo("rw-------");
      }
    }
  }

  private static ObjectNode withLinks(ObjectNode record, ObjectNode found) {
    ObjectNode linked = record.deepCopy();
    linked.set(AuditSiblings.SIDE_FILES, found.get(AuditSiblings.SIDE_FILES));
    return linked.put("prev", found.path("prev").asText());
  }

  @Test
  void fullFileIsRenamedAndContinued() throws IOException {
    AuditLog log = AuditLog.open(file, 1_000);
    AuditLog other = AuditLog.open(file, 1_000);
    for (int i = 1; i <= 30; i++) {
      (i % 3 == 0 ? other : log).append(Json.object().put("n", i));
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(3).contains(file, folder.resolve("audit.jsonl.2"));
      for (Path each : all) {
        assertThat(Files.size(each)).isBetween(1L, 1_000L);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
            .isEqualTo("rw-------");
      }
    }
    assertThat(AuditVerifier.verify(file)).isEqualTo(new Verdict(30, 0, null));
    assertThat(numbers(log)).hasSize(30).isSortedAccordingTo((a, b) -> b - a);
  }

  @Test
  void newestMatchIsFoundAcrossBlocksOfLargeFile() throws IOException {
    AuditLog log = AuditLog.open(file, MAX_BYTES);
    assertThat(log.findLast(AuditLog.Search.ALL, any -> true)).isNull();
    for (int i = 0; i < 40; i++) {
      ObjectNode record = Json.object().put("n", i).put("even", i % 2 == 0);
      for (int part = 0; part < i; part++) {
        record.put("text " + part, "x".repeat(9000));
      }
      log.append(record);
    }
    assertThat(Files.size(file)).isGreaterThan(7_000_000);
    assertThat(numbers(log)).hasSize(40).isSortedAccordingTo((a, b) -> b - a);
    JsonNode even = log.findLast(AuditLog.Search.ALL, record -> record.path("even").asBoolean());
    assertThat(Objects.requireNonNull(even).path("n").asInt()).isEqualTo(38);
    assertThat(log.findLast(AuditLog.Search.ALL, record -> record.has("missing"))).isNull();
  }

  @Test
  void searchReadsNoFurtherThanItMay() throws IOException {
    AuditLog log = AuditLog.open(file, 5_000); // eight records
    for (int i = 0; i < 30; i++) {
      log.append(Json.object().put("n", i).put("text", "x".repeat(500)));
    }
    List<Integer> all = numbers(log);
    assertThat(all).hasSize(30);
    for (int bytes : List.of(0, 1, 500, 3_000, 6_000, 12_000)) {
      List<Integer> read = numbers(log, new AuditLog.Search("", bytes, () -> {}));
      assertThat(read).as("%s bytes", bytes).isEqualTo(all.subList(0, read.size()));
      assertThat(read.size()).isBetween(bytes / 600 - 1, bytes / 585);
    }
    assertThat(numbers(log, new AuditLog.Search("", 100_000, () -> {}))).isEqualTo(all);
  }

  @Test
  void searchParsesOnlyRecordsWithItsText() throws IOException {
    AuditLog log = AuditLog.open(file, MAX_BYTES);
    for (int i = 0; i < 12; i++) {
      log.append(Json.object().put("n", i).put("id", "chg_" + i));
    }
    assertThat(numbers(log, new AuditLog.Search("\"chg_1\"", MAX_BYTES, () -> {})))
        .containsExactly(1);
    assertThat(numbers(log, new AuditLog.Search("chg_1", MAX_BYTES, () -> {})))
        .containsExactly(11, 10, 1);
  }

  @Test
  void searchCanBeStopped() throws IOException {
    AuditLog log = AuditLog.open(file, MAX_BYTES);
    log.append(Json.object().put("n", 1));
    Runnable stop =
        () -> {
          throw new CancellationException();
        };
    assertThatThrownBy(() -> numbers(log, new AuditLog.Search("none", MAX_BYTES, stop)))
        .isInstanceOf(CancellationException.class);
    log.append(Json.object().put("n", 2));
    assertThat(numbers(log)).containsExactly(2, 1);
  }

  /** The matching records in the order in which the log returns them. */
  private static List<Integer> numbers(AuditLog log) throws IOException {
    return numbers(log, AuditLog.Search.ALL);
  }

  private static List<Integer> numbers(AuditLog log, AuditLog.Search search) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    log.findLast(
        search,
        record -> {
          numbers.add(record.path("n").asInt());
          return false;
        });
    return numbers;
  }

  private void appendTen() throws IOException {
    AuditLog log = AuditLog.open(file, MAX_BYTES);
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

  private static String sha256(String line) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(line.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
