package dev.clerkmcp.cli;

import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.text.SanitizedStackTrace;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

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
    subcommands = {
      AuditCommand.class,
      CallCommand.class,
      SandboxCommand.class,
      ToolsCommand.class,
      WarmCommand.class
    })
public final class Cli implements Callable<Integer> {
  /** The exit code of a call that failed. */
  static final int FAILED = 1;

  /** What Java puts in place of what it cannot decode. */
  private static final char LOST = '\uFFFD';

  private static final String LOST_CHARACTERS =
      "An argument holds U+FFFD, which stands for characters that Java could not read in the encoding"
          + " of this locale (%s). Nothing was done. Set a locale with UTF-8, such as"
          + " LC_ALL=C.UTF-8, or let call read the arguments: --json @FILE, or --json - from the"
          + " standard input.";

  /** The variable that {@code --sandbox} stands for. */
  static final String SANDBOX = "CLERK_MCP_SANDBOX";

  private final Application program;
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final @Nullable Supplier<@Nullable String> keyboard;

  @Option(
      names = "--sandbox",
      scope = ScopeType.INHERIT,
      description = "Work with made-up users in memory, not with Clerk.")
  private boolean sandbox;

  @Option(
      names = "--access",
      scope = ScopeType.INHERIT,
      paramLabel = "LEVEL",
      description = "What tools may do: read, write or full.")
  private @Nullable String access;

  @Option(
      names = "--read-only",
      scope = ScopeType.INHERIT,
      description = "The same as --access read, and wins.")
  private boolean readOnly;

  @Option(
      names = "--allow-irreversible",
      scope = ScopeType.INHERIT,
      description = "With a live key: allow what cannot be undone.")
  private boolean allowIrreversible;

  @Option(
      names = "--toolsets",
      scope = ScopeType.INHERIT,
      paramLabel = "NAMES",
      description = "Groups of tools to list, or core, all, none.")
  private @Nullable String toolsets;

  @Option(
      names = "--tools",
      scope = ScopeType.INHERIT,
      paramLabel = "NAMES",
      description = "Further tools to list; * stands for anything.")
  private @Nullable String tools;

  @Option(
      names = "--exclude-tools",
      scope = ScopeType.INHERIT,
      paramLabel = "NAMES",
      description = "Tools to switch off, whatever else is said.")
  private @Nullable String excludeTools;

  @Option(
      names = "--deprecated",
      scope = ScopeType.INHERIT,
      description = "Switch on what Clerk has deprecated.")
  private boolean deprecated;

  /**
   * Prepares the commands.
   *
   * @param keyboard the next line that the person at a terminal types, null at its end; null if
   *     nobody is there, so that nobody is asked and JSON is not laid out for the eye
   */
  public Cli(
      Application program,
      PrintStream out,
      PrintStream err,
      @Nullable Supplier<@Nullable String> keyboard) {
    this(program, System.in, out, err, keyboard);
  }

  /** The same, with another standard input. */
  Cli(
      Application program,
      InputStream in,
      PrintStream out,
      PrintStream err,
      @Nullable Supplier<@Nullable String> keyboard) {
    this.program = program;
    this.in = in;
    this.out = out;
    this.err = err;
    this.keyboard = keyboard;
  }

  /**
   * Runs a command line.
   *
   * @return 0, or 1 for a call or a check that failed, or 2 for a command line that cannot be
   *     understood
   */
  public int run(String version, String... arguments) {
    CommandLine commands = new CommandLine(this);
    setVersion(commands, "clerk-mcp " + version);
    commands.setExpandAtFiles(
        false); // in call --json @file the file holds JSON, not a command line
    commands.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    commands.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    commands.setParameterExceptionHandler((failure, given) -> misused(commands, failure, given));
    commands.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
    if (Stream.of(arguments).anyMatch(argument -> argument.indexOf(LOST) >= 0)) {
      String mistake = LOST_CHARACTERS.formatted(System.getProperty("sun.jnu.encoding"));
      err.println("clerk-mcp: " + mistake);
      return refused(commands, mistake, arguments);
    }
    try {
      return commands.execute(arguments);
    } catch (Error e) { // or Java would print its message
      return failed(e);
    }
  }

  private int misused(CommandLine commands, ParameterException failure, String... arguments) {
    CommandLine command = failure.getCommandLine();
    String mistake = TextSanitizer.of(message(failure));
    err.println(mistake);
    if (!UnmatchedArgumentException.printSuggestions(failure, command.getErr())) {
      command.usage(command.getErr());
    }
    return refused(commands, mistake, arguments);
  }

  /** Names what could not be understood, unless it may be a value: a secret must not be shown. */
  private static String message(ParameterException failure) {
    if (!(failure instanceof UnmatchedArgumentException unmatched)) {
      return String.valueOf(failure.getMessage());
    }
    List<String> names = unmatched.getUnmatched().stream().filter(Cli::isName).toList();
    return names.isEmpty()
        ? "There is an argument that is neither a command nor an option."
        : "Unknown: " + String.join(", ", names);
  }

  private static boolean isName(String argument) {
    return argument.matches("-{0,2}[a-z]{1,20}(-[a-z]{1,20}){0,3}");
  }

  /** Where no command is named, a host may wait for an answer; many hide what is on stderr. */
  private int refused(CommandLine commands, String mistake, String... arguments) {
    return commands.getSubcommands().containsKey(arguments[0])
        ? CommandLine.ExitCode.USAGE
        : program.serveMistake(mistake);
  }

  /** A checked exception has a message for the person; any other is a mistake of the program. */
  private int failed(Throwable failure) {
    if (failure instanceof RuntimeException || failure instanceof Error) {
      err.println("clerk-mcp: Internal error: " + SanitizedStackTrace.of(failure));
      return FAILED;
    }
    err.println("clerk-mcp: " + TextSanitizer.of(String.valueOf(failure.getMessage())));
    return CommandLine.ExitCode.USAGE;
  }

  private static void setVersion(CommandLine command, String version) {
    command.getCommandSpec().version(version);
    command.getSubcommands().values().forEach(below -> setVersion(below, version));
  }

  /** Options without a command are settings of the server. */
  @Override
  public Integer call() throws Exception {
    return program.serve(settings());
  }

  /** The options that stand for variables of the environment. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    put(settings, SANDBOX, sandbox ? "true" : null);
    put(settings, "CLERK_MCP_ACCESS", access);
    put(settings, "CLERK_MCP_READ_ONLY", readOnly ? "true" : null);
    put(settings, "CLERK_MCP_ALLOW_IRREVERSIBLE", allowIrreversible ? "true" : null);
    put(settings, "CLERK_MCP_TOOLSETS", toolsets);
    put(settings, "CLERK_MCP_TOOLS", tools);
    put(settings, "CLERK_MCP_EXCLUDE_TOOLS", excludeTools);
    put(settings, "CLERK_MCP_DEPRECATED", deprecated ? "true" : null);
    return settings;
  }

  private static void put(Map<String, String> settings, String name, @Nullable String value) {
    if (value != null) {
      settings.put(name, value);
    }
  }

  Application program() {
    return program;
  }

  Application.Tools tools() throws Exception {
    return program.tools(settings());
  }

  InputStream in() {
    return in;
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  /** Who gives the command. */
  Caller caller() {
    return new TerminalCaller(err, keyboard);
  }

  boolean terminal() {
    return keyboard != null;
  }
}
