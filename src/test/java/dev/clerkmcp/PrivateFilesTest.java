package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that files and folders which other users can change are refused by every setting. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no such permissions")
final class PrivateFilesTest {
  private static final String KEY = "sk_test_notarealkey";

  private final Path folder;

  PrivateFilesTest(@TempDir Path folder) throws IOException {
    this.folder = folder.toRealPath();
  }

  @ParameterizedTest
  @CsvSource({
    "CLERK_SECRET_KEY_FILE, rw-rw-rw-, can be written by others (rw-rw-rw-); run: chmod go-w",
    "CLERK_SECRET_KEY_FILE, rw--w----, can be written by others (rw--w----); run: chmod go-w",
    "CLERK_MCP_INSTANCES, rw-rw-rw-, can be written by others (rw-rw-rw-); run: chmod go-w",
    "CLERK_MCP_POLICY, rw-r--rw-, can be written by others (rw-r--rw-); run: chmod go-w",
    "CLERK_MCP_AUDIT_LOG, rw-rw----, can be written by others (rw-rw----); run: chmod 600",
    "CLERK_MCP_AUDIT_LOG, rw-r-----, can be read by others (rw-r-----); run: chmod 600"
  })
  void fileThatOthersCanChangeStopsTheStart(String variable, String permissions, String message)
      throws IOException {
    Path file = permit(fileOf(variable), permissions);
    assertRefused(variable, file, "this file %s %s.".formatted(message, file));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo(permissions);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLERK_SECRET_KEY_FILE", "CLERK_MCP_INSTANCES", "CLERK_MCP_POLICY"})
  void ownFileIsAccepted(String variable) throws IOException {
    Path file = permit(fileOf(variable), "rw-r--r--");
    assertThatCode(() -> ServerConfig.from(Map.of(variable, file.toString())))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLERK_SECRET_KEY_FILE", "CLERK_MCP_INSTANCES", "CLERK_MCP_POLICY"})
  void linkIsRefused(String variable) throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), fileOf(variable));
    assertRefused(variable, link, "this file is a symbolic link; name what it leads to.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLERK_SECRET_KEY_FILE", "CLERK_MCP_POLICY", "CLERK_MCP_AUDIT_LOG"})
  void fileThatOthersCanReplaceIsRefused(String variable) throws IOException {
    Path open = Files.createDirectory(folder.resolve("every body's"));
    Path in = Files.createDirectory(open.resolve("own"));
    Path file = Files.move(fileOf(variable), in.resolve("file"));
    permit(file, "rw-------");
    permit(open, "rwxrwxrwx");
    assertRefused(
        variable,
        file,
        "this file lies in %1$s, which can be written by others (rwxrwxrwx); run: chmod go-w '%2$s'."
            .formatted(open, open.toString().replace("'", "'\\''")));
    assertThatCode( // as in /tmp, where only the owner of a file can replace it
            () -> {
              Files.setAttribute(open, "unix:mode", 01777);
              ServerConfig.from(Map.of(variable, file.toString()));
            })
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CLERK_SECRET_KEY_FILE",
        "CLERK_MCP_INSTANCES",
        "CLERK_MCP_POLICY",
        "CLERK_MCP_AUDIT_LOG"
      })
  void fileOfAnotherUserIsRefused(String variable) throws IOException {
    Path file = permit(fileOf(variable), "rw-------");
    giveAway(file);
    assertRefused(
        variable,
        file,
        "this file belongs to another user; run: chown %s %s."
            .formatted(System.getProperty("user.name"), file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLERK_MCP_EXPORT_DIR", "CLERK_MCP_SECRETS_DIR"})
  void folderOfAnotherUserIsRefused(String variable) throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    giveAway(other);
    assertRefused(
        variable,
        other,
        "this folder belongs to another user; run: chown %s %s."
            .formatted(System.getProperty("user.name"), other));
  }

  @ParameterizedTest
  @CsvSource({
    "CLERK_MCP_EXPORT_DIR, rwxrwxrwx",
    "CLERK_MCP_EXPORT_DIR, rwxrwx---",
    "CLERK_MCP_SECRETS_DIR, rwx----w-"
  })
  void folderThatOthersCanWriteStopsTheStart(String variable, String permissions)
      throws IOException {
    Path open = permit(Files.createDirectory(folder.resolve("open")), permissions);
    assertRefused(
        variable,
        open,
        "this folder can be written by others (%s); run: chmod go-w %s."
            .formatted(permissions, open));
    permit(open, "rwxr-xr-x");
    Path link = Files.createSymbolicLink(folder.resolve("link"), open);
    assertRefused(variable, link, "this folder is a symbolic link; name what it leads to.");
  }

  /** The folder is made by the first call, or its permissions change while the server runs. */
  @Test
  void folderIsCheckedAgainByEveryExport() throws Exception {
    Path exports = folder.resolve("new/exports");
    var tools =
        ToolCaller.tools(
            SandboxCalls.seeded(1, 5).client(),
            folder,
            Map.of("CLERK_MCP_EXPORT_DIR", exports.toString()));
    ToolResult first = ToolCaller.call(tools, "clerk_users_list", "{'export':'a.csv'}");
    assertThat(first.isError()).as(first.json()).isFalse();
    for (Path created : List.of(exports, exports.getParent())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(created)))
          .isEqualTo("rwx------");
    }
    permit(exports, "rwxrwxrwx");
    ToolResult second = ToolCaller.call(tools, "clerk_users_list", "{'export':'b.csv'}");
    assertThat(Json.read(second.json()).at("/error/code").asText())
        .isEqualTo("export_folder_unsafe");
    assertThat(second.json())
        .contains("can be written by others (rwxrwxrwx); run: chmod go-w", "CLERK_MCP_EXPORT_DIR");
    assertThat(exports.resolve("b.csv")).doesNotExist();
  }

  private Path fileOf(String variable) throws IOException {
    String text =
        switch (variable) {
          case "CLERK_SECRET_KEY_FILE" -> KEY;
          case "CLERK_MCP_INSTANCES" -> "[{\"name\":\"a\",\"key\":\"%s\"}]".formatted(KEY);
          case "CLERK_MCP_POLICY" ->
              "{\"rules\":[{\"decision\":\"deny\",\"effects\":[\"destroy\"]}]}";
          default -> "";
        };
    return Files.writeString(folder.resolve("file"), text);
  }

  private static void assertRefused(String variable, Path path, String message) {
    assertThatThrownBy(() -> ServerConfig.from(Map.of(variable, path.toString())))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(variable + " is \"")
        .hasMessageEndingWith("\": " + message);
  }

  private static Path permit(Path path, String permissions) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static void giveAway(Path path) throws IOException {
    int owner = (int) Files.getAttribute(path, "unix:uid");
    assumeTrue(owner == 0, "only root can give a file away");
    Files.setAttribute(path, "unix:uid", 65534);
  }
}
