package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorChain;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of many requests: what the rails read and tell of them stays little, and stays true. */
final class PlanSummaryTest {
  private final SandboxCalls sandbox = SandboxCalls.empty();
  private final FakeClerk clerk = FakeClerk.answering(this::answer);
  private final List<String> questions = new ArrayList<>();
  private final String ada = user("ada@example.com");
  @TempDir private Path folder;

  @Test
  void planShowsTheFirstOfManyAndCountsTheRest() throws Exception {
    ToolResult result = call(tools(Map.of("CLERK_MCP_DRY_RUN", "true")), invitations(2000));
    JsonNode requests = Json.read(result.json()).path("requests");
    assertThat(requests).hasSize(6);
    assertThat(requests.path(4).path("body")).hasSize(10);
    assertThat(requests.path(5).toString())
        .isEqualTo(
            "{\"more\":\"...and 195 more like it, with 1950 entries\","
                + "\"route\":\"POST /organizations/{organization_id}/invitations/bulk\"}");
    assertThat(result.json().length()).isLessThan(10_000);
  }

  @Test
  void twentyAreShownOneByOne() throws Exception {
    ToolResult result = call(tools(Map.of("CLERK_MCP_DRY_RUN", "true")), invitations(200));
    assertThat(Json.read(result.json()).path("requests")).hasSize(20);
    assertThat(result.json()).doesNotContain("more like it");
  }

  @Test
  void sameObjectIsReadOnceForAPlan() throws Exception {
    ToolRegistry tools = tools(policy("'decision':'deny','email_domains':['other.example']"));
    ObjectNode arguments = invitations(300).put("dry_run", true);
    String organization = arguments.path("organization_id").asText();
    clerk.forget();
    call(tools, arguments);
    assertThat(clerk.requests())
        .filteredOn(request -> request.startsWith("GET /organizations/" + organization + "?"))
        .hasSize(1);
  }

  /** The rest of what is taken away is named, whoever has to read it. */
  @Test
  void personIsToldOfEveryLossAmongMany() throws Exception {
    List<String> organizations = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String id = organization("Acme " + i);
      sandbox.ok(
          "POST /organizations/%s/memberships".formatted(id),
          "{'user_id':'%s','role':'%s'}".formatted(ada, i == 3 ? "org:admin" : "org:member"));
      organizations.add(id);
    }
    ToolRegistry tools = tools(Map.of("CLERK_MCP_CONFIRM", "always"));
    ToolResult result = call(tools, "clerk_user_offboard", Json.object().put("user_id", ada));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(questions).hasSize(1);
    assertThat(questions.get(0))
        .contains("\n...and 20 more like it\n")
        .contains("Loses the role org:member (19 times)", "Loses the role org:admin")
        .contains(organizations);
    assertThat(sandbox.ok("GET /users/%s/organization_memberships".formatted(ada)).path("data"))
        .isEmpty();
  }

  /** Else a policy would decide the second request by what was before the first. */
  @Test
  void whatTheRunItselfChangedIsReadAnew() throws Exception {
    ToolRegistry tools = tools(policy("'decision':'deny','public_metadata':{'role':'owner'}"));
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

  private String user(String email) {
    return sandbox
        .ok(
            "POST /users",
            "{'email_address':['%s'],'skip_password_requirement':true}".formatted(email))
        .path("id")
        .asText();
  }

  /** An organization that somebody else leads. */
  private String organization(String name) {
    String leader = user(name.replace(' ', '-') + "@lead.example");
    return sandbox
        .ok(
            "POST /organizations",
            "{'name':'%s','max_allowed_memberships':0,'created_by':'%s'}".formatted(name, leader))
        .path("id")
        .asText();
  }

  private FakeClerk.Answer answer(String request) {
    String[] parts = request.split("[ \n]", 3);
    SandboxCalls.Reply reply =
        parts.length == 2
            ? sandbox.call(parts[0], parts[1])
            : sandbox.call(parts[0], parts[1], parts[2]);
    return new FakeClerk.Answer(reply.status(), reply.body().toString());
  }

  private Map<String, String> policy(String rule) throws Exception {
    Path file = folder.resolve("policy.json");
    Files.writeString(file, "{\"rules\":[{%s}]}".formatted(rule.replace('\'', '"')));
    return Map.of("CLERK_MCP_POLICY", file.toString());
  }

  private ToolRegistry tools(Map<String, String> settings) throws Exception {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("CLERK_SECRET_KEY", "sk_test_notarealkey");
    environment.put("CLERK_MCP_SECRETS_DIR", folder.resolve("secrets").toString());
    ServerConfig config = ServerConfig.from(environment);
    return ToolModule.registry(
        ClerkInstances.of(new ClerkInstance("test", clerk.client(), false, config.tools())),
        new InterceptorChain(config.safety()));
  }

  private ToolResult call(ToolRegistry tools, ObjectNode invitations) {
    return call(tools, "clerk_org_invitations_send_bulk", invitations);
  }

  private ToolResult call(ToolRegistry tools, String tool, ObjectNode arguments) {
    return tools.call(
        Objects.requireNonNull(tools.find(tool)),
        arguments,
        new Invocation(Runnable::run, new Agreeing(questions)));
  }

  /** Somebody who says yes to everything, and remembers what was asked. */
  private record Agreeing(List<String> questions) implements Caller {
    @Override
    public String name() {
      return "tester";
    }

    @Override
    public boolean canAsk() {
      return true;
    }

    @Override
    public boolean callsAgain() {
      return true;
    }

    @Override
    public CompletableFuture<Answer> ask(String question) {
      questions.add(question);
      return CompletableFuture.completedFuture(Answer.ACCEPTED);
    }
  }
}
