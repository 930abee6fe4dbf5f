package dev.clerkmcp.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of a tool call.
 *
 * <p>Filters treat the notes apart from the JSON; callers get both as one JSON object, see {@link
 * #text}.
 *
 * @param json the answer or an error, as compact JSON
 * @param notes sentences for the caller
 * @param meta data about the answer for the host, for MCP's {@code _meta}
 */
public record ToolResult(
    String json, boolean isError, List<String> notes, Map<String, Object> meta) {
  /** The field of the notes in the answer of a call, and of each of several calls made together. */
  private static final String NOTES = "notes";

  /** The field of the notes if Clerk's object has the usual one. */
  private static final String SERVER_NOTES = "server_notes";

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

  /**
   * The answer as callers get it: one JSON object, with the notes as its last field. Hosts that
   * show only one part of an answer would lose notes that stand elsewhere.
   */
  public String text() {
    if (notes.isEmpty()) {
      return json;
    }
    ArrayNode sentences = Json.array();
    notes.forEach(sentences::add);
    if (!json.startsWith("{")) {
      return "{\"data\":%s,\"%s\":%s}".formatted(json, NOTES, sentences);
    }
    // Most answers have no such field, which spares parsing them.
    boolean mayHaveNotes = json.contains('"' + NOTES + '"');
    String field = mayHaveNotes ? free((ObjectNode) data()) : NOTES;
    String fields = json.substring(1, json.length() - 1);
    return "{%s%s\"%s\":%s}".formatted(fields, fields.isEmpty() ? "" : ",", field, sentences);
  }

  /** Adds notes to an answer as {@link #text} does; a value that is no object becomes one. */
  static JsonNode withNotes(JsonNode answer, List<String> notes) {
    if (notes.isEmpty()) {
      return answer;
    }
    ObjectNode noted = Json.object();
    if (answer instanceof ObjectNode fields) {
      noted.setAll(fields);
    } else {
      noted.set("data", answer);
    }
    notes.forEach(noted.putArray(free(noted))::add);
    return noted;
  }

  /** The name of the field for notes, which no field of Clerk's object may have. */
  private static String free(ObjectNode answer) {
    return answer.has(NOTES) ? SERVER_NOTES : NOTES;
  }

  /** The answer as callers get it, with line breaks and indentation. */
  public String prettyText() {
    return read(text()).toPrettyString();
  }

  /** The JSON without the notes, parsed. */
  public JsonNode data() {
    return read(json);
  }

  private static JsonNode read(String json) {
    try {
      return Json.read(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a result is JSON
    }
  }
}
