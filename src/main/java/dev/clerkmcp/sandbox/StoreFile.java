package dev.clerkmcp.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.store.SandboxClock;
import dev.clerkmcp.sandbox.store.Store;
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
 * A file that keeps a world between runs. It is replaced as a whole after each change, so that it
 * is never half written; one process at a time may use it.
 */
final class StoreFile {
  private final Path file;

  /** Kept, since a lock that is garbage is given up. */
  private final FileLock lock;

  private StoreFile(Path file, FileLock lock) {
    this.file = file;
    this.lock = lock;
  }

  /**
   * Takes a file into use for the life of the process.
   *
   * @throws IllegalArgumentException if that is not possible; the message completes the sentence
   *     "The file ..."
   */
  static StoreFile open(Path path) {
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
      // held by this process
    } catch (IOException e) {
      throw new IllegalArgumentException("lies in a folder that cannot be written", e);
    }
    throw new IllegalArgumentException("is in use by another sandbox");
  }

  /**
   * The world that the file holds, or null if there is no file yet.
   *
   * @throws IllegalArgumentException if the file is damaged; it is left as it is
   */
  @Nullable Store load(SandboxClock clock) {
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
   * @throws ApiError if that is not possible; the change that was to be kept must then not count
   */
  void save(Store store) {
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
