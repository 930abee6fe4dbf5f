package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.OperationFacts.Risk;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.SortedSet;

/**
 * Writes the lines that {@link ToolIndexReader} reads. Each begins with the length of the tool's
 * JSON, so that the reader can skip it.
 */
public final class ToolIndexWriter {
  /** Claude Code then asks a person before each call, whatever its settings are. */
  private static final String NEEDS_PERSON = "anthropic/requiresUserInteraction";

  private static final String ALWAYS_LOAD = "anthropic/alwaysLoad";
  private static final String SEARCH_HINT = "anthropic/searchHint";

  private ToolIndexWriter() {}

  /** The line of a tool, without a newline. */
  public static String of(ToolDefinition definition) {
    ObjectNode tool = tool(definition);
    ObjectNode line =
        Json.object().put("bytes", tool.toString().getBytes(StandardCharsets.UTF_8).length);
    line.put("group", definition.group());
    if (definition.core()) {
      line.put("core", true);
    }
    line.put("effect", definition.effect().word());
    definition.aliases().stream().sorted().forEach(line.putArray("aliases")::add);
    line.set("tool", tool);
    return line.toString();
  }

  /** As in {@code Risk: credential.}, for hosts that do not read {@code _meta}. */
  private static String named(Collection<Risk> risks) {
    return risks.isEmpty()
        ? ""
        : " Risk: %s.".formatted(String.join(", ", risks.stream().map(Risk::word).toList()));
  }

  /** The tool as {@code tools/list} shows it. */
  static ObjectNode tool(ToolDefinition definition) {
    ObjectNode tool = Json.object().put("name", definition.name());
    SortedSet<Risk> risks = definition.certain();
    tool.put("description", definition.description() + named(risks));
    tool.set("inputSchema", definition.arguments().schema());
    if (definition.core()) {
      tool.putRawValue("outputSchema", new RawValue(ToolIndexEntry.OUTPUT_SCHEMA));
    }
    ObjectNode annotations = tool.putObject("annotations");
    annotations
        .put("title", definition.title())
        .put("readOnlyHint", definition.effect().readOnly())
        .put("destructiveHint", definition.effect().destructive())
        .put("openWorldHint", definition.openWorld());
    if (definition.effect().changes() && definition.effect().idempotent()) {
      annotations.put("idempotentHint", true); // false is the default; of a read it says nothing
    }
    ObjectNode meta = meta(definition, !risks.isEmpty());
    if (!meta.isEmpty()) {
      tool.set("_meta", meta);
    }
    return tool;
  }

  /** What Claude Code reads. Hosts do not show it to the model, but it is part of the list. */
  private static ObjectNode meta(ToolDefinition definition, boolean needsPerson) {
    ObjectNode meta = Json.object();
    if (needsPerson) {
      meta.put(NEEDS_PERSON, true);
    }
    if (definition.alwaysLoad()) {
      meta.put(ALWAYS_LOAD, true);
    }
    if (!definition.searchHint().isEmpty()) {
      meta.put(SEARCH_HINT, definition.searchHint());
    }
    return meta;
  }
}
