package dev.clerkmcp.interceptor.undo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.CommandLineCaller;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests what is told about undoing a change: after the change, and by the tool that plans it. */
final class UndoToolsTest {
  private static final Map<String, String> LIVE = Map.of("CLERK_SECRET_KEY", "sk_live_notarealkey");

  private static final String CREATE =
      "{'email_address':['new@example.com'],'skip_password_requirement':true}";

  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
  private final String ada = clerk.sandbox().createUser("ada@example.com");
  @TempDir private Path folder;

  /** The calls of the plan would be refused, so both the note and the plan say so. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CLERK_SECRET_KEY | sk_live_notarealkey | clerk_user_create | {'email_address':['new@example.com'],'skip_password_requirement':true} | clerk_user_delete | CLERK_MCP_ALLOW_IRREVERSIBLE=true",
        "CLERK_SECRET_KEY | sk_live_notarealkey | clerk_email_address_create | {'user_id':'ADA','email_address':'b@example.com'} | clerk_email_address_delete | CLERK_MCP_ALLOW_IRREVERSIBLE=true",
        "CLERK_MCP_ACCESS | write | clerk_user_create | {'email_address':['new@example.com'],'skip_password_requirement':true} | clerk_user_delete | CLERK_MCP_ACCESS=full",
        "CLERK_MCP_ACCESS | write | clerk_blocklist_create | {'identifier':'x@example.com'} | clerk_blocklist_delete | CLERK_MCP_ACCESS=full",
        "CLERK_MCP_EXCLUDE_TOOLS | clerk_user_unban | clerk_user_ban | {'user_id':'ADA'} | clerk_user_unban | CLERK_MCP_EXCLUDE_TOOLS names it",
      })
  void toolOfThePlanThatIsSwitchedOffIsNamed(
      String setting, String value, String tool, String arguments, String needed, String remedy) {
    ToolRegistry tools = clerk.tools(folder, Map.of(setting, value));
    ToolResult result = call(tools, tool, arguments);
    String sentence = "It takes %s, which is switched off here: ".formatted(needed);
    assertThat(note(result))
        .contains("clerk_undo_plan with change chg_", sentence, remedy)
        .endsWith(" Only a person can change that.")
        .doesNotContain("cannot be undone");
    JsonNode plan = plan(tools);
    assertThat(plan.at("/calls/0/tool").asText()).isEqualTo(needed);
    assertThat(plan.at("/warnings/0").asText()).contains(sentence, remedy);
    JsonNode refused =
        ToolCaller.json(call(tools, needed, plan.at("/calls/0/arguments").toString()));
    assertThat(refused.at("/error/code").asText()).isEqualTo("tool_switched_off");
  }

  @Test
  void toolsThatAreOnAreNotMentioned() {
    ToolRegistry tools = clerk.tools(folder, Map.of());
    assertThat(note(call(tools, "clerk_user_create", CREATE)))
        .matches("To undo: clerk_undo_plan with change chg_\\w+\\.");
    assertThat(plan(tools).path("warnings").toString()).doesNotContain("switched off");
  }

  /** A revoked invitation stays on record, so undo does not restore everything. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_invitation_create | {'email_address':'x@example.com'}",
        "clerk_tools_write | {'calls':[{'name':'clerk_invitation_create','arguments':{'email_address':'x@example.com'}},{'name':'clerk_allowlist_create','arguments':{'identifier':'y@example.com'}}]}",
      })
  void creationThatLeavesSomethingIsNotCalledUndone(String tool, String arguments) {
    ToolRegistry tools = clerk.tools(folder, Map.of());
    assertThat(note(call(tools, tool, arguments)))
        .matches("To take it back: clerk_undo_plan with change chg_\\w+; something stays\\.");
  }

  /** The process ends after the call, and what it recorded with it. */
  @Test
  void commandLineSaysWhatUndoNeeds() {
    Caller shell = new CommandLineCaller(Caller.Consent.EVERYTHING);
    ToolResult unrecorded = call(clerk.tools(folder, LIVE), "clerk_user_create", CREATE, shell);
    assertThat(unrecorded.notes())
        .filteredOn(note -> note.contains("CLERK_MCP_AUDIT_LOG"))
        .singleElement()
        .asString()
        .doesNotContain("clerk_undo_plan");
    Map<String, String> audited =
        Map.of("CLERK_MCP_AUDIT_LOG", folder.resolve("audit.jsonl").toString());
    ToolResult recorded =
        call(clerk.tools(folder, audited), "clerk_user_ban", "{'user_id':'ADA'}", shell);
    assertThat(note(recorded)).contains("clerk_undo_plan with change chg_");
    assertThat(recorded.notes()).noneMatch(note -> note.contains("CLERK_MCP_AUDIT_LOG"));
    assertThat(
            call(clerk.tools(folder, LIVE), "clerk_user_get", "{'user_id':'ADA'}", shell).notes())
        .noneMatch(note -> note.contains("CLERK_MCP_AUDIT_LOG"));
  }

