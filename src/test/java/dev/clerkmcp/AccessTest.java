package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.interceptor.redact.SecretStore;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls every tool in every way and checks that requests forbidden by access are not sent. */
final class AccessTest {
  @TempDir private Path folder;

  private static final String TEST_KEY = "sk_test_notarealkey";
  private static final String LIVE_KEY = "sk_live_notarealkey";

  private final FakeClerk clerk = FakeClerk.answering("{\"data\":[],\"total_count\":0}");

  /** Otherwise the caller tries the remedy and is refused again. */
  @Test
  void adviceSaysOfAToolThatItIsSwitchedOff() {
    FakeClerk refusing =
        FakeClerk.answering(
            request ->
                request.startsWith("DELETE")
                    ? FakeClerk.Answer.error(400, "delete_linked_identification_disallowed")
                    : new FakeClerk.Answer(200, "{\"id\":\"idn_1\"}"));
    String tool = "clerk_user_external_account_delete";
    String disabled = tool + " is switched off here: CLERK_MCP_EXCLUDE_TOOLS names it.";
    for (String excluded : new String[] {tool, "clerk_user_ban"}) {
      ToolRegistry tools =
          ToolCaller.tools(refusing.client(), folder, Map.of("CLERK_MCP_EXCLUDE_TOOLS", excluded));
      ToolResult refused =
          ToolCaller.call(tools, "clerk_email_address_delete", "{'email_address_id':'idn_1'}");
      String next = ToolCaller.json(refused).at("/error/next").asText();
      assertThat(next).contains("disconnect that first with " + tool);
      assertThat(next.contains(disabled)).isEqualTo(excluded.equals(tool));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "read, false, false, false, READ",
    "full, true, true, true, READ",
    "write, false, false, false, READ REVEAL CREATE UPDATE",
    "write, false, true, true, READ REVEAL CREATE UPDATE",
    "full, false, false, true, READ REVEAL CREATE UPDATE DESTROY",
    "full, false, true, true, READ REVEAL CREATE UPDATE DESTROY IRREVERSIBLE IRREVERSIBLE_EACH_TIME",
    "full, false, false, false, READ REVEAL CREATE UPDATE DESTROY IRREVERSIBLE IRREVERSIBLE_EACH_TIME",
  })
  void accessAllowsOnlyTheseEffects(
      String access, boolean readOnly, boolean irreversible, boolean live, String effects)
      throws Exception {
    Map<String, String> environment =
        new TreeMap<>(
            Map.of(
                "CLERK_SECRET_KEY",
                live ? LIVE_KEY : TEST_KEY,
                "CLERK_MCP_ACCESS",
                access,
                "CLERK_MCP_READ_ONLY",
                Boolean.toString(readOnly),
                "CLERK_MCP_ALLOW_IRREVERSIBLE",
                Boolean.toString(irreversible),
                "CLERK_MCP_TOOLSETS",
                "all",
                "CLERK_MCP_DEPRECATED",
                "true"));
    ToolFilter toolFilter = ServerConfig.from(environment).tools();
    ToolRegistry tools =
        ToolModule.registry(
            ClerkInstances.of(new ClerkInstance("test", clerk.client(), live, toolFilter)),
            new InterceptorFactory(
                InterceptorFactory.Settings.keepingSecretsIn(new SecretStore(folder))));
    List<String> allowed = List.of(effects.split(" ", -1));
    List<String> listed = toolFilter.listed().stream().map(ToolIndexEntry::name).toList();
    for (ToolDefinition tool : tools.tools()) {
      if (tool.group().equals(ToolFilter.DISCOVERY)) {
        continue;
      }
      boolean instanceWide =
          tool.group().equals("instance") && tool.effect() != Effect.READ && live && !irreversible;
      boolean may = allowed.contains(tool.effect().name()) && !instanceWide;
      assertThat(listed.contains(tool.name())).as("%s is listed", tool.name()).isEqualTo(may);
      for (ToolResult result : ToolCallPaths.allTo(tools, tool)) {
        if (may) {
          assertThat(result.json()).as(tool.name()).doesNotContain("tool_switched_off");
        } else {
          assertThat(result.isError()).isTrue();
          assertThat(result.json()).as(tool.name()).contains("tool_switched_off", "CLERK_MCP_");
          assertThat(clerk.requests()).as(tool.name()).isEmpty();
        }
      }
      clerk.forget();
    }
  }
}
