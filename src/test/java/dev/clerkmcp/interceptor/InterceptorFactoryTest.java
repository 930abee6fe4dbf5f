package dev.clerkmcp.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.ToolCallPaths;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.OperationFacts.RiskCheck;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests each setting that stops changes, with every changing tool on every call path: the answer
 * has a code, and no change is sent.
 */
final class InterceptorFactoryTest {
  private static final String OWNER =
      """
      {"id": "user_1", "object": "user", "public_metadata": {"role": "owner"}, "total_count": 1,
       "email_addresses": [{"id": "idn_1", "email_address": "ada@example.com"}], "claims": {},
       "data": [{"id": "sess_1", "object": "session", "user_id": "user_1", "status": "active"}]}""";

  /** The destructive tools that need no confirmation, since they end the one session there is. */
  private static final Set<String> SINGLE_SESSION =
      Set.of("clerk_session_revoke", "clerk_user_sessions_revoke");

  private static final Predicate<String> REVEALING =
      Pattern.compile("/secret|/oauth_access_tokens/").asPredicate();

  private final FakeClerk clerk = FakeClerk.answering(OWNER);
  @TempDir private Path folder;

  /**
   * The setting, an argument, the tools that are stopped, and the code in the answer. Tools that a
   * setting does not affect are not checked.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CLERK_MCP_DRY_RUN=true                         |                 | ALL         | dry_run",
        "CLERK_MCP_CONFIRM=never                        | dry_run=true    | ALL         | dry_run",
        "CLERK_MCP_CONFIRM=always                       |                 | DESTRUCTIVE | confirmation_needed",
        "CLERK_MCP_CONFIRM=always                       | confirmation=x  | DESTRUCTIVE | confirmation_needed",
        "CLERK_MCP_CONFIRM=always                       |                 | RISKY       | confirmation_needed",
        "CLERK_MCP_CONFIRM=always                       | confirmation=x  | RISKY       | confirmation_needed",
        "CLERK_MCP_READ_ONLY=true                       |                 | ALL         | tool_switched_off",
        "CLERK_MCP_READ_ONLY=true                       | dry_run=true    | ALL         | tool_switched_off",
        "policy={'decision':'deny','tools':['clerk_*']} |                 | ALL         | denied_by_policy",
        "policy={'decision':'deny','tools':['clerk_*']} | dry_run=true    | ALL         | denied_by_policy",
        "policy={'decision':'deny','effects':['reveal','create','update','destroy','irreversible']} | | ALL | denied_by_policy",
        "policy={'decision':'confirm','tools':['clerk_*']} |              | ALL         | confirmation_needed",
        "policy={'decision':'deny','public_metadata':{'role':'owner'}} |  | OWNER       | denied_by_policy",
        "policy={'decision':'deny','email_domains':['example.com']}    |  | OWNER       | denied_by_policy"
      })
  void settingStopsEveryCallPath(String setting, String argument, String concerned, String code)
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
        assertThat(clerk.requests())
            .as(tool.name())
            .noneMatch(request -> !request.startsWith("GET ") || REVEALING.test(request));
        stopped++;
      }
      clerk.forget();
    }
    assertThat(stopped).isGreaterThan(50);
  }

  private static boolean isConcerned(String which, ToolDefinition tool) {
    return switch (which) {
      case "ALL" -> true;
      case "DESTRUCTIVE" -> tool.effect().destructive() && !SINGLE_SESSION.contains(tool.name());
      case "RISKY" ->
          !tool.isComposed()
              && tool.risks().stream()
                  .anyMatch(risk -> risk.when().length == 0 && risk.check() == RiskCheck.NONE)
              && !SINGLE_SESSION.contains(tool.name());
      case "OWNER" ->
          tool.argumentNames().contains("user_id") || tool.argumentNames().contains("user_ids");
      default -> throw new IllegalArgumentException(which);
    };
  }

  /** The arguments without which a tool would change nothing. */
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

  private ToolRegistry tools(String setting) {
    String[] parts = setting.split("=", 2);
    Map<String, String> settings =
        new HashMap<>(
            parts[0].equals("policy")
                ? ToolCaller.policy(folder, parts[1])
                : Map.of(parts[0], parts[1]));
    settings.put("CLERK_MCP_DEPRECATED", "true");
    return ToolCaller.tools(clerk.client(), folder, settings);
  }
}
