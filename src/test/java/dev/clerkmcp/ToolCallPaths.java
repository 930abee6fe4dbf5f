package dev.clerkmcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Calls a tool in every way a client can: by name, by each alias, and through discovery. */
public final class ToolCallPaths {
  private ToolCallPaths() {}

  /** Calls a tool in all ways, with example arguments. */
  public static List<ToolResult> allTo(ToolRegistry tools, ToolDefinition tool) throws IOException {
    return allTo(tools, tool, Json.object());
  }

  /** Calls a tool in all ways, with example arguments and further ones. */
  public static List<ToolResult> allTo(ToolRegistry tools, ToolDefinition tool, ObjectNode further)
      throws IOException {
    return allTo(tools, tool, further, Caller.UNKNOWN);
  }

  /** Calls a tool in all ways for a caller, with example arguments and further ones. */
  public static List<ToolResult> allTo(
      ToolRegistry tools, ToolDefinition tool, ObjectNode further, Caller caller)
      throws IOException {
    JsonNode schema = tool.arguments().fullSchema();
    ObjectNode arguments = ExampleArguments.required(schema);
    arguments.setAll(further);
    List<ToolResult> results = new ArrayList<>();
    results.add(ToolCaller.call(tools, tool.name(), arguments, caller));
    for (String alias : tool.aliases()) {
      results.add(ToolCaller.call(tools, alias, arguments, caller));
    }
    String discovery = tool.effect().readOnly() ? "clerk_tools_read" : "clerk_tools_write";
    ObjectNode through = Json.object().put("name", tool.name());
    through.set("arguments", arguments);
    results.add(ToolCaller.call(tools, discovery, through, caller));
    return results;
  }
}
