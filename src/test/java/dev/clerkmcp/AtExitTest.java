package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a server which runs for long does not remember files that it has deleted. */
final class AtExitTest {
  @TempDir private Path folder;

  @Test
  void exportsLeaveNothingBehind() {
    ToolRegistry tools =
        ToolCaller.tools(
            SandboxCalls.seeded(1, 5).client(),
            folder,
            Map.of("CLERK_MCP_EXPORT_DIR", folder.toString()));
    for (String name : new String[] {"a.csv", "b.jsonl"}) {
      ToolResult result =
          ToolCaller.call(tools, "clerk_users_list", Json.object().put("export", name));
      assertThat(result.isError()).as(result.json()).isFalse();
      assertThat(folder.resolve(name)).exists();
    }
    assertThat(AtExit.files()).noneMatch(below(folder));
  }

  @Test
  void answeredQuestionsLeaveNothingBehind() {
    SandboxClerk clerk = new SandboxClerk();
    String user = clerk.sandbox().createUser("ada@example.com");
    ToolRegistry tools = clerk.tools(folder, Map.of("CLERK_MCP_CONFIRM", "always"));
    String arguments =
        "{'user_id':'%s','public_metadata':{'role':'%s'}}".formatted(user, "x".repeat(9_000));
    ToolCaller.call(tools, "clerk_user_metadata_replace", arguments, TestCaller.unableToAsk());
    ToolCaller.call(tools, "clerk_user_metadata_replace", arguments, TestCaller.agreeing());
    assertThat(AtExit.files()).noneMatch(below(folder));
  }

  private static Predicate<Path> below(Path folder) {
    return file -> file.startsWith(folder);
  }
}
