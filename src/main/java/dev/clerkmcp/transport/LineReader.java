package dev.clerkmcp.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into lines, as bytes. A line over the limit is read to its end and thrown away,
 * so that the next one is read right.
 */
final class LineReader {
  /** Stands for a line that was too long to keep. */
  static final byte[] TOO_LONG = new byte[0];

  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int end;

  LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /**
   * The next line without its end, {@link #TOO_LONG}, or null when there are no more. The last
   * needs no line feed.
   */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    boolean tooLong = false;
    boolean any = false;
    while (position < end || fill()) {
      any = true;
      int lineFeed = position;
      while (lineFeed < end && buffer[lineFeed] != '\n') {
        lineFeed++;
      }
      tooLong |= line.size() + (lineFeed - position) > maxBytes;
      if (tooLong) {
        line.reset();
      } else {
        line.write(buffer, position, lineFeed - position);
      }
      position = lineFeed + 1;
      if (lineFeed < end) {
        return tooLong ? TOO_LONG : line.toByteArray();
      }
    }
    if (!any) {
      return null;
    }
    return tooLong ? TOO_LONG : line.toByteArray();
  }

  /** Whether a part of the next line is here already. */
  boolean hasMore() {
    return position < end;
  }

  private boolean fill() throws IOException {
    position = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }

  /** Whether there is nothing in a line. */
  static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return line != TOO_LONG;
  }
}
