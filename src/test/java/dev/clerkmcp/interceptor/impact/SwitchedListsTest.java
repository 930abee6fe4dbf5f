package dev.clerkmcp.interceptor.impact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a new entry of a list is said to do while the list may be off, through the whole chain. */
final class SwitchedListsTest {
  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
  @TempDir private Path folder;
  private ToolRegistry tools;

  @BeforeEach
  void createTools() {
    tools = clerk.tools(folder, Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"blocklist", "allowlist"})
  void unknownStateIsNotGuessed(String list) {
    ToolResult result = add(list, "");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes().toString())
        .contains(
            "only while the " + list + " is on, which Clerk does not tell",
            "turn_on: true switches it on",
            "it has no other entry");
    assertThat(clerk.changes()).containsExactly("POST /" + list + "_identifiers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"blocklist", "allowlist"})
  void dryRunWarnsAndSendsNothing(String list) {
    ToolResult result = add(list, ",'dry_run':true");
    assertThat(result.json()).contains("only while the " + list + " is on, which Clerk");
    assertThat(clerk.changes()).isEmpty();
  }

  /** The restrictions are read by a change of nothing, which is sent only if it is asked for. */
  @ParameterizedTest
  @CsvSource({"false, off", "true, on"})
  void stateThatClerkAnsweredIsTold(boolean on, String state) {
    clerk.sandbox().ok("PATCH /instance/restrictions", "{'blocklist':%s}".formatted(on));
    ToolResult read = call("clerk_instance_restrictions_get", "{}");
    assertThat(read.json()).contains("\"blocklist\":" + on);
    assertThat(clerk.requests()).last().isEqualTo("PATCH /instance/restrictions\n{}");
    assertThat(add("blocklist", "").notes().toString())
        .contains("only while the blocklist is on; it was " + state + " at 20")
        .doesNotContain("does not tell");
  }

  @Test
  void refusedAnswerLeavesTheStateUnknown() {
    clerk.refuse("PATCH /instance/restrictions", 402, "unsupported_subscription_plan_features");
    assertThat(call("clerk_instance_restrictions_get", "{}").isError()).isTrue();
    assertThat(add("blocklist", "").notes().toString()).contains("which Clerk does not tell");
  }

  @Test
  void changeTellsTheState() {
    assertThat(add("allowlist", "").notes().toString()).contains("which Clerk does not tell");
    call("clerk_instance_restrictions_update", "{'allowlist':true,'dry_run':true}");
    assertThat(add("allowlist", "").notes().toString()).contains("which Clerk does not tell");
    call("clerk_instance_restrictions_update", "{'allowlist':true}");
    assertThat(add("allowlist", "").notes().toString()).contains("it was on at");
  }

  @Test
  void waitlistSaysWhereItIsSwitchedOn() {
    ToolResult result = call("clerk_waitlist_entry_create", "{'email_address':'eve@example.com'}");
    assertThat(result.notes().toString()).contains("unless the sign-up mode is Waitlist");
  }

  /** Whoever switches a list on must know what else it then does. */
  @ParameterizedTest
  @CsvSource({"blocklist, keeps out whoever is on it", "allowlist, keeps everyone out who is not"})
  void listIsSwitchedOnWithTheEntry(String list, String effect) {
    add(list, "");
    ToolResult planned = add(list, ",'turn_on':true,'dry_run':true");
    assertThat(planned.json())
        .contains(effect, "it has 1 other entry: *@contractor1.example", "\"instance\"")
        .doesNotContain("turn_on: true", "is empty");
    assertThat(clerk.changes()).isEmpty();
    ToolResult result = add(list, ",'turn_on':true");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes().toString())
        .contains(effect, "it has 1 other entry: *@contractor1.example");
    assertThat(clerk.changes())
        .containsExactly("POST /" + list + "_identifiers", "PATCH /instance/restrictions");
    assertThat(call("clerk_instance_restrictions_get", "{}").json())
        .contains("\"" + list + "\":true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"blocklist", "allowlist"})
  void refusedSwitchLeavesTheEntry(String list) {
    clerk.refuse("PATCH /instance/restrictions", 402, "unsupported_subscription_plan_features");
    ToolResult result = add(list, ",'turn_on':true");
    assertThat(result.isError()).isTrue();
    assertThat(result.json())
        .contains("The entry was added; the list was not switched on", "*@contractor1.example");
  }

  /** Entries are people's addresses. */
  @Test
  void maskedPeopleAreOnlyCounted() {
    add("blocklist", "");
    ToolRegistry masked = clerk.tools(folder, Map.of("CLERK_MCP_PII", "mask"));
    ToolResult result =
        clerk.call(masked, "clerk_blocklist_create", "{'identifier':'eve@example.com'}");
    assertThat(result.notes().toString())
        .contains("it has 1 other entry.")
        .doesNotContain("contractor1");
  }

  private int entries;

  private ToolResult add(String list, String option) {
    entries++;
    return call(
        "clerk_" + list + "_create",
        "{'identifier':'*@contractor%s.example'%s}".formatted(entries, option));
  }

  private ToolResult call(String tool, String arguments) {
    clerk.forget();
    return clerk.call(tools, tool, arguments);
  }
}
