package dev.clerkmcp.workflows.invitation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests bulk invitations with all interceptors: plans, confirmations and policies. */
final class BulkInvitationSafetyTest {
  private static final String TOOL = "clerk_invitations_send_bulk";

  private final SandboxClerk clerk = new SandboxClerk();
  @TempDir private Path folder;

  @Test
  void dryRunPlansEveryChunkWithoutInvitedAddresses() throws Exception {
    clerk.sandbox().ok("POST /invitations", "{'email_address':'p0@example.com'}");
    ObjectNode arguments = arguments(26).put("dry_run", true);
    JsonNode plan = Json.read(call(clerk.tools(folder, Map.of()), arguments).json());
    assertThat(plan.path("dry_run").asBoolean()).isTrue();
    assertThat(plan.path("requests")).hasSize(3);
    assertThat(plan.at("/requests/0/path").asText()).isEqualTo("/invitations/bulk");
    assertThat(plan.at("/requests/0/body/0/email_address").asText()).isEqualTo("p1@example.com");
    assertThat(plan.at("/requests/2/body")).hasSize(5);
    assertThat(clerk.changes()).isEmpty();
  }

  /** A plan must show the outcome of each address, also of those without an invitation. */
  @Test
  void dryRunNamesOmittedAddresses() throws Exception {
    clerk.sandbox().ok("POST /invitations", "{'email_address':'p0@example.com'}");
    ObjectNode arguments = arguments(2).put("dry_run", true);
    arguments.withArray("/emails").add("p3 at example.com");
    JsonNode plan = Json.read(call(clerk.tools(folder, Map.of()), arguments).json());
    assertThat(plan.path("warnings"))
        .extracting(JsonNode::asText)
        .contains(
            "Not an email address: \"p3 at example.com\".",
            "Skipped, already there (invited): p0@example.com.");
    arguments.remove("dry_run");
    assertThat(call(clerk.tools(folder, Map.of()), arguments).notes())
        .as("the answer has it in already_there")
        .noneMatch(note -> note.contains("p0@"));
  }

  @Test
  void severalAddressesInOneItemAreExplained() throws Exception {
    ToolRegistry tools = clerk.tools(folder, Map.of());
    ObjectNode arguments = Json.object().put("emails", "a@example.com, b@example.com");
    String remedy = "Give each address as an item of its own; on the command line, repeat emails=.";
    assertThat(call(tools, arguments).json()).contains(remedy);
    assertThat(call(tools, arguments.put("dry_run", true)).json()).contains(remedy);
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void dryRunOfRepeatedCallPlansNothing() throws Exception {
    ToolRegistry tools = clerk.tools(folder, Map.of());
    assertThat(call(tools, arguments(11)).json()).contains("\"sent\":11");
    clerk.forget();
    assertThat(call(tools, arguments(11).put("dry_run", true)).json())
        .contains("It would change nothing.");
    assertThat(clerk.changes()).isEmpty();
  }

  /** The plan finds the denied address before any invitation is sent. */
  @Test
  void deniedAddressStopsTheWholeCall() throws Exception {
    ToolRegistry tools =
        clerk.tools(
            folder,
            ToolCaller.policy(folder, "{'decision':'deny','email_domains':['other.example']}"));
    ObjectNode arguments = arguments(15);
    arguments.withArray("/emails").add("ada@other.example");
    ToolResult result = call(tools, arguments);
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("denied_by_policy");
    assertThat(clerk.changes()).isEmpty();
  }

  /** Only the confirmed requests may be sent, so a refused chunk is not sent address by address. */
  @Test
  void onlyConfirmedChunksAreSent() throws Exception {
    clerk.answerWith(
        request ->
            request.startsWith("POST ") && request.contains("p3@")
                ? FakeClerk.Answer.error(422, "blocked")
                : null);
    ToolResult result =
        call(
            clerk.tools(folder, ToolCaller.policy(folder, "{'decision':'confirm'}")),
            arguments(25));
    assertThat(result.notes()).anyMatch(note -> note.startsWith("Clerk refused 10 addresses"));
    JsonNode answer = Json.read(result.json());
    assertThat(answer.path("counts").toString())
        .isEqualTo("{\"given\":25,\"sent\":15,\"failed\":10}");
    assertThat(answer.at("/failed/0/code").asText()).isEqualTo("blocked");
    assertThat(clerk.changes()).hasSize(3);
  }

  /** If the user cancels, the progress must not claim invitations that were not sent. */
  @Test
  void progressOfDryRunSaysThatNothingIsSent() throws Exception {
    Invocation invocation = new Invocation(Runnable::run, TestCaller.agreeing());
    ToolRegistry tools = clerk.tools(folder, Map.of());
    ToolCaller.call(tools, TOOL, arguments(12).put("dry_run", true), invocation);
    assertThat(invocation.waitingFor())
        .isEqualTo("Planning, nothing is sent yet: Invited 10 of 12");
    invocation = new Invocation(Runnable::run, TestCaller.agreeing());
    ToolCaller.call(tools, TOOL, arguments(12), invocation);
    assertThat(invocation.waitingFor()).isEqualTo("Invited 10 of 12");
  }

  @Test
  void invitationLinksAreNotInTheAnswer() throws Exception {
    ToolResult result = call(clerk.tools(folder, Map.of()), arguments(12));
    assertThat(result.json()).doesNotContain("ticket").contains("\"sent\":12");
    try (var files = Files.list(folder.resolve("secrets"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void oneNoteNamesTheSecretFilesOfAllChunks() throws Exception {
    ToolResult result = call(clerk.tools(folder, Map.of()), arguments(45));
    List<String> notes =
        result.notes().stream().filter(note -> note.contains("credentials")).toList();
    assertThat(notes).hasSize(1);
    assertThat(notes.get(0))
        .startsWith("45 credentials (url) are in 5 files in " + folder.resolve("secrets"))
        .endsWith(" and 2 more.");
    String named = notes.get(0).replaceAll("^.*them\\): | and 2 more\\.$", "");
    assertThat(named.split(", ")).hasSize(3).allMatch(name -> isKept(name));
  }

  private static ToolResult call(ToolRegistry tools, ObjectNode arguments) {
    return ToolCaller.call(tools, TOOL, arguments, TestCaller.agreeing());
  }

  private boolean isKept(String name) {
    return Files.exists(folder.resolve("secrets").resolve(name));
  }

  private static ObjectNode arguments(int people) {
    ObjectNode arguments = Json.object();
    IntStream.range(0, people)
        .mapToObj("p%d@example.com"::formatted)
        .forEach(arguments.putArray("emails")::add);
    return arguments;
  }
}
