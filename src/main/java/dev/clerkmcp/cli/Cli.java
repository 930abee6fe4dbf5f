package dev.clerkmcp.cli;

import dev.clerkmcp.Setting;
import dev.clerkmcp.interceptor.redact.CredentialText;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.registry.text.SanitizedStackTrace;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Parses the command line and runs its command. This class is loaded only if there are arguments,
 * so a host that starts the server does not wait for it.
 */
@Command(
    name = "clerk-mcp",
    description =
        "Clerk's Backend API for AI agents (MCP over stdio) and, with a command, for you.",
    footer = {"", "Without a command it serves MCP on its standard streams, as a host starts it."},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "[COMMAND]",
    subcommands = {
      AuditCommand.class,
      CallCommand.class,
      PolicyCommand.class,
      SandboxCommand.class,
      ToolsCommand.class,
      WarmCommand.class
    })
public final class Cli implements Callable<Integer> {
  /** The exit code of a call that failed. */
  static final int FAILED = 1;

  /** The key of a section of the help. */
  private static final String VARIABLES = "variables";

  /** A command, an option, or a tool. */
  private static final Pattern NAME = Pattern.compile("-{0,2}[a-z]{1,20}(?:[-_][a-z]{1,20}){0,7}");

  /** Unicode's replacement character, which Java decodes invalid bytes to. */
  private static final char LOST = '\uFFFD';

  private static final String LOST_CHARACTERS =
      "An argument holds U+FFFD, which stands for characters that Java could not read in the encoding"
          + " of this locale (%s). Nothing was done. Set a locale with UTF-8, such as"
          + " LC_ALL=C.UTF-8, or let call read the arguments: --json @FILE, or --json - from the"
          + " standard input.";

  private final Application application;
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final @Nullable Supplier<@Nullable String> keyboard;
  private final Map<Setting, String> flags = new EnumMap<>(Setting.class);

  /**
   * Prepares the commands.
   *
   * @param keyboard reads the next line that a person types, null at the end; null without a
   *     terminal: then no question is asked, and JSON is printed on one line
   */
  public Cli(
      Application application,
      PrintStream out,
      PrintStream err,
      @Nullable Supplier<@Nullable String> keyboard) {
    this(application, System.in, out, err, keyboard);
  }

