package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the server with the sandbox. */
final class SandboxIT {
  private static final String MARK = "/_meta/dev.clerkmcp~1sandbox";

  @Test
  void everyResultHasTheSandboxMeta() throws JsonProcessingException {
    try (ServerProcess server = ServerProcess.inSandbox()) {
      server.send(ServerProcess.initialize("2025-11-25"));
      JsonNode session = server.receive().path("result");
      assertThat(session.at(MARK).asBoolean()).isTrue();
      assertThat(session.path("instructions").asText()).startsWith("This is the sandbox");
      server.send(ServerProcess.request("1", "tools/list", "{}"));
      assertThat(server.receive().at("/result" + MARK).asBoolean()).isTrue();
      server.send(ServerProcess.call("2", "clerk_users_count", "{}"));
      JsonNode count = server.receive();
      assertThat(count.at("/result" + MARK).asBoolean()).isTrue();
      assertThat(Json.read(ServerProcess.text(count)).path("total_count").asInt()).isEqualTo(120);
      server.send(ServerProcess.call("3", "clerk_user_get", "{\"user_id\":\"user_nobody\"}"));
      JsonNode refused = server.receive().path("result");
      assertThat(refused.path("isError").asBoolean()).isTrue();
      assertThat(refused.at(MARK).asBoolean()).isTrue();
      assertThat(server.standardError())
          .contains("This is the sandbox")
          .doesNotContain("Exception");
    }
  }

  /** The conversation that the README proposes: a new admin, a lost invitation, a ban. */
  @Test
  void conversationOfTheReadmeWorks() throws JsonProcessingException {
    try (ServerProcess server = ServerProcess.inSandbox().initialized()) {
      List<String> withoutAdmin = new ArrayList<>();
      for (JsonNode organization : server.answer("clerk_organizations_list", "{}").path("data")) {
        String id = organization.path("id").asText();
        JsonNode admins =
            server.answer(
                "clerk_org_memberships_list",
                "{\"organization_id\":\"%s\",\"role\":\"org:admin\"}".formatted(id));
        if (admins.path("total_count").asInt() == 0) {
          withoutAdmin.add(id);
        }
      }
      assertThat(withoutAdmin).hasSize(1);
      String organization = withoutAdmin.get(0);
      String member =
          server
              .answer(
                  "clerk_org_memberships_list",
                  "{\"organization_id\":\"%s\",\"order_by\":\"created_at\"}"
                      .formatted(organization))
              .at("/data/0/user_id")
              .asText();
      assertThat(
              server
                  .answer(
                      "clerk_org_membership_update",
                      "{\"organization_id\":\"%s\",\"user_id\":\"%s\",\"role\":\"org:admin\"}"
                          .formatted(organization, member))
                  .at("/changed/0"))
          .hasToString("{\"field\":\"role\",\"before\":\"org:member\",\"after\":\"org:admin\"}");

      assertThat(
              server
                  .answer("clerk_instance_org_invitations_list", "{\"query\":\"guest01\"}")
                  .at("/data/0/status")
                  .asText())
          .isEqualTo("pending");

      JsonNode found =
          server
              .answer("clerk_users_list", "{\"query\":\"ignore all previous\",\"fields\":\"*\"}")
              .at("/data/0");
      String user = found.path("id").asText();
      server.answer("clerk_user_ban", "{\"user_id\":\"%s\"}".formatted(user));
      assertThat(
              server
                  .answer(
                      "clerk_sessions_list",
                      "{\"user_id\":\"%s\",\"status\":\"active\"}".formatted(user))
                  .path("total_count")
                  .asInt())
          .isZero();
    }
  }

  @Test
  void hiddenCharactersInDataAreEscaped() {
    try (ServerProcess server = ServerProcess.inSandbox().initialized()) {
      server.send(
          ServerProcess.call(
              "1", "clerk_users_list", "{\"query\":\"ignore all previous\",\"fields\":\"*\"}"));
      assertThat(ServerProcess.text(server.receive()))
          .contains("maintenance mode", "\\u202e", "\\u200b", "\\udb40", "\\udc62")
          .doesNotContain("\u202E", "\u200B", "\uDB40");
    }
  }

