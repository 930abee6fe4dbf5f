package dev.clerkmcp.registry;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One tool of the catalogue: its JSON in {@code tools/list}, and the properties that filter it.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools">Tools</a>
 */
public final class ToolIndexEntry {
  private static final String PROPERTIES = "\"inputSchema\":{\"type\":\"object\",\"properties\":{";

  /**
   * The schema of the answers of core tools, for hosts that read structured content. It says no
   * more, since each word costs tokens, and also fits the answers of a dry run and of an export.
   */
  static final String OUTPUT_SCHEMA = "{\"type\":\"object\"}";

  private static final String OUTPUT_MEMBER = ",\"outputSchema\":" + OUTPUT_SCHEMA;

  private static final String FREE_FORM = "{\"type\":\"object\",\"additionalProperties\":true";

  private static final String JSON_STRING = "{\"type\":\"string\",\"description\":\"JSON object";

  private final String group;
  private final boolean core;
  private final Effect effect;
  private final List<String> aliases;
  private final String name;
  private final byte[] file;
  private final int start;
  private final int length;

  /**
   * Creates an entry.
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
   * Creates an entry that refers to the JSON in the catalogue's file. Most tools are not listed, so
   * their JSON is never copied.
   *
   * @param start the position of the JSON in the file
   * @param length the length of the JSON in bytes
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

  /** The same tool with an argument for the instance. */
  ToolIndexEntry onOneOf(List<String> instances) {
    String tool = tool();
    String property =
        "\"instance\":{\"type\":\"string\",\"enum\":[\"%s\"]}"
            .formatted(String.join("\",\"", instances));
    int at = tool.indexOf(PROPERTIES) + PROPERTIES.length();
    String comma = tool.charAt(at) == '}' ? "" : ",";
    return shown(tool.substring(0, at) + property + comma + tool.substring(at));
  }

  /** Whether it has an output schema, so that its answers are structured content. */
  public boolean isStructured() {
    return tool().contains(OUTPUT_MEMBER);
  }

  /** The same tool without an output schema, so that its answers are text only. */
  public ToolIndexEntry unstructured() {
    return shown(tool().replace(OUTPUT_MEMBER, ""));
  }

  private ToolIndexEntry shown(String tool) {
    return new ToolIndexEntry(group, core, effect, aliases, name, tool);
  }

  /** The same tool, whose free-form objects are declared as strings of JSON. */
  public ToolIndexEntry withFreeFormAsStrings() {
    String tool = tool();
    return tool.contains(FREE_FORM)
        ? shown(
            tool.replace(FREE_FORM + ",\"description\":\"", JSON_STRING + ": ")
                .replace(FREE_FORM, JSON_STRING + "\""))
        : this;
  }
}
