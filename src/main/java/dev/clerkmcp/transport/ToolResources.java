package dev.clerkmcp.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.CatalogLine;
import dev.clerkmcp.registry.Selection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every tool's full definition as a resource, for hosts that let people read and pick resources;
 * names are completed. What is not listed is there too.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/resources">MCP</a>
 */
final class ToolResources {
  /** The one template, as JSON. */
  static final String TEMPLATES =
      "{\"resourceTemplates\":[{\"uriTemplate\":\"clerk://tools/{name}\",\"name\":\"tool\","
          + "\"title\":\"Definition of a tool\",\"description\":\"What a tool does and takes, listed"
          + " or not.\",\"mimeType\":\"application/json\"}]}";

  /** There is none that could be listed without listing all tools again. */
  static final String NONE = "{\"resources\":[]}";

  private static final String TEMPLATE = "clerk://tools/{name}";
  private static final String PREFIX = "clerk://tools/";

  /** The most that MCP allows. */
  private static final int MOST_VALUES = 100;

  private final Selection selection;

  ToolResources(Selection selection) {
    this.selection = selection;
  }

  /** Answers {@code resources/read}. */
  void read(@Nullable String params, Reply reply) {
    String uri = parsed(params).path("uri").asText();
    CatalogLine line = uri.startsWith(PREFIX) ? find(uri.substring(PREFIX.length())) : null;
    if (line == null) {
      reply.error(
          ErrorCode.RESOURCE_NOT_FOUND,
          "There is no resource %s; those there are have the form %s".formatted(uri, TEMPLATE),
          Json.object().put("uri", uri).toString());
      return;
    }
    ObjectNode result = Json.object();
    result
        .putArray("contents")
        .addObject()
        .put("uri", uri)
        .put("mimeType", "application/json")
        .put("text", definition(line));
    reply.result(result.toString());
  }

  /** Answers {@code completion/complete}. */
  void complete(@Nullable String params, Reply reply) {
    JsonNode request = parsed(params);
    boolean ours = request.at("/ref/uri").asText().equals(TEMPLATE);
    if (!ours || !request.at("/argument/name").asText().equals("name")) {
      reply.error(
          ErrorCode.INVALID_PARAMS,
          "Only the argument name of %s can be completed".formatted(TEMPLATE));
      return;
    }
    String part = request.at("/argument/value").asText();
    List<String> names =
        selection.catalog().stream()
            .map(CatalogLine::name)
            .filter(name -> name.contains(part))
            .toList();
    ObjectNode result = Json.object();
    ObjectNode completion = result.putObject("completion");
    ArrayNode values = completion.putArray("values");
    names.stream().limit(MOST_VALUES).forEach(values::add);
    completion.put("total", names.size()).put("hasMore", names.size() > MOST_VALUES);
    reply.result(result.toString());
  }

  private String definition(CatalogLine line) {
    String reason = selection.whyOff(line.name());
    return "{\"group\":%s,%s\"tool\":%s}"
        .formatted(
            JsonText.quote(line.group()),
            reason == null ? "" : "\"switched_off\":%s,".formatted(JsonText.quote(reason)),
            line.tool());
  }

  private @Nullable CatalogLine find(String name) {
    for (CatalogLine line : selection.catalog()) {
      if (line.name().equals(name) || line.aliases().contains(name)) {
        return line;
      }
    }
    return null;
  }

  private static JsonNode parsed(@Nullable String params) {
    try {
      return params == null ? Json.object() : Json.read(params);
    } catch (JsonProcessingException e) {
      return Json.object(); // the parser of messages has let nothing else through
    }
  }
}
