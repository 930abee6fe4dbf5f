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
            "only while the " + list + " is on. Whether it is on is not known",
            "clerk_instance_restrictions_get may tell",
            "clerk_instance_restrictions_update " + list + "=true");
    assertThat(clerk.changes()).containsExactly("POST /" + list + "_identifiers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"blocklist", "allowlist"})
  void dryRunWarnsAndSendsNothing(String list) {
    ToolResult result = add(list, ",'dry_run':true");
    assertThat(result.json()).contains("only while the " + list + " is on. Whether it is on");
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
        .contains("only while the blocklist is on. It was " + state + " when Clerk last answered")
        .doesNotContain("not known");
  }

  @Test
  void refusedAnswerLeavesTheStateUnknown() {
    clerk.refuse("PATCH /instance/restrictions", 402, "unsupported_subscription_plan_features");
    assertThat(call("clerk_instance_restrictions_get", "{}").isError()).isTrue();
    assertThat(add("blocklist", "").notes().toString()).contains("Whether it is on is not known");
  }

  @Test
  void changeTellsTheState() {
    assertThat(add("allowlist", "").notes().toString()).contains("is not known");
    call("clerk_instance_restrictions_update", "{'allowlist':true,'dry_run':true}");
    assertThat(add("allowlist", "").notes().toString()).contains("is not known");
    call("clerk_instance_restrictions_update", "{'allowlist':true}");
    assertThat(add("allowlist", "").notes().toString()).contains("It was on when");
  }

  @Test
  void waitlistSaysWhereItIsSwitchedOn() {
    ToolResult result = call("clerk_waitlist_entry_create", "{'email_address':'eve@example.com'}");
    assertThat(result.notes().toString()).contains("unless the sign-up mode is Waitlist");
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
