package dev.clerkmcp.interceptor.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a line is known by to the next one: the SHA-256 of its bytes without the newline. */
final class LineHash {
  /** What the first line gives, which follows none. */
  static final String NO_LINE = "0".repeat(64);

  private static final int BLOCK = 64 * 1024;

  private LineHash() {}

  static String of(byte[] line) {
    return HexFormat.of().formatHex(sha256().digest(line));
  }

  /** Of a line that may be larger than memory; of less if the file ends earlier. */
  static String of(FileChannel channel, long start, long end) throws IOException {
    MessageDigest digest = sha256();
    ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, end - start));
    for (long at = start; at < end; at += block.limit()) {
      block.clear().limit((int) Math.min(block.capacity(), end - at));
      if (channel.read(block, at) < 0) {
        break;
      }
      digest.update(block.flip());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