  @Test
  void sandboxFileKeepsDataBetweenRuns(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("world.json");
    String id;
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_MCP_SANDBOX_FILE", file.toString()).initialized()) {
      id = server.answer("clerk_user_create", "{\"username\":\"ada_l\"}").path("id").asText();
      try (ServerProcess second =
          ServerProcess.inSandbox("CLERK_MCP_SANDBOX_FILE", file.toString())) {
        assertThat(second.exitCode(10)).isEqualTo(2);
        assertThat(second.standardError()).contains("is in use by another sandbox");
      }
    }
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_MCP_SANDBOX_FILE", file.toString()).initialized()) {
      String get = "{\"user_id\":\"%s\"}".formatted(id);
      assertThat(server.answer("clerk_user_get", get).path("username").asText()).isEqualTo("ada_l");
    }
    Files.writeString(file, "{\"clerk_mcp_sandbox\":1,");
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_MCP_SANDBOX_FILE", file.toString())) {
      assertThat(server.exitCode(10)).isEqualTo(2);
      assertThat(server.receiveRest()).isEmpty();
      assertThat(server.standardError())
          .contains(
              "CLERK_MCP_SANDBOX_FILE is \"", "\": this file is damaged: it does not hold JSON.");
    }
    assertThat(file).hasContent("{\"clerk_mcp_sandbox\":1,");
  }

  @Test
  void realKeyWithSandboxIsRejectedAtStart() {
    try (ServerProcess server = new ServerProcess("CLERK_MCP_SANDBOX", "true")) {
      assertThat(server.exitCode(10)).isEqualTo(2);
      assertThat(server.receiveRest()).isEmpty();
      assertThat(server.standardError())
          .contains("there is a key of a real instance")
          .doesNotContain("MARKED");
    }
  }

  /** Behaviour that depends on a live key can be tested without a real instance. */
  @Test
  void sandboxLiveKeyMakesLiveInstance() throws JsonProcessingException {
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_SECRET_KEY", "sk_live_sandbox_1").initialized()) {
      assertLive(server);
    }
    try (ServerProcess sandbox =
        ServerProcess.command("sandbox --port 0", "CLERK_SECRET_KEY", "")) {
      String url = sandbox.receiveLine().replaceFirst(".* ", "");
      try (ServerProcess server =
          new ServerProcess("CLERK_SECRET_KEY", "sk_live_sandbox_1", "CLERK_API_URL", url)
              .initialized()) {
        assertLive(server);
      }
    }
  }

  private static void assertLive(ServerProcess server) throws JsonProcessingException {
    assertThat(server.answer("clerk_instance_get", "{}").path("environment_type").asText())
        .isEqualTo("production");
    String user = server.answer("clerk_users_list", "{\"limit\":1}").at("/data/0/id").asText();
    String arguments = "{\"user_id\":\"%s\"}".formatted(user);
    server.send(ServerProcess.call("1", "clerk_user_ban", arguments));
    assertThat(server.receive().at("/result/content/0/text").asText())
        .contains("confirmation_needed");
    server.send(ServerProcess.call("2", "clerk_user_delete", arguments));
    assertThat(server.receive().at("/result/content/0/text").asText())
        .contains("CLERK_MCP_ALLOW_IRREVERSIBLE");
  }

  @Test
  void flagEnablesSandboxForServerAndCommand() {
    try (ServerProcess server = ServerProcess.command("--sandbox", "CLERK_SECRET_KEY", "")) {
      server.initialized();
    }
    try (ServerProcess call =
        ServerProcess.command("call clerk_users_list limit=2 --sandbox", "CLERK_SECRET_KEY", "")) {
      assertThat(call.receiveRest())
          .singleElement()
          .satisfies(answer -> assertThat(answer.path("data")).hasSize(2));
      assertThat(call.exitCode(5)).isZero();
      assertThat(call.standardError()).contains("This is the sandbox");
    }
  }

  @Test
  void cancelledCallDoesNotWaitForSlowSandbox() {
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_MCP_SANDBOX_LATENCY", "30000").initialized()) {
      server.send(ServerProcess.call("1", "clerk_users_count", "{}"));
      server.send(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
      server.assertSilentBefore("after");
      server.closeInput();
      assertThat(server.exitCode(10)).isZero();
    }
  }

  @Test
  void rateLimitedRequestIsRetried() throws JsonProcessingException {
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_MCP_SANDBOX_FAULTS", "429@1").initialized()) {
      assertThat(server.answer("clerk_users_count", "{}").path("total_count").asInt())
          .isEqualTo(120);
    }
  }
}
