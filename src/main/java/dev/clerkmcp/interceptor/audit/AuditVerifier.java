package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.clerkmcp.interceptor.audit.AuditLog.LineHash;
import dev.clerkmcp.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Checks that each record of an audit log has the hash of the line before it.
 *
 * <p>The hashes have no key, so this cannot detect:
 *
 * <ul>
 *   <li>lines that were removed from the end, or a changed last line: no record has its hash yet
 *   <li>a file whose lines were all rewritten with new hashes, or all lines from some line on
 *   <li>a change to the line before an incomplete line, whose hash is lost; or to all lines up to
 *       there, with new hashes
 * </ul>
 *
 * <p>Keep the hash of the last line elsewhere to detect the first two.
 */
public final class AuditVerifier {
  private static final int BLOCK = 64 * 1024;

  private long line;
  private long records;
  private long torn;
  private String expected = LineHash.NO_LINE;
  private @Nullable String fault;

  private AuditVerifier() {}

  /**
   * The result of a check.
   *
   * @param records the number of records, up to the fault if there is one
   * @param torn the number of incomplete lines, left by a process that ended or a full disk; they
   *     are not a fault
   * @param fault the first line that breaks the chain, and what that means, without a full stop;
   *     null if the chain is intact
   */
  public record Verdict(long records, long torn, @Nullable String fault) {}

  /**
   * Checks a whole file, which may be in use.
   *
   * @throws IOException if it cannot be read
   */
  public static Verdict verify(Path file) throws IOException {
    Object lock = AuditFile.lock(file);
    InputStream in = Files.newInputStream(file);
    try {
      return new AuditVerifier().verify(in);
    } finally {
      synchronized (lock) {
        in.close();
      }
    }
  }

  private Verdict verify(InputStream in) throws IOException {
    ByteArrayOutputStream begun = new ByteArrayOutputStream();
    byte[] block = new byte[BLOCK];
    int length;
    while (fault == null && (length = in.read(block)) >= 0) {
      take(block, length, begun);
    }
    if (fault == null && begun.size() > 0) {
      torn++;
    }
    return new Verdict(records, torn, fault);
  }

  private void take(byte[] block, int length, ByteArrayOutputStream begun) {
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

  private void check(byte[] bytes) {
    line++;
    if (bytes.length > AuditLog.MAX_LINE) {
      fault = tooLong(line);
      return;
    }
    String prev = prev(bytes);
    if (prev == null) {
      torn++; // the next record has its hash
    } else if (prev.isEmpty()) {
      fault = "line %s was changed or put in: it has no %s".formatted(line, AuditLog.PREV);
    } else if (!prev.equals(expected)) {
      fault = doesNotFollow();
    } else {
      records++;
    }
    expected = LineHash.of(bytes);
  }

  private String doesNotFollow() {
    return line == 1
        ? "line 1 was changed, or lines before it were removed: it does not begin the chain"
        : "line %s was changed, or a line after it was removed or put in: line %s does not follow it"
            .formatted(line - 1, line);
  }

  private static String tooLong(long line) {
    return "line %s was changed or put in: it is longer than 16 MiB".formatted(line);
  }

  /** The hash in a line; null if the line is not a JSON object, empty if it has no hash. */
  private static @Nullable String prev(byte[] bytes) {
    String prev = "";
    try (JsonParser parser = Json.MAPPER.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isPrev = parser.currentName().equals(AuditLog.PREV);
        parser.nextToken();
        if (isPrev && parser.currentToken() == JsonToken.VALUE_STRING) {
          prev = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
      return parser.nextToken() == null ? prev : null;
    } catch (IOException e) {
      return null;
    }
  }
}
