package dev.clerkmcp.interceptor.redact;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.clerkmcp.PrivateFiles;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores credentials in files of one local folder that only their owner can read. */
public final class SecretStore {
  /**
   * The most attempts to find a free name. A name contains the second, so more collisions mean
   * another problem.
   */
  private static final int MAX_TRIES = 1000;

  private final Path folder;

  /** Stores files in a folder that is created with the first file. */
  public SecretStore(Path folder) {
    this.folder = folder.toAbsolutePath();
  }

  /** The default folder for credential files, by the conventions of the operating system. */
  public static Path byDefault(Map<String, String> environment) {
    return byDefault(
        environment, System.getProperty("os.name", ""), Path.of(System.getProperty("user.home")));
  }

  static Path byDefault(Map<String, String> environment, String system, Path home) {
    String name = system.toLowerCase(Locale.ROOT);
    Path state;
    if (name.startsWith("windows")) {
      state = absolute(environment.get("LOCALAPPDATA"), home.resolve("AppData").resolve("Local"));
    } else if (name.startsWith("mac")) {
      state = home.resolve("Library").resolve("Application Support");
    } else {
      // The XDG specification says that relative paths must be ignored.
      state = absolute(environment.get("XDG_STATE_HOME"), home.resolve(".local").resolve("state"));
    }
    return state.resolve("clerk-mcp").resolve("secrets");
  }

  public Path path() {
    return folder;
  }

  /**
   * Creates the folder if it does not exist, and checks that a file can be written to it.
   *
   * @throws IOException if not; its message continues a sentence that begins with the folder
   */
  void prepare() throws IOException {
    explained(
        () -> {
          open();
          Path probe = folder.resolve(".probe-" + UUID.randomUUID());
          write(probe, "{}");
          Files.delete(probe);
          return probe;
        });
  }

  /**
   * Stores a text in a new file.
   *
   * @param name of the file without ending; a name that is taken gets a number
   * @throws IOException if that fails; its message continues a sentence that begins with the folder
   */
  Path keep(String name, String text) throws IOException {
    return keep(name, ".json", text);
  }

  /**
   * Stores a text for a person to read in a new file, as {@link #keep} does.
   *
   * @throws IOException if that fails; its message continues a sentence that begins with the folder
   */
  public Path keepText(String name, String text) throws IOException {
    return keep(name, ".txt", text);
  }

  private Path keep(String name, String ending, String text) throws IOException {
    return explained(
        () -> {
          open();
          return writeAnew(name, ending, text);
        });
  }

  private static Path explained(Work work) throws IOException {
    try {
      return work.run();
    } catch (PrivateFiles.UnsafeFileException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException("cannot be written (%s)".formatted(e.getClass().getSimpleName()), e);
    }
  }

  private void open() throws IOException {
    PrivateFiles.createFolder(folder);
    if (!isPosix()) {
      showToOwnerOnly(folder.toFile());
    }
  }

  private Path writeAnew(String name, String ending, String text) throws IOException {
    for (int i = 1; ; i++) {
      Path file = folder.resolve(name + (i == 1 ? "" : "-" + i) + ending);
      try {
        write(file, text);
        return file;
      } catch (FileAlreadyExistsException e) {
        if (i == MAX_TRIES) {
          throw e;
        }
      }
    }
  }

  /** Writes a file that only the owner can read from its first byte on, or leaves no file. */
  private void write(Path file, String text) throws IOException {
    SeekableByteChannel channel =
        Files.newByteChannel(file, Set.of(CREATE_NEW, WRITE), PrivateFiles.newFile(folder));
    try (channel) {
      if (!isPosix()) {
        showToOwnerOnly(file.toFile());
      }
      PrivateFiles.checkSecretFile(file);
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /**
   * Does what Java can do without POSIX permissions. Windows ignores it, but protects the folder of
   * a user's own data from other users anyway.
   */
  private static void showToOwnerOnly(File file) {
    file.setReadable(false, false);
    file.setReadable(true, true);
  }

  private boolean isPosix() {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static Path absolute(@Nullable String given, Path otherwise) {
    if (given == null || given.isBlank()) {
      return otherwise;
    }
    Path path = Path.of(given);
    return path.isAbsolute() ? path : otherwise;
  }

  /** Work that results in a file. */
  @FunctionalInterface
  private interface Work {
    Path run() throws IOException;
  }
}
