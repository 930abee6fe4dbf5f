package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorChain;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each rail before each changing tool, by each way to it: what is stopped is said with a code, and
 * Clerk is sent nothing that changes anything.
 */
final class InterceptorChainTest {
  private static final String OWNER =
      """
      {"id": "user_1", "object": "user", "public_metadata": {"role": "owner"}, "total_count": 1,
       "email_addresses": [{"id": "idn_1", "email_address": "ada@example.com"}], "claims": {},
       "data": [{"id": "sess_1", "object": "session", "user_id": "user_1", "status": "active"}]}""";

  private final FakeClerk clerk = FakeClerk.answering(OWNER);
  @TempDir private Path folder;

  /** What a rail answers; where it concerns some tools only, others are asked too and may pass. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CLERK_MCP_DRY_RUN=true                         |                 | ALL         | dry_run",
        "CLERK_MCP_CONFIRM=never                        | dry_run=true    | ALL         | dry_run",
        "CLERK_MCP_CONFIRM=always                       |                 | DESTRUCTIVE | confirmation_needed",
        "CLERK_MCP_CONFIRM=always                       | confirmation=x  | DESTRUCTIVE | confirmation_needed",
        "CLERK_MCP_READ_ONLY=true                       |                 | ALL         | tool_switched_off",
        "CLERK_MCP_READ_ONLY=true                       | dry_run=true    | ALL         | tool_switched_off",
        "policy={'decision':'deny','tools':['clerk_*']} |                 | ALL         | denied_by_policy",
        "policy={'decision':'deny','tools':['clerk_*']} | dry_run=true    | ALL         | denied_by_policy",
        "policy={'decision':'deny','effects':['create','update','destroy','irreversible']} | | ALL | denied_by_policy",
        "policy={'decision':'confirm','tools':['clerk_*']} |              | ALL         | confirmation_needed",
        "policy={'decision':'deny','public_metadata':{'role':'owner'}} |  | OWNER       | denied_by_policy",
        "policy={'decision':'deny','email_domains':['example.com']}    |  | OWNER       | denied_by_policy"
      })
  void railHoldsEveryWay(String setting, String argument, String concerned, String code)
      throws Exception {
    ToolRegistry tools = tools(setting);
    ObjectNode further = argument == null ? Json.object() : argument(argument);
    int stopped = 0;
    for (ToolDefinition tool : tools.tools()) {
      if (tool.effect().readOnly() || tool.isDiscovery() || !isConcerned(concerned, tool)) {
        continue;
      }
      ObjectNode given = needed(tool.name()).setAll(further);
      for (ToolResult result : ToolCallPaths.allTo(tools, tool, given)) {
        assertThat(result.json()).as(tool.name()).contains(code);
        assertThat(result.isError()).as(tool.name()).isEqualTo(!code.equals("dry_run"));
        assertThat(clerk.requests().stream().filter(request -> !request.startsWith("GET ")))
            .as(tool.name())
            .isEmpty();
        stopped++;
      }
      clerk.forget();
    }
    assertThat(stopped).isGreaterThan(50);
  }

  private static boolean isConcerned(String which, ToolDefinition tool) {
    return switch (which) {
      case "ALL" -> true;
      case "DESTRUCTIVE" -> tool.effect().destructive();
      case "OWNER" ->
          tool.argumentNames().contains("user_id") || tool.argumentNames().contains("user_ids");
      default -> throw new IllegalArgumentException(which);
    };
  }

  /** What must be given so that there is something to change. */
  private static ObjectNode needed(String tool) {
    ObjectNode needed = Json.object();
    switch (tool) {
      case "clerk_metadata_set" ->
          needed.put("user_id", "user_1").putObject("public_metadata").put("plan", "pro");
      case "clerk_organization_update", "clerk_user_update" ->
          needed.putObject("public_metadata").put("plan", "pro");
      case "clerk_user_change_email" -> needed.put("email_address", "new@example.com");
      default -> {}
    }
    return needed;
  }

  private static ObjectNode argument(String text) {
    String[] parts = text.split("=", 2);
    return parts[1].equals("true")
        ? Json.object().put(parts[0], true)
        : Json.object().put(parts[0], parts[1]);
  }

  private ToolRegistry tools(String setting) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("CLERK_SECRET_KEY", "sk_test_notarealkey");
    environment.put("CLERK_MCP_DEPRECATED", "true");
    environment.put("CLERK_MCP_SECRETS_DIR", folder.resolve("secrets").toString());
    String[] parts = setting.split("=", 2);
    if (parts[0].equals("policy")) {
      Path file = folder.resolve("policy.json");
      Files.writeString(file, "{\"rules\": [" + parts[1].replace('\'', '"') + "]}");
      environment.put("CLERK_MCP_POLICY", file.toString());
    } else {
      environment.put(parts[0], parts[1]);
    }
    ServerConfig config = ServerConfig.from(environment);
    ToolFilter toolFilter = config.tools();
    return ToolModule.registry(
        ClerkInstances.of(new ClerkInstance("test", clerk.client(), false, toolFilter)),
        new InterceptorChain(config.safety()));
  }
}
