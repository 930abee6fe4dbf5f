package dev.clerkmcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.server.ToolModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measures what everyday answers cost on the sandbox, and what Clerk's own answers would cost. */
final class AnswerCosts {
  private static final int MEMBERS = 200;

  private final SandboxCalls sandbox = SandboxCalls.seeded(1, 300);
  private final ToolRegistry tools;
  private final ToolRegistry raw;
  private final String organization;

  private AnswerCosts() throws ConfigException {
    ClerkClient clerk = sandbox.client();
    raw = ToolModule.registry(clerk);
    tools =
        ToolModule.registry(
            ClerkInstances.of(clerk),
            new InterceptorFactory(
                ServerConfig.from(Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "1000000")).safety()));
    organization = largeOrganization();
  }

  /**
   * One kind of answer.
   *
   * @param most the tokens that it may cost
   * @param raw the tokens of what Clerk answers; 0 where that would take several calls
   */
  record Row(String what, String call, long tokens, int most, long raw) {}

  static List<Row> measured() throws ConfigException {
    return new AnswerCosts().rows();
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    ObjectNode hundred = Json.object().put("limit", 100);
    ObjectNode members = Json.object().put("organization_id", organization).put("limit", MEMBERS);
    ObjectNode about = Json.object().put("organization_id", organization);
    ObjectNode user = Json.object().put("user_id", heaviestUser());
    rows.add(row("100 users", "clerk_users_list", hundred, 8_000));
    rows.add(row("one user, the largest", "clerk_user_get", user, 1_200));
    rows.add(row("200 members of an organization", "clerk_org_memberships_list", members, 13_000));
    rows.add(row("everything about that user", "clerk_user_overview", user, 1_200));
    rows.add(row("that organization, 20 members", "clerk_org_overview", about, 1_500));
    rows.add(row("100 invitations", "clerk_invitations_list", hundred, 5_000));
    rows.add(row("all organizations", "clerk_organizations_list", hundred, 1_000));
    return rows;
  }

  private Row row(String what, String name, ObjectNode arguments, int most) {
    ToolResult shown = call(tools, name, arguments);
    boolean composed = name.endsWith("_overview");
    long unshaped = composed ? 0 : ToolCaller.tokens(call(raw, name, arguments));
    return new Row(what, name, ToolCaller.tokens(shown), most, unshaped);
  }

  private static ToolResult call(ToolRegistry tools, String name, ObjectNode arguments) {
    ToolResult result = ToolCaller.call(tools, name, arguments);
    if (result.isError()) {
      throw new AssertionError(name + ": " + result.json());
    }
    return result;
  }

  private String heaviestUser() {
    String heaviest = "";
    int most = 0;
    for (JsonNode user : sandbox.ok("GET /users?limit=300")) {
      if (user.toString().length() > most) {
        most = user.toString().length();
        heaviest = user.path("id").asText();
      }
    }
    return heaviest;
  }

  private String largeOrganization() {
    JsonNode made =
        sandbox.ok(
            "POST /organizations", "{\"name\":\"Large Client\",\"max_allowed_memberships\":0}");
    String id = made.path("id").asText();
    ArrayNode users = (ArrayNode) sandbox.ok("GET /users?limit=" + MEMBERS);
    for (JsonNode user : users) {
      sandbox.ok(
          "POST /organizations/%s/memberships".formatted(id),
          Json.object()
              .put("user_id", user.path("id").asText())
              .put("role", "org:member")
              .toString());
    }
    return id;
  }
}
