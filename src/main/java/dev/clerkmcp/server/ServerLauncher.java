package dev.clerkmcp.server;

import dev.clerkmcp.AtExit;
import dev.clerkmcp.Setting;
import dev.clerkmcp.cli.Application;
import dev.clerkmcp.cli.Cli;
import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.config.InstancesConfig;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.confirm.Confirmation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.text.SanitizedStackTrace;
import dev.clerkmcp.sandbox.SandboxServer;
import dev.clerkmcp.sandbox.SandboxSettings;
import dev.clerkmcp.transport.protocol.ServerInfo;
import dev.clerkmcp.transport.stdio.ConfigErrorServer;
import dev.clerkmcp.transport.stdio.StdioServer;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts the server or the command line from the settings, and decides the exit code.
 *
 * <p>The host waits for the handshake. The JVM's first lambda, regular expression or {@code
 * formatted} takes as long as the rest of the start, so the code before the handshake uses none.
 */
public final class ServerLauncher implements Application {
  private static final int BAD_CONFIGURATION = 2;
  private static final int OUTPUT_CLOSED = 1;

  /** How long running calls may take when the process is terminated. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** The most tools that VS Code shows a model. */
  private static final int MAX_TOOLS = 128;

  /** Unicode's replacement character, which Java decodes invalid bytes to. */
  private static final char UNREADABLE = '\uFFFD';

  private final OutputStream out;

  /**
   * Prepares a start.
   *
   * @param out the standard output, to which nothing but the protocol or a command's result goes
   */
  public ServerLauncher(OutputStream out) {
    this.out = out;
  }

  /**
   * Serves MCP or, given arguments, runs the command line; returns when either has ended.
   *
   * @return the exit code
   */
  public int run(String... arguments) throws InterruptedException {
    if (arguments.length == 0) {
      return serve(Map.of());
    }
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new Cli(this, print, System.err, keyboard()).run(version(), arguments);
  }

