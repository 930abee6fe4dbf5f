package dev.clerkmcp.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.TokenEstimate;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolIndexWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists the tools: what they do to the instance, and how many tokens listing them takes. */
@Command(
    name = "tools",
    description = {
      "List all tools with group, effect, possible risks, tokens, and whether a host sees them.",
      "With the name of a tool, show what it does and its arguments."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ToolsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private Cli cli;

  @Parameters(arity = "0..1", paramLabel = "TOOL", description = "Name of the tool to show.")
  private @Nullable String tool;

  @Option(names = "--json", description = "Print JSON, with descriptions and aliases.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    return tool == null ? list() : show(tool);
  }

  private int show(String name) throws JsonProcessingException {
    ToolIndexEntry entry = ToolHelp.find(name);
    if (entry == null) {
      throw new ParameterException(spec.commandLine(), ToolHelp.unknown(name));
    }
    if (json) {
      print(Json.read(entry.tool()));
    } else {
      ToolHelp.print(entry, cli.out());
    }
    return ExitCode.OK;
  }

  private void print(JsonNode node) {
    cli.out().println(cli.terminal() ? node.toPrettyString() : node.toString());
  }

  private int list() throws Exception {
    ArrayNode rows = Json.array();
    Application.Tools tools = cli.tools();
    Set<String> listed =
        tools.toolFilter().listed().stream().map(ToolIndexEntry::name).collect(Collectors.toSet());
    for (ToolDefinition tool : tools.registry().tools()) {
      rows.add(
          row(tool, listed.contains(tool.name()), tools.toolFilter().disabledReason(tool.name())));
    }
    if (json) {
      print(rows);
    } else {
      print("TOOL", "GROUP", "EFFECT", "RISKS", "TOKENS", "LISTED");
      for (JsonNode row : rows) {
        print(
            row.path("name").asText(),
            row.path("group").asText(),
            row.path("effect").asText(),
            row.path("risks").valueStream().map(JsonNode::asText).collect(Collectors.joining(",")),
            row.path("tokens").asText(),
            row.has("switched_off") ? "off" : row.path("listed").asBoolean() ? "yes" : "no");
      }
    }
    return ExitCode.OK;
  }

  private static ObjectNode row(
      ToolDefinition tool, boolean listed, @Nullable String disabledReason)
      throws JsonProcessingException {
    JsonNode line = Json.read(ToolIndexWriter.of(tool));
    ObjectNode row = Json.object().put("name", tool.name()).put("group", tool.group());
    row.set("effect", line.path("effect"));
    ArrayNode risks = row.putArray("risks");
    tool.possibleRisks().forEach(risk -> risks.add(risk.word()));
    row.put("tokens", TokenEstimate.of(line.path("tool").toString()));
    row.put("listed", listed);
    if (disabledReason != null) {
      row.put("switched_off", disabledReason);
    }
    row.put("description", tool.description());
    row.set("aliases", line.path("aliases"));
    return row;
  }

  private void print(
      String name, String group, String effect, String risks, String tokens, String listed) {
    cli.out()
        .println(
            "%-40s %-24s %-22s %-30s %6s  %s"
                .formatted(name, group, effect, risks, tokens, listed));
  }
}
