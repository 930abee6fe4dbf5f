package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests references in every argument for a user or organization, on every call path of every tool.
 */
final class ReferenceEverywhereTest {
  /** Arguments whose description contains user_... or org_..., but which are no references. */
  private static final Set<String> NO_REFERENCES = Set.of("admin", "query", "starting_after");

  private static final Map<String, String> ANSWERS =
      Map.of(
          "email_address=jane%40example.com",
          "[{'id':'user_jane','email_addresses':[{'email_address':'jane@example.com',"
              + "'verification':{'status':'verified'}}]}]",
          "email_address=eve%40example.com",
          "[{'id':'user_eve','email_addresses':[{'email_address':'eve@example.com',"
              + "'verification':null}]}]",
          "/organizations/acme",
          "{'id':'org_acme','slug':'acme','name':'Acme'}");

  private final FakeClerk clerk = FakeClerk.answering(ReferenceEverywhereTest::answer);
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "user_..., jane@example.com, user_jane, GET /users.email_address=jane%40example.com&limit=500, .*jane(@|%40).*, 60",
    "org_..., acme, org_acme, GET /organizations/acme|GET /organizations.query=acme&limit=500&offset=0|GET /users.(username=|external_id=%2B)acme&limit=500, .*(?<!_)acme.*, 50"
  })
  void onlyTheIdIsSentToClerk(
      String kind, String reference, String id, String lookup, String given, int least)
      throws Exception {
    String meant = reference + " is " + id;
    int reached =
        callAll(
            kind,
            reference,
            (tool, what, results) -> {
              assertThat(results)
                  .as(what)
                  .allMatch(
                      result -> result.notes().stream().anyMatch(note -> note.contains(meant)));
              List<String> sent =
                  clerk.requests().stream().filter(request -> !request.matches(lookup)).toList();
              assertThat(clerk.requests().size() - sent.size())
                  .as(what)
                  .isBetween(results.size(), 4 * results.size());
              assertThat(sent.stream().filter(request -> request.contains(id)))
                  .as(what)
                  .hasSizeGreaterThanOrEqualTo(results.size());
              assertThat(sent).as(what).noneMatch(request -> request.matches("(?s)" + given));
            });
    assertThat(reached).isGreaterThan(least);
  }

  /** Anyone can add another person's address to their own account. */
  @Test
  void onlyReadsTakeUserWhoHasNotVerifiedTheAddress() throws Exception {
    int reached =
        callAll(
            "user_...",
            "eve@example.com",
            (tool, what, results) -> {
              if (tool.effect().readOnly()) {
                String mark = "eve@example.com is user_eve, who has not verified it";
                assertThat(results)
                    .as(what)
                    .allMatch(
                        result -> result.notes().stream().anyMatch(note -> note.contains(mark)));
                return;
              }
              assertThat(results)
                  .as(what)
                  .allMatch(ToolResult::isError)
                  .allMatch(result -> result.json().contains("\"code\":\"reference_unverified\""))
                  .allMatch(result -> result.json().contains("\"unverified\":true"));
              assertThat(clerk.requests())
                  .as(what)
                  .allMatch(request -> request.startsWith("GET /users?"));
            });
    assertThat(reached).isGreaterThan(60);
  }

  /** Calls every tool, in every way, with the reference in each argument that takes one. */
  private int callAll(String kind, String reference, Check check) throws Exception {
    ToolRegistry tools =
        ToolCaller.tools(clerk.client(), folder, Map.of("CLERK_MCP_DEPRECATED", "true"));
    int reached = 0;
    for (ToolDefinition tool : tools.tools()) {
      JsonNode properties = tool.arguments().fullSchema().path("properties");
      for (Map.Entry<String, JsonNode> property : properties.properties()) {
        JsonNode value = value(property.getKey(), property.getValue(), kind, reference);
        if (tool.isDiscovery() || value == null) {
          continue;
        }
        ObjectNode further = Json.object().set(property.getKey(), value);
        if (tool.name().matches("clerk_(user_update|organization_update|metadata_set)")) {
          further.putObject("public_metadata").put("plan", "pro"); // something must be changed
        }
        clerk.forget();
        List<ToolResult> results = ToolCallPaths.allTo(tools, tool, further);
        check.results(tool, tool.name() + " " + further + ": " + results.get(0).json(), results);
        reached += results.size();
      }
    }
    return reached;
  }

  private interface Check {
    void results(ToolDefinition tool, String what, List<ToolResult> results);
  }

  /** An example of an argument with the reference in it; null if it takes none. */
  private static @Nullable JsonNode value(
      String name, JsonNode schema, String kind, String reference) {
    String text = schema.path("description").asText();
    String prefix = kind.substring(0, kind.indexOf('_'));
    // A text that only repeats the name is not in the schema.
    boolean saysSo = text.isEmpty() && name.matches(prefix + "[a-z]*_ids?");
    boolean asks = (text.contains(kind) || saysSo) && !NO_REFERENCES.contains(name);
    return switch (schema.path("type").asText()) {
      case "string" -> asks ? TextNode.valueOf(reference) : null;
      case "array" -> list(name, schema, kind, reference);
      case "object" -> object(schema, kind, reference);
      default -> null;
    };
  }

  private static @Nullable JsonNode list(
      String name, JsonNode schema, String kind, String reference) {
    ObjectNode item = schema.path("items").deepCopy();
    item.set("description", schema.path("description"));
    JsonNode value = value(name, item, kind, reference);
    return value == null ? null : Json.array().add(value);
  }

  private static @Nullable JsonNode object(JsonNode schema, String kind, String reference) {
    ObjectNode example = ExampleArguments.all(schema);
    boolean found = false;
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      JsonNode value = value(field.getKey(), field.getValue(), kind, reference);
      if (value != null) {
        example.set(field.getKey(), value);
        found = true;
      }
    }
    return found ? example : null;
  }

  private static FakeClerk.Answer answer(String request) {
    for (Map.Entry<String, String> answer : ANSWERS.entrySet()) {
      if (request.contains(answer.getKey()) && request.startsWith("GET ")) {
        return new FakeClerk.Answer(200, answer.getValue().replace('\'', '"'));
      }
    }
    ObjectNode other = Json.object().put("name", "old").put("total_count", 1);
    ArrayNode data = other.putArray("data");
    data.addObject().putObject("public_user_data").put("user_id", "user_jane");
    other.putObject("claims");
    return new FakeClerk.Answer(200, other.toString());
  }
}
