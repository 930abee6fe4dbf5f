package dev.clerkmcp.workflows.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the requests of the user tools, their order, and the answers. */
final class UserWorkflowsTest {
  private static final String REFUSAL =
      "{\"errors\":[{\"code\":\"form_param_invalid\",\"message\":\"m\"}]}";

  @TempDir Path folder;

  // Listing

  @Test
  void listHasTotalAndCursorOfItsLastRow() throws IOException {
    FakeClerk clerk = FakeClerk.answering(request -> answer(request, 2, 5));
    ToolResult result = call(clerk, "clerk_users_list", "{\"limit\":2,\"banned\":false}");
    assertThat(result)
        .isEqualTo(
            new ToolResult(
                "{\"data\":[{\"id\":\"user_0\"},{\"id\":\"user_1\"}],\"total_count\":5,"
                    + "\"has_more\":true,\"next\":{\"starting_after\":\"user_1\"}}",
                false,
                List.of()));
    assertThat(clerk.requests())
        .containsExactlyInAnyOrder(
            "GET /users/count?banned=false", "GET /users?banned=false&limit=2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'limit':2}                                | 2 | 5 | {'starting_after':'user_1'}",
        "{}                                         | 10 | 11 | {'starting_after':'user_9'}",
        "{'limit':2,'order_by':'created_at'}        | 2 | 5 | {'starting_after':'user_1'}",
        "{'limit':2,'order_by':'-created_at'}       | 2 | 5 | {'starting_after':'user_1'}",
        "{'limit':2,'order_by':'last_sign_in_at'}   | 2 | 5 | {'offset':2}",
        "{'limit':2,'offset':0}                     | 2 | 5 | {'offset':2}",
        "{'limit':2,'offset':2}                     | 2 | 5 | {'offset':4}",
        "{'limit':2,'starting_after':'user_x'}      | 2 | 5 | {'starting_after':'user_1'}",
        "{'limit':2,'starting_after':'user_x'}      | 1 | 5 | null",
        "{'limit':5}                                | 5 | 5 | null",
        "{'limit':2,'offset':4}                     | 1 | 5 | null",
        "{'offset':9}                               | 0 | 5 | null",
        "{}                                         | 0 | 0 | null",
      })
  void nextPageIsNamed(String arguments, int rows, long total, String next) throws IOException {
    FakeClerk clerk = FakeClerk.answering(request -> answer(request, rows, total));
    JsonNode result =
        Json.read(call(clerk, "clerk_users_list", arguments.replace('\'', '"')).json());
    assertThat(result.path("data")).hasSize(rows);
    assertThat(result.path("total_count").asLong()).isEqualTo(total);
    assertThat(result.path("next").toString())
        .isEqualTo(next.equals("null") ? "" : Json.read(next.replace('\'', '"')).toString());
    assertThat(result.path("has_more").asBoolean()).isEqualTo(!next.equals("null"));
  }

  @Test
  void membersOfOrganizationHaveTheirRoles() throws IOException {
    FakeClerk clerk = FakeClerk.answering(request -> answer(request, 2, 2));
    ToolResult result = call(clerk, "clerk_users_list", "{\"organization\":\"org_1\",\"limit\":5}");
    assertThat(Json.read(result.json()).path("data"))
        .hasToString(
            "[{\"id\":\"user_0\",\"organization_role\":\"org:user_0\"},"
                + "{\"id\":\"user_1\",\"organization_role\":\"org:user_1\"}]");
    assertThat(clerk.requests())
        .containsExactlyInAnyOrder(
            "GET /users/count?organization_id=org_1",
            "GET /users?organization_id=org_1&limit=5",
            "GET /organizations/org_1/memberships?user_id=user_0&user_id=user_1&limit=2");
  }

  @Test
  void organizationWithoutMembersNeedsNoRoles() throws IOException {
    FakeClerk clerk = FakeClerk.answering(request -> answer(request, 0, 0));
    ToolResult result = call(clerk, "clerk_users_list", "{\"organization\":\"org_1\"}");
    assertThat(result.isError()).isFalse();
    assertThat(clerk.requests())
        .containsExactlyInAnyOrder(
            "GET /users/count?organization_id=org_1", "GET /users?organization_id=org_1");
  }

