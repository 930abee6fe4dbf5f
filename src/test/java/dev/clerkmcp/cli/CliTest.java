package dev.clerkmcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.server.ToolModule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the command line: what is called, and what is printed. */
final class CliTest {
  private static final String USER = "{\"id\":\"user_1\",\"first_name\":\"Zo\u00eb\"}";

  private final FakeClerk clerk =
      FakeClerk.answering(
          request ->
              request.contains("missing")
                  ? Answer.error(404, "resource_not_found")
                  : new Answer(200, USER));

  private final RecordingApplication application =
      new RecordingApplication(() -> ToolModule.registry(clerk.client()));

  @Test
  void callPrintsTheAnswerOnOneLineInPipe() {
    Said said = run(false, "call", "clerk_user_get", "user_id=user_1");
    assertThat(said).isEqualTo(new Said(0, USER + "\n", ""));
  }

  @ParameterizedTest
  @CsvSource({"true,,true", "false,--pretty,true", "true,--compact,false"})
  void layoutDependsOnTerminalUnlessGiven(boolean terminal, String option, boolean pretty) {
    Said said =
        option == null
            ? run(terminal, "call", "clerk_user_get", "user_id=user_1")
            : run(terminal, "call", "clerk_user_get", "user_id=user_1", option);
    assertThat(said.out().lines().count() > 1).isEqualTo(pretty);
    assertThat(said.out()).contains("Zo\u00eb");
  }

  @ParameterizedTest
  @CsvSource({"--pretty", "--compact"})
  void hiddenCharactersDoNotReachTheTerminal(String layout) {
    FakeClerk hiding = FakeClerk.answering("{\"first_name\":\"a\u202Eb\u009Bc\"}");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Cli cli =
        new Cli(
            new RecordingApplication(() -> ToolModule.registry(hiding.client())),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            printer(),
            () -> null);
    assertThat(cli.run("1", "call", "clerk_user_get", "user_id=user_1", layout)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("a\\\\u202eb\\\\u009bc");
  }

  @Test
  void argumentsAreConvertedToTheirTypes() {
    Said said =
        run(
            false,
            "call",
            "clerk_user_create",
            "emailAddress=a@example.com",
            "emailAddress=b@example.com",
            "banned=true",
            "create_organizations_limit=3",
            "--json",
            "{\"public_metadata\":{\"a\":[1.10,null]}}");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).isEmpty();
    assertThat(said.out()).endsWith("\"notes\":[\"emailAddress was read as email_address.\"]}\n");
    assertThat(clerk.requests())
        .containsExactly(
            "POST /users\n{\"email_address\":[\"a@example.com\",\"b@example.com\"],"
                + "\"create_organizations_limit\":3,\"public_metadata\":{\"a\":[1.10,null]},"
                + "\"banned\":true}");
  }

