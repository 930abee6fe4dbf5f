package dev.clerkmcp.sandbox.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a store in a file between runs. Each change replaces the whole file atomically, so that the
 * file is never half written. Only one process at a time may use it.
 */
public final class StoreFile {
  private final Path file;

  /** A field, because a lock that is garbage-collected is released. */
  private final FileLock lock;

  private StoreFile(Path file, FileLock lock) {
    this.file = file;
    this.lock = lock;
  }

  /**
   * Locks a file for the life of the process. The file itself need not exist.
   *
   * @throws IllegalArgumentException if the file cannot be used; the message completes the sentence
   *     "The file ..."
   */
  public static StoreFile open(Path path) {
    Path file = path.toAbsolutePath();
    Path folder = file.getParent();
    if (folder == null
        || !Files.isDirectory(folder)
        || (Files.exists(file) && !Files.isRegularFile(file))) {
      throw new IllegalArgumentException("must be a file in a folder that exists");
    }
    return new StoreFile(file, lock(file.resolveSibling(file.getFileName() + ".lock")));
  }

  private static FileLock lock(Path path) {
    try {
      // Not closed: the lock is held until the process ends.
      @SuppressWarnings("resource")
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // This process holds the lock.
    } catch (IOException e) {
      throw new IllegalArgumentException("lies in a folder that cannot be written", e);
    }
    throw new IllegalArgumentException("is in use by another sandbox");
  }

  /**
   * Reads the store from the file, or returns null if the file does not exist.
   *
   * @throws IllegalArgumentException if the file is damaged; the file stays as it is
   */
  public @Nullable Store load(SandboxClock clock) {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return Store.fromJson(Json.MAPPER.readTree(file.toFile()), clock);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is damaged: it does not hold JSON", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read", e);
    }
  }

  /**
   * Replaces the file.
   *
   * @throws ApiError with status 500 if it cannot be written; the caller must then undo the change
   */
  public void save(Store store) {
    if (!lock.isValid()) {
      throw cannotBeWritten();
    }
    Path written = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(written, Json.MAPPER.writeValueAsBytes(store.toJson()));
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw cannotBeWritten();
    }
  }

  private static ApiError cannotBeWritten() {
    return ApiError.of(
        500, "internal_clerk_error", "The sandbox's file cannot be written; nothing is changed.");
  }
}
