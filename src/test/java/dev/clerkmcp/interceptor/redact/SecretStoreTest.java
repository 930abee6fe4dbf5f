package dev.clerkmcp.interceptor.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecretStoreTest {
  private final Path temp;

  SecretStoreTest(@TempDir Path temp) {
    this.temp = temp;
  }

  @Test
  void fileIsReadableOnlyByItsOwner() throws IOException {
    Path folder = temp.resolve("state").resolve("secrets");
    Path file = new SecretStore(folder).keep("name", "text");
    assertThat(file).hasContent("text").isEqualTo(folder.resolve("name.json"));
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(permissions(folder)).isEqualTo("rwx------");
    assertThat(permissions(temp.resolve("state"))).isEqualTo("rwx------");
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    SecretStore folder = new SecretStore(temp.resolve("secrets"));
    assertThat(folder.keep("name", "first")).hasFileName("name.json");
    assertThat(folder.keep("name", "second")).hasFileName("name-2.json");
    assertThat(folder.keep("name", "third")).hasFileName("name-3.json");
    assertThat(folder.path().resolve("name.json")).hasContent("first");
  }

  @Test
  void linkInPlaceOfFileIsNotFollowed() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("secrets"));
    Path elsewhere = temp.resolve("elsewhere");
    Files.createSymbolicLink(folder.resolve("name.json"), elsewhere);
    assertThat(new SecretStore(folder).keep("name", "text")).hasFileName("name-2.json");
    assertThat(elsewhere).doesNotExist();
  }

  @Test
  void prepareCreatesEmptyFolder() throws IOException {
    Path folder = temp.resolve("secrets");
    new SecretStore(folder).prepare();
    assertThat(folder).isEmptyDirectory();
    assertThat(permissions(folder)).isEqualTo("rwx------");
  }

  @Test
  void linkInPlaceOfFolderIsRefused() throws IOException {
    Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(temp.resolve("secrets"), elsewhere);
    assertRefused(link, "is a symbolic link; name what it leads to");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({"rwxrwx---", "rwx----w-", "rwxrwxrwx"})
  void folderWritableByOthersIsRefusedAndUnchanged(String permissions) throws IOException {
    Path folder = Files.createDirectory(temp.resolve("secrets"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    assertRefused(
        folder, "can be written by others (%s); run: chmod go-w %s".formatted(permissions, folder));
    assertThat(permissions(folder)).isEqualTo(permissions);
  }

  @Test
  void fileInPlaceOfFolderIsRefused() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertRefused(file, "cannot be written (FileAlreadyExistsException)");
    assertRefused(file.resolve("secrets"), "cannot be written (FileSystemException)");
  }

  @ParameterizedTest
  @CsvSource({
    "Linux,'',/home/ada/.local/state",
    "Linux,XDG_STATE_HOME=/var/state,/var/state",
    "Linux,XDG_STATE_HOME=var/state,/home/ada/.local/state",
    "FreeBSD,LOCALAPPDATA=/data,/home/ada/.local/state",
    "Mac OS X,XDG_STATE_HOME=/var/state,/home/ada/Library/Application Support",
    "Windows 11,LOCALAPPDATA=/data,/data",
    "Windows 11,'',/home/ada/AppData/Local",
  })
  void defaultFolderFollowsTheSystem(String system, String variable, String state) {
    Map<String, String> environment = new TreeMap<>();
    if (!variable.isEmpty()) {
      environment.put(variable.split("=", -1)[0], variable.split("=", -1)[1]);
    }
    assertThat(SecretStore.byDefault(environment, system, Path.of("/home/ada")))
        .isEqualTo(Path.of(state, "clerk-mcp", "secrets"));
  }

  private static void assertRefused(Path folder, String why) {
    SecretStore secrets = new SecretStore(folder);
    assertThatIOException().isThrownBy(secrets::prepare).withMessage(why);
    assertThatIOException().isThrownBy(() -> secrets.keep("name", "text")).withMessage(why);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
