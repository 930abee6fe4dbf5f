package dev.clerkmcp.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a tool call came to.
 *
 * @param json compact JSON, data or an error
 * @param notes sentences for the caller that are not part of the data
 * @param meta what a host may want to know about the answer, for MCP's {@code _meta}
 */
public record ToolResult(
    String json, boolean isError, List<String> notes, Map<String, Object> meta) {
  public ToolResult {
    notes = List.copyOf(notes);
    meta = Map.copyOf(meta);
  }

  /** A result with nothing to know about it. */
  public ToolResult(String json, boolean isError, List<String> notes) {
    this(json, isError, notes, Map.of());
  }

  /** The same said in other words. */
  public ToolResult with(String otherJson, List<String> otherNotes) {
    return new ToolResult(otherJson, isError, otherNotes, meta);
  }

  /** The same of an instance; the last named is the one that was worked on. */
  ToolResult at(String instance) {
    List<String> located = new ArrayList<>(notes);
    located.add("Instance: %s.".formatted(instance));
    Map<String, Object> known = new HashMap<>(meta);
    known.put("dev.clerkmcp/instance", instance);
    return new ToolResult(json, isError, located, known);
  }

  /** The JSON laid out for the eye. */
  public String prettyJson() {
    return data().toPrettyString();
  }

  /** The JSON, read. */
  public JsonNode data() {
    try {
      return Json.read(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a result is JSON
    }
  }
}
