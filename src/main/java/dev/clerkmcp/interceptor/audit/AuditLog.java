package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Appends records to a file of JSON lines, in which each record has the hash of the line before it.
 * Several processes may write to one file. The message of each exception completes the sentence
 * "This file ...".
 */
public final class AuditLog {
  /** The most bytes of a line, without its newline. */
  static final int MAX_LINE = 16 * 1024 * 1024;

  /** The last member of a record: the hash of the line before it. */
  static final String PREV = "prev";

  /**
   * Writes ASCII only, since a name may have characters that a terminal would interpret or hide.
   */
  private static final ObjectWriter ASCII =
      Json.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

  private final AuditFile file;

  /** The last line when this object last used the file; accessed only while the file is locked. */
  private LastLine last;

  private AuditLog(AuditFile file, LastLine last) {
    this.file = file;
    this.last = last;
  }

  /**
   * Opens a file, or creates it with access for its owner only.
   *
   * @throws IOException if its folder is missing, or if it is not a regular file, is accessible to
   *     others than its owner, or cannot be written
   */
  public static AuditLog open(Path path) throws IOException {
    AuditFile file = AuditFile.open(path);
    return new AuditLog(file, file.writing(LastLine::of));
  }

  /**
   * Checks a file as {@link #open} does, but creates none.
   *
   * @throws IOException if it is certain that the file cannot be opened
   */
  public static void check(Path path) throws IOException {
    AuditFile.check(path);
  }

  /**
   * Appends a record, which is on the disk when this returns. If a process ended within the last
   * line, that incomplete line is ended first and counts as a line of its own.
   *
   * @throws IOException if the record cannot be written, is larger than 16 MiB or nested too
   *     deeply, or if the file was replaced or shortened
   */
  public void append(ObjectNode record) throws IOException {
    file.writing(
        channel -> {
          last = append(record, channel);
          return last;
        });
  }

  private LastLine append(ObjectNode record, FileChannel channel) throws IOException {
    LastLine before = lastLine(channel);
    byte[] line = line(record, before.hash());
    long start = before.length() + (before.isTorn() ? 1 : 0);
    ByteBuffer bytes = ByteBuffer.allocate(line.length + 2);
    if (before.isTorn()) {
      bytes.put((byte) '\n');
    }
    bytes.put(line).put((byte) '\n');
    write(bytes.flip(), channel, before.length());
    long end = start + line.length;
    return new LastLine(start, end, end + 1, LineHash.of(line));
  }

  private LastLine lastLine(FileChannel channel) throws IOException {
    if (!last.isStillIn(channel)) {
      throw new AuditException(
          "was cut short or changed while in use; look at it with: clerk-mcp audit verify "
              + file.path());
    }
    return channel.size() == last.length() ? last : LastLine.of(channel);
  }

  private static byte[] line(ObjectNode record, String prev) throws AuditException {
    ObjectNode chained = Json.object().setAll(record);
    chained.remove(PREV); // otherwise it would keep its position, and not be the last member
    chained.put(PREV, prev);
    byte[] line;
    try {
      line = ASCII.writeValueAsBytes(chained);
    } catch (JsonProcessingException e) {
      throw new AuditException("takes records of 1,000 levels at most", e);
    }
    if (line.length > MAX_LINE) {
      throw new AuditException(
          "takes records of 16 MiB at most, not %s bytes".formatted(line.length));
    }
    return line;
  }

  private static void write(ByteBuffer bytes, FileChannel channel, long length) throws IOException {
    try {
      while (bytes.hasRemaining()) { // a single write, unless the disk is full
        channel.write(bytes, length + bytes.position());
      }
      channel.force(false);
    } catch (IOException e) {
      takeBack(channel, length, e);
      throw e;
    }
  }

  private static void takeBack(FileChannel channel, long length, IOException failure) {
    try {
      channel.truncate(length);
    } catch (IOException e) {
      failure.addSuppressed(e); // the incomplete line stays, and the next append ends it
    }
  }

  /**
   * The newest record that matches, or null. Incomplete lines are skipped.
   *
   * @throws IOException if the file cannot be read or was replaced
   */
  public @Nullable ObjectNode findLast(Predicate<ObjectNode> wanted) throws IOException {
    long length = file.writing(FileChannel::size); // no process truncates the file below this size
    return file.reading(channel -> findLast(wanted, channel, length)).orElse(null);
  }

  private static Optional<ObjectNode> findLast(
      Predicate<ObjectNode> wanted, FileChannel channel, long length) throws IOException {
    ReverseLineReader lines = new ReverseLineReader(channel);
    long next = lines.startOf(length); // a line without newline is incomplete
    while (next > 0) {
      long end = next - 1;
      long start = lines.startOf(end);
      if (end - start <= MAX_LINE) {
        ObjectNode record = record(lines.read(start, end));
        if (record != null && wanted.test(record)) {
          return Optional.of(record);
        }
      }
      next = start;
    }
    return Optional.empty();
  }

  private static @Nullable ObjectNode record(byte[] line) {
    try {
      return Json.MAPPER.readTree(line) instanceof ObjectNode record ? record : null;
    } catch (IOException e) {
      return null; // incomplete
    }
  }

  /**
   * The last line of the file; the next record has its hash.
   *
   * @param end the position after its last byte, without the newline
   * @param length the size of the file in bytes
   */
  private record LastLine(long start, long end, long length, String hash) {
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

    /** Whether its newline is missing, because a process ended while it wrote the line. */
    boolean isTorn() {
      return length > 0 && end == length;
    }

    /** Whether the file still has this line at its position; lines may follow it by now. */
    boolean isStillIn(FileChannel channel) throws IOException {
      if (channel.size() < length) {
        return false;
      }
      return length == 0 || LineHash.of(channel, start, end).equals(hash);
    }
  }

  /** Hashes a line: the SHA-256 of its bytes without the newline, in hexadecimal digits. */
  static final class LineHash {
    /** The hash in the first line, which has no line before it. */
    static final String NO_LINE = "0".repeat(64);

    private static final int BLOCK = 64 * 1024;

    private LineHash() {}

    static String of(byte[] line) {
      return HexFormat.of().formatHex(sha256().digest(line));
    }

    /** Hashes a part of a file block by block; if the file ends earlier, up to its end. */
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

  /** Finds the lines of a file from its end, with one block of it in memory. */
  private static final class ReverseLineReader {
    private static final int BLOCK = 64 * 1024;

    private final FileChannel channel;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);
    private long blockStart;

    ReverseLineReader(FileChannel channel) {
      this.channel = channel;
    }

    /** The start of the line whose bytes, without the newline, end before this position. */
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

  /**
   * Reports that an audit log cannot be used. The message completes the sentence "This file ...".
   */
  static final class AuditException extends IOException {
    private static final long serialVersionUID = 1L;

    AuditException(String message) {
      super(message);
    }

    AuditException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
