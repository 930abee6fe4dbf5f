package dev.clerkmcp.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the list of invitations of one status or all. */
final class InvitationWorkflowsTest {
  private static final Map<String, Integer> TOTALS =
      Map.of("pending", 3, "accepted", 2, "revoked", 0, "expired", 4);

  private static final String TOOL = "clerk_invitations_list";

  @TempDir Path folder;

  private final FakeClerk clerk = FakeClerk.answering(InvitationWorkflowsTest::answer);
  private final ToolRegistry registry = ToolModule.registry(clerk.client());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'limit':2}                     | GET /invitations?paginated=true&limit=2",
        "{'status':'revoked','offset':1} | GET /invitations?paginated=true&status=revoked&offset=1",
        "{'status':'Expired','query':'ada','order_by':'-created_at'}"
            + " | GET /invitations?paginated=true&status=expired&query=ada&order_by=-created_at",
      })
  void listOfOneStatusIsPassedOn(String arguments, String request) throws IOException {
    assertThat(list(arguments.replace('\'', '"')).isError()).isFalse();
    assertThat(clerk.requests()).containsExactly(request);
  }

  @Test
  void listOfOneStatusKeepsItsTotal() throws IOException {
    assertThat(list("{\"status\":\"pending\",\"limit\":2}").json())
        .isEqualTo(
            "{\"data\":[{\"id\":\"pending_0\"},{\"id\":\"pending_1\"}],\"total_count\":3,"
                + "\"has_more\":true,\"next\":{\"offset\":2}}");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 10, 500})
  void pagesOfAllStatusesHaveEachRowOnce(int limit) throws IOException {
    List<String> seen = new ArrayList<>();
    ObjectNode arguments = Json.object().put("status", "all").put("limit", limit);
    boolean more = true;
    while (more) {
      JsonNode page = Json.read(list(arguments.toString()).json());
      assertThat(page.path("total_count").asInt()).isEqualTo(9);
      page.path("data").forEach(row -> seen.add(row.path("id").asText()));
      more = page.path("has_more").asBoolean();
      if (more) {
        assertThat(page.path("data")).hasSize(limit);
        arguments.setAll((ObjectNode) page.path("next"));
      }
    }
    assertThat(seen)
        .containsExactly(
            "pending_0",
            "pending_1",
            "pending_2",
            "accepted_0",
            "accepted_1",
            "expired_0",
            "expired_1",
            "expired_2",
            "expired_3");
  }

  @Test
  void allStatusesHaveTheDefaultLimit() throws IOException {
    assertThat(Json.read(list("{\"status\":\"all\",\"query\":\"ada\"}").json()).path("data"))
        .hasSize(9);
    assertThat(clerk.requests())
        .hasSize(4)
        .allSatisfy(request -> assertThat(request).contains("&query=ada"))
        .first()
        .isEqualTo("GET /invitations?paginated=true&status=pending&query=ada&limit=10&offset=0");
  }

  @Test
  void pageAfterTheLastIsEmpty() throws IOException {
    assertThat(list("{\"status\":\"all\",\"offset\":20}").json())
        .isEqualTo("{\"data\":[],\"total_count\":9,\"has_more\":false}");
  }

  /** Over all statuses, whatever the size of the pages, and in one call of several pages. */
  @ParameterizedTest
  @CsvSource({
    "created_at, 1",
    "-created_at, 4",
    "-created_at, 500",
    "email_address, 3",
    "-email_address, 7",
    "expires_at, 5",
    "-expires_at, 10",
    "+created_at, 2"
  })
  void allStatusesAreInOneOrder(String orderBy, int limit) throws IOException {
    SandboxClerk sandbox = invited(25);
    List<JsonNode> seen = new ArrayList<>();
    ObjectNode arguments =
        Json.object().put("status", "all").put("order_by", orderBy).put("limit", limit);
    arguments.putArray("fields").add(orderBy.replaceFirst("^[+-]", ""));
    ToolRegistry tools = sandbox.tools(folder, Map.of());
    boolean more = true;
    while (more) {
      JsonNode page = ToolCaller.json(sandbox.call(tools, TOOL, arguments.toString()));
      assertThat(page.path("total_count").asInt()).isEqualTo(25);
      page.path("data").forEach(seen::add);
      more = page.path("has_more").asBoolean();
      if (more) {
        arguments.setAll((ObjectNode) page.path("next"));
      }
    }
    assertInOrder(seen, orderBy);

    arguments.remove(List.of("limit", "offset"));
    JsonNode all =
        ToolCaller.json(sandbox.call(tools, TOOL, arguments.put("all", true).toString()));
    assertThat(all.path("data").valueStream().toList()).isEqualTo(seen);
  }

  /** A call that reads several pages reads no row of Clerk's lists twice. */
  @Test
  void pagesOfOneCallGoOnWhereTheLastEnded() throws IOException {
    SandboxClerk sandbox = invited(700);
    ToolRegistry tools = sandbox.tools(folder, Map.of("CLERK_MCP_EXPORT_DIR", folder.toString()));
    String arguments = "{'status':'all','order_by':'-created_at','export':'i.jsonl'}";
    JsonNode answer = ToolCaller.json(sandbox.call(tools, TOOL, arguments));
    assertThat(answer.path("rows").asInt()).isEqualTo(700);
    assertThat(sandbox.requests()).hasSizeLessThanOrEqualTo(6).doesNotHaveDuplicates();
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("i.jsonl"))) {
      rows.add(Json.read(line));
    }
    assertInOrder(rows, "-created_at");
  }

  private static void assertInOrder(List<JsonNode> rows, String orderBy) {
    assertThat(rows).extracting(row -> row.path("id").asText()).doesNotHaveDuplicates();
    List<String> values =
        rows.stream().map(row -> row.path(orderBy.replaceFirst("^[+-]", "")).asText()).toList();
    Comparator<String> ascending = Comparator.naturalOrder();
    assertThat(values).doesNotContain("");
    assertThat(values)
        .isSortedAccordingTo(orderBy.startsWith("-") ? ascending.reversed() : ascending);
  }

  /** A sandbox with invitations of several statuses by turns, all of different times. */
  private static SandboxClerk invited(int count) {
    SandboxCalls calls = SandboxCalls.empty();
    SandboxClerk sandbox = new SandboxClerk(calls);
    for (int i = 0; i < count; i++) {
      String address = "person%s@example.com".formatted(10_000 + i * 37 % count);
      String id =
          calls
              .ok(
                  "POST /invitations",
                  "{'email_address':'%s','expires_in_days':%s}".formatted(address, 1 + i % 365))
              .path("id")
              .asText();
      if (i % 3 == 1) {
        calls.ok("POST /invitations/%s/revoke".formatted(id), "{}");
      }
    }
    return sandbox;
  }

  private ToolResult list(String arguments) throws IOException {
    return ToolCaller.call(registry, "clerk_invitations_list", Json.read(arguments));
  }

  /** One page of the list that the request asks for. */
  private static Answer answer(String request) {
    String status = parameter(request, "status", "pending");
    int limit = Integer.parseInt(parameter(request, "limit", "10"));
    int offset = Integer.parseInt(parameter(request, "offset", "0"));
    int total = Objects.requireNonNull(TOTALS.get(status));
    ObjectNode page = Json.object();
    ArrayNode data = page.putArray("data");
    for (int i = offset; i < Math.min(total, offset + limit); i++) {
      data.addObject().put("id", status + "_" + i);
    }
    return new Answer(200, page.put("total_count", total).toString());
  }

  private static String parameter(String request, String name, String otherwise) {
    Matcher matcher = Pattern.compile("[?&]" + name + "=(\\w+)").matcher(request);
    return matcher.find() ? matcher.group(1) : otherwise;
  }
}
