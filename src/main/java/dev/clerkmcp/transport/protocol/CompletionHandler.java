package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.registry.text.TextSanitizer;
import dev.clerkmcp.transport.jsonrpc.JsonRpcError.InvalidParamsException;
import dev.clerkmcp.transport.jsonrpc.PendingResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code completion/complete}: completes an argument of a prompt or a resource while the
 * user types it. Users and organizations come from the list tools, names of tools from the
 * catalogue. A user is suggested by verified email address, an organization by slug; by ID if it
 * has none that can be used. If Clerk fails or is slow, the completion is empty.
 *
 * @see <a
 *     href="https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/completion">MCP
 *     on completion</a>
 */
final class CompletionHandler {
  /** The most values that MCP allows. */
  private static final int MAX_VALUES = 100;

  /** The most users or organizations that are suggested. */
  private static final int MAX_FOUND = 20;

  /** The most users or organizations that are suggested before the user has typed anything. */
  private static final int MAX_FOUND_FOR_NOTHING = 10;

  /** How long a completion may take: short, since the user goes on typing. */
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** Replaces the part of a value that is masked. */
  private static final String MASK = "***";

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

  /** The source of the values. */
  private enum Source {
    USERS,
    ORGANIZATIONS,
    TOOLS,
    NONE
  }

  /** Serves {@code completion/complete} on the current thread. */
  void complete(JsonNode params, PendingResponse response, Invocation invocation)
      throws JsonProcessingException, InvalidParamsException {
    String part = params.at("/argument/value").asText().strip();
    Source source = source(params.path("ref"), params.at("/argument/name").asText());
    ToolRegistry unused = calls.tools(); // building the tools does not count as waiting
    calls.limit(TIMEOUT, response, () -> giveUp(response));
    response.result(results.result(members(source, part, invocation)));
  }

  private void giveUp(PendingResponse response) {
    response.result(results.result(NOTHING));
    response.stopWork();
  }

  private String members(Source source, String part, Invocation invocation)
      throws JsonProcessingException {
    return switch (source) {
      case USERS -> {
        JsonNode page = list("clerk_users_list", part, invocation);
        yield members(users(page.path("data"), part), page.path("has_more"));
      }
      case ORGANIZATIONS -> {
        JsonNode page = list("clerk_organizations_list", part, invocation);
        yield members(organizations(page.path("data"), part), page.path("has_more"));
      }
      case TOOLS -> toolNames(part);
      case NONE -> NOTHING;
    };
  }

  private Source source(JsonNode ref, String argument) throws InvalidParamsException {
    if (ref.path("type").asText().equals("ref/prompt")) {
      return promptSource(ref.path("name").asText(), argument);
    }
    String uri = ref.path("uri").asText();
    ClerkResource kind = ClerkResource.ofTemplate(uri);
    if (kind != null && argument.equals("id")) {
      return kind == ClerkResource.USER ? Source.USERS : Source.ORGANIZATIONS;
    }
    if (uri.equals(ClerkResource.TOOL_TEMPLATE) && argument.equals("name")) {
      return Source.TOOLS;
    }
    throw new InvalidParamsException(
        "No resource %s has an argument %s; these have arguments: %s (id), %s (id), %s (name)"
            .formatted(
                QuotedText.plain(uri),
                QuotedText.plain(argument),
                ClerkResource.USER.template(),
                ClerkResource.ORGANIZATION.template(),
                ClerkResource.TOOL_TEMPLATE));
  }

  private Source promptSource(String name, String argument) throws InvalidParamsException {
    Prompts.Prompt prompt = prompts.find(name);
    if (prompt == null) {
      throw prompts.unknown(name);
    }
    if (prompt.find(argument) == null) {
      throw prompt.unknownArgument(argument);
    }
    return switch (argument) {
      case "user" -> Source.USERS;
      case "organization" -> Source.ORGANIZATIONS;
      default -> Source.NONE;
    };
  }

  /** The page that a list tool finds for the typed part; empty if the tool fails or is disabled. */
  private JsonNode list(String name, String part, Invocation invocation)
      throws JsonProcessingException {
    ToolDefinition tool = calls.tools().find(name);
    if (tool == null) {
      return Json.object();
    }
    ObjectNode arguments =
        Json.object().put("limit", part.isEmpty() ? MAX_FOUND_FOR_NOTHING : MAX_FOUND);
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
    names.stream().limit(MAX_VALUES).forEach(completion.putArray("values")::add);
    completion.put("total", names.size()).put("hasMore", names.size() > MAX_VALUES);
    return "\"completion\":" + completion;
  }

  private static String members(List<String> values, JsonNode hasMore) {
    ObjectNode completion = Json.object();
    values.forEach(completion.putArray("values")::add);
    completion.put("hasMore", hasMore.asBoolean());
    return "\"completion\":" + completion;
  }

  /**
   * Proven email addresses, then IDs of users without one; only IDs if the part begins like an ID.
   */
  static List<String> users(JsonNode rows, String part) {
    return values(rows, part, "user_", CompletionHandler::email);
  }

  /** Slugs, then IDs of organizations without one; only IDs if the part begins like an ID. */
  static List<String> organizations(JsonNode rows, String part) {
    return values(rows, part, "org_", row -> usable(row.path("slug")));
  }

  private static List<String> values(JsonNode rows, String part, String idPrefix, Naming naming) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> ids = new LinkedHashSet<>();
    for (JsonNode row : rows) {
      String name = part.startsWith(idPrefix) ? null : naming.find(row);
      String id = row.path("id").textValue();
      if (name != null) {
        names.add(name);
      } else if (id != null) {
        ids.add(id);
      }
    }
    List<String> values = new ArrayList<>(names);
    values.addAll(ids);
    return values;
  }

  /** The email address in the row of a user; null if it is unusable or does not name the user. */
  private static @Nullable String email(JsonNode user) {
    for (JsonNode flag : user.path("flags")) {
      if (flag.asText().equals(ClerkUser.Flag.UNVERIFIED_EMAIL.word())) {
        return null;
      }
    }
    return usable(user.path("email"));
  }

  /** A value that can be sent back unchanged; null if it is masked or has hidden characters. */
  private static @Nullable String usable(JsonNode value) {
    String text = value.textValue();
    boolean whole =
        text != null
            && !text.isEmpty()
            && !text.contains(MASK)
            && text.indexOf('\\') < 0 // hidden characters may be shown as escapes
            && text.equals(TextSanitizer.stripped(text));
    return whole ? text : null;
  }

  /** Finds the value that suggests a row; null if the row has none that can be used. */
  private interface Naming {
    @Nullable String find(JsonNode row);
  }
}
