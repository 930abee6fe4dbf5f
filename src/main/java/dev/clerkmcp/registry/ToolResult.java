package dev.clerkmcp.registry;

import java.util.List;

/**
 * What a tool call came to: compact JSON, whether it is an error, and sentences for the caller that
 * are not part of the data.
 */
public record ToolResult(String json, boolean isError, List<String> notes) {
  public ToolResult {
    notes = List.copyOf(notes);
  }
}
