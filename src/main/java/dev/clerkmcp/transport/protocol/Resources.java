package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.registry.text.TextSanitizer;
import dev.clerkmcp.transport.jsonrpc.JsonRpcErrorCode;
import dev.clerkmcp.transport.jsonrpc.Params;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What hosts let people pick and read: users, organizations, the instance, and the definition of
 * every tool. Data is read by calling tools, so that all that holds for those holds here.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/resources">MCP on
 *     resources</a>
 */
final class Resources {
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int UNPROCESSABLE = 422;

  /** Of a refusal: what is wrong with each argument. */
  private static final String ARGUMENTS = "arguments";

  /** How the codes of refusals begin that are about a name given instead of an ID. */
  private static final String UNCLEAR_NAME = "reference_";

  private static final String UNKNOWN_NAME = "reference_not_found";

  private final ToolFilter toolFilter;
  private final ResultWriter results;
  private final ToolCallHandler calls;
  private final int notFound;

  /**
   * Offers what the selection allows.
   *
   * @param results how the era writes what is read
   * @param calls runs the tools that answer
   * @param notFound the error code for a resource that there is not
   */
  Resources(ToolFilter toolFilter, ResultWriter results, ToolCallHandler calls, int notFound) {
    this.toolFilter = toolFilter;
    this.results = results;
    this.calls = calls;
    this.notFound = notFound;
  }

  /** Answers {@code resources/read} on this thread. */
  void read(@Nullable String params, PendingResponse response, Invocation invocation)
      throws JsonProcessingException {
    JsonNode request = Params.of(params);
    invocation.traceAs(request.path("_meta").path("traceparent").textValue());
    String uri = request.path("uri").textValue();
    if (uri == null) {
      response.error(JsonRpcErrorCode.INVALID_PARAMS, "resources/read needs the uri of a resource");
      return;
    }
    ToolIndexEntry definition = ToolResources.find(uri, toolFilter);
    if (definition != null) {
      response.result(
          results.lasting(contents(uri, ToolResources.definition(definition, toolFilter))));
      return;
    }
    ClerkResource kind = ClerkResource.of(uri);
    ObjectNode arguments = kind == null ? null : kind.arguments(uri);
    String name = kind == null ? null : kind.tool(toolFilter);
    ToolRegistry tools = calls.tools();
    ToolDefinition tool = name == null ? null : tools.find(name);
    if (tool == null || arguments == null) {
      response.error(
          notFound,
          "There is no resource %s; %s".formatted(QuotedText.plain(uri), forms()),
          data(uri));
      return;
    }
    ToolResult result = tools.call(tool, arguments, invocation);
    if (result.isError()) {
      refuse(uri, Json.read(result.json()).path("error"), response);
    } else {
      response.result(results.passing(contents(uri, result.json()), known(result)));
    }
  }

  private String forms() {
    List<String> forms = new ArrayList<>();
    for (ClerkResource kind : ClerkResource.values()) {
      if (kind.tool(toolFilter) != null) {
        forms.add(kind.template());
      }
    }
    forms.add(ToolResources.TEMPLATE);
    return "those there are have the form " + String.join(", ", forms);
  }

  private static String contents(String uri, String text) {
    return "\"contents\":[{\"uri\":%s,\"mimeType\":\"application/json\",\"text\":%s}]"
        .formatted(RawJson.quote(uri), RawJson.quote(text));
  }

  /** What a tool says beside its answer, for which a resource has no place but this. */
  private static Map<String, Object> known(ToolResult result) {
    Map<String, Object> known = new TreeMap<>(result.meta());
    if (!result.notes().isEmpty()) {
      known.put("dev.clerkmcp/notes", result.notes());
    }
    return known;
  }

  private void refuse(String uri, JsonNode error, PendingResponse response) {
    int status = error.path("status").asInt();
    String reason = error.path("code").asText();
    int code;
    if (status == NOT_FOUND || reason.equals(UNKNOWN_NAME)) {
      code = notFound;
    } else if (status == BAD_REQUEST
        || status == UNPROCESSABLE
        || reason.startsWith(UNCLEAR_NAME)
        || error.has(ARGUMENTS)) {
      code = JsonRpcErrorCode.INVALID_PARAMS;
    } else {
      code = JsonRpcErrorCode.INTERNAL_ERROR;
    }
    response.error(code, message(error), data(uri));
  }

  private static String message(JsonNode error) {
    String message =
        error.has(ARGUMENTS)
            ? String.join(
                "; ",
                StreamSupport.stream(error.path(ARGUMENTS).spliterator(), false)
                    .map(
                        wrong -> wrong.path("name").asText() + " " + wrong.path("problem").asText())
                    .toList())
            : error.path("message").asText() + " " + error.path("next").asText();
    return TextSanitizer.stripped(message);
  }

  private static String data(String uri) {
    return Json.object().put("uri", QuotedText.plain(uri)).toString();
  }
}
