package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One line of the catalogue: what the model sees of a tool, preceded by what selects it. Reading
 * one takes no JSON parser, since a host waits for the list at the start.
 *
 * @param tool the tool as {@code tools/list} shows it, in JSON
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools">Tools</a>
 */
public record CatalogLine(
    String group, boolean core, Effect effect, List<String> aliases, String name, String tool) {
  private static final String GROUP = "{\"group\":\"";
  private static final String CORE = ",\"core\":true";
  private static final String EFFECT = "\"effect\":\"";
  private static final String ALIASES = ",\"aliases\":[";
  private static final String TOOL = "],\"tool\":";
  private static final String PROPERTIES = "\"inputSchema\":{\"type\":\"object\",\"properties\":{";
  private static final String NAME = "{\"name\":\"";

  public CatalogLine {
    aliases = List.copyOf(aliases);
  }

  /** Reads a line; what stands before the tool are plain names, so nothing in it is escaped. */
  static CatalogLine read(String line) {
    int tool = line.indexOf(TOOL);
    int aliases = line.indexOf(ALIASES);
    String json = line.substring(tool + TOOL.length(), line.length() - 1);
    return new CatalogLine(
        upToQuote(line, GROUP.length()),
        line.lastIndexOf(CORE, aliases) >= 0,
        Effect.valueOf(
            upToQuote(line, line.indexOf(EFFECT) + EFFECT.length()).toUpperCase(Locale.ROOT)),
        words(line.substring(aliases + ALIASES.length(), tool)),
        upToQuote(json, NAME.length()),
        json);
  }

  /** The same tool where a call can name one of several instances. */
  CatalogLine onOneOf(List<String> instances) {
    String property =
        "\"instance\":{\"type\":\"string\",\"enum\":[\"%s\"]}"
            .formatted(String.join("\",\"", instances));
    int at = tool.indexOf(PROPERTIES) + PROPERTIES.length();
    String comma = tool.charAt(at) == '}' ? "" : ",";
    String changed = tool.substring(0, at) + property + comma + tool.substring(at);
    return new CatalogLine(group, core, effect, aliases, name, changed);
  }

  /** Whether its answers are structured content. */
  public boolean isStructured() {
    return OutputSchema.isIn(tool);
  }

  /** The same tool, its answers being text alone. */
  public CatalogLine unstructured() {
    return new CatalogLine(group, core, effect, aliases, name, OutputSchema.removedFrom(tool));
  }

  /** The line of a tool, without its end. */
  public static String of(ToolDefinition definition) {
    ObjectNode line = Json.object().put("group", definition.group());
    if (definition.core()) {
      line.put("core", true);
    }
    line.put("effect", definition.effect().name().toLowerCase(Locale.ROOT));
    definition.aliases().stream().sorted().forEach(line.putArray("aliases")::add);
    line.set("tool", tool(definition));
    return line.toString();
  }

  /** The tool as {@code tools/list} shows it. */
  static ObjectNode tool(ToolDefinition definition) {
    ObjectNode tool = Json.object().put("name", definition.name());
    tool.put("description", definition.description());
    tool.set("inputSchema", definition.arguments().schema());
    OutputSchema output = definition.outputSchema();
    if (output != null) {
      tool.putRawValue("outputSchema", new RawValue(output.json()));
    }
    tool.putObject("annotations")
        .put("title", definition.title())
        .put("readOnlyHint", definition.effect().readOnly())
        .put("destructiveHint", definition.effect().destructive())
        .put("idempotentHint", definition.effect().idempotent())
        .put("openWorldHint", definition.openWorld());
    return tool;
  }

  private static String upToQuote(String text, int from) {
    return text.substring(from, text.indexOf('"', from));
  }

  /** The words of a list such as {@code "a","b"}. */
  private static List<String> words(String list) {
    List<String> words = new ArrayList<>();
    for (int start = list.indexOf('"'); start >= 0; start = list.indexOf('"', start)) {
      int end = list.indexOf('"', start + 1);
      words.add(list.substring(start + 1, end));
      start = end + 1;
    }
    return words;
  }
}
