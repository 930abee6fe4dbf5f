package dev.clerkmcp.workflows.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the user workflows with all interceptors; some arguments make them do more. */
final class UserWorkflowSafetyTest {

  private final SandboxClerk clerk = new SandboxClerk();
  private final String ada = user("ada@example.com");
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "clerk_user_offboard | 'delete':true | POST /v1/users/USER/ban, POST /v1/sessions/SESSION/revoke, POST /v1/api_keys/KEY/revoke, DELETE /v1/users/USER",
        "clerk_user_sessions_revoke | 'except':null | POST /v1/sessions/SESSION/revoke",
        "clerk_user_change_email | 'email_address':'b@example.com','verified':true,'remove_old':true | POST /v1/email_addresses, DELETE /v1/email_addresses/EMAIL",
        "clerk_metadata_set | 'private_metadata':{'crm':'x2'},'remove':['public_metadata.plan'] | PATCH /v1/users/USER/metadata",
        "clerk_metadata_set | 'public_metadata':{'plan':'free'} | "
      })
  void dryRunShowsEveryRequestAndSendsNone(String tool, String arguments, String requests)
      throws Exception {
    Map<String, String> ids =
        Map.of(
            "USER", ada,
            "SESSION", id("POST /sessions", "{'user_id':'%s'}".formatted(ada)),
            "KEY", id("POST /api_keys", "{'name':'script','subject':'%s'}".formatted(ada)),
            "EMAIL",
                clerk.sandbox().ok("GET /users/" + ada).path("primary_email_address_id").asText());
    ToolResult result = call(clerk.tools(folder, Map.of()), tool, arguments + ",'dry_run':true");
    List<String> expected = new ArrayList<>();
    for (String request : requests == null ? new String[0] : requests.split(", ", -1)) {
      String named = request.replace("/v1", "");
      for (Map.Entry<String, String> id : ids.entrySet()) {
        named = named.replace(id.getKey(), id.getValue());
      }
      expected.add(named);
    }
    JsonNode answer = ToolCaller.json(result);
    List<String> shown = new ArrayList<>();
    answer
        .path("requests")
        .forEach(r -> shown.add(r.path("method").asText() + " " + r.path("path").asText()));
    assertThat(shown).isEqualTo(expected);
    assertThat(clerk.changes()).isEmpty();
    assertThat(result.notes()).isEmpty();
    assertThat(result.json()).doesNotContain("x1");
  }

  /** A tool whose effect needs no confirmation needs one for arguments that carry a risk. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "clerk_metadata_set | 'public_metadata':{'plan':'pro'} | false",
        "clerk_metadata_set | 'public_metadata':{'plan':'pro'},'mode':'replace' | true",
        "clerk_user_change_email | 'email_address':'b@example.com','verified':true | true",
        "clerk_user_change_email | 'email_address':'b@example.com','verified':true,'remove_old':true | true",
        "clerk_user_offboard | 'delete':false | true"
      })
  void destructiveArgumentsNeedConfirmation(String tool, String arguments, boolean asks)
      throws Exception {
    ToolRegistry tools = clerk.tools(folder, Map.of("CLERK_MCP_CONFIRM", "always"));
    ToolResult first = call(tools, tool, arguments);
    assertThat(first.json().contains("confirmation_needed")).as(first.json()).isEqualTo(asks);
    assertThat(clerk.changes().isEmpty()).isEqualTo(asks);
    if (asks) {
      String code = ToolCaller.json(first).path("confirmation").asText();
      ToolResult second = call(tools, tool, arguments + ",'confirmation':'" + code + "'");
      assertThat(second.isError()).as(second.json()).isFalse();
      assertThat(clerk.changes()).isNotEmpty();
    }
  }

  /** A disabled step stops the tool before its first request. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "clerk_user_offboard | 'delete':true | clerk_user_delete is switched off",
        "clerk_user_change_email | 'email_address':'b@example.com','verified':true,'remove_old':true | clerk_email_address_delete is switched off",
        "clerk_metadata_set | 'public_metadata':{},'mode':'replace' | clerk_user_metadata_replace is switched off"
      })
  void disabledStepStopsTheWholeCall(String tool, String arguments, String problem)
      throws Exception {
    Map<String, String> off =
        Map.of(
            "CLERK_MCP_EXCLUDE_TOOLS",
            "clerk_user_delete,clerk_email_address_delete,clerk_user_metadata_replace");
    ToolResult result = call(clerk.tools(folder, off), tool, arguments);
    assertThat(result.isError()).isTrue();
    assertThat(result.json())
        .contains("tool_switched_off", problem, "This call of %s needs it.".formatted(tool))
        .contains("leave out the argument for which it is needed")
        .doesNotContain("\"done\"");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void deniedStepStopsTheWholeCall() throws Exception {
    id("POST /api_keys", "{'name':'script','subject':'%s'}".formatted(ada));
    ToolResult result =
        call(
            clerk.tools(
                folder,
                ToolCaller.policy(folder, "{'decision':'deny','tools':['clerk_api_key_revoke']}")),
            "clerk_user_offboard",
            "'delete':false");
    assertThat(result.json()).contains("denied_by_policy");
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void oneNoteSaysWhatIsLostOfAllRequests() throws Exception {
    for (int i = 0; i < 12; i++) {
      id("POST /api_keys", "{'name':'script %s','subject':'%s'}".formatted(i, ada));
    }
    ToolResult result =
        call(clerk.tools(folder, Map.of()), "clerk_user_offboard", "'delete':false");
    List<String> told =
        result.notes().stream().filter(note -> note.contains("clerk_undo_plan")).toList();
    assertThat(told).hasSize(1);
    assertThat(told.get(0))
        .matches("Lost: .* The rest can be restored: clerk_undo_plan with change chg_\\w+\\.");
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void privateDifferencesAreShownOnlyOnRequest(boolean wanted) throws Exception {
    ToolResult result =
        call(
            clerk.tools(folder, Map.of()),
            "clerk_metadata_set",
            "'private_metadata':{'crm':'x2'},'public_metadata':{'plan':'pro'},'include_private':"
                + wanted);
    JsonNode changed = ToolCaller.json(result).path("changed");
    String open = "{'field':'public_metadata.plan','before':'free','after':'pro'}";
    String crm =
        wanted
            ? "{'field':'private_metadata.crm','before':'x1','after':'x2'}"
            : "{'field':'private_metadata'}";
    assertThat(changed.valueStream().map(JsonNode::toString))
        .containsExactlyInAnyOrder(open.replace('\'', '"'), crm.replace('\'', '"'));
    if (!wanted) {
      assertThat(result.text()).doesNotContain("x1", "x2", "crm");
    }
  }

  private ToolResult call(ToolRegistry tools, String tool, String arguments) {
    return clerk.call(
        tools,
        tool,
        "{'user_id':'%s',%s}".formatted(ada, arguments),
        new Invocation(Runnable::run, TestCaller.unableToAsk()));
  }

  private String user(String address) {
    return id(
        "POST /users",
        "{'email_address':['%s'],'password':'Sup3rS3cretPassw0rd','public_metadata':{'plan':'free'},"
                .formatted(address)
            + "'private_metadata':{'crm':'x1'}}");
  }

  private String id(String route, String body) {
    return clerk.sandbox().ok(route, body).path("id").asText();
  }
}