  @Test
  void errorOfClerkIsPrintedToStderrAsJson() throws IOException {
    Said said = run(false, "call", "clerk_user_get", "user_id=missing");
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.out()).isEmpty();
    assertThat(Json.read(said.err()).at("/error/status").asInt()).isEqualTo(404);
    assertThat(Json.read(said.err()).at("/error/code").asText()).isEqualTo("resource_not_found");
  }

  @Test
  void invalidArgumentsAreBadUsageAndNotSent() throws IOException {
    Said said = run(false, "call", "clerk_user_get", "who=user_1");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(Json.read(said.err()).at("/error/code").asText()).isEqualTo("invalid_arguments");
    assertThat(clerk.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "call clerk_user_list          | Unknown tool: clerk_user_list; the nearest are clerk_users_list",
        "call clerk_user_get user_1    | \"user_1\" is not of the form NAME=VALUE.",
        "call clerk_user_get =user_1   | \"=user_1\" is not of the form NAME=VALUE.",
        "call clerk_user_get --json [] | --json must be a JSON object",
        "call clerk_user_get --json x  | --json must be a JSON object",
        "call clerk_user_get a=1 --json {\"a\":2} | a is given twice, in --json too.",
        "call clerk_user_get --compact --pretty | mutually exclusive",
        "call                          | Missing required parameter",
        "cal clerk_user_get            | Did you mean: clerk-mcp call",
        "--verbose                     | Unknown: --verbose",
      })
  void invalidCommandLineIsExplainedAndSendsNothing(String line, String explanation) {
    Said said = run(false, line.split(" ", -1));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).contains(explanation);
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void toolsAreListedWithGroupEffectAndCost() throws IOException {
    Said said = run(false, "tools");
    assertThat(said.exitCode()).isZero();
    assertThat(said.out().lines())
        .hasSizeGreaterThan(70)
        .anyMatch(line -> line.matches("clerk_user_delete +users +irreversible +\\d+  (yes|no)"));
    assertThat(Json.read(run(false, "tools", "--json").out()))
        .anySatisfy(
            tool -> {
              assertThat(tool.path("name").asText()).isEqualTo("clerk_users_list");
              assertThat(tool.path("tokens").asInt()).isBetween(300, 700);
              assertThat(tool.path("aliases").toString()).contains("list_auth_users");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "--sandbox, serve {CLERK_MCP_SANDBOX=true}",
    "tools --sandbox, tools {CLERK_MCP_SANDBOX=true}",
    "--sandbox tools, tools {CLERK_MCP_SANDBOX=true}",
    "tools, tools {}",
    "sandbox --port 0, 'sandbox on 0 {CLERK_MCP_SANDBOX=true, CLERK_MCP_SANDBOX_CLOCK=now}'",
    "sandbox, 'sandbox on 4010 {CLERK_MCP_SANDBOX=true, CLERK_MCP_SANDBOX_CLOCK=now}'"
  })
  void optionsSetSettings(String line, String asked) {
    Said said = run(false, line.split(" ", -1));
    assertThat(application.calls()).as(said.err()).containsExactly(asked);
  }

  /** A host starts no command, and a person who mistypes one waits for no answer. */
  @ParameterizedTest
  @CsvSource({
    "call clerk_users_list --bogus, false",
    "--sandbox call clerk_users_list --bogus, false",
    "--bogus call clerk_users_list, false",
    "--sandbox --bogus, true",
    "--bogus, true"
  })
  void onlyHostGetsTheMistakeAsAnAnswer(String line, boolean host) {
    Said said = run(false, line.split(" ", -1));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("--bogus");
    assertThat(application.calls()).hasSize(host ? 1 : 0);
  }

  @Test
  void sandboxNoteIsPrintedToStderr() {
    Said said = run(false, "call", "clerk_user_get", "user_id=user_1", "--sandbox");
    assertThat(said).isEqualTo(new Said(0, USER + "\n", "Made up.\n"));
    Said refused = run(false, "call", "clerk_user_get", "user_id=missing", "--sandbox");
    assertThat(refused.err()).startsWith("{").doesNotContain("Made up.");
  }

  @Test
  void invalidPortIsRejected() {
    Said said = run(false, "sandbox", "--port", "65536");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("--port must be from 0 to 65535.");
    assertThat(application.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--version, clerk-mcp 1.2.3",
    "tools --version, clerk-mcp 1.2.3",
    "--help, CLERK_MCP_AUDIT_LOG",
    "--help, Default: 45.",
    "--help, Default: full.",
    "tools --help, Default: core.",
    "tools --help, --access=read|write|full",
    "call --help, NAME=VALUE",
    "warm --help, FILE"
  })
  void helpAndVersionNeedNoConfiguration(String line, String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Cli cli =
        new Cli(
            new RecordingApplication(CliTest::fail),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            printer(),
            null);
    assertThat(cli.run("1.2.3", line.split(" ", -1))).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " ")).contains(text);
  }

  @Test
  void archiveRequiresJar() {
    Said said = run(false, "warm", "unused.jsa");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).endsWith("run this from the jar.\n");
    assertThat(application.calls()).isEmpty();
  }

  @Test
  void invalidConfigurationIsBadUsage() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        new Cli(
                new RecordingApplication(CliTest::fail),
                printer(),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                null)
            .run("1", "tools");
    assertThat(exitCode).isEqualTo(2);
    assertThat(err).hasToString("clerk-mcp: The setting is wrong.\n");
  }

  private static ToolRegistry fail() throws IOException {
    throw new IOException("The setting is wrong.");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void internalErrorHasStackTraceWithoutMessage(boolean error) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        new Cli(
                new RecordingApplication(
                    () -> {
                      if (error) {
                        throw new LinkageError("sk_test_secret");
                      }
                      throw new IllegalStateException("sk_test_secret");
                    }),
                printer(),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                null)
            .run("1", "tools");
    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("clerk-mcp: Internal error: java.lang.")
        .contains("at dev.clerkmcp.cli.CliTest")
        .doesNotContain("sk_test_secret");
  }

  @Test
  void argumentsAreReadFromFileAsUtf8(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("arguments.json");
    Files.writeString(file, "\uFEFF{\"first_name\":\"\u0141ukasz\"}\n");
    Said said = run(false, "call", "clerk_user_update", "user_id=user_1", "--json", "@" + file);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(clerk.requests())
        .containsExactly("PATCH /users/user_1\n{\"first_name\":\"\u0141ukasz\"}");
  }

  @Test
  void argumentsAreReadFromStandardInput() {
    Said said =
        runWith(
            "{\"user_id\":\"user_1\",\"first_name\":\"\u0141ukasz\"}"
                .getBytes(StandardCharsets.UTF_8));
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(clerk.requests())
        .containsExactly("PATCH /users/user_1\n{\"first_name\":\"\u0141ukasz\"}");
  }

  /** JSON has a null of its own, so the word in it can only be a name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--json {\"first_name\":\"Null\"}",
        "--json {\"first_name\":\"\\\"Null\\\"\"}",
        "first_name=\"Null\""
      })
  void wordForNullIsStoredIfItIsMeant(String written) {
    Said said = run(false, ("call clerk_user_update user_id=user_1 " + written).split(" ", -1));
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(clerk.requests()).containsExactly("PATCH /users/user_1\n{\"first_name\":\"Null\"}");
  }

  @Test
  void wordForNullInPlainArgumentIsRefusedWithTheWayToMeanIt() throws IOException {
    Said said = run(false, "call", "clerk_user_update", "user_id=user_1", "first_name=Null");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(Json.read(said.err()).at("/error/arguments/0/problem").asText())
        .contains("give \"\\\"Null\\\"\" to mean the word", "clear: [\"first_name\"]");
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void invalidInputIsBadUsage(@TempDir Path folder) throws IOException {
    Path list = Files.writeString(folder.resolve("list.json"), "[1]");
    Path text = Files.writeString(folder.resolve("text.json"), "{\"a\":");
    Path latin = Files.write(folder.resolve("latin.json"), new byte[] {'"', (byte) 0xE9, '"'});
    assertRefused(
        run(false, "call", "clerk_user_update", "--json", "@" + list), "must be a JSON object");
    assertRefused(
        run(false, "call", "clerk_user_update", "--json", "@" + text),
        "is not JSON: line 1, column 6.");
    assertRefused(run(false, "call", "clerk_user_update", "--json", "@" + latin), "is not UTF-8");
    assertRefused(
        run(false, "call", "clerk_user_update", "--json", "@" + folder), "names a directory");
    assertRefused(
        run(false, "call", "clerk_user_update", "--json", "@" + folder.resolve("none")),
        "does not exist");
    assertRefused(runWith(new byte[] {'{', (byte) 0xC3, '}'}), "The standard input is not UTF-8");
    assertRefused(runWith(new byte[0]), "The standard input does not hold one");
    assertRefused(runWith(new byte[(16 << 20) + 1]), "The standard input is larger than 16 MiB");
    assertRefused(
        run(false, "call", "clerk_user_update", "--json", "{\"user_id\":1,\"user_id\":2}"),
        "It has a member twice: line 1, column 23");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "9"})
  void inputBeyondTheLimitsOfJsonIsBadUsage(String repeated) {
    String json = "{\"public_metadata\":" + repeated.repeat(1500);
    assertRefused(runWith(json.getBytes(StandardCharsets.UTF_8)), "has more than 1000 levels");
  }

  private void assertRefused(Said said, String explanation) {
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).startsWith("--json ").contains(explanation);
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void argumentWithLostCharactersIsRejectedWithRemedy() {
    Said said = run(false, "call", "clerk_user_update", "user_id=user_1", "first_name=\uFFFDukasz");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("U+FFFD", "LC_ALL=C.UTF-8", "--json @FILE");
    assertThat(clerk.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "call %s",
        "call clerk_user_get %s",
        "call clerk_user_get %s=1",
        "call clerk_user_get --%s",
        "call clerk_user_get --json @%s",
        "audit verify %s",
        "%s",
      })
  void controlCharactersDoNotReachTheTerminal(String line) {
    Said said = run(false, line.formatted("\u001B]0;x\u0007\u009B1m\u202E").split(" ", -1));
    assertThat(said.exitCode()).isNotZero();
    assertThat(said.err()).isNotEmpty().doesNotContain("\u001B", "\u0007", "\u009B", "\u202E");
  }

  private static PrintStream printer() {
    return new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Updates a user with these bytes as the standard input. */
  private Said runWith(byte[] input) {
    return run(new ByteArrayInputStream(input), false, "call", "clerk_user_update", "--json", "-");
  }

  private Said run(boolean terminal, String... arguments) {
    return run(InputStream.nullInputStream(), terminal, arguments);
  }

  private Said run(InputStream in, boolean terminal, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Cli cli =
        new Cli(
            application,
            in,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal ? () -> null : null);
    int exitCode = cli.run("1.2.3", arguments);
    return new Said(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The outcome of a command line. */
  private record Said(int exitCode, String out, String err) {}
}
