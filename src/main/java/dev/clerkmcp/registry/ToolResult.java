package dev.clerkmcp.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of a tool call.
 *
 * @param json the answer or an error, as compact JSON
 * @param notes sentences for the caller besides the JSON
 * @param meta data about the answer for the host, for MCP's {@code _meta}
 */
public record ToolResult(
    String json, boolean isError, List<String> notes, Map<String, Object> meta) {
  public ToolResult {
    notes = List.copyOf(notes);
    meta = Map.copyOf(meta);
  }

  /** A result without {@code meta}. */
  public ToolResult(String json, boolean isError, List<String> notes) {
    this(json, isError, notes, Map.of());
  }

  /** The same result with other JSON and notes. */
  public ToolResult with(String otherJson, List<String> otherNotes) {
    return new ToolResult(otherJson, isError, otherNotes, meta);
  }

  /** The same result with a note about the instance. */
  ToolResult at(String instance) {
    List<String> located = new ArrayList<>(notes);
    located.add("Instance: %s.".formatted(instance));
    Map<String, Object> known = new HashMap<>(meta);
    known.put("dev.clerkmcp/instance", instance);
    return new ToolResult(json, isError, located, known);
  }

  /** The JSON with line breaks and indentation. */
  public String prettyJson() {
    return data().toPrettyString();
  }

  /** The JSON, parsed. */
  public JsonNode data() {
    try {
      return Json.read(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a result is JSON
    }
  }
}
