package dev.clerkmcp.export;

import com.fasterxml.jackson.databind.JsonNode;
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

/** The one folder in which tools may write files, and the names that these may have. */
public final class ExportFolder {
  /** No folders, no drives, no hidden files: a name alone cannot lead out of the folder. */
  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]{0,99}\\.(jsonl|csv)");

  private final @Nullable Path folder;
  private final UnaryOperator<JsonNode> mask;

  /**
   * Prepares a folder, or none for null.
   *
   * @param mask what is done to every row before it is written
   */
  public ExportFolder(@Nullable Path folder, UnaryOperator<JsonNode> mask) {
    this.folder = folder;
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

  /** The same, for rows that were asked for by certain fields or paths. */
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
          "names a file that is there already, %s; choose another".formatted(file));
    }
    try {
      return ExportFile.begin(folder, file, asked, mask);
    } catch (IOException e) {
      throw unwritable(file);
    }
  }

  /** What to say where a file cannot be written to its end. */
  static RefusedException unwritable(Path file) {
    return new RefusedException(
        "export_unwritable",
        "%s cannot be written, so nothing is left of it.".formatted(file),
        "A person must see to it that there is room and that this server can write to the folder,"
            + " or set %s to another one and restart it.".formatted(Setting.EXPORT_DIR));
  }
}
