package dev.clerkmcp.cli;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.text.QuotedText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private JsonOption() {}

  /**
   * Reads the JSON object.
   *
   * @param value the object; or {@code @} and the name of a file; or {@code -} for the standard
   *     input
   * @throws Unusable if the value has no JSON object; the message continues after the option's name
   */
  static ObjectNode read(String value, InputStream in) throws Unusable {
    if (value.equals("-")) {
      return object(text(in, "the standard input"), "The standard input");
    }
    if (!value.startsWith("@")) {
      return object(value, "It");
    }
    String name = QuotedText.plain(value.substring(1));
    try (InputStream file = Files.newInputStream(file(value.substring(1), name))) {
      return object(text(file, name), name);
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

  private static String text(InputStream in, String name) throws Unusable {
    byte[] bytes;
    try {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new Unusable("cannot read " + name + ".");
    }
    if (bytes.length > MAX_BYTES) {
      throw new Unusable("reads at most %s MiB, and %s has more.".formatted(MAX_BYTES >> 20, name));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new Unusable("must be UTF-8, and %s is not; save it in that encoding.".formatted(name));
    }
  }

  private static ObjectNode object(String text, String name) throws Unusable {
    try {
      if (Json.read(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) { // its message may quote a secret
      JsonLocation place = e.getLocation();
      throw new Unusable(
          "must be a JSON object, such as '{\"limit\": 5}'. %s is not JSON: line %s, column %s."
              .formatted(name, place.getLineNr(), place.getColumnNr()));
    }
    throw new Unusable(
        "must be a JSON object, such as '{\"limit\": 5}'. %s does not hold one.".formatted(name));
  }

  /** Reports that {@code --json} has no usable object. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }
}
