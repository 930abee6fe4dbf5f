package dev.clerkmcp.clerk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A local image for upload to Clerk, read into memory: JPEG, PNG, GIF or WebP of 10 MB at most. The
 * whole header of the image must be valid, so that other files are not sent because their first
 * bytes look like one.
 */
public final class UploadFile {
  private static final int MAX_BYTES = 10_000_000;

  private final Path path;
  private final byte[] bytes;
  private final String mediaType;

  private UploadFile(Path path, byte[] bytes, String mediaType) {
    this.path = path;
    this.bytes = bytes;
    this.mediaType = mediaType;
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it is missing, unreadable, too large, no such image, or
   *     reached through a symbolic link; the message completes the sentence "The file ..."
   */
  public static UploadFile of(String file) {
    Path path;
    try {
      path = Path.of(file).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("is not a valid path on this computer", e);
    }
    checkWay(path);
    byte[] bytes = read(path);
    String mediaType = mediaType(bytes);
    if (mediaType == null) {
      throw new IllegalArgumentException("is not a JPEG, PNG, GIF or WebP image");
    }
    return new UploadFile(path, bytes, mediaType);
  }

  public Path path() {
    return path;
  }

  /** The bytes of the file, of which the header was checked. */
  public byte[] bytes() {
    return bytes.clone();
  }

  public String mediaType() {
    return mediaType;
  }

  /** Refuses links without following them, since a link tells what exists elsewhere. */
  private static void checkWay(Path path) {
    for (Path step = path; step != null; step = step.getParent()) {
      if (Files.isSymbolicLink(step)) {
        throw new IllegalArgumentException(
            "is reached through a symbolic link, which is not followed; put the image itself there");
      }
    }
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException(
          "does not exist on the computer that runs this server; give the absolute path of a file");
    }
  }

  private static byte[] read(Path path) {
    try {
      long size = Files.size(path);
      if (size > MAX_BYTES) {
        throw new IllegalArgumentException(
            "has %s bytes; Clerk takes images of 10 MB at most".formatted(size));
      }
      try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
        return in.readNBytes(MAX_BYTES);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read", e);
    }
  }

  private static @Nullable String mediaType(byte[] bytes) {
    try {
      if (isJpeg(ByteBuffer.wrap(bytes))) {
        return "image/jpeg";
      }
      if (isPng(ByteBuffer.wrap(bytes))) {
        return "image/png";
      }
      if (isGif(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))) {
        return "image/gif";
      }
      return isWebp(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)) ? "image/webp" : null;
    } catch (IndexOutOfBoundsException e) {
      return null; // the file ends within its header
    }
  }

  /**
   * Follows the segments up to the frame header, which has the size of the image.
   *
   * @see <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">ITU T.81, annex B</a>
   */
  private static boolean isJpeg(ByteBuffer image) {
    if (image.limit() < 2 || image.getShort(0) != (short) 0xFFD8) {
      return false;
    }
    int at = 2;
    while (unsigned(image, at) == 0xFF) {
      int marker = unsigned(image, at + 1);
      if (marker == 0xFF) { // a fill byte
        at++;
        continue;
      }
      int length = image.getShort(at + 2) & 0xFFFF;
      boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xCC;
      if (frame && marker != 0xC8) {
        int components = unsigned(image, at + 9);
        return length == 8 + 3 * components && components > 0 && image.getShort(at + 7) != 0;
      }
      boolean segment = marker == 0xC4 || marker == 0xCC || (marker >= 0xDB && marker <= 0xFE);
      if (!segment || length < 2) {
        return false; // the image begins or ends before its frame header
      }
      at += 2 + length;
    }
    return false;
  }

  /**
   * Checks the signature and the first chunk.
   *
   * @see <a href="https://www.w3.org/TR/png-3/">PNG, sections 5.2 and 11.2.1</a>
   */
  private static boolean isPng(ByteBuffer image) {
    if (image.limit() < 33 || image.getLong(0) != 0x8950_4E47_0D0A_1A0AL) {
      return false;
    }
    CRC32 checksum = new CRC32();
    checksum.update(image.slice(12, 17));
    return image.getInt(8) == 13
        && text(image, 12).equals("IHDR")
        && image.getInt(16) > 0
        && image.getInt(20) > 0
        && (int) checksum.getValue() == image.getInt(29);
  }

  /**
   * Checks the screen descriptor, and that a block follows the color table.
   *
   * @see <a href="https://www.w3.org/Graphics/GIF/spec-gif89a.txt">GIF89a</a>
   */
  private static boolean isGif(ByteBuffer image) {
    if (image.limit() < 14) {
      return false;
    }
    String version = text(image, 2);
    if (!text(image, 0).equals("GIF8") || !(version.equals("F87a") || version.equals("F89a"))) {
      return false;
    }
    int flags = unsigned(image, 10);
    int colors = (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    int block = unsigned(image, 13 + colors);
    boolean hasSize = image.getShort(6) != 0 && image.getShort(8) != 0;
    return hasSize && (block == 0x21 || block == 0x2C); // an extension or an image
  }

  /**
   * Checks the size of the file and the header of its first chunk.
   *
   * @see <a href="https://developers.google.com/speed/webp/docs/riff_container">WebP container</a>
   */
  private static boolean isWebp(ByteBuffer image) {
    boolean riff =
        image.limit() >= 30 && text(image, 0).equals("RIFF") && text(image, 8).equals("WEBP");
    if (!riff || image.getInt(4) != image.limit() - 8) {
      return false;
    }
    return switch (text(image, 12)) {
      case "VP8 " ->
          (unsigned(image, 20) & 1) == 0
              && unsigned(image, 23) == 0x9D
              && unsigned(image, 24) == 0x01
              && unsigned(image, 25) == 0x2A
              && (image.getShort(26) & 0x3FFF) != 0
              && (image.getShort(28) & 0x3FFF) != 0;
      case "VP8L" -> unsigned(image, 20) == 0x2F && unsigned(image, 24) >> 5 == 0;
      case "VP8X" -> image.getInt(16) == 10 && image.limit() > 38; // another chunk follows
      default -> false;
    };
  }

  private static int unsigned(ByteBuffer image, int at) {
    return image.get(at) & 0xFF;
  }

  /** Four bytes as characters. */
  private static String text(ByteBuffer image, int at) {
    byte[] four = new byte[4];
    image.get(at, four);
    return new String(four, StandardCharsets.ISO_8859_1);
  }
}
