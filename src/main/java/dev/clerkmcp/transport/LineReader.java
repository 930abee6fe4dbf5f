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
  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int end;

  LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /** The next line without its end, or null when there are no more. The last needs no line feed. */
  @Nullable Line next() throws IOException {
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
        return new Line(line.toByteArray(), tooLong);
      }
    }
    return any ? new Line(line.toByteArray(), tooLong) : null;
  }

  private boolean fill() throws IOException {
    position = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }

  /** A line, or the news that there was one too long to keep. */
  static final class Line {
    private final byte[] bytes;
    private final boolean tooLong;

    private Line(byte[] bytes, boolean tooLong) {
      this.bytes = bytes;
      this.tooLong = tooLong;
    }

    /** The line; empty if it was too long. */
    byte[] bytes() {
      return bytes;
    }

    boolean tooLong() {
      return tooLong;
    }

    boolean isBlank() {
      for (byte b : bytes) {
        if (b != ' ' && b != '\t' && b != '\r') {
          return false;
        }
      }
      return !tooLong;
    }
  }
}
