package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.clerkmcp.interceptor.audit.AuditLog.LastLine;
import dev.clerkmcp.interceptor.audit.AuditLog.LineHash;
import dev.clerkmcp.json.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that each record of an audit log has the hash of the line before it, in the files into
 * which the log was rotated too, and that the side files are unchanged.
 *
 * <p>The hashes have no key, so this cannot detect:
 *
 * <ul>
 *   <li>lines that were removed from the end, or a changed last line: no record has its hash yet
 *   <li>a file whose lines were all rewritten with new hashes, or all lines from some line on
 * </ul>
 *
 * <p>Keep the hash of the last line elsewhere to detect them.
 */
public final class AuditVerifier {
  private static final int BLOCK = 64 * 1024;

  private final AuditSiblings siblings;
  private final Set<String> intactSideFiles = new HashSet<>();
  private String place = "";
  private long line;
  private long records;
  private @Nullable String torn;
  private String expected = LineHash.NO_LINE;
  private @Nullable String fault;

  private AuditVerifier(AuditSiblings siblings) {
    this.siblings = siblings;
  }

  /**
   * The result of a check.
   *
   * @param records the number of records, up to the fault if there is one
   * @param torn 1 if the last line is incomplete, because a process is writing it or has ended in
   *     it; that is not a fault
   * @param fault the first line that breaks the chain, and what that means, without a full stop;
   *     null if the chain is intact
   */
  public record Verdict(long records, long torn, @Nullable String fault) {}

  /**
   * Checks a whole file, which may be in use, and the files beside it that it continues. A log
   * without records is a fault.
   *
   * @throws IOException if a file cannot be read
   */
  public static Verdict verify(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    AuditSiblings siblings = new AuditSiblings(absolute);
    Object lock = AuditFile.lock(absolute);
    List<Part> parts = new ArrayList<>();
    try {
      parts.add(Part.open(absolute, "", siblings));
      for (Path rotated : siblings.rotated()) {
        parts.add(Part.open(rotated, rotated.getFileName() + ", ", siblings));
      }
      return new AuditVerifier(siblings).verify(parts);
    } finally {
      synchronized (lock) {
        for (Part part : parts) {
          part.channel().close();
        }
      }
    }
  }

  /**
   * A file of the log.
   *
   * @param place what messages put before the number of a line
   * @param first the hash that its first line has or, if it is empty, will have; null if that line
   *     is no record
   * @param last the hash of its last line
   */
  private record Part(FileChannel channel, String place, @Nullable String first, String last) {
    static Part open(Path file, String place, AuditSiblings siblings) throws IOException {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      String last = LastLine.of(channel, channel.size(), siblings).hash();
      return new Part(channel, place, channel.size() == 0 ? last : first(channel), last);
    }