  @Override
  public int serve(Map<Setting, String> flags) throws InterruptedException {
    StdioServer server;
    try {
      server = server(config(flags));
    } catch (ConfigException e) {
      for (String mistake : e.mistakes()) {
        warn(mistake);
      }
      return serveError(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) { // its message may contain a setting's value
      warn("Internal error: " + SanitizedStackTrace.of(e));
      return serveError("Internal error; see clerk-mcp's stderr.");
    }
    AtExit.stop(new Stop(server));
    server.serve();
    return 0;
  }

  @Override
  public int serveError(String message) {
    if (keyboard() == null) { // in a terminal, the person has already seen stderr
      new ConfigErrorServer(
              new FileInputStream(FileDescriptor.in), out, "clerk-mcp cannot start. " + message)
          .serve();
    }
    return BAD_CONFIGURATION;
  }

  @Override
  public Tools tools(Map<Setting, String> flags) throws ConfigException {
    ServerConfig config = config(flags);
    return new Tools(
        ToolRegistryFactory.of(config, userAgent()).tools(), config.tools(), notes(config));
  }

  @Override
  public ToolRegistry policyTest(Map<Setting, String> flags) throws ConfigException {
    return ToolRegistryFactory.of(config(flags), userAgent()).policyTest();
  }

  @Override
  public SandboxServer serveSandbox(Map<Setting, String> flags, int port) throws Exception {
    return serve(config(flags), port);
  }

  @Override
  public SandboxServer serveDefaultSandbox() throws Exception {
    return serve(ServerConfig.from(Map.of(), Map.of(Setting.SANDBOX, "true")), 0);
  }

  private static SandboxServer serve(ServerConfig config, int port) throws Exception {
    SandboxSettings sandbox = Objects.requireNonNull(config.sandbox());
    return InstanceFactory.open(sandbox).serve(port);
  }

  private static ServerConfig config(Map<Setting, String> flags) throws ConfigException {
    checkDirectory();
    ServerConfig config = ServerConfig.from(System.getenv(), flags);
    configureLogging(config.logLevel());
    return config;
  }

  /**
   * Refuses a working directory whose name Java cannot decode: Java could not open any file, not
   * even its own certificates.
   */
  private static void checkDirectory() throws ConfigException {
    if (System.getProperty("user.dir", "").indexOf(UNREADABLE) >= 0) {
      throw new ConfigException(
          "The name of the working directory cannot be read in the encoding of this locale, "
              + System.getProperty("sun.jnu.encoding")
              + ". Set a locale with UTF-8, such as LC_ALL=C.UTF-8, or start in another directory.");
    }
  }

  /**
   * Logs only this project's lines, from the given level on: the SDK's lines would contain
   * arguments.
   */
  private static void configureLogging(String level) {
    System.setProperty("org.slf4j.simpleLogger.logFile", "System.err");
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
    System.setProperty("org.slf4j.simpleLogger.log.dev.clerkmcp", level);
  }

  private StdioServer server(ServerConfig config) throws ConfigException {
    warnOf(config);
    return new StdioServer(
        new FileInputStream(FileDescriptor.in),
        out,
        info(config),
        config.lazyTools(),
        ToolRegistryFactory.of(config, userAgent()),
        new Exit());
  }

  private static void warnOf(ServerConfig config) {
    if (config.clerk().key() == null && config.instances().isEmpty()) {
      warn("No " + Setting.SECRET_KEY + " is set. Tools are listed; calls will say how to set it.");
    }
    for (String note : notes(config)) {
      warn(note);
    }
    for (String problem : config.clerk().network().problems()) {
      warn(problem);
    }
    if (config.allDefaults()) {
      return; // with the default settings, the checks below find nothing
    }
    if (config.safety().revealSecrets()) {
      warn(Setting.REVEAL_SECRETS + " is true: answers contain credentials in plain text.");
    }
    if (config.safety().confirm() == Confirmation.When.NEVER
        && config.safety().confirmBy() == Confirmation.By.PERSON) {
      warn(
          "%s is never, so nobody is asked, and %s has no effect."
              .formatted(Setting.CONFIRM, Setting.CONFIRM_BY));
    }
    int listed = config.tools().listed().size();
    if (listed > MAX_TOOLS) {
      warn(
          listed
              + " tools are listed. Cursor shows a model 80 of all servers' tools, VS Code 128;"
              + " narrow "
              + Setting.TOOLSETS
              + ".");
    }
  }

  private static void warn(String line) {
    System.err.println("clerk-mcp: " + line);
  }

  private static ServerInfo info(ServerConfig config) {
    List<String> paragraphs = new ArrayList<>(notes(config));
    paragraphs.add(
        config.allDefaults()
            ? ServerInstructions.standard()
            : ServerInstructions.of(config.tools()));
    return new ServerInfo(
        version(),
        String.join("\n", paragraphs),
        config.sandbox() == null ? Map.of() : Map.of("dev.clerkmcp/sandbox", true));
  }

  /** Notes for people and models on unusual modes: sandbox, dry run, several instances. */
  private static List<String> notes(ServerConfig config) {
    List<String> notes = new ArrayList<>();
    if (config.sandbox() != null) {
      notes.add(
          "This is the sandbox: made-up users in memory. No request reaches a real instance.");
    }
    if (!config.allDefaults() && config.safety().dryRun()) {
      notes.add("Every call is a dry run: no tool changes anything (" + Setting.DRY_RUN + ").");
    }
    if (config.instances().size() > 1) {
      notes.add(instancesNote(config.instances()));
    }
    return notes;
  }

  private static String instancesNote(List<InstancesConfig.Named> instances) {
    StringBuilder names = new StringBuilder();
    for (InstancesConfig.Named instance : instances) {
      names
          .append(names.isEmpty() ? "" : ", ")
          .append(instance.name())
          .append(instance.key().isLive() ? " (live)" : "")
          .append(instance.byDefault() ? " (default)" : "");
    }
    return "There are several Clerk instances; choose one with the argument instance: "
        + names
        + ".";
  }

  /** Reads a line that a person types; null without a terminal. */
  @SuppressWarnings("SystemConsoleNull") // on JDK 22 and later, isTerminal() decides
  private static @Nullable Supplier<@Nullable String> keyboard() {
    Console console = System.console();
    if (console == null) {
      return null;
    }
    try {
      // Since JDK 22, there is a console without a terminal as well.
      boolean terminal = (boolean) Console.class.getMethod("isTerminal").invoke(console);
      return terminal ? console::readLine : null;
    } catch (ReflectiveOperationException e) {
      return console::readLine; // an older JDK has a console only on a terminal
    }
  }

  private static String userAgent() {
    return "clerk-mcp/" + version();
  }

  private static String version() {
    String version = ServerLauncher.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Ends the process when the host has closed its end of the output. */
  private static final class Exit implements Runnable {
    @Override
    public void run() {
      System.exit(OUTPUT_CLOSED);
    }
  }

  /** Lets running calls end when the process is terminated. */
  private record Stop(StdioServer server) implements Runnable {
    @Override
    public void run() {
      server.stop(GRACE);
    }
  }
}
