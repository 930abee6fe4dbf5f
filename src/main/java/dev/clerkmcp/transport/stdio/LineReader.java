package dev.clerkmcp.transport.stdio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream line by line, as bytes, with a limit on the length of a line. Of a longer line it
 * keeps only the beginning. A byte order mark before the first line is skipped.
 */
final class LineReader {
  /** The bytes that are kept of a line over the limit: enough to find the id of a request. */
  private static final int BEGINNING_BYTES = 8 << 10;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int end;
  private boolean first = true;
  private boolean truncated;

  LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /**
   * The next line without its line feed, or null at the end of the stream. The last line needs no
   * line feed.
   */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    long length = 0;
    boolean any = false;
    boolean ended = false;
    while (!ended && (position < end || fill())) {
      any = true;
      int lineFeed = position;
      while (lineFeed < end && buffer[lineFeed] != '\n') {
        lineFeed++;
      }
      int bytes = lineFeed - position;
      length += bytes;
      boolean tooLong = length > maxBytes;
      int room = tooLong ? Math.max(0, BEGINNING_BYTES - line.size()) : bytes;
      line.write(buffer, position, Math.min(bytes, room));
      ended = lineFeed < end;
      position = lineFeed + 1;
    }
    if (!any) {
      return null;
    }
    truncated = length > maxBytes;
    byte[] read = line.toByteArray();
    int start = first && startsWithMark(read) ? BYTE_ORDER_MARK.length : 0;
    first = false;
    int kept = truncated ? Math.min(read.length, BEGINNING_BYTES) : read.length;
    return start == 0 && kept == read.length ? read : Arrays.copyOfRange(read, start, kept);
  }

  /** Whether the last line was over the limit, and only its beginning was returned. */
  boolean truncated() {
    return truncated;
  }

  private boolean fill() throws IOException {
    position = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }

  private static boolean startsWithMark(byte[] line) {
    return line.length >= BYTE_ORDER_MARK.length
        && line[0] == BYTE_ORDER_MARK[0]
        && line[1] == BYTE_ORDER_MARK[1]
        && line[2] == BYTE_ORDER_MARK[2];
  }

  /** Whether a line has only white space. */
  static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
