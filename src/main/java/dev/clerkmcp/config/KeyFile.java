package dev.clerkmcp.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A file that holds a key. */
final class KeyFile {
  private static final int MAX_BYTES = 4096;
  private static final int MAX_SECONDS = 5;

  private KeyFile() {}

  /**
   * Reads it. It may be a pipe into which another program writes the key, within five seconds.
   *
   * @param variable where it is named
   * @throws ConfigException if it cannot be read
   */
  static String contents(String variable, String file) throws ConfigException {
    try {
      Path path = Path.of(file);
      return Files.isRegularFile(path) ? read(path) : readWithin(path, variable);
    } catch (IOException | InvalidPathException e) {
      throw new ConfigException("The file that %s names cannot be read.".formatted(variable));
    }
  }

  private static String read(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    }
  }

  /** Nothing can interrupt a read from a pipe, so that another thread is left behind with it. */
  private static String readWithin(Path path, String variable) throws IOException, ConfigException {
    BlockingQueue<Optional<String>> contents = new LinkedBlockingQueue<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                contents.add(Optional.of(read(path)));
              } catch (IOException e) {
                contents.add(Optional.empty());
              }
            },
            "key");
    reader.setDaemon(true);
    reader.start();
    try {
      Optional<String> read = contents.poll(MAX_SECONDS, TimeUnit.SECONDS);
      if (read == null) {
        throw new ConfigException(
            "The file that %s names is no regular file, and no key came from it within %s s."
                .formatted(variable, MAX_SECONDS));
      }
      return read.orElseThrow(() -> new IOException("It cannot be read"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
