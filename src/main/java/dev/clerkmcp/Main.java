package dev.clerkmcp;

import dev.clerkmcp.cli.Application;
import dev.clerkmcp.cli.Cli;
import dev.clerkmcp.config.Config;
import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.config.InstancesConfig;
import dev.clerkmcp.registry.text.SanitizedStackTrace;
import dev.clerkmcp.sandbox.SandboxServer;
import dev.clerkmcp.server.InstanceFactory;
import dev.clerkmcp.server.ServerInstructions;
import dev.clerkmcp.server.ToolRegistryFactory;
import dev.clerkmcp.transport.protocol.ServerInfo;
import dev.clerkmcp.transport.stdio.ConfigErrorServer;
import dev.clerkmcp.transport.stdio.StdioServer;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Serves MCP with the environment's configuration or, given arguments, runs a command. */
public final class Main {
  private static final int BAD_CONFIGURATION = 2;
  private static final int OUTPUT_CLOSED = 1;
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** More than VS Code lets a model see. */
  private static final int MOST_TOOLS = 128;

  /** What Java puts in place of what it cannot decode. */
  private static final char UNREADABLE = '\uFFFD';

  private static final String SANDBOX_NOTE =
      "This is the sandbox: made-up users in memory. Nothing here is or reaches a real instance.";

  private static final String DRY_RUN_NOTE =
      "Every call is a dry run: nothing is changed, whatever is called (CLERK_MCP_DRY_RUN).";

