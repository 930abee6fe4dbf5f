package dev.clerkmcp.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.LoneSurrogates;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Writes rows into a file that appears under its name only when it is complete. Rows go to the disk
 * as they come, so that memory does not limit their number. Only the owner can read the file.
 */
public final class ExportFile implements Closeable {
  private static final String CSV = ".csv";

  private final Path folder;
  private final Path file;
  private final Path rows;
  private final BufferedWriter writer;
  private final UnaryOperator<JsonNode> mask;
  private final List<String> asked;
  private final Set<String> fields = new LinkedHashSet<>();
  private long count;

  private ExportFile(
      Path folder,
      Path file,
      Path rows,
      BufferedWriter writer,
      List<String> asked,
      UnaryOperator<JsonNode> mask) {
    this.folder = folder;
    this.file = file;
    this.rows = rows;
    this.writer = writer;
    this.asked = List.copyOf(asked);
    this.mask = mask;
  }

  /**
   * Starts a file.
   *
   * @param asked the fields and paths that the caller asked for, which become the columns of a CSV
   *     file
   */
  static ExportFile begin(Path folder, Path file, List<String> asked, UnaryOperator<JsonNode> mask)
      throws IOException {
    Files.createDirectories(folder, ownersOnly("rwx------"));
    Path rows = unfinished(folder);
    return new ExportFile(folder, file, rows, Files.newBufferedWriter(rows), asked, mask);
  }

  /** The path that the file will have. */
  public Path path() {
    return file;
  }

  /** How many rows were written. */
  public long count() {
    return count;
  }

  /**
   * Writes a row, masked if personal data is masked.
   *
   * @throws RefusedException if it cannot be written
   */
  public void add(JsonNode row) {
    try {
      writer.write(LoneSurrogates.escaped(mask.apply(row).toString()));
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
      writer.close();
      if (file.toString().endsWith(CSV)) {
        Path table = unfinished(folder);
        try {
          writeTable(table);
          name(table);
        } finally {
          Files.deleteIfExists(table);
        }
      } else {
        name(rows);
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
      try {
        writer.close();
      } finally {
        Files.deleteIfExists(rows); // even if the disk is too full for the last rows
      }
    } catch (IOException e) {
      throw ExportFolder.unwritable(file);
    }
  }

  /** Gives a file its name by a link, because a move could replace an existing file. */
  private void name(Path written) throws IOException {
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    try {
      Files.createLink(file, written);
    } catch (UnsupportedOperationException e) { // the file system has no links
      Files.move(written, file);
    }
  }

  private void writeTable(Path table) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(rows);
        BufferedWriter cells = Files.newBufferedWriter(table)) {
      CsvTable csv = new CsvTable(fields, asked);
      cells.write(LoneSurrogates.escaped(csv.header()));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        cells.write(LoneSurrogates.escaped(csv.line(read(line))));
      }
    }
  }

  private static JsonNode read(String line) {
    try {
      return Json.read(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // cannot happen: this class wrote the line
    }
  }

  private static Path unfinished(Path folder) throws IOException {
    return Files.createTempFile(folder, ".export-", ".unfinished", ownersOnly("rw-------"));
  }

  private static FileAttribute<?>[] ownersOnly(String permissions) {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
