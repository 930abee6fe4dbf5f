package dev.clerkmcp.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolFilter.ToolNames;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolIndexReader;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.QuotedText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a tool does and its arguments, from the catalogue; so it needs neither a key nor
 * settings.
 */
final class ToolHelp {
  private static final SortedMap<String, String> BOUNDS =
      new TreeMap<>(Map.of("minimum", "at least ", "maximum", "at most ", "maxItems", "at most "));

  private ToolHelp() {}

  /** The tool of that name or alias; null if there is none. */
  static @Nullable ToolIndexEntry find(String name) {
    for (ToolIndexEntry entry : ToolIndexReader.entries()) {
      if (entry.name().equals(name) || entry.aliases().contains(name)) {
        return entry;
      }
    }
    return null;
  }

  /** The message about a name that no tool has. */
  static String unknown(String name) {
    List<String> nearest = new ToolNames(ToolIndexReader.entries()).nearest(name);
    return "Unknown tool: %s%s.".formatted(QuotedText.plain(name), NameSuggestions.hint(nearest));
  }

  /** Prints the tool: its text, its group and effect, and a line for each argument. */
  static void print(ToolIndexEntry entry, PrintStream out) {
    JsonNode tool = json(entry);
    JsonNode schema = tool.path("inputSchema");
    out.println(entry.name());
    out.println(tool.path("description").asText());
    out.println("Group: %s. Effect: %s.".formatted(entry.group(), entry.effect().word()));
    Map<String, String> rows = new LinkedHashMap<>();
    addRows("", schema, rows);
    int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    out.println();
    out.println(rows.isEmpty() ? "It takes no arguments." : "Arguments:");
    rows.forEach(
        (name, text) -> out.println("  " + name + " ".repeat(width - name.length() + 2) + text));
    out.println();
    out.println("Example: " + example(entry.name(), schema));
  }

  private static JsonNode json(ToolIndexEntry entry) {
    try {
      return Json.read(entry.tool());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The catalogue is not JSON", e);
    }
  }

  /** Adds a row for each property; the fields of an object follow it, with their path. */
  private static void addRows(String prefix, JsonNode schema, Map<String, String> rows) {
    Set<String> required = required(schema);
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      JsonNode value = property.getValue();
      String path = prefix + property.getKey();
      List<String> parts = new ArrayList<>(List.of(type(value)));
      if (required.contains(property.getKey())) {
        parts.add("required");
      }
      String text = value.path("description").asText();
      rows.put(path, String.join(", ", parts) + (text.isEmpty() ? "" : ": " + text));
      addRows(path + ".", value, rows);
      addRows(path + "[].", value.path("items"), rows);
    }
  }

  private static Set<String> required(JsonNode schema) {
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    return required;
  }

  private static String type(JsonNode schema) {
    if (schema.has("enum")) {
      List<String> words = new ArrayList<>();
      schema.path("enum").forEach(word -> words.add(word.asText()));
      return String.join("|", words);
    }
    return switch (schema.path("type").asText()) {
      case "boolean" -> "true|false";
      case "integer" -> "whole number" + bounds(schema);
      case "array" -> "list of " + type(schema.path("items")) + bounds(schema);
      default -> schema.path("type").asText();
    };
  }

  private static String bounds(JsonNode schema) {
    StringBuilder bounds = new StringBuilder();
    for (Map.Entry<String, String> bound : BOUNDS.entrySet()) {
      if (schema.has(bound.getKey())) {
        bounds.append(", ").append(bound.getValue()).append(schema.path(bound.getKey()).asText());
      }
    }
    return bounds.toString();
  }

  private static String example(String name, JsonNode schema) {
    StringBuilder example = new StringBuilder("clerk-mcp call ").append(name);
    for (JsonNode argument : schema.path("required")) {
      example.append(' ').append(argument.asText()).append("=...");
    }
    return example.toString();
  }
}
