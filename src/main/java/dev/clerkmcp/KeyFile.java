package dev.clerkmcp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file that holds a key. */
final class KeyFile {
  private static final int MAX_BYTES = 4096;

  private KeyFile() {}

  /**
   * Reads it.
   *
   * @param variable where it is named
   * @throws ConfigException if it cannot be read
   */
  static String contents(String variable, String file) throws ConfigException {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    } catch (IOException | InvalidPathException e) {
      throw new ConfigException("The file that %s names cannot be read.".formatted(variable));
    }
  }
}