    private static @Nullable String first(FileChannel channel) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel.position(0)));
      int next = in.read();
      while (next >= 0 && next != '\n' && bytes.size() <= AuditLog.MAX_LINE) {
        bytes.write(next);
        next = in.read();
      }
      Links links = Links.of(bytes.toByteArray());
      return links == null ? null : links.prev();
    }
  }

  private Verdict verify(List<Part> parts) throws IOException {
    for (Part part : inOrder(parts)) {
      if (fault == null) {
        place = part.place();
        line = 0;
        verify(part.channel());
      }
    }
    if (fault == null && records == 0) {
      fault = "it has no records";
    }
    return new Verdict(records, torn == null ? 0 : 1, fault);
  }

  /**
   * The files from the oldest, as far as each continues another. Names and times do not matter,
   * since log rotation programs rename files.
   */
  private static List<Part> inOrder(List<Part> parts) {
    List<Part> left = new ArrayList<>(parts);
    Deque<Part> order = new ArrayDeque<>();
    Part part = left.remove(0);
    while (part != null) {
      order.addFirst(part);
      left.remove(part);
      String wanted = part.first();
      part = left.stream().filter(other -> other.last().equals(wanted)).findFirst().orElse(null);
    }
    return List.copyOf(order);
  }

  private void verify(FileChannel channel) throws IOException {
    ByteArrayOutputStream begun = new ByteArrayOutputStream();
    byte[] block = new byte[BLOCK];
    InputStream in = Channels.newInputStream(channel.position(0));
    int length;
    while (fault == null && (length = in.read(block)) >= 0) {
      take(block, length, begun);
    }
    if (fault == null && begun.size() > 0) {
      line++;
      endTorn();
      torn = numbered(line);
    }
  }

  private void take(byte[] block, int length, ByteArrayOutputStream begun) throws IOException {
    int start = 0;
    for (int i = 0; i < length && fault == null; i++) {
      if (block[i] == '\n') {
        begun.write(block, start, i - start);
        check(begun.toByteArray());
        begun.reset();
        start = i + 1;
      }
    }
    begun.write(block, start, length - start);
    if (fault == null && begun.size() > AuditLog.MAX_LINE) {
      fault = tooLong(line + 1);
    }
  }

  private void check(byte[] bytes) throws IOException {
    line++;
    if (bytes.length > AuditLog.MAX_LINE) {
      fault = tooLong(line);
      return;
    }
    endTorn();
    Links links = Links.of(bytes);
    if (fault != null) {
      return;
    }
    if (links == null) {
      torn = numbered(line);
    } else if (links.prev().isEmpty()) {
      fault = "%s was changed or put in: it has no %s".formatted(numbered(line), AuditLog.PREV);
    } else if (!links.prev().equals(expected)) {
      fault = doesNotFollow();
    } else {
      checkSideFiles(links.sideFiles());
      records++;
    }
    expected = LineHash.of(bytes);
  }

  /** An incomplete line before another line is a fault: the server ends such a line itself. */
  private void endTorn() {
    if (torn != null) {
      fault = "%s was changed or put in: it is not a whole record".formatted(torn);
    }
  }

  private void checkSideFiles(List<String> names) throws IOException {
    for (String name : names) {
      if (!intactSideFiles.contains(name)) {
        String found = siblings.fault(name);
        if (found != null) {
          fault = "of %s, %s".formatted(numbered(line), found);
          return;
        }
        intactSideFiles.add(name);
      }
    }
  }

  private String doesNotFollow() {
    return line == 1
        ? "%s was changed, or lines before it were removed: it does not begin the chain"
            .formatted(numbered(1))
        : "%s was changed, or a line after it was removed or put in: line %s does not follow it"
            .formatted(numbered(line - 1), line);
  }

  private String tooLong(long number) {
    return "%s was changed or put in: it is longer than 16 MiB".formatted(numbered(number));
  }

  private String numbered(long number) {
    return "%sline %s".formatted(place, number);
  }

  /** Whether a line is a whole record. */
  static boolean isRecord(byte[] bytes) {
    Links links = Links.of(bytes);
    return links != null && !links.prev().isEmpty();
  }

  /**
   * What a line names besides itself.
   *
   * @param prev the hash of the line before it; empty if it has none
   * @param sideFiles the names of its side files
   */
  private record Links(String prev, List<String> sideFiles) {
    /** Reads a line; null if it is not a JSON object. */
    static @Nullable Links of(byte[] bytes) {
      String prev = "";
      List<String> sideFiles = new ArrayList<>();
      try (JsonParser parser = Json.MAPPER.createParser(bytes)) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          return null;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          if (name.equals(AuditLog.PREV) && parser.currentToken() == JsonToken.VALUE_STRING) {
            prev = parser.getText();
          } else if (name.equals(AuditSiblings.SIDE_FILES)
              && parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
              sideFiles.add(parser.nextTextValue());
            }
          } else {
            parser.skipChildren();
          }
        }
        return parser.nextToken() == null ? new Links(prev, sideFiles) : null;
      } catch (IOException e) {
        return null;
      }
    }
  }
}
