package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rails around a workflow whose later requests need what Clerk answers to the first. */
final class OnboardingSafetyTest {
  private static final String ARGUMENTS =
      "{'name':'Acme','admin':'%s','domain':'acme.example',"
          + "'members':[{'email_address':'b1@new.example'}]}";

  private final SandboxCalls sandbox = SandboxCalls.empty();
  private final String ada =
      sandbox
          .ok(
              "POST /users",
              "{'email_address':['ada@example.com'],'skip_password_requirement':true}")
          .path("id")
          .asText();

  @TempDir private Path folder;

  @Test
  void dryRunShowsEveryRequestAndSendsNone() throws Exception {
    ToolResult result = call(Map.of("CLERK_MCP_DRY_RUN", "true"));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.json())
        .contains("\"sent\":\"nothing\"", "/invitations", "/domains", "b1@new.example");
    assertThat(organizations()).isZero();
  }

  @Test
  void allThatWasConfirmedIsDone() throws Exception {
    ToolResult result = call(policy("{'decision':'confirm','tools':['clerk_org_onboard']}"));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.json()).contains("invited", "created").doesNotContain("refused");
    assertThat(organizations()).isEqualTo(1);
  }

  /** One step that is denied stops all of them, before anything is done, and says so. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "clerk_organization_create",
        "clerk_org_invitation_create",
        "clerk_org_domain_create"
      })
  void deniedStepStopsAll(String tool) throws Exception {
    ToolResult result = call(policy("{'decision':'deny','tools':['%s']}".formatted(tool)));
    JsonNode json = Json.read(result.json());
    assertThat(json.at("/error/code").asText()).isEqualTo("denied_by_policy");
    assertThat(json.has("done")).as(result.json()).isFalse();
    assertThat(organizations()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ada_l", "crm_7"})
  void adminMayBeNamedAsUsersAre(String admin) throws Exception {
    sandbox.ok("PATCH /users/" + ada, "{'username':'ada_l','external_id':'crm_7'}");
    ToolResult result = call(Map.of(), admin);
    assertThat(Json.read(result.json()).at("/steps/1/user_id").asText()).isEqualTo(ada);
    assertThat(result.notes()).anyMatch(note -> note.startsWith("admin: " + admin + " is " + ada));
  }

  @Test
  void adminWhoIsNeitherUserNorAddressIsRefused() throws Exception {
    ToolResult result = call(Map.of(), "nobody");
    assertThat(result.json())
        .contains("reference_not_found", "admin: no user is known as nobody", "an email address");
    assertThat(organizations()).isZero();
  }

  private int organizations() {
    return sandbox.ok("GET /organizations").path("total_count").asInt();
  }

  private Map<String, String> policy(String rule) throws Exception {
    Path file = folder.resolve("policy.json");
    Files.writeString(file, "{\"rules\": [" + rule.replace('\'', '"') + "]}");
    return Map.of("CLERK_MCP_POLICY", file.toString());
  }

  private ToolResult call(Map<String, String> settings) throws Exception {
    return call(settings, ada);
  }

  private ToolResult call(Map<String, String> settings, String admin) throws Exception {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("CLERK_SECRET_KEY", "sk_test_notarealkey");
    environment.put("CLERK_MCP_SECRETS_DIR", folder.resolve("secrets").toString());
    ServerConfig config = ServerConfig.from(environment);
    ToolRegistry tools =
        ToolModule.registry(
            ClerkInstances.of(new ClerkInstance("test", sandbox.client(), false, config.tools())),
            new InterceptorChain(config.safety()));
    return tools.call(
        Objects.requireNonNull(tools.find("clerk_org_onboard")),
        Json.read(ARGUMENTS.formatted(admin).replace('\'', '"')),
        new Invocation(Runnable::run, agreeing()));
  }

  private static Caller agreeing() {
    return new Caller() {
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
      public CompletableFuture<Caller.Answer> ask(String question) {
        return CompletableFuture.completedFuture(Caller.Answer.ACCEPTED);
      }
    };
  }
}
