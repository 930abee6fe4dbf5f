package dev.clerkmcp.interceptor.audit;

import dev.clerkmcp.PrivateFiles;
import dev.clerkmcp.interceptor.audit.AuditLog.AuditException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Locks a private file for threads and processes that write to it. It is opened for each use, so
 * that an interrupted thread closes only its own channel, and a replaced file is detected.
 */
final class AuditFile {
  /**
   * The locks between the threads of this process, by file. An operating system releases a
   * process's locks on a file when any channel of the process on that file is closed.
   */
  private static final Map<Object, Object> LOCKS = new ConcurrentHashMap<>();

  /** A byte that is never written, since on Windows a locked byte cannot be read. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private final Path path;
  private final @Nullable Object key;
  private final Object lock;

  private AuditFile(Path path, @Nullable Object key, Object lock) {
    this.path = path;
    this.key = key;
    this.lock = lock;
  }

  /** Uses the open file. */
  @FunctionalInterface
  interface Work<T> {
    T on(FileChannel channel) throws IOException;
  }

  /** Creates the file unless it exists, and checks its kind and permissions. */
  static AuditFile open(Path file) throws AuditException {
    Path path = file.toAbsolutePath();
    checkFolder(path);
    create(path);
    checkFile(path);
    try {
      return new AuditFile(path, attributes(path).fileKey(), lock(path));
    } catch (IOException e) {
      throw new AuditException("cannot be read" + reason(e), e);
    }
  }

  /** Checks the folder, and the file if it exists. */
  static void check(Path file) throws AuditException {
    Path path = file.toAbsolutePath();
    checkFolder(path);
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      checkFile(path);
    }
  }

  private static void checkFile(Path path) throws AuditException {
    try {
      checkKind(attributes(path));
      PrivateFiles.checkSecretFile(path);
    } catch (AuditException e) {
      throw e;
    } catch (PrivateFiles.UnsafeFileException e) {
      throw new AuditException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new AuditException("cannot be read" + reason(e), e);
    }
  }

  private static void checkFolder(Path path) throws AuditException {
    Path folder = path.getParent();
    if (folder == null) {
      throw new AuditException("is a directory; name a file in it");
    }
    if (!Files.isDirectory(folder)) {
      throw new AuditException("lies in a folder that does not exist; create the folder first");
    }
  }

  private static void create(Path path) throws AuditException {
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      FileChannel.open(path, options, PrivateFiles.newFile(path)).close();
    } catch (FileAlreadyExistsException e) {
      // another process created it; it is checked like any existing file
    } catch (IOException e) {
      throw new AuditException(
          "cannot be created%s; its folder must be one that you may write to".formatted(reason(e)),
          e);
    }
  }

  private static void checkKind(BasicFileAttributes attributes) throws AuditException {
    if (attributes.isDirectory()) {
      throw new AuditException("is a directory; name a file in it");
    }
    if (attributes.isSymbolicLink()) {
      throw new AuditException("is a symbolic link; name the file that it leads to");
    }
    if (!attributes.isRegularFile()) {
      throw new AuditException("is not a regular file");
    }
  }

  /** The monitor that a thread must hold while it locks a file or closes a channel on it. */
  static Object lock(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return LOCKS.computeIfAbsent(key == null ? path.toRealPath() : key, any -> new Object());
  }

  Path path() {
    return path;
  }

  /** Locks the file and uses it. */
  <T> T writing(Work<T> work) throws AuditException {
    // A cancelled call must be recorded too, and its interrupt would close the channel.
    boolean interrupted = Thread.interrupted();
    try {
      synchronized (lock) {
        try (FileChannel channel = open(StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          channel.lock(LOCKED_BYTE, 1, false); // until the channel is closed
          checkSame();
          return work.on(channel);
        }
      }
    } catch (AuditException e) {
      throw e;
    } catch (IOException e) {
      throw new AuditException("cannot be written" + reason(e), e);
    } finally {
      restore(interrupted);
    }
  }

  /** Reads the file, to which other processes may append meanwhile. */
  <T> T reading(Work<T> work) throws AuditException {
    boolean interrupted = Thread.interrupted();
    try {
      FileChannel channel = open(StandardOpenOption.READ);
      try {
        checkSame();
        return work.on(channel);
      } finally {
        synchronized (lock) {
          channel.close();
        }
      }
    } catch (AuditException e) {
      throw e;
    } catch (IOException e) {
      throw new AuditException("cannot be read" + reason(e), e);
    } finally {
      restore(interrupted);
    }
  }

  private FileChannel open(StandardOpenOption... how) throws IOException {
    Set<OpenOption> options = new HashSet<>(Set.of(how));
    options.add(LinkOption.NOFOLLOW_LINKS);
    try {
      return FileChannel.open(path, options);
    } catch (NoSuchFileException e) {
      throw replaced(e);
    }
  }

  /** Detects that the path leads to another file now. Called after the file was opened. */
  private void checkSame() throws IOException {
    try {
      Object now = attributes(path).fileKey();
      if (key != null && !key.equals(now)) {
        throw replaced(null);
      }
    } catch (NoSuchFileException e) {
      throw replaced(e);
    }
  }

  /** The file was rotated, by this server or another program, if it is still in its folder. */
  private AuditException replaced(@Nullable Throwable cause) throws IOException {
    return key != null && new AuditSiblings(path).isRotated(key)
        ? new RotatedException(cause)
        : new AuditException(
            "was deleted or replaced while in use; put it back, or restart the server", cause);
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** The reason that the operating system gives, such as " (No space left on device)". */
  private static String reason(IOException failure) {
    String reason =
        failure instanceof FileSystemException refused ? refused.getReason() : failure.getMessage();
    return reason == null ? "" : " (%s)".formatted(reason);
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The file was renamed, so a new one continues its chain. */
  static final class RotatedException extends AuditException {
    private static final long serialVersionUID = 1L;

    RotatedException(@Nullable Throwable cause) {
      super("was rotated again and again while in use", cause);
    }
  }
}
