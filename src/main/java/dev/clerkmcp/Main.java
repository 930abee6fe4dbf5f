package dev.clerkmcp;

import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.cli.Cli;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.transport.ServerCard;
import dev.clerkmcp.transport.StdioServer;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Serves MCP with the environment's configuration or, given arguments, runs a command. */
public final class Main {
  private static final int BAD_CONFIGURATION = 2;
  private static final int OUTPUT_CLOSED = 1;
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    // Standard output carries the protocol: whatever else prints must go elsewhere.
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    System.setOut(System.err);
    if (arguments.length > 0) {
      System.exit(command(out, arguments));
    }
    Config config;
    try {
      config = Config.from(System.getenv());
    } catch (ConfigException e) {
      System.err.println("clerk-mcp: " + e.getMessage());
      System.exit(BAD_CONFIGURATION);
      return;
    }
    configureLogging(config.logLevel());
    if (config.key() == null) {
      System.err.println(
          "clerk-mcp: No CLERK_SECRET_KEY is set. Tools are listed; calls will say how to set it.");
    }
    String version = version();
    StdioServer server =
        new StdioServer(
            new FileInputStream(FileDescriptor.in),
            out,
            new ServerCard(version, Catalog.INSTRUCTIONS),
            () -> Catalog.registry(ClerkClient.create(settings(config, version))),
            () -> System.exit(OUTPUT_CLOSED));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(GRACE), "stop"));
    server.serve();
    System.exit(0);
  }

  private static int command(OutputStream out, String[] arguments) {
    String version = version();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    Callable<ToolRegistry> tools =
        () -> {
          Config config = Config.from(System.getenv());
          configureLogging(config.logLevel());
          return Catalog.registry(ClerkClient.create(settings(config, version)));
        };
    return new Cli(tools, print, System.err, isTerminal()).run(version, arguments);
  }

  private static ClerkClient.Settings settings(Config config, String version) {
    return new ClerkClient.Settings(
        config.key(), config.baseUrl(), "clerk-mcp/" + version, config.timeout(), FIRST_PAUSE);
  }

  /** Whether a person reads the standard output; since JDK 22 a console alone does not tell. */
  @SuppressWarnings("SystemConsoleNull") // where it is never null, isTerminal is asked
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // an older JDK has a console only on a terminal
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
}
