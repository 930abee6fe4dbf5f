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
import dev.clerkmcp.transport.jsonrpc.JsonRpcError;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Serves the resources: users, organizations, the instance, and the definition of every tool. Data
 * is read by calling tools, so that access, policy and redaction apply here too.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/resources">MCP on
 *     resources</a>
 */
final class Resources {
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int UNPROCESSABLE = 422;

  /** The field of an error that says what is wrong with each argument. */
  private static final String ARGUMENTS = "arguments";

  /** The prefix of error codes about a name that is given instead of an ID. */
  private static final String UNCLEAR_NAME = "reference_";

  private static final String UNKNOWN_NAME = "reference_not_found";

  private final ToolFilter toolFilter;
  private final ResultWriter results;
  private final ToolCallHandler calls;
  private final int notFound;

  /**
   * Offers the resources whose tools are enabled.
   *
   * @param calls has the tools
   * @param notFound the error code for a resource that does not exist
   */
  Resources(ToolFilter toolFilter, ResultWriter results, ToolCallHandler calls, int notFound) {
    this.toolFilter = toolFilter;
    this.results = results;
    this.calls = calls;
    this.notFound = notFound;
  }

  /** Serves {@code resources/read} on the current thread. */
  void read(JsonNode params, PendingResponse response, Invocation invocation)
      throws JsonProcessingException {
    invocation.traceAs(params.path("_meta").path("traceparent").textValue());
    String uri = params.path("uri").textValue();
    if (uri == null) {
      response.error(JsonRpcError.INVALID_PARAMS, "resources/read needs the uri of a resource");
      return;
    }
    ToolIndexEntry definition = findTool(uri);
    if (definition != null) {
      response.result(results.cacheable(contents(uri, json(definition))));
      return;
    }
    ClerkResource kind = ClerkResource.of(uri);
    ObjectNode arguments = kind == null ? null : kind.arguments(uri);
    String name = kind == null ? null : kind.tool(toolFilter);
    ToolRegistry tools = calls.tools();
    ToolDefinition tool = name == null ? null : tools.find(name);
    if (tool == null || arguments == null) {
      response.error(
          notFound, "Unknown resource %s; %s".formatted(QuotedText.plain(uri), forms()), data(uri));
      return;
    }
    ToolResult result = tools.call(tool, arguments, invocation);
    if (result.isError()) {
      respondWithError(uri, Json.read(result.json()).path("error"), response);
    } else {
      response.result(results.uncacheable(contents(uri, result.text()), result.meta()));
    }
  }

  /** The tool whose definition has that URI; the URI may have an alias. */
  private @Nullable ToolIndexEntry findTool(String uri) {
    if (!uri.startsWith(ClerkResource.TOOL_PREFIX)) {
      return null;
    }
    String name = uri.substring(ClerkResource.TOOL_PREFIX.length());
    for (ToolIndexEntry entry : toolFilter.catalog()) {
      if (entry.name().equals(name) || entry.aliases().contains(name)) {
        return entry;
      }
    }
    return null;
  }

  /** The definition of a tool, as JSON. */
  private String json(ToolIndexEntry entry) {
    String reason = toolFilter.disabledReason(entry.name());
    return "{\"group\":%s,%s\"tool\":%s}"
        .formatted(
            RawJson.quote(entry.group()),
            reason == null ? "" : "\"switched_off\":%s,".formatted(RawJson.quote(reason)),
            entry.tool());
  }

  private String forms() {
    List<String> forms = new ArrayList<>();
    for (ClerkResource kind : ClerkResource.values()) {
      if (kind.tool(toolFilter) != null) {
        forms.add(kind.template());
      }
    }
    forms.add(ClerkResource.TOOL_TEMPLATE);
    return "the resources are " + String.join(", ", forms);
  }

  private static String contents(String uri, String text) {
    return "\"contents\":[{\"uri\":%s,\"mimeType\":\"application/json\",\"text\":%s}]"
        .formatted(RawJson.quote(uri), RawJson.quote(text));
  }

  private void respondWithError(String uri, JsonNode error, PendingResponse response) {
    int status = error.path("status").asInt();
    String reason = error.path("code").asText();
    int code;
    if (status == NOT_FOUND || reason.equals(UNKNOWN_NAME)) {
      code = notFound;
    } else if (status == BAD_REQUEST
        || status == UNPROCESSABLE
        || reason.startsWith(UNCLEAR_NAME)
        || error.has(ARGUMENTS)) {
      code = JsonRpcError.INVALID_PARAMS;
    } else {
      code = JsonRpcError.INTERNAL_ERROR;
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
