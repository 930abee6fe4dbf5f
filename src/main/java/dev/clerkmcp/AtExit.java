package dev.clerkmcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Does in order what a process does when it ends: first it lets running work end, then it deletes
 * the temporary files that are left. Unlike {@link java.io.File#deleteOnExit}, it forgets a file
 * that is deleted earlier, so that a server which runs for months does not remember every export.
 */
public final class AtExit {
  private static final Set<Path> files = ConcurrentHashMap.newKeySet();
  private static volatile @Nullable Runnable stop;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(new End(), "end"));
  }

  private AtExit() {}

  /** Lets running work end; the files are deleted after it. There is one such action. */
  public static void stop(Runnable action) {
    stop = action;
  }

  /** Deletes a file, unless {@link #delete} does so earlier. */
  public static void deleteLater(Path file) {
    files.add(file);
  }

  /**
   * Deletes a file now, if it exists. If that fails, it is tried again when the process ends.
   *
   * @throws IOException if the file cannot be deleted
   */
  public static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    files.remove(file);
  }

  /** The files that would be deleted now. */
  static Set<Path> files() {
    return Set.copyOf(files);
  }

  /** No lambda, since it is loaded before the handshake. */
  private static final class End implements Runnable {
    @Override
    public void run() {
      Runnable action = stop;
      if (action != null) {
        action.run();
      }
      for (Path file : files) {
        try {
          Files.deleteIfExists(file);
        } catch (IOException e) {
          // the next start removes it
        }
      }
    }
  }
}
