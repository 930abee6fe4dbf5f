package dev.clerkmcp.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The answer to {@code tools/list}, cut from the catalogue without parsing it: each line ends with
 * the tool as the model sees it.
 */
final class ToolList {
  private static final String TOOL = ",\"tool\":";

  private ToolList() {}

  /** Reads the catalogue beside this project's classes. */
  static String fromCatalog() {
    try (InputStream in = ToolList.class.getResourceAsStream("/dev/clerkmcp/catalog.jsonl")) {
      if (in == null) {
        throw new IllegalStateException("The catalogue is missing from the jar");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      return result(lines.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The result that lists the tools of the given lines. */
  static String result(List<String> lines) {
    StringBuilder result = new StringBuilder("{\"tools\":[");
    for (String line : lines) {
      // Nothing before the tool can hold this: group, effect and aliases are plain names.
      int start = line.indexOf(TOOL) + TOOL.length();
      result.append(result.charAt(result.length() - 1) == '[' ? "" : ",");
      result.append(line, start, line.length() - 1);
    }
    return result.append("]}").toString();
  }
}
