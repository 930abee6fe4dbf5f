package dev.clerkmcp.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The catalogue beside this project's classes: all tools as they are listed, sorted by name. Read
 * without a parser or a stream, since a host waits for it at the start.
 */
public final class CatalogFile {
  private CatalogFile() {}

  /** Reads it. */
  public static List<CatalogLine> lines() {
    try (InputStream file = CatalogFile.class.getResourceAsStream("/dev/clerkmcp/catalog.jsonl")) {
      if (file == null) {
        throw new IllegalStateException("The catalogue is missing from the jar");
      }
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      List<CatalogLine> lines = new ArrayList<>();
      for (int start = 0, end = text.indexOf('\n'); end > 0; end = text.indexOf('\n', start)) {
        lines.add(CatalogLine.read(text.substring(start, end)));
        start = end + 1;
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