  /** Prepares the commands with another standard input. */
  Cli(
      Application application,
      InputStream in,
      PrintStream out,
      PrintStream err,
      @Nullable Supplier<@Nullable String> keyboard) {
    this.application = application;
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
    addFlags(commands.getCommandSpec());
    addEnvironment(commands);
    setVersion(commands, "clerk-mcp " + version);
    commands.setExpandAtFiles(
        false); // in call --json @file the file holds JSON, not a command line
    commands.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    commands.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    commands.setParameterExceptionHandler((failure, given) -> misused(commands, failure, given));
    commands.setExecutionStrategy(this::execute);
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

  /** Runs the command; the help of a call that names a tool is that tool's. */
  private int execute(ParseResult parsed) {
    ParseResult last = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
    if (last.isUsageHelpRequested()
        && last.commandSpec().userObject() instanceof CallCommand call
        && call.namesTool()) {
      return call.help();
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private int misused(CommandLine commands, ParameterException failure, String... arguments) {
    CommandLine command = failure.getCommandLine();
    String mistake = TextSanitizer.of(CredentialText.masked(message(failure)));
    err.println(mistake);
    if (!UnmatchedArgumentException.printSuggestions(failure, command.getErr())) {
      err.println("See " + command.getCommandSpec().qualifiedName() + " --help.");
    }
    return refused(commands, mistake, arguments);
  }

  /**
   * Names the unknown options without their values, which may be secrets. Without an option it
   * names the first argument only, since those after it may be values too.
   */
  private static String message(ParameterException failure) {
    if (!(failure instanceof UnmatchedArgumentException unmatched)) {
      return String.valueOf(failure.getMessage());
    }
    List<String> unknown = unmatched.getUnmatched();
    List<String> options =
        unknown.stream().filter(argument -> argument.startsWith("-")).map(Cli::name).toList();
    if (options.isEmpty()) {
      return "Neither a command nor an option: " + name(unknown.get(0));
    }
    String hint =
        failure.getCommandLine().getCommand() instanceof CallCommand
            ? ". An argument of the tool is written NAME=VALUE, such as dry_run=true."
            : "";
    return "Unknown: " + QuotedText.first(options) + hint;
  }

  /**
   * An argument without the value in {@code --key=value} or {@code -kvalue}; never a key, nor a
   * text that does not look like a name, since it may be a secret.
   */
  private static String name(String argument) {
    if (argument.contains("sk_")) {
      return "a secret key; it belongs in " + Setting.SECRET_KEY;
    }
    boolean isShort = argument.startsWith("-") && !argument.startsWith("--");
    int end = isShort ? Math.min(2, argument.length()) : (argument + "=").indexOf('=');
    String name = argument.substring(0, end);
    return NAME.matcher(name).matches() ? name : "an argument that may be a secret";
  }

  /**
   * Reports a mistake. Without a command, a host may wait for an answer, and many hosts hide
   * stderr.
   */
  private int refused(CommandLine commands, String mistake, String... arguments) {
    return Stream.of(arguments).anyMatch(commands.getSubcommands()::containsKey)
        ? CommandLine.ExitCode.USAGE
        : application.serveError(mistake);
  }

  /**
   * Reports a failure. The message of a checked exception is for the person; any other exception is
   * a bug.
   */
  private int failed(Throwable failure) {
    if (failure instanceof RuntimeException || failure instanceof Error) {
      err.println("clerk-mcp: Internal error: " + SanitizedStackTrace.of(failure));
      return FAILED;
    }
    String message = CredentialText.masked(String.valueOf(failure.getMessage()));
    err.println("clerk-mcp: " + TextSanitizer.of(message));
    return CommandLine.ExitCode.USAGE;
  }

  private static void setVersion(CommandLine command, String version) {
    command.getCommandSpec().version(version);
    command.getSubcommands().values().forEach(below -> setVersion(below, version));
  }

  /** Declares an option for each setting that has a flag, for all commands. */
  private void addFlags(CommandSpec commands) {
    for (Setting setting : Setting.values()) {
      if (setting.flag() != null) {
        boolean isSwitch = setting.allowed().kind() == Setting.Kind.SWITCH;
        commands.addOption(
            OptionSpec.builder(setting.flag())
                .type(isSwitch ? Boolean.class : String.class)
                .arity(isSwitch ? "0" : "1")
                .paramLabel(label(setting))
                .description(isSwitch ? plain(setting.doc()) : docWithDefault(setting))
                .scopeType(ScopeType.INHERIT)
                .hasInitialValue(false)
                .setter(new FlagSetter(setting))
                .build());
      }
    }
  }

  private static String label(Setting setting) {
    List<String> words = setting.allowed().words();
    return words.isEmpty() ? setting.allowed().kind().name() : String.join("|", words);
  }

  private static String docWithDefault(Setting setting) {
    String byDefault = setting.defaultValue();
    return plain(setting.doc()) + (byDefault.isEmpty() ? "" : " Default: " + byDefault + ".");
  }

  /** The text without the backticks around code. */
  private static String plain(String markdown) {
    return markdown.replace("`", "");
  }

  /** Stores the value of an option as the value of its setting. */
  private final class FlagSetter implements ISetter {
    private final Setting setting;

    FlagSetter(Setting setting) {
      this.setting = setting;
    }

    @Override
    public <T> @Nullable T set(@Nullable T value) {
      if (value != null) {
        flags.put(setting, value.toString());
      }
      return null;
    }
  }

  /** Lists the environment variables in the help of the whole program. */
  private static void addEnvironment(CommandLine commands) {
    List<String> sections = new ArrayList<>(commands.getHelpSectionKeys());
    sections.add(sections.indexOf(UsageMessageSpec.SECTION_KEY_FOOTER_HEADING), VARIABLES);
    commands.setHelpSectionKeys(sections);
    commands.getHelpSectionMap().put(VARIABLES, Cli::variables);
  }

  private static String variables(CommandLine.Help help) {
    Map<String, String> rows = new LinkedHashMap<>();
    for (Setting setting : Setting.values()) {
      rows.put(
          setting.variable(),
          setting.flag() != null ? "See " + setting.flag() + "." : docWithDefault(setting));
    }
    return "%nEnvironment variables; a flag overrides its variable:%n".formatted()
        + help.createTextTable(rows);
  }

  /** Runs the server, where flags stand without a command. */
  @Override
  public Integer call() throws Exception {
    return application.serve(flags);
  }

  /** The settings that flags set. */
  Map<Setting, String> flags() {
    return flags;
  }

  Application application() {
    return application;
  }

  Application.Tools tools() throws Exception {
    return application.tools(flags);
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

  /** The person at the keyboard, as the caller of tools. */
  Caller caller(Caller.Consent consent) {
    return new TerminalCaller(err, keyboard, consent);
  }

  boolean terminal() {
    return keyboard != null;
  }
}
