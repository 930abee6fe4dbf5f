package dev.clerkmcp.interceptor.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests plans of calls with many requests: their length, their reads, and their losses. */
final class CallPlanTest {
  private final SandboxClerk clerk = new SandboxClerk();
  private final SandboxCalls sandbox = clerk.sandbox();
  private final TestCaller caller = TestCaller.agreeing();
  private final String ada = sandbox.createUser("ada@example.com");
  @TempDir private Path folder;

  @Test
  void planShowsTheFirstRequestsAndCountsTheOthers() throws Exception {
    ToolResult result =
        call(clerk.tools(folder, Map.of("CLERK_MCP_DRY_RUN", "true")), invitations(2000));
    JsonNode requests = Json.read(result.json()).path("requests");
    assertThat(requests).hasSize(6);
    assertThat(requests.path(4).path("body")).hasSize(10);
    assertThat(requests.path(5).toString())
        .isEqualTo(
            "{\"more\":\"...and 195 more like it, with 1950 entries\","
                + "\"route\":\"POST /organizations/{organization_id}/invitations/bulk\"}");
    assertThat(result.json().length()).isLessThan(10_000);
  }

  /** A role counts, however many requests give it. */
  @Test
  void planHasTheRiskyValuesOfAllRequests() throws Exception {
    ToolResult result =
        call(
            clerk.tools(folder, Map.of("CLERK_MCP_DRY_RUN", "true")),
            invitations(300).put("role", "org:admin"));
    JsonNode values = Json.read(result.json()).at("/requests/5/values");
    assertThat(values).hasSize(1);
    JsonNode role = values.path(0);
    assertThat(role.path("field").asText()).isEqualTo("invitations.role");
    assertThat(role.path("after").asText()).isEqualTo("org:admin");
    assertThat(role.path("times").asInt()).isEqualTo(250);
    assertThat(role.path("of")).hasSize(101);
    assertThat(role.at("/of/100").asText()).isEqualTo("and 150 more");
    assertThat(role.path("targets")).hasSize(25);
  }

  @Test
  void planShowsTwentyRequestsSeparately() throws Exception {
    ToolResult result =
        call(clerk.tools(folder, Map.of("CLERK_MCP_DRY_RUN", "true")), invitations(200));
    assertThat(Json.read(result.json()).path("requests")).hasSize(20);
    assertThat(result.json()).doesNotContain("more like it");
  }

  @Test
  void planReadsEachObjectOnce() throws Exception {
    ToolRegistry tools =
        clerk.tools(
            folder,
            ToolCaller.policy(folder, "{'decision':'deny','email_domains':['other.example']}"));
    ObjectNode arguments = invitations(300).put("dry_run", true);
    String organization = arguments.path("organization_id").asText();
    clerk.forget();
    call(tools, arguments);
    assertThat(clerk.requests())
        .filteredOn(request -> request.startsWith("GET /organizations/" + organization + "?"))
        .hasSize(1);
  }

  /** A loss among the requests that are only counted must be named as well. */
  @Test
  void questionNamesEveryLossOfManyRequests() throws Exception {
    List<String> organizations = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String id = organization("Acme " + i);
      sandbox.ok(
          "POST /organizations/%s/memberships".formatted(id),
          "{'user_id':'%s','role':'%s'}".formatted(ada, i == 3 ? "org:admin" : "org:member"));
      organizations.add(id);
    }
    ToolRegistry tools = clerk.tools(folder, Map.of("CLERK_MCP_CONFIRM", "always"));
    ToolResult result = call(tools, "clerk_user_offboard", Json.object().put("user_id", ada));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(caller.questions()).hasSize(1);
    assertThat(caller.questions().get(0))
        .contains("\n...and 20 more like it\n")
        .contains("Loses the role org:member (19 times)", "Loses the role org:admin")
        .contains(organizations);
    assertThat(sandbox.ok("GET /users/%s/organization_memberships".formatted(ada)).path("data"))
        .isEmpty();
  }

  /** The policy must decide about the second request with the state after the first. */
  @Test
  void changedObjectIsReadAgainBeforeTheNextRequest() throws Exception {
    ToolRegistry tools =
        clerk.tools(
            folder,
            ToolCaller.policy(folder, "{'decision':'deny','public_metadata':{'role':'owner'}}"));
    ObjectNode arguments = Json.object().put("user_id", ada).put("first_name", "Eve");
    arguments.putObject("public_metadata").put("plan", "pro");
    clerk.forget();
    assertThat(call(tools, "clerk_user_update", arguments).isError()).isFalse();
    List<String> requests =
        clerk.requests().stream().map(request -> request.replaceAll("[?\n].*", "")).toList();
    int first = requests.indexOf("PATCH /users/" + ada);
    int second = requests.indexOf("PATCH /users/%s/metadata".formatted(ada));
    assertThat(requests.subList(first, second)).contains("GET /users/" + ada);
  }

  private ObjectNode invitations(int people) {
    ObjectNode arguments =
        Json.object().put("organization_id", organization("Acme")).put("role", "org:member");
    IntStream.range(0, people)
        .mapToObj("p%d@example.com"::formatted)
        .forEach(arguments.putArray("emails")::add);
    return arguments;
  }

  /** Creates an organization with another user as admin. */
  private String organization(String name) {
    String leader = sandbox.createUser(name.replace(' ', '-') + "@lead.example");
    return sandbox
        .ok(
            "POST /organizations",
            "{'name':'%s','max_allowed_memberships':0,'created_by':'%s'}".formatted(name, leader))
        .path("id")
        .asText();
  }

  private ToolResult call(ToolRegistry tools, ObjectNode invitations) {
    return call(tools, "clerk_org_invitations_send_bulk", invitations);
  }

  private ToolResult call(ToolRegistry tools, String tool, ObjectNode arguments) {
    return ToolCaller.call(tools, tool, arguments, caller);
  }
}
