package dev.clerkmcp;

import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.transport.ServerCard;
import dev.clerkmcp.transport.StdioServer;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.time.Duration;

/** Starts the server with the environment's configuration. */
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
    Config config;
    try {
      if (arguments.length > 0) {
        throw new ConfigException("There are no arguments; the environment configures the server.");
      }
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

  private static ClerkClient.Settings settings(Config config, String version) {
    return new ClerkClient.Settings(
        config.key(), config.baseUrl(), "clerk-mcp/" + version, config.timeout(), FIRST_PAUSE);
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