  @Test
  void rolesAreRequestedForHundredUsersAtOnce() throws IOException {
    FakeClerk clerk = FakeClerk.answering(request -> answer(request, 150, 150));
    ToolResult result =
        call(clerk, "clerk_users_list", "{\"organization\":\"org_1\",\"limit\":500}");
    assertThat(Json.read(result.json()).path("data"))
        .hasSize(150)
        .allSatisfy(
            user ->
                assertThat(user.path("organization_role").asText())
                    .isEqualTo("org:" + user.path("id").asText()));
    assertThat(clerk.requests())
        .filteredOn(request -> request.contains("/memberships?"))
        .hasSize(2)
        .anySatisfy(request -> assertThat(request).endsWith("&user_id=user_99&limit=100"))
        .anySatisfy(request -> assertThat(request).endsWith("&user_id=user_149&limit=50"));
  }

  @Test
  void removedMemberHasNoRole() throws IOException {
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                request.contains("/memberships?")
                    ? new Answer(200, "{\"data\":[],\"total_count\":0}")
                    : answer(request, 1, 1));
    ToolResult result = call(clerk, "clerk_users_list", "{\"organization\":\"org_1\"}");
    assertThat(Json.read(result.json()).path("data"))
        .hasToString("[{\"id\":\"user_0\",\"organization_role\":null}]");
  }

  @Test
  void organizationArgumentsExcludeEachOther() throws IOException {
    FakeClerk clerk = FakeClerk.answering(request -> answer(request, 1, 1));
    ToolResult result =
        call(
            clerk,
            "clerk_users_list",
            "{\"organization\":\"acme\",\"organization_id\":[\"org_1\"]}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json())
        .contains(
            "{\"name\":\"organization_id\",\"problem\":\"cannot be combined with organization\"}");
    assertThat(clerk.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /users?", "/memberships?"})
  void errorOfRowsOrRolesFailsTheList(String part) throws IOException {
    FakeClerk clerk =
        FakeClerk.answering(
            request -> request.contains(part) ? new Answer(422, REFUSAL) : answer(request, 1, 1));
    ToolResult result = call(clerk, "clerk_users_list", "{\"organization\":\"org_1\"}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("\"status\":422", "\"code\":\"form_param_invalid\"");
  }

  /** Rows that Clerk answered are not lost because it did not count them as well. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "500 | {'errors':[{'code':'internal_clerk_error','message':'m'}]} | 500 internal_clerk_error",
        "403 | {'errors':[{'code':'not_allowed','message':'m'}]}          | 403 not_allowed",
        "401 | {'errors':[{'code':'clerk_key_invalid','message':'m'}]}    | 401 clerk_key_invalid",
        "429 | {'errors':[{'code':'too_many_requests','message':'m'}]}    | 429 too_many_requests",
        "200 | <html>                                                     | answer_not_json",
        "200 | null                                                       | answer_unusable",
        "200 | ``                                                         | answer_unusable",
        "200 | []                                                         | answer_unusable",
        "200 | {'total_count':null}                                       | answer_unusable",
        "200 | {'total_count':'5'}                                        | answer_unusable",
        "0   | -                                                          | connection_failed",
      })
  void failedCountLeavesTheRows(int status, String count, String reason) throws IOException {
    SandboxClerk clerk = new SandboxClerk(SandboxCalls.seeded(1, 5));
    clerk.answerWith(
        request -> {
          if (!request.startsWith("GET /users/count")) {
            return null;
          }
          if (status == 0) {
            throw new UncheckedIOException(new IOException("connection reset"));
          }
          return new Answer(status, count.replace('\'', '"'));
        });
    ToolRegistry tools = clerk.tools(folder, Map.of("CLERK_MCP_EXPORT_DIR", folder.toString()));

    ToolResult full = clerk.call(tools, "clerk_users_list", "{'limit':5}");
    JsonNode page = Json.read(full.json());
    assertThat(page.path("data")).as(full.text()).hasSize(5);
    assertThat(page.has("total_count")).isFalse();
    assertThat(page.path("has_more").asBoolean()).isTrue();
    assertThat(page.at("/next/starting_after")).isEqualTo(page.at("/data/4/id"));
    assertThat(full.notes())
        .containsExactly(
            "How many users match in all is unknown, because the request for their number failed:"
                + " %s.".formatted(reason));

    ToolResult last = clerk.call(tools, "clerk_users_list", "{'limit':6}");
    assertThat(Json.read(last.json()).path("data")).hasSize(5);
    assertThat(Json.read(last.json()).path("has_more").asBoolean()).isFalse();
    assertThat(last.notes()).hasSize(1);

    // What tells how many rows were read needs no total.
    ToolResult file = clerk.call(tools, "clerk_users_list", "{'export':'u.csv'}");
    assertThat(Json.read(file.json()).path("rows").asInt()).isEqualTo(5);
    assertThat(file.notes()).isEmpty();
    ToolResult number = clerk.call(tools, "clerk_users_list", "{'count':true}");
    assertThat(Json.read(number.json()).path("count").asInt()).isEqualTo(5);
    assertThat(number.notes()).isEmpty();

    ToolResult alone = clerk.call(tools, "clerk_users_count", "{}");
    assertThat(alone.isError()).as(alone.json()).isTrue();
    assertThat(alone.json()).contains(reason.replaceFirst("\\d+ ", ""));
  }

  @Test
  void memberRoleIsAskedByEitherName() throws IOException {
    SandboxClerk clerk = new SandboxClerk(SandboxCalls.seeded(1, 20));
    String organization =
        clerk.sandbox().ok("GET /organizations?limit=1").at("/data/0/id").asText();
    ToolRegistry tools = clerk.tools(folder, Map.of("CLERK_MCP_EXPORT_DIR", folder.toString()));
    for (String name : List.of("role", "organization_role")) {
      ToolResult result =
          clerk.call(
              tools,
              "clerk_users_list",
              "{'organization':'%s','fields':['%s']}".formatted(organization, name));
      assertThat(result.notes()).isEmpty();
      assertThat(Json.read(result.json()).path("data"))
          .isNotEmpty()
          .allSatisfy(row -> assertThat(row.path(name).asText()).startsWith("org:"))
          .allSatisfy(row -> assertThat(row.fieldNames()).toIterable().containsExactly("id", name));
      ToolResult file =
          clerk.call(
              tools,
              "clerk_users_list",
              "{'organization':'%s','fields':['%s'],'export':'%s.csv'}"
                  .formatted(organization, name, name));
      assertThat(file.notes()).isEmpty();
      assertThat(Files.readAllLines(folder.resolve(name + ".csv")))
          .first()
          .isEqualTo("\"%s\"".formatted(name));
      assertThat(Files.readAllLines(folder.resolve(name + ".csv")).get(1)).contains("\"org:");
    }
    ToolResult outside = clerk.call(tools, "clerk_users_list", "{'fields':['role']}");
    assertThat(outside.notes()).anyMatch(note -> note.startsWith("fields: these objects have no"));
  }

  @Test
  void partsCanRunConcurrently() throws IOException {
    FakeClerk clerk = FakeClerk.answering(request -> answer(request, 150, 150));
    ToolRegistry registry = ToolModule.registry(clerk.client());
    ToolResult result =
        ToolCaller.call(
            registry,
            "clerk_users_list",
            Json.read("{\"organization\":\"org_1\",\"limit\":500}"),
            new Invocation(part -> new Thread(part).start(), Caller.UNKNOWN));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(clerk.requests()).hasSize(4);
  }

  // Changing

  @Test
  void fieldsAreChangedInOneRequest() throws IOException {
    FakeClerk clerk = FakeClerk.answering("{\"id\":\"user_1\"}");
    ToolResult result =
        call(
            clerk,
            "clerk_user_update",
            "{\"user_id\":\"user_1\",\"clear\":[\"last_name\",\"primary_phone_number_id\"],"
                + "\"first_name\":\"Ada\",\"sign_out_of_other_sessions\":true}");
    assertThat(result).isEqualTo(new ToolResult("{\"id\":\"user_1\"}", false, List.of()));
    assertThat(clerk.requests())
        .containsExactly(
            "PATCH /users/user_1\n"
                + "{\"first_name\":\"Ada\",\"last_name\":null,\"primary_phone_number_id\":null,"
                + "\"sign_out_of_other_sessions\":true}");
  }

  @Test
  void metadataIsMergedInOneRequest() throws IOException {
    FakeClerk clerk = FakeClerk.answering("{\"id\":\"user_1\"}");
    ToolResult result =
        call(
            clerk,
            "clerk_user_update",
            "{\"user_id\":\"user_1\",\"public_metadata\":{\"old\":null,\"rate\":1.10}}");
    assertThat(result).isEqualTo(new ToolResult("{\"id\":\"user_1\"}", false, List.of()));
    assertThat(clerk.requests())
        .containsExactly(
            "PATCH /users/user_1/metadata\n{\"public_metadata\":{\"old\":null,\"rate\":1.10}}");
  }

  @Test
  void fieldsAreChangedBeforeMetadata() throws IOException {
    FakeClerk clerk =
        FakeClerk.answering(
            request -> new Answer(200, "{\"merged\":" + request.contains("/metadata") + "}"));
    ToolResult result =
        call(
            clerk,
            "clerk_user_update",
            "{\"private_metadata\":{\"a\":1},\"user_id\":\"user_1\",\"username\":\"ada\"}");
    assertThat(result).isEqualTo(new ToolResult("{\"merged\":true}", false, List.of()));
    assertThat(clerk.requests())
        .containsExactly(
            "PATCH /users/user_1\n{\"username\":\"ada\"}",
            "PATCH /users/user_1/metadata\n{\"private_metadata\":{\"a\":1}}");
  }

  @Test
  void errorOfMetadataReportsChangedFields() throws IOException {
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                request.contains("/metadata")
                    ? new Answer(422, REFUSAL)
                    : new Answer(200, "{\"id\":\"user_1\"}"));
    ToolResult result =
        call(
            clerk,
            "clerk_user_update",
            "{\"user_id\":\"user_1\",\"username\":\"ada\",\"unsafe_metadata\":{\"a\":1}}");
    assertThat(result)
        .isEqualTo(
            new ToolResult(
                "{\"message\":\"The fields were changed; the metadata was not.\","
                    + "\"error\":{\"status\":422,\"code\":\"form_param_invalid\",\"message\":\"m\","
                    + "\"next\":\"Correct the arguments and call again.\"},"
                    + "\"done\":{\"id\":\"user_1\"}}",
                true,
                List.of()));
  }

  @Test
  void refusedFieldsLeaveMetadataUnchanged() throws IOException {
    FakeClerk clerk = FakeClerk.answering(request -> new Answer(422, REFUSAL));
    ToolResult result =
        call(
            clerk,
            "clerk_user_update",
            "{\"user_id\":\"user_1\",\"username\":\"ada\",\"public_metadata\":{\"a\":1}}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).doesNotContain("done");
    assertThat(clerk.requests()).containsExactly("PATCH /users/user_1\n{\"username\":\"ada\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"user_id\":\"user_1\"}",
        "{\"user_id\":\"user_1\",\"public_metadata\":null,\"backup_codes\":null}",
      })
  void emptyChangeIsRefused(String arguments) throws IOException {
    FakeClerk clerk = FakeClerk.answering("{}");
    assertThat(call(clerk, "clerk_user_update", arguments))
        .isEqualTo(
            new ToolResult(
                "{\"error\":{\"code\":\"invalid_arguments\",\"arguments\":[{\"name\":\"arguments\","
                    + "\"problem\":\"must hold at least one field to change; a null is none, clear empties a"
                    + " field\"}],"
                    + "\"next\":\"Nothing was changed. Correct the arguments and call"
                    + " clerk_user_update again.\"}}",
                true,
                List.of()));
    assertThat(clerk.requests()).isEmpty();
  }

  private static ToolResult call(FakeClerk clerk, String name, String arguments)
      throws IOException {
    ToolRegistry registry = ToolModule.registry(clerk.client());
    return ToolCaller.call(registry, name, Json.read(arguments));
  }

  /** An instance with the organization org_1 and a page of its members. */
  private static Answer answer(String request, int rows, long total) {
    if (request.startsWith("GET /users/count")) {
      return new Answer(200, "{\"object\":\"total_count\",\"total_count\":" + total + "}");
    }
    if (request.startsWith("GET /organizations/org_1/memberships?")) {
      return new Answer(200, memberships(request).toString());
    }
    ArrayNode users = Json.array();
    for (int i = 0; i < rows; i++) {
      users.addObject().put("id", "user_" + i);
    }
    return new Answer(200, users.toString());
  }

  private static ObjectNode memberships(String request) {
    ObjectNode memberships = Json.object();
    ArrayNode data = memberships.putArray("data");
    Matcher ids = Pattern.compile("user_id=(\\w+)").matcher(request);
    while (ids.find()) {
      ObjectNode membership = data.addObject().put("role", "org:" + ids.group(1));
      membership.putObject("public_user_data").put("user_id", ids.group(1));
    }
    return memberships.put("total_count", data.size());
  }
}
