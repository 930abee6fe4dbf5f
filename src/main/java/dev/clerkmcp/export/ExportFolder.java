package dev.clerkmcp.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.PrivateFiles;
import dev.clerkmcp.Setting;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Creates export files in the one folder that tools may write to, and checks their names. */
public final class ExportFolder {
  /** Without folders, drives and hidden files, so that no name leads out of the folder. */
  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]{0,99}\\.(jsonl|csv)");

  private final @Nullable Path folder;
  private final boolean byteOrderMark;
  private final UnaryOperator<JsonNode> mask;

  /**
   * Prepares exports; nothing is created yet.
   *
   * @param folder null if tools may write no files
   * @param byteOrderMark whether CSV files begin with the UTF-8 byte order mark
   * @param mask applied to every row before it is written
   */
  public ExportFolder(@Nullable Path folder, boolean byteOrderMark, UnaryOperator<JsonNode> mask) {
    this.folder = folder;
    this.byteOrderMark = byteOrderMark;
    this.mask = mask;
  }

  /**
   * Begins a file.
   *
   * @throws RefusedException if there is no folder that can be written to
   * @throws InvalidArgumentsException if the name cannot be used
   */
  public ExportFile begin(String name) {
    return begin(name, List.of());
  }

  /**
   * Begins a file of rows that have only some fields.
   *
   * @param asked the fields and paths that the caller asked for; empty for all
   * @throws RefusedException if there is no folder that can be written to
   * @throws InvalidArgumentsException if the name cannot be used
   */
  public ExportFile begin(String name, List<String> asked) {
    if (folder == null) {
      throw new RefusedException(
          "export_off",
          "export needs a folder to write to, and none is set.",
          "A person must set %s to a folder and restart the server; without it, read page by page."
              .formatted(Setting.EXPORT_DIR));
    }
    if (!NAME.matcher(name).matches()) {
      throw InvalidArgumentsException.of(
          CallOptions.EXPORT,
          "must be a file name that ends in .jsonl or .csv, such as users.csv: letters, digits,"
              + " dots, dashes and underscores, no folders; it is written to "
              + folder);
    }
    Path file = folder.resolve(name);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw InvalidArgumentsException.of(
          CallOptions.EXPORT,
          "names a file that already exists, %s; choose another".formatted(file));
    }
    try {
      PrivateFiles.createFolder(folder);
      return ExportFile.begin(folder, file, new ExportFile.Format(asked, mask, byteOrderMark));
    } catch (PrivateFiles.UnsafeFileException e) {
      throw new RefusedException(
          "export_folder_unsafe",
          "The folder for exports, %s, %s.".formatted(folder, e.getMessage()),
          "A person must do that, or set %s to another folder and restart this server."
              .formatted(Setting.EXPORT_DIR));
    } catch (IOException e) {
      throw unwritable(file);
    }
  }

  /** The error for a file that cannot be written to its end. */
  static RefusedException unwritable(Path file) {
    return new RefusedException(
        "export_unwritable",
        "%s cannot be written; nothing of it is kept.".formatted(file),
        "A person must make sure that the disk has space and that this server can write to the folder,"
            + " or set %s to another folder and restart it.".formatted(Setting.EXPORT_DIR));
  }
}
