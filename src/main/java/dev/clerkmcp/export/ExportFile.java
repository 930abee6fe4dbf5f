package dev.clerkmcp.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.AtExit;
import dev.clerkmcp.PrivateFiles;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.LoneSurrogates;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows into a file that appears under its name only when it is complete. Rows go to the disk
 * as they come, so that memory does not limit their number. Only the owner can read the file.
 *
 * <p>An unfinished file is removed when its export ends, when the process is terminated, or, if the
 * process was killed, by {@link #removeUnfinished} at the next start.
 */
public final class ExportFile implements Closeable {
  private static final String CSV = ".csv";
  private static final String PREFIX = ".export-";
  private static final String SUFFIX = ".unfinished";
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Path folder;
  private final Path file;
  private final Unfinished rows;
  private final BufferedWriter writer;
  private final Format format;
  private final Set<String> fields = new LinkedHashSet<>();
  private long count;

  private ExportFile(Path folder, Path file, Unfinished rows, Format format) {
    this.folder = folder;
    this.file = file;
    this.rows = rows;
    this.writer = rows.writer();
    this.format = format;
  }

  /**
   * How rows are written.
   *
   * @param asked the fields and paths that the caller asked for, which become the columns of a CSV
   *     file
   * @param mask applied to every row
   * @param byteOrderMark whether a CSV file begins with one
   */
  record Format(List<String> asked, UnaryOperator<JsonNode> mask, boolean byteOrderMark) {
    Format {
      asked = List.copyOf(asked);
    }
  }

  /** Starts a file in a folder that exists. */
  static ExportFile begin(Path folder, Path file, Format format) throws IOException {
    return new ExportFile(folder, file, Unfinished.create(folder), format);
  }

  /**
   * Removes the unfinished files of processes that were killed. A file that cannot be removed stays
   * until the next start.
   */
  public static void removeUnfinished(Path folder) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
      for (Path path : left) {
        Unfinished.removeUnlessInUse(path);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // there is no such folder, or nothing in it can be removed
    }
  }

  /** The path that the file will have. */
  public Path path() {
    return file;
  }

  /** How many rows were written. */
  public long count() {
    return count;
  }

  /** The columns of a CSV file, in their order; of other files, the fields that rows have. */
  public List<String> columns() {
    return file.toString().endsWith(CSV)
        ? new CsvTable(fields, format.asked()).columns()
        : List.copyOf(fields);
  }

  /**
   * Writes a row, masked if personal data is masked.
   *
   * @throws RefusedException if it cannot be written
   */
  public void add(JsonNode row) {
    try {
      writer.write(LoneSurrogates.escaped(format.mask().apply(row).toString()));
      writer.write('\n');
    } catch (IOException e) {
      throw ExportFolder.unwritable(file);
    }
    row.fieldNames().forEachRemaining(fields::add);
    count++;
  }

  /**
   * Gives the file its name.
   *
   * @throws RefusedException if the disk is full or not writable
   * @throws InvalidArgumentsException if a file of that name has appeared meanwhile
   */
  public void finish() {
    try {
      writer.flush();
      if (file.toString().endsWith(CSV)) {
        try (Unfinished table = Unfinished.create(folder)) {
          writeTable(table);
          table.name(file);
        }
      } else {
        rows.name(file);
      }
    } catch (FileAlreadyExistsException e) {
      throw InvalidArgumentsException.of(
          CallOptions.EXPORT,
          "names a file that was created meanwhile, %s; choose another".formatted(file));
    } catch (IOException e) {
      throw ExportFolder.unwritable(file);
    }
  }

  /**
   * Removes the temporary file, including that of an unfinished export.
   *
   * @throws RefusedException if it cannot be removed
   */
  @Override
  public void close() {
    try {
      rows.close();
    } catch (IOException e) {
      throw ExportFolder.unwritable(file);
    }
  }

  private void writeTable(Unfinished table) throws IOException {
    BufferedReader lines = rows.reader();
    BufferedWriter cells = table.writer();
    CsvTable csv = new CsvTable(fields, format.asked());
    if (format.byteOrderMark()) {
      cells.write(BYTE_ORDER_MARK);
    }
    cells.write(LoneSurrogates.escaped(csv.header()));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      cells.write(LoneSurrogates.escaped(csv.line(read(line))));
    }
    cells.flush();
  }

  private static JsonNode read(String line) {
    try {
      return Json.read(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // cannot happen: this class wrote the line
    }
  }

  /**
   * A temporary file. It is locked while it is open, so that another process that starts meanwhile
   * does not remove it. An operating system drops a lock when any channel on the file is closed, so
   * one channel serves all uses.
   */
  private record Unfinished(Path path, FileChannel channel) implements Closeable {
    static Unfinished create(Path folder) throws IOException {
      while (true) {
        Path path = Files.createTempFile(folder, PREFIX, SUFFIX, PrivateFiles.newFile(folder));
        AtExit.deleteLater(path);
        FileChannel channel =
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock unused = lock(channel);
        if (Files.exists(path)) { // else another process removed it before it was locked
          return new Unfinished(path, channel);
        }
        channel.close();
        AtExit.delete(path);
      }
    }

    static void removeUnlessInUse(Path path) throws IOException {
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        if (lock(channel) != null) {
          Files.deleteIfExists(path);
        }
      }
    }

    /** Locks a file; null if another process or channel has it, or if it cannot be locked. */
    private static @Nullable FileLock lock(FileChannel channel) {
      try {
        return channel.tryLock();
      } catch (IOException | OverlappingFileLockException e) {
        return null;
      }
    }

    BufferedWriter writer() {
      return new BufferedWriter(Channels.newWriter(channel, UTF_8));
    }

    /** Reads the file from its beginning. */
    BufferedReader reader() throws IOException {
      channel.position(0);
      return new BufferedReader(Channels.newReader(channel, UTF_8));
    }

    /** Gives the file its name by a link, because a move could replace an existing file. */
    void name(Path name) throws IOException {
      channel.force(true);
      try {
        Files.createLink(name, path);
      } catch (UnsupportedOperationException e) { // the file system has no links
        Files.move(path, name);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        channel.close();
      } finally {
        AtExit.delete(path);
      }
    }
  }
}
