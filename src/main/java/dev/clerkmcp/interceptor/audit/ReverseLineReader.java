package dev.clerkmcp.interceptor.audit;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Finds the lines of a file from its end, a block in memory at a time. */
final class ReverseLineReader {
  private static final int BLOCK = 64 * 1024;

  private final FileChannel channel;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);
  private long blockStart;

  ReverseLineReader(FileChannel channel) {
    this.channel = channel;
  }

  /** Where the line begins whose bytes, without a newline, end before this position. */
  long startOf(long end) throws IOException {
    for (long at = end; at > 0; at--) {
      if (byteAt(at - 1) == '\n') {
        return at;
      }
    }
    return 0;
  }

  /** The bytes between two positions. */
  byte[] read(long start, long end) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(end - start));
    fill(bytes, start);
    return bytes.array();
  }

  private byte byteAt(long position) throws IOException {
    if (position < blockStart || position >= blockStart + block.limit()) {
      blockStart = Math.max(0, position + 1 - BLOCK);
      block.clear().limit((int) (position + 1 - blockStart));
      fill(block, blockStart);
    }
    return block.get((int) (position - blockStart));
  }

  private void fill(ByteBuffer bytes, long start) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, start + bytes.position()) < 0) {
        throw new EOFException();
      }
    }
  }
}
