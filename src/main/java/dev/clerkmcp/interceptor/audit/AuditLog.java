package dev.clerkmcp.interceptor.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.AuditFile.RotatedException;
import dev.clerkmcp.json.Json;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Appends records to a file of JSON lines, in which each record has the hash of the line before it.
 * Several processes may write to one file. A file that has reached its largest size, or that
 * another program has renamed, is continued by a new one whose first record has the hash of its
 * last line. The message of each exception completes the sentence "This file ...".
 */
public final class AuditLog {
  /** The most bytes of a line, without its newline. */
  static final int MAX_LINE = 16 * 1024 * 1024;

  /** The last member of a record: the hash of the line before it. */
  static final String PREV = "prev";

  /**
   * Writes ASCII only, since a name may have characters that a terminal would interpret or hide.
   */
  static final ObjectWriter ASCII = Json.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

  private static final byte[] NEWLINE = {'\n'};

  /** The most bytes of an incomplete line that are kept. */
  private static final int MAX_TORN = 4096;

  /** How often the file may be rotated between two attempts to write. */
  private static final int MAX_ROTATIONS = 100;

  private final Path path;
  private final AuditSiblings siblings;
  private final long maxBytes;
  private OpenFile open;

  private AuditLog(Path path, AuditSiblings siblings, long maxBytes, OpenFile open) {
    this.path = path;
    this.siblings = siblings;
    this.maxBytes = maxBytes;
    this.open = open;
  }

  /**
   * The file that is written now.
   *
   * @param last its last line when this object last used it
   */
  private record OpenFile(AuditFile file, LastLine last) {}

  /**
   * Opens a file, or creates it with access for its owner only.
   *
   * @param maxBytes the size at which the file is renamed, and a new one begun
   * @throws IOException if its folder is missing, or if it is not a regular file, is accessible to
   *     others than its owner, or cannot be written
   */
  public static AuditLog open(Path path, long maxBytes) throws IOException {
    Path absolute = path.toAbsolutePath();
    AuditSiblings siblings = new AuditSiblings(absolute);
    return new AuditLog(absolute, siblings, maxBytes, openFile(absolute, siblings));
  }

