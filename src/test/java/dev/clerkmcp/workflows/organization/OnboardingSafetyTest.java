package dev.clerkmcp.workflows.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests onboarding with all interceptors; its later requests need Clerk's answer to the first. */
final class OnboardingSafetyTest {
  private static final String ARGUMENTS =
      "{'name':'Acme','admin':'%s','domain':'acme.example',"
          + "'members':[{'email_address':'b1@new.example'}]}";

  private final SandboxCalls sandbox = SandboxCalls.empty();
  private final String ada = sandbox.createUser("ada@example.com");
  @TempDir private Path folder;

  @Test
  void dryRunShowsEveryRequestAndSendsNone() throws Exception {
    ToolResult result = call(Map.of("CLERK_MCP_DRY_RUN", "true"));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.json())
        .contains("\"sent\":\"nothing\"", "/invitations", "/domains", "b1@new.example");
    assertThat(organizations()).isZero();
  }

  /** A banned admin could not use the organization. */
  @Test
  void bannedUsersAreTold() throws Exception {
    sandbox.ok("POST /users/" + ada + "/ban");
    assertThat(call(Map.of("CLERK_MCP_DRY_RUN", "true")).json())
        .contains(ada + " is banned. Every sign-in is refused until clerk_user_unban.");
    JsonNode admin = Json.read(call(Map.of()).json()).at("/steps/1");
    assertThat(admin.path("status").asText()).isEqualTo("added");
    assertThat(admin.path("warning").asText()).contains("is banned", "clerk_user_unban");
  }

  @Test
  void confirmedPlanIsCarriedOut() throws Exception {
    ToolResult result =
        call(ToolCaller.policy(folder, "{'decision':'confirm','tools':['clerk_org_onboard']}"));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.json()).contains("invited", "created").doesNotContain("refused");
    assertThat(organizations()).isEqualTo(1);
  }

  /** A denied step stops the call before its first change. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "clerk_organization_create",
        "clerk_org_invitation_create",
        "clerk_org_domain_create"
      })
  void deniedStepStopsTheWholeCall(String tool) throws Exception {
    ToolResult result =
        call(ToolCaller.policy(folder, "{'decision':'deny','tools':['%s']}".formatted(tool)));
    JsonNode json = Json.read(result.json());
    assertThat(json.at("/error/code").asText()).isEqualTo("denied_by_policy");
    assertThat(json.has("done")).as(result.json()).isFalse();
    assertThat(organizations()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ada_l", "crm_7"})
  void adminCanBeAnyUserReference(String admin) throws Exception {
    sandbox.ok("PATCH /users/" + ada, "{'username':'ada_l','external_id':'crm_7'}");
    ToolResult result = call(Map.of(), admin);
    assertThat(Json.read(result.json()).at("/steps/1/user_id").asText()).isEqualTo(ada);
    assertThat(result.notes()).anyMatch(note -> note.startsWith("admin: " + admin + " is " + ada));
  }

  @Test
  void unknownAdminReferenceIsRefused() throws Exception {
    ToolResult result = call(Map.of(), "nobody");
    assertThat(result.json())
        .contains("reference_not_found", "admin: no user is known as nobody", "an email address");
    assertThat(organizations()).isZero();
  }

  private int organizations() {
    return sandbox.ok("GET /organizations").path("total_count").asInt();
  }

  private ToolResult call(Map<String, String> settings) {
    return call(settings, ada);
  }

  private ToolResult call(Map<String, String> settings, String admin) {
    return ToolCaller.call(
        ToolCaller.tools(sandbox.client(), folder, settings),
        "clerk_org_onboard",
        ARGUMENTS.formatted(admin),
        TestCaller.agreeing());
  }
}
