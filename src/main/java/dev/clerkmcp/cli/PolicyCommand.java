package dev.clerkmcp.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Says what a policy would decide about a call. */
@Command(
    name = "policy",
    description = "Try a policy.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PolicyCommand implements Callable<Integer> {
  /** The exit code if a person would be asked. */
  private static final int CONFIRM = 3;

  @Spec private CommandSpec spec;
  @ParentCommand private Cli cli;

  /** Fails, since a script that leaves out the command would take success for a decision. */
  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Say what to do with the policy.");
  }

  @Command(
      name = "test",
      description = {
        "Say what would happen to a call: allow, proceed (no question is asked), confirm or deny,",
        "by which rule, for each request and for each person that it touches. Nothing is changed;",
        "what the call depends on is read from Clerk, or from the sandbox with --sandbox."
      },
      footer = {
        "",
        "Example: clerk-mcp policy test rules.json clerk_user_ban user_id=ada@example.com --sandbox",
        "Exit code: 0 for allow and proceed, 1 for deny, 3 for confirm, 2 if it cannot be found out."
      },
      mixinStandardHelpOptions = true)
  int test(
      @Parameters(index = "0", paramLabel = "FILE", description = "The policy.") Path file,
      @Parameters(index = "1", paramLabel = "TOOL", description = "Name of the tool.") String name,
      @Parameters(
              index = "2..*",
              arity = "0..*",
              paramLabel = "NAME=VALUE",
              description = "An argument, converted to its type. Repeat it for a list.")
          List<String> pairs,
      @Option(names = "--json", description = "Print JSON.") boolean json)
      throws Exception {
    CommandSpec test = Objects.requireNonNull(spec.subcommands().get("test")).getCommandSpec();
    Map<Setting, String> flags = new EnumMap<>(cli.flags());
    flags.put(Setting.POLICY, file.toAbsolutePath().toString());
    ToolRegistry tools = cli.application().policyTest(flags);
    ToolDefinition tool = tools.find(name);
    if (tool == null) {
      throw new ParameterException(test.commandLine(), ToolHelp.unknown(name));
    }
    List<String> given = pairs == null ? List.of() : pairs;
    ToolResult result =
        tools.call(
            tool,
            name,
            new NamedValues(test, Json.object()).with(given),
            new Invocation(Runnable::run, cli.caller(Caller.Consent.NONE)));
    if (result.isError() || !json) { // the JSON has them
      result.notes().forEach(cli.err()::println);
    }
    return result.isError() ? failed(result) : print(result, json);
  }

  /** Reports a call that access refuses, or of which the policy's decision cannot be found out. */
  private int failed(ToolResult result) throws JsonProcessingException {
    JsonNode error = Json.read(result.json()).path("error");
    String message = TextSanitizer.of(error.path("message").asText());
    if (error.path("code").asText().equals("tool_switched_off")) {
      cli.out().println("deny: " + message);
      return Cli.FAILED;
    }
    List<String> problems = new ArrayList<>(message.isEmpty() ? List.of() : List.of(message));
    error
        .path("arguments")
        .forEach(
            argument ->
                problems.add(
                    TextSanitizer.of(
                        argument.path("name").asText() + " " + argument.path("problem").asText())));
    cli.err().println(String.join("; ", problems));
    return ExitCode.USAGE;
  }

  private int print(ToolResult result, boolean json) throws JsonProcessingException {
    JsonNode report = Json.read(result.json());
    if (json) {
      cli.out().println(cli.terminal() ? result.prettyText() : result.text());
    } else {
      lines(report).forEach(line -> cli.out().println(TextSanitizer.of(line)));
    }
    return switch (report.path("decision").asText()) {
      case "deny" -> Cli.FAILED;
      case "confirm" -> CONFIRM;
      default -> ExitCode.OK;
    };
  }

  private static List<String> lines(JsonNode report) {
    List<String> lines = new ArrayList<>();
    lines.add(report.path("tool").asText() + ": " + decision(report));
    for (JsonNode request : report.path("requests")) {
      String risks =
          request
              .path("risks")
              .valueStream()
              .map(JsonNode::asText)
              .collect(Collectors.joining(","));
      lines.add(
          "  %s (%s%s): %s"
              .formatted(
                  request.path("request").asText(),
                  request.path("effect").asText(),
                  risks.isEmpty() ? "" : "; " + risks,
                  decision(request)));
      request
          .path("touched")
          .forEach(touched -> lines.add("    " + touched(touched) + ": " + decision(touched)));
    }
    return lines;
  }

  private static String decision(JsonNode row) {
    String why = row.path("why").asText("");
    String by = row.path("by").asText("no rule");
    return row.path("decision").asText()
        + ", "
        + by
        + (why.isEmpty() ? "" : ", since " + why)
        + row.path("no_question")
            .valueStream()
            .filter(lifted -> !lifted.path("by").asText().equals(by))
            .map(
                lifted ->
                    "; no question about %s, %s"
                        .formatted(lifted.path("about").asText(), lifted.path("by").asText()))
            .collect(Collectors.joining());
  }

  private static String touched(JsonNode row) {
    List<String> parts = new ArrayList<>();
    JsonNode user = row.path("user");
    if (user.isObject()) {
      parts.add(
          Stream.concat(user.valueStream(), row.path("addresses").valueStream())
              .map(JsonNode::asText)
              .collect(Collectors.joining(", ", "user ", "")));
    }
    if (row.has("address")) {
      parts.add(row.path("address").asText());
    }
    JsonNode organization = row.path("organization");
    if (organization.isObject()) {
      parts.add(
          "organization %s (%s)"
              .formatted(organization.path("name").asText(), organization.path("id").asText()));
    }
    if (parts.isEmpty()) {
      return row.path("unknown").asBoolean() ? "unknown" : "nobody";
    }
    return String.join(" in ", parts);
  }
}
