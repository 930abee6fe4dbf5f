package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the CDS archive that the command {@code warm} writes, also a damaged or outdated one. */
final class CdsArchiveIT {
  private static final String SHARED =
      "dev.clerkmcp.transport.stdio.StdioServer source: shared objects";
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @TempDir private static Path folder;
  private static Path jar;
  private static Path archive;
  private static List<String> command;

  @BeforeAll
  static void warm() throws IOException {
    jar = folder.resolve("server.jar");
    Files.copy(Path.of(System.getProperty("clerk-mcp.jar")), jar);
    archive = folder.resolve("new/archive.jsa");
    List<String> warm =
        List.of(JAVA.toString(), "-jar", jar.toString(), "warm", archive.toString());
    try (ServerProcess process = new ServerProcess(warm)) {
      List<String> lines = process.receiveLines();
      assertThat(process.exitCode(60)).as(process.standardError()).isZero();
      command = command(Json.read(String.join("\n", lines)).at("/mcpServers/clerk"));
      assertThat(process.standardError()).contains("Wrote " + archive);
    }
  }

  @Test
  void printedConfigurationUsesTheArchive() throws IOException {
    Path log = folder.resolve("loaded.txt");
    List<String> logging = new ArrayList<>(command);
    logging.addAll(command.indexOf("-cp"), List.of("-Xlog:class+load:file=" + log));
    assertServes(logging);
    assertThat(Files.readString(log)).contains(SHARED);
    assertThat(archive.getParent()).isDirectoryContaining(archive::equals);
    assertThat(archive.toFile().getParentFile().list()).containsExactly("archive.jsa");
  }

  @ParameterizedTest
  @CsvSource({
    "missing, 0",
    "truncated, 10000000",
    "truncated, 100000",
    "truncated, 100",
    "empty, 0",
    "text, 0"
  })
  void damagedArchiveIsIgnored(String state, int bytes) throws IOException {
    Path spoilt = folder.resolve(state + bytes + ".jsa");
    switch (state) {
      case "truncated" -> Files.write(spoilt, head(bytes));
      case "empty" -> Files.createFile(spoilt);
      case "text" -> Files.writeString(spoilt, "This is no archive.\n".repeat(1000));
      default -> assertThat(spoilt).doesNotExist();
    }
    assertServes(with(spoilt));
  }

  @Test
  void archiveOfAnotherJarIsIgnored() throws IOException {
    FileTime before = Files.getLastModifiedTime(jar);
    Files.setLastModifiedTime(jar, FileTime.fromMillis(1_700_000_000_000L));
    try {
      assertServes(command);
    } finally {
      Files.setLastModifiedTime(jar, before);
    }
  }

  @Test
  void archiveOfAnotherJavaIsIgnored() throws IOException {
    Optional<Path> other = otherJava();
    assumeThat(other).as("another Java beside this one").isPresent();
    List<String> changed = new ArrayList<>(command);
    changed.set(0, other.orElseThrow().toString());
    assertServes(changed);
  }

  @Test
  void archiveInUseCanBeReplaced() {
    try (ServerProcess server = inSandbox(command).initialized();
        ServerProcess again =
            new ServerProcess(
                List.of(JAVA.toString(), "-jar", jar.toString(), "warm", archive.toString()))) {
      assertThat(again.receiveLines()).isNotEmpty();
      assertThat(again.exitCode(60)).as(again.standardError()).isZero();
      assertThat(server.answer("clerk_users_list", "{\"limit\":1}").path("data")).hasSize(1);
      assertServes(command);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "., is a directory; name a file in it.",
    "server.jar/x.jsa, cannot be made into a directory; name a file elsewhere."
  })
  void errorNamesFileThatCannotBeWritten(String file, String why) {
    List<String> warm =
        List.of(JAVA.toString(), "-jar", jar.toString(), "warm", folder.resolve(file).toString());
    try (ServerProcess process = new ServerProcess(warm)) {
      assertThat(process.receiveLines()).isEmpty();
      assertThat(process.exitCode(60)).isEqualTo(2);
      assertThat(process.standardError()).startsWith("clerk-mcp: " + folder).endsWith(why);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no such permissions")
  void folderThatOthersCanWriteIsRefused() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path archive = open.resolve("archive.jsa");
    List<String> warm =
        List.of(JAVA.toString(), "-jar", jar.toString(), "warm", archive.toString());
    try (ServerProcess process = new ServerProcess(warm)) {
      assertThat(process.receiveLines()).isEmpty();
      assertThat(process.exitCode(60)).isEqualTo(2);
      assertThat(process.standardError())
          .contains("can be written by others (rwxrwxrwx); run: chmod go-w " + open);
    }
    assertThat(open).isEmptyDirectory();
  }

  /** Every line of a session is a message: anything else would fail to be read. */
  private static void assertServes(List<String> command) {
    try (ServerProcess server = inSandbox(command).initialized()) {
      server.send(ServerProcess.request("1", "tools/list", "{}"));
      assertThat(server.receive().at("/result/tools")).isNotEmpty();
      assertThat(server.answer("clerk_users_list", "{\"limit\":1}").path("data")).hasSize(1);
      server.closeInput();
      assertThat(server.receiveRest()).isEmpty();
      assertThat(server.exitCode(10)).isZero();
    }
  }

  private static ServerProcess inSandbox(List<String> command) {
    return new ServerProcess(command, "CLERK_SECRET_KEY", "", "CLERK_MCP_SANDBOX", "true");
  }

  private static List<String> command(JsonNode server) {
    List<String> command = new ArrayList<>(List.of(server.path("command").asText()));
    ((ArrayNode) server.path("args")).forEach(argument -> command.add(argument.asText()));
    return command;
  }

  private static List<String> with(Path file) {
    return command.stream().map(word -> word.replace(archive.toString(), file.toString())).toList();
  }

  private static byte[] head(int bytes) throws IOException {
    try (var in = Files.newInputStream(archive)) {
      return in.readNBytes(bytes);
    }
  }

  private static Optional<Path> otherJava() throws IOException {
    Path home = Path.of(System.getProperty("java.home")).toRealPath();
    try (Stream<Path> homes = Files.list(home.getParent())) {
      return homes
          .filter(other -> !other.equals(home) && Files.isDirectory(other))
          .map(other -> other.resolve("bin/java"))
          .filter(Files::isExecutable)
          .filter(java -> !isIn(home, java))
          .sorted()
          .findFirst();
    }
  }

  /** A link beside the folder of this Java leads to it. */
  private static boolean isIn(Path home, Path java) {
    try {
      return java.toRealPath().startsWith(home);
    } catch (IOException e) {
      return true;
    }
  }
}
