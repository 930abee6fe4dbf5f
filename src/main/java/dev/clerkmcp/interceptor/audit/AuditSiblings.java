package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.PrivateFiles;
import dev.clerkmcp.interceptor.audit.AuditLog.AuditException;
import dev.clerkmcp.interceptor.audit.AuditLog.LineHash;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files beside an audit log that belong to it: those into which it was rotated, and side files
 * with values that are too large for a line, each named by the digest of its content.
 */
final class AuditSiblings {
  /** The member of a record that names its side files, by the members that they hold. */
  static final String SIDE_FILES = "side_files";

  /** The most bytes of a member that stays in the line. */
  static final int MAX_MEMBER = 64 * 1024;

  private static final Pattern SIDE_FILE = Pattern.compile("[^/\\\\]+\\.([0-9a-f]{64})\\.json");

  private final Path log;
  private final Pattern rotated;

  AuditSiblings(Path log) {
    this.log = log;
    // The log's name with a number, or with a date as log rotation programs append it.
    this.rotated = Pattern.compile(Pattern.quote(name()) + "[.-]\\d[\\d._TZ-]*");
  }

  private String name() {
    return String.valueOf(log.getFileName());
  }

  private Path beside(String name) {
    return log.resolveSibling(name);
  }

  // Rotation

  /** The files into which the log was rotated, the one last written first. */
  List<Path> rotated() throws IOException {
    record Written(Path file, FileTime time) {}
    List<Written> found = new ArrayList<>();
    Path folder = log.getParent();
    if (folder == null) {
      return List.of();
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        boolean named = rotated.matcher(file.getFileName().toString()).matches();
        if (named && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          found.add(new Written(file, Files.getLastModifiedTime(file)));
        }
      }
    }
    found.sort(Comparator.comparing(Written::time).thenComparing(Written::file).reversed());
    return found.stream().map(Written::file).toList();
  }

  /** Renames the log to the next number that is free, after the largest in use. */
  void rotate() throws IOException {
    long largest = 0;
    for (Path file : rotated()) {
      String end = file.getFileName().toString().substring(name().length() + 1);
      if (end.matches("\\d{1,9}")) {
        largest = Math.max(largest, Long.parseLong(end));
      }
    }
    Files.move(log, beside(name() + "." + (largest + 1)));
  }

  /** Whether a file with this key is one into which the log was rotated. */
  boolean isRotated(Object fileKey) throws IOException {
    for (Path file : rotated()) {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      if (fileKey.equals(key)) {
        return true;
      }
    }
    return false;
  }

  // Side files

  /**
   * Moves the members of a record that are too large for a line into side files.
   *
   * @return the record itself, if no member is too large
   * @throws IOException if a side file cannot be written
   */
  ObjectNode withSideFiles(ObjectNode record) throws IOException {
    ObjectNode small = null;
    for (Map.Entry<String, JsonNode> member : record.properties()) {
      byte[] bytes = bytes(member.getValue());
      if (bytes.length > MAX_MEMBER) {
        small = small == null ? record.deepCopy() : small;
        small.remove(member.getKey());
        small.withObject("/" + SIDE_FILES).put(member.getKey(), keep(bytes));
      }
    }
    return small == null ? record : small;
  }

  private static byte[] bytes(JsonNode value) throws IOException {
    try {
      return AuditLog.ASCII.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new AuditException("takes records of 1,000 levels at most", e);
    }
  }

  /** Writes a side file unless there is one with this content, and returns its name. */
  private String keep(byte[] bytes) throws IOException {
    String name = name() + "." + LineHash.of(bytes) + ".json";
    Path file = beside(name);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && fault(name) == null) {
      return name;
    }
    Path folder = file.toAbsolutePath().getParent();
    Path part = Files.createTempFile(folder, name, ".part", PrivateFiles.newFile(file));
    try {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        ByteBuffer content = ByteBuffer.wrap(bytes);
        while (content.hasRemaining()) {
          channel.write(content);
        }
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
    return name;
  }

  /** The record with the members that are in side files. */
  ObjectNode withMembers(ObjectNode record) throws IOException {
    if (!record.has(SIDE_FILES)) {
      return record;
    }
    ObjectNode whole = record.deepCopy();
    for (Map.Entry<String, JsonNode> side : record.path(SIDE_FILES).properties()) {
      String name = side.getValue().asText();
      String fault = fault(name);
      if (fault != null) {
        throw new AuditException("cannot be read whole: " + fault);
      }
      whole.set(side.getKey(), Json.MAPPER.readTree(beside(name).toFile()));
    }
    return whole;
  }

  /** What is wrong with a side file; null if it is there and unchanged. */
  @Nullable String fault(String name) throws IOException {
    var named = SIDE_FILE.matcher(name);
    if (!named.matches()) {
      return "it names no side file";
    }
    try (FileChannel channel =
        FileChannel.open(beside(name), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      return LineHash.of(channel, 0, channel.size()).equals(named.group(1))
          ? null
          : "its side file %s was changed".formatted(name);
    } catch (NoSuchFileException e) {
      return "its side file %s is missing".formatted(name);
    }
  }
}
