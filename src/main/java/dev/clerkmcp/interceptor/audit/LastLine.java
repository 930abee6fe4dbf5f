package dev.clerkmcp.interceptor.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * The last line of a log, which the next record vouches for.
 *
 * @param end where its bytes end, before the newline if there is one
 * @param length the bytes of the whole file
 */
record LastLine(long start, long end, long length, String hash) {
  static LastLine of(FileChannel channel) throws IOException {
    long length = channel.size();
    if (length == 0) {
      return new LastLine(0, 0, 0, LineHash.NO_LINE);
    }
    ReverseLineReader lines = new ReverseLineReader(channel);
    boolean torn = lines.startOf(length) < length;
    long end = torn ? length : length - 1;
    long start = lines.startOf(end);
    return new LastLine(start, end, length, LineHash.of(channel, start, end));
  }

  /** Whether a process was ended while it wrote the line, so that its newline is missing. */
  boolean isTorn() {
    return length > 0 && end == length;
  }

  /** Whether the file still holds this line where it was; lines may have been added. */
  boolean isStillIn(FileChannel channel) throws IOException {
    if (channel.size() < length) {
      return false;
    }
    return length == 0 || LineHash.of(channel, start, end).equals(hash);
  }
}
