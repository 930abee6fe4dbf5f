package dev.clerkmcp.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.clerkmcp.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a small file that a person wrote, such as a policy: UTF-8 text with or without a byte order
 * mark, and the JSON in it. No message quotes the text, since it may hold a secret.
 */
public final class TextFile {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /**
   * Reads a regular file. Reading a pipe might never end.
   *
   * @param maxBytes the most bytes that the file may have, in whole KiB or MiB
   * @throws IOException if there is no such regular file, or if it cannot be read
   * @throws UnusableFileException if the file is too large or not UTF-8
   */
  public static String read(Path file, int maxBytes) throws IOException, UnusableFileException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("Not a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, maxBytes);
    }
  }

  /**
   * Reads a file, as {@link #read(Path, int)} does, that decides what this server does or holds its
   * key, so that no other user may be able to write it.
   *
   * @throws IOException if there is no such regular file, or if it cannot be read
   * @throws UnusableFileException also if the file is a symbolic link, or if it is not the user's
   *     own
   */
  public static String readTrusted(Path file, int maxBytes)
      throws IOException, UnusableFileException {
    try {
      PrivateFiles.checkFile(file);
    } catch (PrivateFiles.UnsafeFileException e) {
      throw new UnusableFileException(String.valueOf(e.getMessage()));
    }
    return read(file, maxBytes);
  }

  /**
   * Reads a stream up to its end, as {@link #read(Path, int)} reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws UnusableFileException if it is too large or not UTF-8
   */
  public static String read(InputStream in, int maxBytes)
      throws IOException, UnusableFileException {
    byte[] bytes = in.readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      String limit = maxBytes < MIB ? maxBytes / KIB + " KiB" : maxBytes / MIB + " MiB";
      throw new UnusableFileException("is larger than " + limit);
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new UnusableFileException("is not UTF-8; save it in that encoding");
    }
  }

  /**
   * Parses text as one JSON value; a missing node if there is none. An object must not have two
   * members of one name, since one of them would silently not apply.
   *
   * @throws UnusableFileException if it is not such JSON
   */
  public static JsonNode json(String text) throws UnusableFileException {
    try (JsonParser parser =
        Json.MAPPER.createParser(text).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)) {
      return json(parser);
    } catch (IOException e) {
      throw new IllegalStateException("A text can always be read", e);
    }
  }

  private static JsonNode json(JsonParser parser) throws IOException, UnusableFileException {
    try {
      JsonNode json = Json.MAPPER.readTree(parser);
      return json == null ? MissingNode.getInstance() : json;
    } catch (StreamConstraintsException e) { // which has no location
      StreamReadConstraints most = parser.streamReadConstraints();
      throw new UnusableFileException(
          "has more than %s levels, %s digits of a number or %s characters of a name: %s"
              .formatted(
                  most.getMaxNestingDepth(),
                  most.getMaxNumberLength(),
                  most.getMaxNameLength(),
                  place(parser.currentLocation())));
    } catch (JsonProcessingException e) {
      throw new UnusableFileException(
          (Json.isDuplicateField(e) ? "has a member twice: " : "is not JSON: ")
              + place(e.getLocation()));
    }
  }

  private static String place(JsonLocation location) {
    return "line %s, column %s".formatted(location.getLineNr(), location.getColumnNr());
  }

  /** A file cannot be used. The message completes the sentence "This file ...". */
  public static final class UnusableFileException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableFileException(String message) {
      super(message);
    }
  }
}
