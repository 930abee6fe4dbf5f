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
import dev.clerkmcp.transport.jsonrpc.InvalidParamsException;
import dev.clerkmcp.transport.jsonrpc.JsonRpcErrorCode;
import dev.clerkmcp.transport.jsonrpc.Params;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Completes what a person types for an argument of a prompt or a resource: users and organizations
 * as the list tools find them, names of tools, and nothing for what is free text. Whoever types is
 * neither shown Clerk's errors nor kept waiting.
 *
 * @see <a
 *     href="https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/completion">MCP
 *     on completion</a>
 */
final class CompletionHandler {
  /** The most that MCP allows. */
  private static final int MOST_VALUES = 100;

  /** The most users or organizations that are looked for. */
  private static final int MOST_FOUND = 20;

  /** The most of them where nothing was typed yet. */
  private static final int MOST_UNASKED = 10;

  /** The person types on meanwhile. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final String NOTHING = "\"completion\":{\"values\":[],\"hasMore\":false}";

  private final Prompts prompts;
  private final ToolFilter toolFilter;
  private final ResultWriter results;
  private final ToolCallHandler calls;

  CompletionHandler(
      Prompts prompts, ToolFilter toolFilter, ResultWriter results, ToolCallHandler calls) {
    this.prompts = prompts;
    this.toolFilter = toolFilter;
    this.results = results;
    this.calls = calls;
  }

  /** Where values come from. */
  private enum Source {
    USERS,
    ORGANIZATIONS,
    TOOLS,
    NOWHERE
  }

  /** Answers {@code completion/complete} on this thread. */
  void complete(@Nullable String params, PendingResponse response, Invocation invocation)
      throws JsonProcessingException {
    JsonNode request = Params.of(params);
    String part = request.at("/argument/value").asText().strip();
    try {
      Source source = source(request.path("ref"), request.at("/argument/name").asText());
      ToolRegistry unused = calls.tools(); // what is not built yet is nothing to give up
      calls.limit(PATIENCE, response, () -> giveUp(response));
      response.result(results.of(members(source, part, invocation)));
    } catch (InvalidParamsException e) {
      response.error(JsonRpcErrorCode.INVALID_PARAMS, String.valueOf(e.getMessage()));
    }
  }

  private void giveUp(PendingResponse response) {
    response.result(results.of(NOTHING));
    response.stopWork();
  }

  private String members(Source source, String part, Invocation invocation)
      throws JsonProcessingException {
    return switch (source) {
      case USERS -> {
        JsonNode page = list("clerk_users_list", part, invocation);
        yield members(CompletionValues.users(page.path("data"), part), page.path("has_more"));
      }
      case ORGANIZATIONS -> {
        JsonNode page = list("clerk_organizations_list", part, invocation);
        yield members(
            CompletionValues.organizations(page.path("data"), part), page.path("has_more"));
      }
      case TOOLS -> toolNames(part);
      case NOWHERE -> NOTHING;
    };
  }

  private Source source(JsonNode ref, String argument) throws InvalidParamsException {
    if (ref.path("type").asText().equals("ref/prompt")) {
      return ofPrompt(ref.path("name").asText(), argument);
    }
    String uri = ref.path("uri").asText();
    ClerkResource kind = ClerkResource.ofTemplate(uri);
    if (kind != null && argument.equals("id")) {
      return kind == ClerkResource.USER ? Source.USERS : Source.ORGANIZATIONS;
    }
    if (uri.equals(ToolResources.TEMPLATE) && argument.equals("name")) {
      return Source.TOOLS;
    }
    throw new InvalidParamsException(
        "There is no resource %s with an argument %s; those there are: %s (id), %s (id), %s (name)"
            .formatted(
                QuotedText.plain(uri),
                QuotedText.plain(argument),
                ClerkResource.USER.template(),
                ClerkResource.ORGANIZATION.template(),
                ToolResources.TEMPLATE));
  }

  private Source ofPrompt(String name, String argument) throws InvalidParamsException {
    Prompt prompt = prompts.find(name);
    if (prompt == null) {
      throw prompts.unknown(name);
    }
    if (prompt.find(argument) == null) {
      throw prompt.unknownArgument(argument);
    }
    return switch (argument) {
      case "user" -> Source.USERS;
      case "organization" -> Source.ORGANIZATIONS;
      default -> Source.NOWHERE;
    };
  }

  /** The page of a list tool for what was typed; empty if the tool may not or cannot answer. */
  private JsonNode list(String name, String part, Invocation invocation)
      throws JsonProcessingException {
    ToolDefinition tool = calls.tools().find(name);
    if (tool == null) {
      return Json.object();
    }
    ObjectNode arguments = Json.object().put("limit", part.isEmpty() ? MOST_UNASKED : MOST_FOUND);
    if (!part.isEmpty()) {
      arguments.put("query", part);
    }
    ToolResult result = calls.tools().call(tool, arguments, invocation);
    return result.isError() ? Json.object() : Json.read(result.json());
  }

  private String toolNames(String part) {
    List<String> names =
        toolFilter.catalog().stream()
            .map(ToolIndexEntry::name)
            .filter(name -> name.contains(part))
            .toList();
    ObjectNode completion = Json.object();
    names.stream().limit(MOST_VALUES).forEach(completion.putArray("values")::add);
    completion.put("total", names.size()).put("hasMore", names.size() > MOST_VALUES);
    return "\"completion\":" + completion;
  }

  private static String members(List<String> values, JsonNode hasMore) {
    ObjectNode completion = Json.object();
    values.forEach(completion.putArray("values")::add);
    completion.put("hasMore", hasMore.asBoolean());
    return "\"completion\":" + completion;
  }
}
