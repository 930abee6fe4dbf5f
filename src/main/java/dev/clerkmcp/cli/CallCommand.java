package dev.clerkmcp.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.registry.argument.ArgumentSchema;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Runs one tool through the same chain as a host's call, and prints its answer. */
@Command(
    name = "call",
    description = "Run one tool and print its JSON.",
    footer = {
      "",
      "Example: clerk-mcp call clerk_users_list limit=5 order_by=last_sign_in_at",
      "clerk-mcp call TOOL --help shows the arguments of a tool."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CallCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private Cli cli;

  @Parameters(
      index = "0",
      paramLabel = "TOOL",
      description = "Name of the tool; clerk-mcp tools lists them.")
  private @Nullable String tool; // null only if help is asked for

  @Parameters(
      index = "1..*",
      paramLabel = "NAME=VALUE",
      description = "An argument, converted to its type. Repeat it for a list.")
  private List<String> pairs = new ArrayList<>();

  @Option(
      names = "--json",
      paramLabel = "OBJECT",
      description =
          "Arguments as a JSON object; @FILE reads them from a file, - from the standard input.")
  private @Nullable String json;

  @ArgGroup private Agreement agreement = new Agreement();

  /** The answer to the question that a call may ask. */
  private static final class Agreement {
    @Option(
        names = "--yes",
        description = "Agree without being asked, except to what a live key cannot undo.")
    private boolean yes;

    @Option(
        names = "--yes-irreversible",
        description = "Agree without being asked, even to what cannot be undone.")
    private boolean irreversible;

    private Caller.Consent consent() {
      if (irreversible) {
        return Caller.Consent.EVERYTHING;
      }
      return yes ? Caller.Consent.REVERSIBLE : Caller.Consent.NONE;
    }
  }

  @ArgGroup private Layout layout = new Layout();

  /** The format of the answer. */
  private static final class Layout {
    @Option(names = "--compact", description = "JSON on one line, the default in a pipe.")
    private boolean compact;

    @Option(names = "--pretty", description = "Indented JSON, the default on a terminal.")
    private boolean pretty;
  }

  @Override
  public Integer call() throws Exception {
    ObjectNode arguments = arguments();
    Application.Tools open = cli.tools();
    ToolRegistry tools = open.registry();
    String name = Objects.requireNonNull(tool);
    ToolDefinition definition = tools.find(name);
    if (definition == null) {
      throw wrong(ToolHelp.unknown(name));
    }
    ToolResult result =
        tools.call(
            definition,
            name,
            arguments,
            new Invocation(CallCommand::start, cli.caller(agreement.consent())));
    if (!result.isError()) {
      open.notes().forEach(cli.err()::println); // an error must be parsable JSON
    }
    print(result, result.isError() ? cli.err() : cli.out());
    return exitCode(result);
  }

  /** Whether the command line names a tool. */
  boolean namesTool() {
    return tool != null;
  }

  /** Prints the tool and its arguments, in place of the help of this command. */
  int help() {
    String name = Objects.requireNonNull(tool);
    ToolIndexEntry entry = ToolHelp.find(name);
    if (entry == null) {
      throw wrong(ToolHelp.unknown(name));
    }
    ToolHelp.print(entry, cli.out());
    return ExitCode.OK;
  }

  private ObjectNode arguments() {
    ObjectNode arguments = Json.object();
    if (json != null) {
      arguments.setAll(ArgumentSchema.meantAsWritten(object(json)));
    }
    return new NamedValues(spec, arguments).with(pairs);
  }

  private ObjectNode object(String text) {
    try {
      return JsonOption.read(text, cli.in());
    } catch (JsonOption.Unusable e) {
      throw wrong("--json " + e.getMessage());
    }
  }

  /**
   * Prints the JSON as the result has it. Parsing and writing it again would undo the escapes, and
   * control characters in a name would reach the terminal.
   */
  private void print(ToolResult result, PrintStream stream) {
    boolean pretty = layout.pretty || (cli.terminal() && !layout.compact);
    stream.println(pretty ? result.prettyText() : result.text());
  }

  private static int exitCode(ToolResult result) throws JsonProcessingException {
    if (!result.isError()) {
      return ExitCode.OK;
    }
    boolean refused =
        Json.read(result.json()).at("/error/code").asText().equals("invalid_arguments");
    return refused ? ExitCode.USAGE : Cli.FAILED;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static void start(Runnable part) {
    Thread thread = new Thread(part, "part");
    thread.setDaemon(true);
    thread.start();
  }
}
