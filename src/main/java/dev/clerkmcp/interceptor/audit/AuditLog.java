package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A file of JSON lines that only grows, each record vouching for the line before it by its hash.
 * Several processes may write to one file. The message of each exception completes the sentence
 * "This file ...".
 */
public final class AuditLog {
  /** The bytes that a line may have, without its newline. */
  static final int MAX_LINE = 16 * 1024 * 1024;

  /** The last member of a record: the hash of the line before it. */
  static final String PREV = "prev";

  /** In ASCII: names come from strangers, and what they hide must not work on a terminal. */
  private static final ObjectWriter ASCII =
      Json.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

  private final AuditFile file;

  /** As this log saw it last; touched only while the file is locked. */
  private LastLine last;

  private AuditLog(AuditFile file, LastLine last) {
    this.file = file;
    this.last = last;
  }

  /**
   * Takes a file into use, or creates it for its owner alone.
   *
   * @throws IOException if its folder is missing, if it is no regular file, open to others than its
   *     owner, or cannot be written
   */
  public static AuditLog open(Path path) throws IOException {
    AuditFile file = AuditFile.open(path);
    return new AuditLog(file, file.writing(LastLine::of));
  }

  /**
   * Adds a record, which is on the disk when this returns. A line that a process left torn is ended
   * first and counts as a line of its own.
   *
   * @throws IOException if the record cannot be written, is larger than 16 MiB or nested too
   *     deeply; or if the file is no longer the one that was opened, or has lost lines
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
    chained.remove(PREV); // or it would keep its place, and not be the last member
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
      while (bytes.hasRemaining()) { // in one go, unless the disk is full
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
      failure.addSuppressed(e); // what was written stays, and the next append takes it as it is
    }
  }

  /**
   * The newest record that is wanted, or null. Torn lines are passed over.
   *
   * @throws IOException if the file cannot be read or is no longer the one that was opened
   */
  public @Nullable ObjectNode findLast(Predicate<ObjectNode> wanted) throws IOException {
    long length = file.writing(FileChannel::size); // nobody takes back what is before this
    return file.reading(channel -> findLast(wanted, channel, length)).orElse(null);
  }

  private static Optional<ObjectNode> findLast(
      Predicate<ObjectNode> wanted, FileChannel channel, long length) throws IOException {
    ReverseLineReader lines = new ReverseLineReader(channel);
    long next = lines.startOf(length); // what has no newline yet is torn
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
      return null; // torn
    }
  }
}
