package dev.clerkmcp.clerk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A local image file for upload to Clerk: JPEG, PNG, GIF or WebP, detected by its first bytes, of
 * 10 MB at most.
 */
public record UploadFile(Path path, String mediaType) {
  private static final long MAX_BYTES = 10_000_000;

  /**
   * Checks a file.
   *
   * @throws IllegalArgumentException if it is missing, unreadable, too large or no such image; the
   *     message completes the sentence "The file ..."
   */
  public static UploadFile of(String file) {
    Path path;
    try {
      path = Path.of(file).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("is not a valid path on this computer", e);
    }
    if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException(
          "does not exist on the computer that runs this server; give the absolute path of a file");
    }
    try {
      long size = Files.size(path);
      if (size > MAX_BYTES) {
        throw new IllegalArgumentException(
            "has %s bytes; Clerk takes images of 10 MB at most".formatted(size));
      }
      return new UploadFile(path, mediaType(path));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read", e);
    }
  }

  private static String mediaType(Path path) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(12);
    }
    String head = new String(bytes, StandardCharsets.ISO_8859_1);
    if (head.startsWith("\u00ff\u00d8\u00ff")) {
      return "image/jpeg";
    }
    if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
      return "image/png";
    }
    if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) {
      return "image/gif";
    }
    if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
      return "image/webp";
    }
    throw new IllegalArgumentException("is not a JPEG, PNG, GIF or WebP image");
  }
}