  private static OpenFile openFile(Path path, AuditSiblings siblings) throws IOException {
    for (int i = 0; ; i++) {
      AuditFile file = AuditFile.open(path);
      try {
        return new OpenFile(file, file.writing(channel -> wholeLastLine(channel, siblings)));
      } catch (RotatedException e) {
        if (i == MAX_ROTATIONS) {
          throw e;
        }
      }
    }
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
   * Appends a record, which is on the disk when this returns. A member of more than 64 KiB goes
   * into a side file.
   *
   * @throws IOException if the record cannot be written, is larger than 16 MiB or nested too
   *     deeply, or if the file was replaced or shortened
   */
  public synchronized void append(ObjectNode record) throws IOException {
    ObjectNode small = siblings.withSideFiles(record);
    boolean written = false;
    while (!written) {
      written =
          using(
              file ->
                  file.writing(
                      channel -> {
                        LastLine last = append(small, channel);
                        open = new OpenFile(file, last == null ? open.last() : last);
                        return last != null;
                      }));
    }
  }

  /** Uses the current file; after a rotation, the next one. */
  private synchronized <T> T using(Use<T> use) throws IOException {
    for (int i = 0; ; i++) {
      try {
        return use.of(open.file());
      } catch (RotatedException e) {
        if (i == MAX_ROTATIONS) {
          throw e;
        }
        open = openFile(path, siblings);
      }
    }
  }

  /** Uses a file. */
  @FunctionalInterface
  private interface Use<T> {
    T of(AuditFile file) throws IOException;
  }

  /** Appends a record, unless the file must be rotated first: then null. */
  private @Nullable LastLine append(ObjectNode record, FileChannel channel) throws IOException {
    LastLine before = lastLine(channel);
    byte[] line = line(record, before.hash());
    if (before.length() > 0 && before.length() + line.length >= maxBytes) {
      siblings.rotate();
      return null;
    }
    return write(line, channel, before.length());
  }

  private LastLine lastLine(FileChannel channel) throws IOException {
    LastLine last = open.last();
    if (!last.isStillIn(channel)) {
      throw new AuditException(
          "was cut short or changed while in use; look at it with: clerk-mcp audit verify " + path);
    }
    return channel.size() == last.length() ? last : wholeLastLine(channel, siblings);
  }

  /** The last line of a file, of which a process may have written only a part before it ended. */
  private static LastLine wholeLastLine(FileChannel channel, AuditSiblings siblings)
      throws IOException {
    LastLine last = LastLine.of(channel, channel.size(), siblings);
    if (last.length() == 0) {
      return last;
    }
    byte[] bytes =
        new ReverseLineReader(channel)
            .read(last.start(), Math.min(last.end(), last.start() + MAX_LINE));
    if (!AuditVerifier.isRecord(bytes)) {
      return replaceTorn(last, bytes, channel, siblings);
    }
    if (last.end() < last.length()) {
      return last;
    }
    write(ByteBuffer.wrap(NEWLINE), channel, last.length());
    return new LastLine(last.start(), last.end(), last.length() + 1, last.hash());
  }

  /**
   * Writes a record of what is left of an incomplete line in its place: the chain then has nothing
   * but records.
   */
  private static LastLine replaceTorn(
      LastLine torn, byte[] bytes, FileChannel channel, AuditSiblings siblings) throws IOException {
    LastLine before = LastLine.of(channel, torn.start(), siblings);
    ObjectNode record =
        Json.object()
            .put("event", "torn")
            .put("bytes", torn.end() - torn.start())
            .put("sha256", torn.hash())
            .put("text", new String(bytes, 0, Math.min(bytes.length, MAX_TORN), UTF_8));
    LastLine written = write(line(record, before.hash()), channel, torn.start());
    channel.truncate(written.length());
    return written;
  }

  /** Whether the disk of the file has no space for another record. */
  public boolean isDiskFull() {
    try {
      return Files.getFileStore(path.getParent()).getUsableSpace() < AuditSiblings.MAX_MEMBER;
    } catch (IOException e) {
      return false;
    }
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

  private static LastLine write(byte[] line, FileChannel channel, long start) throws IOException {
    write(ByteBuffer.allocate(line.length + 1).put(line).put(NEWLINE).flip(), channel, start);
    long end = start + line.length;
    return new LastLine(start, end, end + 1, LineHash.of(line));
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
   * How to search the log.
   *
   * @param text a record without this text is skipped without being parsed; empty for none
   * @param bytes how much is read at most, from the end of the newest file backwards
   * @param check called before each block; its exception ends the search
   */
  record Search(String text, long bytes, Runnable check) {
    /** Searches the whole log. */
    static final Search ALL = new Search("", Long.MAX_VALUE, () -> {});
  }

  /**
   * The newest record that matches, or null, also in files that were rotated. Incomplete lines are
   * skipped. What the record has in side files is left out; {@link #whole} adds it.
   *
   * @throws IOException if a file cannot be read or was replaced
   */
  @Nullable ObjectNode findLast(Search search, Predicate<ObjectNode> wanted) throws IOException {
    Searcher searcher = new Searcher(search, wanted);
    Optional<ObjectNode> found = findLastInCurrent(searcher);
    Iterator<Path> rotated = siblings.rotated().iterator();
    while (found.isEmpty() && rotated.hasNext()) {
      try (FileChannel channel =
          FileChannel.open(rotated.next(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
        found = searcher.findLast(channel, channel.size());
      }
    }
    return found.orElse(null);
  }

  private Optional<ObjectNode> findLastInCurrent(Searcher searcher) throws IOException {
    record Part(AuditFile file, long length) {}
    // No process truncates the file below this size.
    Part part = using(file -> new Part(file, file.writing(FileChannel::size)));
    try {
      return part.file().reading(channel -> searcher.findLast(channel, part.length()));
    } catch (RotatedException e) {
      return Optional.empty(); // it is among the rotated files now
    }
  }

  /**
   * A record with the members that it has in side files.
   *
   * @throws IOException if a side file is missing or was changed
   */
  public ObjectNode whole(ObjectNode record) throws IOException {
    return siblings.withMembers(record);
  }

  /** Searches one file after another, until it has read as much as it may. */
  private static final class Searcher {
    private final Search search;
    private final byte[] text;
    private final Predicate<ObjectNode> wanted;
    private long left;

    Searcher(Search search, Predicate<ObjectNode> wanted) {
      this.search = search;
      this.text = search.text().getBytes(UTF_8);
      this.wanted = wanted;
      this.left = search.bytes();
    }

    Optional<ObjectNode> findLast(FileChannel channel, long length) throws IOException {
      long lowest = Math.max(0, length - left);
      left -= length - lowest;
      ReverseLineReader lines = new ReverseLineReader(channel, lowest, search.check());
      long next = lines.startOf(length); // a line without newline is incomplete
      while (next > lowest) {
        long end = next - 1;
        long start = lines.startOf(end);
        boolean cut = start == lowest && lowest > 0; // it may begin within a line
        if (!cut && end - start <= MAX_LINE) {
          ObjectNode record = record(lines.read(start, end));
          if (record != null && wanted.test(record)) {
            return Optional.of(record);
          }
        }
        next = start;
      }
      return Optional.empty();
    }

    private @Nullable ObjectNode record(byte[] line) {
      try {
        boolean mayBeWanted = contains(line, text);
        return mayBeWanted && Json.MAPPER.readTree(line) instanceof ObjectNode record
            ? record
            : null;
      } catch (IOException e) {
        return null; // incomplete
      }
    }

    private static boolean contains(byte[] line, byte[] text) {
      if (text.length == 0) {
        return true;
      }
      for (int at = 0; at <= line.length - text.length; at++) {
        if (line[at] == text[0]
            && Arrays.equals(line, at, at + text.length, text, 0, text.length)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * The last line of the file; the next record has its hash.
   *
   * @param end the position after its last byte, without the newline
   * @param length the position after its newline; 0 if there is no line
   */
  record LastLine(long start, long end, long length, String hash) {
    /** The last line before a position. The first line of a file continues a rotated file. */
    static LastLine of(FileChannel channel, long length, AuditSiblings siblings)
        throws IOException {
      if (length == 0) {
        return new LastLine(0, 0, 0, lastRotated(siblings));
      }
      ReverseLineReader lines = new ReverseLineReader(channel);
      boolean unended = lines.startOf(length) < length;
      long end = unended ? length : length - 1;
      long start = lines.startOf(end);
      return new LastLine(start, end, length, LineHash.of(channel, start, end));
    }

    /** The hash of the last line that was written before the present file was begun. */
    private static String lastRotated(AuditSiblings siblings) throws IOException {
      for (Path file : siblings.rotated()) {
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
          if (channel.size() > 0) {
            return of(channel, channel.size(), siblings).hash();
          }
        }
      }
      return LineHash.NO_LINE;
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
    private final long lowest;
    private final Runnable check;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);
    private long blockStart;

    ReverseLineReader(FileChannel channel) {
      this(channel, 0, () -> {});
    }

    /**
     * Reads a part of a file.
     *
     * @param lowest the position before which nothing is read
     * @param check called before each block
     */
    ReverseLineReader(FileChannel channel, long lowest, Runnable check) {
      this.channel = channel;
      this.lowest = lowest;
      this.check = check;
    }

    /** The start of the line whose bytes, without the newline, end before this position. */
    long startOf(long end) throws IOException {
      for (long at = end; at > lowest; at--) {
        if (byteAt(at - 1) == '\n') {
          return at;
        }
      }
      return lowest;
    }

    /** The bytes between two positions. */
    byte[] read(long start, long end) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(end - start));
      fill(bytes, start);
      return bytes.array();
    }

    private byte byteAt(long position) throws IOException {
      if (position < blockStart || position >= blockStart + block.limit()) {
        check.run();
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
  static class AuditException extends IOException {
    private static final long serialVersionUID = 1L;

    AuditException(String message) {
      super(message);
    }

    AuditException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
