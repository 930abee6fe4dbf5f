package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the overview tools with all interceptors: the size of answers, and masked data. */
final class OverviewSafetyTest {
  private static final SandboxCalls WORLD = SandboxCalls.seeded(1, 120);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyUserCostsLessThan1200Tokens(boolean includePrivate) throws Exception {
    ToolRegistry tools = ToolCaller.tools(WORLD.client(), folder, Map.of());
    long all = 0;
    JsonNode users = WORLD.ok("GET /users?limit=500");
    assertThat(users).hasSize(120);
    for (JsonNode user : users) {
      ToolResult result =
          ToolCaller.call(
              tools,
              "clerk_user_overview",
              "{\"user_id\":\"%s\",\"include_private\":%s}"
                  .formatted(user.path("id").asText(), includePrivate));
      assertThat(result.isError()).as(result.json()).isFalse();
      assertThat(ToolCaller.tokens(result)).as(result.json()).isLessThanOrEqualTo(1_200);
      assertThat(ToolCaller.json(result).has("not_read")).as(result.json()).isFalse();
      all += ToolCaller.tokens(result);
    }
    assertThat(all / users.size()).isLessThanOrEqualTo(1_000);
  }

  /** A user of the seed data has a problem for each of the states banned, locked and unverified. */
  @Test
  void signInProblemsMatchTheUsersState() throws Exception {
    ToolRegistry tools = ToolCaller.tools(WORLD.client(), folder, Map.of());
    for (JsonNode user : WORLD.ok("GET /users?limit=500")) {
      ToolResult result =
          ToolCaller.call(
              tools,
              "clerk_user_overview",
              "{\"user_id\":\"%s\"}".formatted(user.path("id").asText()));
      JsonNode answer = ToolCaller.json(result);
      for (JsonNode problem : answer.path("sign_in_problems")) {
        assertThat(tools.find(problem.path("tool").asText())).as(problem.toString()).isNotNull();
      }
      String codes = answer.path("sign_in_problems").findValuesAsText("code").toString();
      assertThat(codes.contains("banned")).isEqualTo(user.path("banned").asBoolean());
      assertThat(codes.contains("locked")).isEqualTo(user.path("locked").asBoolean());
      boolean unverified = answer.path("flags").toString().contains("unverified_email");
      assertThat(codes.contains("verified")).as(codes).isEqualTo(unverified);
    }
  }

  @Test
  void everyOrganizationCostsLessThan1800Tokens() throws Exception {
    ToolRegistry tools = ToolCaller.tools(WORLD.client(), folder, Map.of());
    for (JsonNode organization : WORLD.ok("GET /organizations?limit=100").path("data")) {
      ToolResult result =
          ToolCaller.call(
              tools,
              "clerk_org_overview",
              "{\"organization_id\":\"%s\"}".formatted(organization.path("slug").asText()));
      assertThat(result.isError()).as(result.json()).isFalse();
      assertThat(ToolCaller.tokens(result)).as(result.json()).isLessThanOrEqualTo(1_800);
      assertThat(ToolCaller.json(result).has("not_read")).as(result.json()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clerk_user_overview", "clerk_org_overview"})
  void privateMetadataIsShownOnRequestOnly(String tool) throws Exception {
    ToolRegistry tools = ToolCaller.tools(WORLD.client(), folder, Map.of());
    boolean user = tool.contains("user");
    JsonNode listed = WORLD.ok(user ? "GET /users" : "GET /organizations");
    String id = (user ? listed : listed.path("data")).path(0).path("id").asText();
    String arguments = "{\"%s\":\"%s\"".formatted(user ? "user_id" : "organization_id", id) + "%s}";
    assertThat(ToolCaller.call(tools, tool, arguments.formatted("")).json())
        .contains("hidden; include_private")
        .doesNotContain("billing_reference");
    assertThat(
            ToolCaller.call(tools, tool, arguments.formatted(",\"include_private\":true")).json())
        .contains("billing_reference");
  }

  @Test
  void maskingHidesMemberNames() throws Exception {
    ToolRegistry tools = ToolCaller.tools(WORLD.client(), folder, Map.of("CLERK_MCP_PII", "mask"));
    JsonNode member =
        WORLD
            .ok("GET /organizations/%s/memberships".formatted(organization("blue-harbor")))
            .at("/data/0/public_user_data");
    String shown =
        ToolCaller.call(tools, "clerk_org_overview", "{\"organization_id\":\"blue-harbor\"}")
            .json();
    assertThat(shown)
        .contains(member.path("user_id").asText())
        .doesNotContain(
            member.path("identifier").asText(),
            member.path("first_name").asText() + " " + member.path("last_name").asText());
  }

  private static String organization(String slug) {
    return WORLD.ok("GET /organizations/" + slug).path("id").asText();
  }
}
