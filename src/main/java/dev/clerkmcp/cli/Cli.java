package dev.clerkmcp.cli;

import dev.clerkmcp.registry.ToolRegistry;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the jar. Without arguments the jar is a server and this is not loaded. */
@Command(
    name = "clerk-mcp",
    description =
        "Clerk's Backend API for AI agents (MCP over stdio) and, with a command, for you.",
    footer = {
      "",
      "Without a command it serves MCP on its standard streams; a host starts it so.",
      "The environment configures it either way, CLERK_SECRET_KEY above all."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "[COMMAND]",
    subcommands = {CallCommand.class, ToolsCommand.class})
public final class Cli implements Runnable {
  /** The exit code of a call that failed. */
  static final int FAILED = 1;

  @Spec private CommandLine.Model.CommandSpec spec;

  private final Callable<ToolRegistry> tools;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;

  /**
   * Prepares the commands.
   *
   * @param tools builds the tools when a command needs them; its failure is a mistake of the
   *     configuration, whose message is for the person at the keyboard
   * @param terminal whether a person reads {@code out}, so that JSON is laid out for the eye
   */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  public Cli(Callable<ToolRegistry> tools, PrintStream out, PrintStream err, boolean terminal) {
    this.tools = tools;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /**
   * Runs a command line.
   *
   * @return 0, or 1 for a call that failed, or 2 for a command line that cannot be understood
   */
  public int run(String version, String... arguments) {
    CommandLine commands = new CommandLine(this);
    commands.getCommandSpec().version("clerk-mcp " + version);
    commands
        .getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().version("clerk-mcp " + version));
    commands.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    commands.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    commands.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          err.println("clerk-mcp: " + failure.getMessage());
          return CommandLine.ExitCode.USAGE;
        });
    return commands.execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing.");
  }

  ToolRegistry tools() throws Exception {
    return tools.call();
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  boolean terminal() {
    return terminal;
  }
}
