package dev.clerkmcp.interceptor.impact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes that change nothing, through the whole chain. */
final class IneffectiveArgumentsTest {
  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
  @TempDir private Path folder;

  /** Clerk answers the object, as if something had been changed. */
  @ParameterizedTest
  @CsvSource({
    "clerk_user_metadata_update, user_id",
    "clerk_user_metadata_replace, user_id",
    "clerk_organization_metadata_update, organization_id",
    "clerk_machine_update, machine_id",
    "clerk_instance_update, ",
  })
  void changeOfNothingIsTold(String tool, String argument) {
    String user = clerk.sandbox().ok("POST /users", "{'username':'ada1'}").path("id").asText();
    String acme = clerk.sandbox().ok("POST /organizations", "{'name':'Acme'}").path("id").asText();
    String machine = clerk.sandbox().ok("POST /machines", "{'name':'m'}").path("id").asText();
    Map<String, String> ids =
        Map.of("user_id", user, "organization_id", acme, "machine_id", machine);
    ToolRegistry tools =
        clerk.tools(folder, Map.of("CLERK_MCP_ACCESS", "full", "CLERK_MCP_CONFIRM", "never"));
    clerk.forget();
    ToolResult result =
        clerk.call(
            tools,
            tool,
            argument == null ? "{}" : "{'%s':'%s'}".formatted(argument, ids.get(argument)));
    assertThat(result.notes()).contains("No value was given, so nothing is changed.");
  }
}
