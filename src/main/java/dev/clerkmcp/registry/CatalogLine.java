package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;

/**
 * One line of the catalogue: what the model sees of a tool, preceded by what selects it. The last
 * property, {@code tool}, is the tool as {@code tools/list} shows it.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools">Tools</a>
 */
public final class CatalogLine {
  private CatalogLine() {}

  /** The line, without its end. */
  public static String of(ToolDefinition definition) {
    ObjectNode line = Json.object().put("group", definition.group());
    line.put("effect", definition.effect().name().toLowerCase(java.util.Locale.ROOT));
    definition.aliases().stream().sorted().forEach(line.putArray("aliases")::add);
    ObjectNode tool = line.putObject("tool");
    tool.put("name", definition.name());
    tool.put("description", definition.description());
    tool.set("inputSchema", definition.arguments().schema());
    tool.putObject("annotations")
        .put("title", definition.title())
        .put("readOnlyHint", definition.effect().readOnly())
        .put("destructiveHint", definition.effect().destructive())
        .put("idempotentHint", definition.effect().idempotent())
        .put("openWorldHint", definition.openWorld());
    return line.toString();
  }
}
