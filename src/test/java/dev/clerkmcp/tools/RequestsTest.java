package dev.clerkmcp.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.ExampleArguments;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.Golden;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Tests the requests of every tool, with the required arguments and with all arguments, against a
 * golden file.
 */
final class RequestsTest {
  private static final FakeClerk CLERK = FakeClerk.answering(RequestsTest::answer);
  private static final ToolRegistry REGISTRY = ToolModule.registry(CLERK.client());

  static final List<String> GROUPS =
      REGISTRY.tools().stream()
          .map(ToolDefinition::group)
          .filter(
              group -> !group.equals(ToolFilter.DISCOVERY)) // their requests are those of others
          .distinct()
          .sorted()
          .toList();

  @ParameterizedTest
  @FieldSource("GROUPS")
  void requestsMatchTheGoldenFile(String group) throws IOException {
    StringBuilder golden = new StringBuilder();
    for (ToolDefinition tool : REGISTRY.tools()) {
      if (tool.group().equals(group)) {
        JsonNode schema = tool.arguments().fullSchema();
        golden.append("# ").append(tool.name()).append('\n');
        ObjectNode required = ExampleArguments.required(schema);
        ObjectNode all = ExampleArguments.all(tool.name(), schema);
        if (tool.name().equals("clerk_growth_report")) {
          required.set("to", all.get("to")); // otherwise it would count back from today
        }
        golden.append(requests(tool, required));
        golden.append(requests(tool, all)).append('\n');
      }
    }
    Golden.assertMatches(
        Path.of("src/test/resources/dev/clerkmcp/requests", group + ".txt"), golden.toString());
  }

  private static String requests(ToolDefinition tool, ObjectNode arguments) {
    CLERK.forget();
    ToolResult result = REGISTRY.call(tool, arguments, Invocation.current());
    boolean needsMore = tool.name().matches("clerk_(user_update|organization_update|metadata_set)");
    boolean asksClerk =
        !tool.group().equals("undo") // what it knows is in this process
            && !tool.name().equals("clerk_instances_compare"); // which needs two instances
    assertThat(asksClerk && result.isError())
        .as("%s: %s", tool.name(), result.json())
        .isEqualTo(needsMore && CLERK.requests().isEmpty());
    List<String> sent = new ArrayList<>(CLERK.requests());
    sent.sort(null); // parts of a workflow may go out at the same time
    return "> " + String.join("\n> ", sent) + "\n";
  }

  private static Answer answer(String request) {
    if (request.startsWith("GET /sessions?")) {
      return new Answer(
          200,
          "{\"data\":[{\"id\":\"sess_1\",\"status\":\"active\"},"
              + "{\"id\":\"except_1\",\"status\":\"active\"}],\"total_count\":2}");
    }
    if (request.contains("/organization_memberships") || request.startsWith("GET /api_keys?")) {
      return new Answer(
          200,
          "{\"data\":[{\"id\":\"row_1\",\"organization\":{\"id\":\"org_1\"}}],"
              + "\"total_count\":1}");
    }
    if (request.startsWith("GET /domains")) {
      return new Answer(200, "{\"data\":[{\"id\":\"dmn_1\"}],\"total_count\":1}");
    }
    if (request.startsWith("GET /jwt_templates/")) {
      return new Answer(200, "{\"name\":\"old\",\"claims\":{\"old\":1},\"lifetime\":60}");
    }
    if (request.startsWith("GET /organizations/organization_1")) {
      return new Answer(200, "{\"id\":\"org_1\"}");
    }
    if (request.startsWith("GET /users/user_")) {
      String id = request.substring("GET /users/".length());
      return new Answer(200, id.matches("\\w+") ? "{\"id\":\"%s\"}".formatted(id) : "{}");
    }
    if (request.startsWith("POST /organizations\n")) {
      return new Answer(200, "{\"id\":\"org_1\"}");
    }
    if (request.startsWith("GET /users/count")) {
      return new Answer(200, "{\"object\":\"total_count\",\"total_count\":1}");
    }
    if (request.startsWith("GET /users?") || request.equals("GET /users")) {
      return new Answer(200, "[{\"id\":\"user_1\"}]");
    }
    return new Answer(
        200, "{\"data\":[{\"public_user_data\":{\"user_id\":\"user_id_1\"}}],\"total_count\":1}");
  }
}
