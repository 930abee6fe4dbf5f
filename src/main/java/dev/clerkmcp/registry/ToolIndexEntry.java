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
    return OutputSchema.isIn(tool());
  }

  /** The same tool without an output schema, so that its answers are text only. */
  public ToolIndexEntry unstructured() {
    return shown(OutputSchema.removedFrom(tool()));
  }

  private ToolIndexEntry shown(String tool) {
    return new ToolIndexEntry(group, core, effect, aliases, name, tool);
  }

  /**
   * The schemas of answers, for hosts that read structured content. They are short, since each
   * costs tokens, and also fit the answers of a dry run and of an export.
   *
   * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools">Tools</a>
   */
  enum OutputSchema {
    LISTING(
        "{\"type\":\"object\",\"properties\":{\"data\":{\"type\":\"array\",\"items\":{\"type\":"
            + "\"object\"}},\"total_count\":{\"type\":\"integer\"},\"has_more\":{\"type\":"
            + "\"boolean\"},\"next\":{\"type\":\"object\"}}}"),
    OBJECT_OF_CLERK("{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"}}}"),
    ANYTHING("{\"type\":\"object\"}");

    private static final String MEMBER = ",\"outputSchema\":";

    private final String json;

    OutputSchema(String json) {
      this.json = json;
    }

    String json() {
      return json;
    }

    /** Whether the JSON of a listed tool has a schema. */
    static boolean isIn(String tool) {
      return tool.contains(MEMBER);
    }

    /** The JSON of a listed tool without its schema. */
    static String removedFrom(String tool) {
      for (OutputSchema schema : values()) {
        String member = MEMBER.concat(schema.json);
        int at = tool.indexOf(member);
        if (at >= 0) {
          return tool.substring(0, at).concat(tool.substring(at + member.length()));
        }
      }
      return tool;
    }
  }
}
