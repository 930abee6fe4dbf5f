package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.ToolIndexEntry.OutputSchema;
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
    SortedSet<Risk> risks = definition.certainRisks();
    tool.put("description", definition.description() + named(risks));
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
    if (!risks.isEmpty()) {
      tool.putObject("_meta").put(NEEDS_PERSON, true);
    }
    return tool;
  }
}
