package dev.clerkmcp.registry;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One line of the catalogue: what the model sees of a tool, beside what selects it.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools">Tools</a>
 */
public final class ToolIndexEntry {
  private static final String PROPERTIES = "\"inputSchema\":{\"type\":\"object\",\"properties\":{";

  private final String group;
  private final boolean core;
  private final Effect effect;
  private final List<String> aliases;
  private final String name;
  private final byte[] file;
  private final int start;
  private final int length;

  /**
   * Takes over a line.
   *
   * @param tool the tool as {@code tools/list} shows it, in JSON
   */
  public ToolIndexEntry(
      String group, boolean core, Effect effect, List<String> aliases, String name, String tool) {
    this(group, core, effect, aliases, name, tool.getBytes(StandardCharsets.UTF_8));
  }

  private ToolIndexEntry(
      String group, boolean core, Effect effect, List<String> aliases, String name, byte[] tool) {
    this(group, core, effect, aliases, name, tool, 0, tool.length);
  }

  /**
   * Takes over a line of a file: most tools are not listed, so that their text is never cut out.
   *
   * @param start where in the file the tool stands as {@code tools/list} shows it
   * @param length of that, in bytes
   */
  ToolIndexEntry(
      String group,
      boolean core,
      Effect effect,
      List<String> aliases,
      String name,
      byte[] file,
      int start,
      int length) {
    this.group = group;
    this.core = core;
    this.effect = effect;
    this.aliases = aliases;
    this.name = name;
    this.file = file;
    this.start = start;
    this.length = length;
  }

  public String group() {
    return group;
  }

  public boolean core() {
    return core;
  }

  public Effect effect() {
    return effect;
  }

  public List<String> aliases() {
    return aliases;
  }

  public String name() {
    return name;
  }

  /** The tool as {@code tools/list} shows it, in JSON. */
  public String tool() {
    return new String(file, start, length, StandardCharsets.UTF_8);
  }

  /** The same tool where a call can name one of several instances. */
  ToolIndexEntry onOneOf(List<String> instances) {
    String tool = tool();
    String property =
        "\"instance\":{\"type\":\"string\",\"enum\":[\"%s\"]}"
            .formatted(String.join("\",\"", instances));
    int at = tool.indexOf(PROPERTIES) + PROPERTIES.length();
    String comma = tool.charAt(at) == '}' ? "" : ",";
    return shown(tool.substring(0, at) + property + comma + tool.substring(at));
  }

  /** Whether its answers are structured content. */
  public boolean isStructured() {
    return OutputSchema.isIn(tool());
  }

  /** The same tool, its answers being text alone. */
  public ToolIndexEntry unstructured() {
    return shown(OutputSchema.removedFrom(tool()));
  }

  private ToolIndexEntry shown(String tool) {
    return new ToolIndexEntry(group, core, effect, aliases, name, tool);
  }
}
