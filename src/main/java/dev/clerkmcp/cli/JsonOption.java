package dev.clerkmcp.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.TextFile;
import dev.clerkmcp.json.TextFile.UnusableFileException;
import dev.clerkmcp.registry.text.QuotedText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Reads the value of {@code --json}: a JSON object, a file that holds one, or the standard input. A
 * file and the standard input are read as UTF-8 in every locale, and other users cannot see a
 * secret in them in the list of processes.
 */
final class JsonOption {
  private static final int MAX_BYTES = 16 << 20;

  private JsonOption() {}

  /**
   * Reads the JSON object.
   *
   * @param value the object; or {@code @} and the name of a file, which may be a pipe; or {@code -}
   *     for the standard input
   * @throws Unusable if there is no JSON object; the message continues after the option's name
   */
  static ObjectNode read(String value, InputStream in) throws Unusable {
    if (value.equals("-")) {
      return object(in, "The standard input");
    }
    if (!value.startsWith("@")) {
      return object(value, "It");
    }
    String name = QuotedText.plain(value.substring(1));
    try (InputStream file = Files.newInputStream(file(value.substring(1), name))) {
      return object(file, name);
    } catch (IOException e) {
      throw new Unusable("names a file that cannot be read: " + name + ".");
    }
  }

  private static Path file(String path, String name) throws Unusable {
    Path file;
    try {
      file = Path.of(path);
    } catch (InvalidPathException e) {
      throw new Unusable("names an invalid path: " + name + ".");
    }
    if (!Files.exists(file)) {
      throw new Unusable("names a file that does not exist: " + name + ".");
    }
    if (Files.isDirectory(file)) {
      throw new Unusable("names a directory: " + name + ".");
    }
    return file;
  }

  private static ObjectNode object(InputStream in, String name) throws Unusable {
    String text;
    try {
      text = TextFile.read(in, MAX_BYTES);
    } catch (IOException e) {
      throw new Unusable("cannot read " + name + ".");
    } catch (UnusableFileException e) {
      throw Unusable.because(name + " " + e.getMessage());
    }
    return object(text, name);
  }

  private static ObjectNode object(String text, String name) throws Unusable {
    try {
      if (TextFile.json(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (UnusableFileException e) {
      throw Unusable.because(name + " " + e.getMessage());
    }
    throw Unusable.because(name + " does not hold one");
  }

  /** Reports that {@code --json} has no usable object. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }

    private static Unusable because(String reason) {
      return new Unusable("must be a JSON object, such as '{\"limit\": 5}'. %s.".formatted(reason));
    }
  }
}