  private static final String REVEALED_NOTE =
      "CLERK_MCP_REVEAL_SECRETS is true: credentials are answered in the clear.";

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    // Formats such as %d follow the locale, and JSON numbers are ASCII digits everywhere.
    Locale.setDefault(Locale.ROOT);
    // Standard output carries the protocol: whatever else prints must go elsewhere.
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    System.setOut(System.err);
    if (arguments.length > 0) {
      System.exit(Commands.run(out, arguments));
    }
    System.exit(serve(System.getenv(), out));
  }

  /** Serves until the input ends, and returns the exit code. */
  private static int serve(Map<String, String> environment, OutputStream out)
      throws InterruptedException {
    StdioServer server;
    try {
      server = configured(environment, out);
    } catch (ConfigException e) {
      System.err.println("clerk-mcp: " + e.getMessage());
      return serveMistake(String.valueOf(e.getMessage()), out);
    } catch (RuntimeException | Error e) { // whose message may quote a setting
      System.err.println("clerk-mcp: Internal error: " + SanitizedStackTrace.of(e));
      return serveMistake("Internal error; see its standard error.", out);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(new Stop(server), "stop"));
    server.serve();
    return 0;
  }

  /** Tells a host what keeps the server from serving, as the error of its first request. */
  private static int serveMistake(String sentence, OutputStream out) {
    if (keyboard() == null) { // else a person has started it
      new ConfigErrorServer(
              new FileInputStream(FileDescriptor.in), out, "clerk-mcp cannot start. " + sentence)
          .serve();
    }
    return BAD_CONFIGURATION;
  }

  /** In such a directory Java finds no file, its own certificates included. */
  private static void checkDirectory() throws ConfigException {
    if (System.getProperty("user.dir", "").indexOf(UNREADABLE) >= 0) {
      throw new ConfigException(
          "The name of the working directory cannot be read in the encoding of this locale, "
              + System.getProperty("sun.jnu.encoding")
              + ". Set a locale with UTF-8, such as LC_ALL=C.UTF-8, or start in another directory.");
    }
  }

  private static StdioServer configured(Map<String, String> environment, OutputStream out)
      throws ConfigException {
    checkDirectory();
    Config config = Config.from(environment);
    configureLogging(config.logLevel());
    if (config.key() == null && config.instances().isEmpty()) {
      System.err.println(
          "clerk-mcp: No CLERK_SECRET_KEY is set. Tools are listed; calls will say how to set it.");
    }
    for (String note : notes(config)) {
      System.err.println("clerk-mcp: " + note);
    }
    for (String problem : config.network().problems()) {
      System.err.println("clerk-mcp: " + problem);
    }
    if (!config.standard() && config.rails().revealSecrets()) {
      System.err.println("clerk-mcp: " + REVEALED_NOTE);
    }
    if (!config.standard()) { // or reading the catalogue can wait
      warnOfManyTools(config.tools().listed().size());
    }
    return new StdioServer(
        new FileInputStream(FileDescriptor.in),
        out,
        serverInfo(config),
        config.toolsPart(),
        ToolRegistryFactory.of(config, "clerk-mcp/" + version()),
        new Exit());
  }

  private static void warnOfManyTools(int listed) {
    if (listed > MOST_TOOLS) {
      System.err.printf(
          "clerk-mcp: %d tools are listed. Cursor shows a model 80 of all servers' tools, VS Code"
              + " 128; narrow CLERK_MCP_TOOLSETS.%n",
          listed);
    }
  }

  private static ServerInfo serverInfo(Config config) {
    List<String> paragraphs = new ArrayList<>(notes(config));
    paragraphs.add(
        config.standard() ? ServerInstructions.standard() : ServerInstructions.of(config.tools()));
    return new ServerInfo(
        version(),
        String.join("\n", paragraphs),
        config.sandbox() == null ? Map.of() : Map.of("dev.clerkmcp/sandbox", true));
  }

  /** What is different from the usual, for people and models. */
  private static List<String> notes(Config config) {
    List<String> notes = new ArrayList<>();
    if (config.sandbox() != null) {
      notes.add(SANDBOX_NOTE);
    }
    if (!config.standard() && config.rails().dryRun()) {
      notes.add(DRY_RUN_NOTE);
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
          .append(instance.byDefault() ? " (where none is named)" : "");
    }
    return "There are several Clerk instances; name one in instance: %s.".formatted(names);
  }

  /** What a person types, if one is there; since JDK 22 a console alone does not tell. */
  @SuppressWarnings("SystemConsoleNull") // where it is never null, isTerminal is asked
  private static @Nullable Supplier<@Nullable String> keyboard() {
    Console console = System.console();
    if (console == null) {
      return null;
    }
    try {
      boolean terminal = (boolean) Console.class.getMethod("isTerminal").invoke(console);
      return terminal ? console::readLine : null;
    } catch (ReflectiveOperationException e) {
      return console::readLine; // an older JDK has a console only on a terminal
    }
  }

  /** Only this project's own lines follow the level: the SDK's would show arguments. */
  private static void configureLogging(String level) {
    System.setProperty("org.slf4j.simpleLogger.logFile", "System.err");
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
    System.setProperty("org.slf4j.simpleLogger.log.dev.clerkmcp", level);
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  // Both are classes, since the first lambda of a process takes as long as ten of them.

  /** Ends the process when nobody hears it any more. */
  private static final class Exit implements Runnable {
    @Override
    public void run() {
      System.exit(OUTPUT_CLOSED);
    }
  }

  /** Lets calls that run come to their ends when the process is to end. */
  private record Stop(StdioServer server) implements Runnable {
    @Override
    public void run() {
      server.stop(GRACE);
    }
  }

  /** What the command line commands; loaded only when there are arguments. */
  private static final class Commands implements Application {
    private final OutputStream out;

    private Commands(OutputStream out) {
      this.out = out;
    }

    static int run(OutputStream out, String... arguments) {
      PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
      return new Cli(new Commands(out), print, System.err, keyboard()).run(version(), arguments);
    }

    @Override
    public Tools tools(Map<String, String> settings) throws Exception {
      Config config = config(settings);
      return new Tools(
          ToolRegistryFactory.of(config, "clerk-mcp/" + version()).tools(),
          config.tools(),
          notes(config));
    }

    @Override
    public int serve(Map<String, String> settings) throws InterruptedException {
      return Main.serve(environment(settings), out);
    }

    @Override
    public int serveMistake(String sentence) {
      return Main.serveMistake(sentence, out);
    }

    @Override
    public SandboxServer serveSandbox(Map<String, String> settings, int port) throws Exception {
      return InstanceFactory.open(Objects.requireNonNull(config(settings).sandbox())).serve(port);
    }

    private static Config config(Map<String, String> settings) throws ConfigException {
      checkDirectory();
      Config config = Config.from(environment(settings));
      configureLogging(config.logLevel());
      return config;
    }

    private static Map<String, String> environment(Map<String, String> settings) {
      Map<String, String> environment = new HashMap<>(System.getenv());
      environment.putAll(settings);
      return environment;
    }
  }
}
