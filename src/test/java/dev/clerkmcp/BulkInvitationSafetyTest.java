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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of people are invited behind the rails: planned first, and stopped as a whole. */
final class BulkInvitationSafetyTest {
  private final SandboxCalls sandbox = SandboxCalls.empty();
  private final FakeClerk clerk = FakeClerk.answering(this::answer);
  private @Nullable String blocked;
  @TempDir private Path folder;

  @Test
  void dryRunPlansEveryPortionWithoutThoseWhoAreThere() throws Exception {
    sandbox.ok("POST /invitations", "{'email_address':'p0@example.com'}");
    ObjectNode arguments = arguments(26).put("dry_run", true);
    JsonNode plan = Json.read(call(tools(Map.of()), arguments).json());
    assertThat(plan.path("dry_run").asBoolean()).isTrue();
    assertThat(plan.path("requests")).hasSize(3);
    assertThat(plan.at("/requests/0/path").asText()).isEqualTo("/invitations/bulk");
    assertThat(plan.at("/requests/0/body/0/email_address").asText()).isEqualTo("p1@example.com");
    assertThat(plan.at("/requests/2/body")).hasSize(5);
    assertThat(changes()).isEmpty();
  }

  /** Who reads a plan must see what becomes of each address, not only of those that get mail. */
  @Test
  void dryRunSaysWhoIsLeftOut() throws Exception {
    sandbox.ok("POST /invitations", "{'email_address':'p0@example.com'}");
    ObjectNode arguments = arguments(2).put("dry_run", true);
    arguments.withArray("/emails").add("p3 at example.com");
    JsonNode plan = Json.read(call(tools(Map.of()), arguments).json());
    assertThat(plan.path("warnings"))
        .extracting(JsonNode::asText)
        .contains(
            "Not an email address: \"p3 at example.com\".",
            "Already there (invited), so left out: p0@example.com.");
    arguments.remove("dry_run");
    assertThat(call(tools(Map.of()), arguments).notes())
        .as("the answer itself says it")
        .noneMatch(note -> note.contains("p0@"));
  }

  @Test
  void severalAddressesInOneItemAreExplained() throws Exception {
    ObjectNode arguments = Json.object().put("emails", "a@example.com, b@example.com");
    String remedy = "Give each address as an item of its own; on the command line, repeat emails=.";
    assertThat(call(tools(Map.of()), arguments).json()).contains(remedy);
    assertThat(call(tools(Map.of()), arguments.put("dry_run", true)).json()).contains(remedy);
    assertThat(changes()).isEmpty();
  }

  @Test
  void dryRunOfWhatIsDoneAlreadyWouldChangeNothing() throws Exception {
    ToolRegistry tools = tools(Map.of());
    assertThat(call(tools, arguments(11)).json()).contains("\"sent\":11");
    clerk.forget();
    assertThat(call(tools, arguments(11).put("dry_run", true)).json())
        .contains("It would change nothing.");
    assertThat(changes()).isEmpty();
  }

  /** The rehearsal finds what the policy denies before anybody is invited. */
  @Test
  void deniedAddressStopsAllOfThem() throws Exception {
    ToolRegistry tools = tools(policy("'decision':'deny','email_domains':['other.example']"));
    ObjectNode arguments = arguments(15);
    arguments.withArray("/emails").add("ada@other.example");
    ToolResult result = call(tools, arguments);
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("denied_by_policy");
    assertThat(changes()).isEmpty();
  }

  /** A person saw the portions, so nothing else is sent in place of a refused one. */
  @Test
  void onlyConfirmedPortionsAreSent() throws Exception {
    blocked = "p3@";
    ToolResult result = call(tools(policy("'decision':'confirm'")), arguments(25));
    assertThat(result.notes()).anyMatch(note -> note.startsWith("Clerk refused 10 addresses"));
    JsonNode answer = Json.read(result.json());
    assertThat(answer.path("counts").toString())
        .isEqualTo("{\"given\":25,\"sent\":15,\"failed\":10}");
    assertThat(answer.at("/failed/0/code").asText()).isEqualTo("blocked");
    assertThat(changes()).hasSize(3);
  }

  /** Whoever cancels must not be told before that people were invited who were not. */
  @Test
  void progressOfARehearsalSaysThatNothingIsSent() throws Exception {
    Invocation invocation = new Invocation(Runnable::run, new Agreeing());
    ToolRegistry tools = tools(Map.of());
    tools.call(
        Objects.requireNonNull(tools.find("clerk_invitations_send_bulk")),
        arguments(12).put("dry_run", true),
        invocation);
    assertThat(invocation.waitingFor())
        .isEqualTo("Planning, nothing is sent yet: Invited 10 of 12");
    invocation = new Invocation(Runnable::run, new Agreeing());
    tools.call(
        Objects.requireNonNull(tools.find("clerk_invitations_send_bulk")),
        arguments(12),
        invocation);
    assertThat(invocation.waitingFor()).isEqualTo("Invited 10 of 12");
  }

  @Test
  void linksOfTheInvitationsStayOutOfTheAnswer() throws Exception {
    ToolResult result = call(tools(Map.of()), arguments(12));
    assertThat(result.json()).doesNotContain("ticket").contains("\"sent\":12");
    try (var files = Files.list(folder.resolve("secrets"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void filesOfAllPortionsAreToldInOneSentence() throws Exception {
    ToolResult result = call(tools(Map.of()), arguments(45));
    List<String> notes =
        result.notes().stream().filter(note -> note.contains("credentials")).toList();
    assertThat(notes).hasSize(1);
    assertThat(notes.get(0))
        .startsWith("45 credentials (url) are in 5 files in " + folder.resolve("secrets"))
        .endsWith(" and 2 more.");
    String named = notes.get(0).replaceAll("^.*them\\): | and 2 more\\.$", "");
    assertThat(named.split(", ")).hasSize(3).allMatch(name -> isKept(name));
  }

  private boolean isKept(String name) {
    return Files.exists(folder.resolve("secrets").resolve(name));
  }

  private FakeClerk.Answer answer(String request) {
    String[] parts = request.split("[ \n]", 3);
    if (blocked != null && parts[0].equals("POST") && request.contains(blocked)) {
      return new FakeClerk.Answer(422, "{\"errors\":[{\"code\":\"blocked\",\"message\":\"No.\"}]}");
    }
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
        new InterceptorChain(config.rails()));
  }

  private static ToolResult call(ToolRegistry tools, ObjectNode arguments) {
    return tools.call(
        Objects.requireNonNull(tools.find("clerk_invitations_send_bulk")),
        arguments,
        new Invocation(Runnable::run, new Agreeing()));
  }

  private static ObjectNode arguments(int people) {
    ObjectNode arguments = Json.object();
    IntStream.range(0, people)
        .mapToObj("p%d@example.com"::formatted)
        .forEach(arguments.putArray("emails")::add);
    return arguments;
  }

  private List<String> changes() {
    return clerk.requests().stream().filter(request -> !request.startsWith("GET ")).toList();
  }

  /** Somebody who says yes to everything. */
  private static final class Agreeing implements Caller {
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
      return CompletableFuture.completedFuture(Answer.ACCEPTED);
    }
  }
}
