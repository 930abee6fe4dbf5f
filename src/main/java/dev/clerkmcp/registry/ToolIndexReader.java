package dev.clerkmcp.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the catalogue, a resource with all tools sorted by name. It uses no JSON parser and skips
 * the JSON of the tools, since the host waits for the catalogue at the start.
 */
public final class ToolIndexReader {
  private static final String NAME = "/dev/clerkmcp/catalog.jsonl";

  // The text between the values of a line, as ToolIndexWriter writes it. No value is escaped.
  private static final String BYTES = "{\"bytes\":";
  private static final String GROUP = ",\"group\":\"";
  private static final String CORE = "\",\"core\":true";
  private static final String EFFECT = ",\"effect\":\"";
  private static final String ALIASES = "\",\"aliases\":[";
  private static final String TOOL = "],\"tool\":";
  private static final String TOOL_NAME = "{\"name\":\"";
  private static final String END = "}\n";

  private final byte[] file;
  private int at;

  private ToolIndexReader(byte[] file) {
    this.file = file;
  }

  /** All tools. */
  public static List<ToolIndexEntry> entries() {
    try {
      return new ToolIndexReader(bytes()).read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<ToolIndexEntry> read() {
    List<ToolIndexEntry> entries = new ArrayList<>();
    while (at < file.length) {
      entries.add(entry());
    }
    return entries;
  }

  private ToolIndexEntry entry() {
    at += BYTES.length();
    int length = number();
    at += GROUP.length();
    String group = word();
    boolean core = file[at + CORE.indexOf('c')] == 'c';
    at += core ? CORE.length() : 1;
    at += EFFECT.length();
    Effect effect = Effect.of(word());
    at += ALIASES.length();
    List<String> aliases = words();
    at += TOOL.length();
    int start = at;
    at += TOOL_NAME.length();
    String name = word();
    at = start + length + END.length();
    return new ToolIndexEntry(group, core, effect, aliases, name, file, start, length);
  }

  private int number() {
    int number = 0;
    for (; file[at] != ','; at++) {
      number = number * 10 + (file[at] - '0');
    }
    return number;
  }

  /** Reads up to the next quotation mark. */
  private String word() {
    int start = at;
    while (file[at] != '"') {
      at++;
    }
    return new String(file, start, at - start, StandardCharsets.ISO_8859_1);
  }

  /** Reads up to the closing bracket. */
  private List<String> words() {
    if (file[at] == ']') {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    while (file[at] != ']') {
      at += file[at] == ',' ? 2 : 1;
      words.add(word());
      at++;
    }
    return words;
  }

  private static byte[] bytes() throws IOException {
    try (InputStream file = ToolIndexReader.class.getResourceAsStream(NAME)) {
      if (file == null) {
        throw new IllegalStateException("The catalogue is missing from the jar");
      }
      return file.readAllBytes();
    }
  }
}