  /** Only a sandbox in a file is there for the next command. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void sandboxInMemoryNeedsNoRecord(boolean inFile) {
    Map<String, String> settings = new HashMap<>();
    settings.put("CLERK_SECRET_KEY", "sk_test_sandbox_1");
    settings.put("CLERK_MCP_SANDBOX", "true");
    if (inFile) {
      settings.put("CLERK_MCP_SANDBOX_FILE", folder.resolve("sandbox.json").toString());
    }
    Caller shell = new CommandLineCaller(Caller.Consent.EVERYTHING);
    ToolResult created = call(clerk.tools(folder, settings), "clerk_user_create", CREATE, shell);
    assertThat(created.isError()).isFalse();
    assertThat(created.notes().toString().contains("CLERK_MCP_AUDIT_LOG")).isEqualTo(inFile);
  }

  @Test
  void listTellsWhichFieldsChanged() {
    ToolRegistry tools = clerk.tools(folder, Map.of());
    String text = "a long text ".repeat(20);
    call(
        tools,
        "clerk_user_update",
        "{'user_id':'ADA','first_name':'Adele','last_name':'%s','username':'adele','external_id':'7'}"
            .formatted(text));
    JsonNode row = latest(tools);
    assertThat(row.path("changed"))
        .hasToString(
            "[{\"field\":\"external_id\",\"after\":\"7\"},{\"field\":\"first_name\",\"after\":\"Adele\"},{\"field\":\"last_name\",\"after\":\"%s…\"}]"
                .formatted(text.substring(0, 59)));
    assertThat(row.path("more_changed").asInt()).isEqualTo(1);
  }

  /** Also in the audit log, where a later process finds it. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void listShowsNoSecretAndNothingPrivate(boolean laterProcess) {
    Map<String, String> settings = new HashMap<>();
    settings.put("CLERK_MCP_AUDIT_LOG", folder.resolve("audit.jsonl").toString());
    settings.put("CLERK_MCP_PII", "mask");
    ToolRegistry tools = clerk.tools(folder, settings);
    call(
        tools,
        "clerk_user_update",
        "{'user_id':'ADA','first_name':'Adele','password':'Tr0ub4dor-and-3',"
            + "'private_metadata':{'hidden_key':'hidden value'}}");
    JsonNode row = latest(laterProcess ? clerk.tools(folder, settings) : tools);
    assertThat(row.path("changed").findValuesAsText("field"))
        .containsExactlyInAnyOrder("first_name", "password", "private_metadata");
    assertThat(row.toString())
        .contains("\"A***\"")
        .doesNotContain("Adele", "Tr0ub4dor", "hidden_key", "hidden value");
  }

  @Test
  void listShowsNothingThatAPolicyHides() {
    ToolRegistry tools =
        clerk.tools(
            folder,
            ToolCaller.policy(
                folder, "{'decision':'deny','effects':['read'],'email_domains':['example.com']}"));
    ToolResult result = call(tools, "clerk_user_update", "{'user_id':'ADA','first_name':'Adele'}");
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(latest(tools).has("changed")).isFalse();
    assertThat(latest(tools).path("target").asText()).contains("keeps tools from reading them");
  }

  private static String note(ToolResult result) {
    assertThat(result.isError()).as(result.json()).isFalse();
    List<String> notes =
        result.notes().stream().filter(note -> note.contains("clerk_undo_plan")).toList();
    assertThat(notes).hasSize(1);
    return notes.get(0);
  }

  private static JsonNode latest(ToolRegistry tools) {
    return ToolCaller.json(ToolCaller.call(tools, "clerk_undo_plan", "{}")).at("/changes/0");
  }

  private static JsonNode plan(ToolRegistry tools) {
    String change = latest(tools).path("change").asText();
    return ToolCaller.json(
        ToolCaller.call(tools, "clerk_undo_plan", "{'change':'%s'}".formatted(change)));
  }

  private ToolResult call(ToolRegistry tools, String tool, String arguments) {
    return call(tools, tool, arguments, TestCaller.agreeing());
  }

  private ToolResult call(ToolRegistry tools, String tool, String arguments, Caller caller) {
    return ToolCaller.call(tools, tool, arguments.replace("ADA", ada), caller);
  }
}
