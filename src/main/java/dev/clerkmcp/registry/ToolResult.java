package dev.clerkmcp.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clerkmcp.json.Json;
import java.util.List;

/**
 * What a tool call came to: compact JSON, whether it is an error, and sentences for the caller that
 * are not part of the data.
 */
public record ToolResult(String json, boolean isError, List<String> notes) {
  public ToolResult {
    notes = List.copyOf(notes);
  }

  /** The JSON laid out for the eye; what nobody would see stays written out. */
  public String prettyJson() {
    try {
      return VisibleText.inJson(Json.read(json).toPrettyString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a result is JSON
    }
  }
}
