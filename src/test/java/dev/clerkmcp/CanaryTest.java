package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.CanaryClerk.Look;
import dev.clerkmcp.CanaryClerk.Outcome;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.SecretExamples;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Calls every tool in every way and checks that no credential from an answer and no secret argument
 * is disclosed, whatever the outcome. Only files in the secrets folder may have them.
 */
final class CanaryTest {
  @TempDir private Path folder;
  private int exports;

  @ParameterizedTest
  @CsvSource({
    "always, SUCCESS,   false, OPAQUE",
    "never,  SUCCESS,   false, SECRET_KEY",
    "always, SUCCESS,   false, JWT",
    "never,  SUCCESS,   false, TICKET",
    "never,  REFUSAL,   false, OPAQUE",
    "always, REFUSAL,   true,  OPAQUE",
    "never,  NO_ANSWER, false, OPAQUE",
    "always, TIMEOUT,   true,  OPAQUE",
    "never,  MALFORMED, false, OPAQUE",
    "always, MALFORMED, true,  OPAQUE",
    "always, MISTAKE,   true,  OPAQUE"
  })
  void noSecretIsDisclosed(String confirm, Outcome outcome, boolean readingSucceeds, Look look)
      throws Exception {
    CanaryClerk clerk = new CanaryClerk(outcome, readingSucceeds, look);
    ToolRegistry tools = tools(clerk, confirm);
    String logged;
    try (CapturedStderr log = new CapturedStderr()) {
      for (ToolDefinition tool : tools.tools()) {
        if (!tool.isDiscovery()) {
          callInEveryWay(tools, tool, clerk, outcome == Outcome.SUCCESS);
        }
      }
      logged = log.text();
    }
    assertThat(logged).contains("DEBUG");
    assertThat(logged.contains("IllegalStateException")).isEqualTo(outcome == Outcome.MISTAKE);
    assertThat(leaks(logged)).as("stderr").isEmpty();
    assertThat(leaks(Files.readString(folder.resolve("audit.jsonl")))).as("audit log").isEmpty();
    assertThat(exported().isEmpty()).isEqualTo(!readingSucceeds && outcome != Outcome.SUCCESS);
    assertThat(leaks(exported())).as("exports").isEmpty();
    assertThat(inSecretsFolder()).isEqualTo(clerk.kept());
  }

  private String exported() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(Files.createDirectories(folder.resolve("exports")))) {
      for (Path file : files.toList()) {
        all.append(file).append(Files.readString(file));
      }
    }
    return all.toString();
  }

  private void callInEveryWay(
      ToolRegistry tools, ToolDefinition tool, CanaryClerk clerk, boolean succeeds)
      throws IOException {
    ObjectNode further = SecretExamples.of(tool, clerk::toSend);
    if (tool.name().matches("clerk_(user|organization)_update")) {
      further.putObject("public_metadata").put("plan", "pro"); // something must be changed
    }
    if (tool.name().equals("clerk_metadata_set")) {
      further.put("user_id", "user_1").putObject("public_metadata").put("plan", "pro");
    }
    if (tool.name().equals("clerk_org_onboard")) {
      further.put("name", "one that is not there").put("admin", "new@new.example");
    }
    ObjectNode arguments = ExampleArguments.required(tool.arguments().fullSchema());
    arguments.setAll(further);
    clerk.expect(arguments);
    TestCaller person = TestCaller.agreeing();
    for (ToolResult result : ToolCallPaths.allTo(tools, tool, further, person)) {
      assertSilent(tool, result);
      assertThat(!succeeds || !result.isError()).as(result.json()).isTrue();
    }
    for (String option : List.of("{'fields':['*']}", "{'export':'%s.jsonl'}")) {
      ObjectNode with = arguments.deepCopy();
      with.setAll((ObjectNode) ToolCaller.arguments(option.formatted(exports++)));
      assertSilent(tool, ToolCaller.call(tools, tool.name(), with));
    }
    if (!tool.effect().readOnly()) {
      assertSilent(tool, ToolCaller.call(tools, tool.name(), arguments));
      ObjectNode dryRun = arguments.deepCopy().put("dry_run", true);
      assertSilent(tool, ToolCaller.call(tools, tool.name(), dryRun));
      assertUndoSilent(tools, tool);
    }
    ObjectNode wrong = arguments.deepCopy().put("no_such_argument", 1);
    assertSilent(tool, ToolCaller.call(tools, tool.name(), wrong));
    assertThat(leaks(person.questions().toString())).as(tool.name()).isEmpty();
  }

  private static void assertUndoSilent(ToolRegistry tools, ToolDefinition tool) throws IOException {
    ToolResult latest = ToolCaller.call(tools, "clerk_undo_plan", Json.object());
    assertSilent(tool, latest);
    for (JsonNode row : Json.read(latest.json()).path("changes")) {
      if (row.path("tool").asText().equals(tool.name())) {
        ObjectNode change = Json.object().set("change", row.path("change"));
        assertSilent(tool, ToolCaller.call(tools, "clerk_undo_plan", change));
      }
    }
  }

  private static void assertSilent(ToolDefinition tool, ToolResult result) {
    assertThat(leaks(result.toString())).as("%s: %s", tool.name(), result).isEmpty();
    assertThat(leaks(result.prettyText())).as(tool.name()).isEmpty();
  }

  /** The places where a text has a canary or a part of one. */
  private static List<String> leaks(String text) {
    List<String> places = new ArrayList<>();
    for (int at = text.indexOf(CanaryClerk.MARK);
        at >= 0;
        at = text.indexOf(CanaryClerk.MARK, at + 1)) {
      places.add(text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 50)));
    }
    return places;
  }

  private Set<String> inSecretsFolder() throws IOException {
    Set<String> canaries = new TreeSet<>();
    Path secrets = folder.resolve("secrets");
    if (!Files.exists(secrets)) {
      return canaries;
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(secrets)) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
        assertThat(leaks(file.toString())).isEmpty();
        canaries.addAll(CanaryClerk.in(Files.readString(file)));
      }
    }
    return canaries;
  }

  private ToolRegistry tools(CanaryClerk clerk, String confirm) throws Exception {
    ServerConfig config =
        ServerConfig.from(
            Map.of(
                "CLERK_SECRET_KEY",
                "sk_test_notarealkey",
                "CLERK_MCP_DEPRECATED",
                "true",
                "CLERK_MCP_CONFIRM",
                confirm,
                "CLERK_MCP_AUDIT_LOG",
                folder.resolve("audit.jsonl").toString(),
                "CLERK_MCP_EXPORT_DIR",
                folder.resolve("exports").toString(),
                "CLERK_MCP_AUDIT_READS",
                "true",
                "CLERK_MCP_SECRETS_DIR",
                folder.resolve("secrets").toString(),
                "CLERK_MCP_UPLOAD_DIR",
                ExampleArguments.UPLOADS.toString()));
    // The instances have the names that the example arguments use.
    ClerkInstance first =
        new ClerkInstance("first_1", clerk.clerk().client(), false, config.tools());
    ClerkInstance second =
        new ClerkInstance("second_1", clerk.clerk().client(), false, config.tools());
    return ToolModule.registry(
        new ClerkInstances(List.of(first, second), first), new InterceptorFactory(config.safety()));
  }
}
