package dev.clerkmcp.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.Sandbox;
import dev.clerkmcp.sandbox.SandboxServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Writes an archive of loaded classes, and prints the host configuration that uses it. */
@Command(
    name = "warm",
    description = "Write an archive of loaded classes, which makes starts faster.",
    footer = {
      "",
      "Prints the host configuration that uses it. Run it again when Java or the jar has",
      "changed: an archive that does not fit is ignored, and the start is as slow as without",
      "one."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class WarmCommand implements Callable<Integer> {
  @ParentCommand private Cli cli;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "File to write (default: in the user's folder for caches).")
  private @Nullable Path file;

  @Override
  public Integer call() throws Exception {
    Path archive = (file == null ? standardFile() : file).toAbsolutePath().normalize();
    CdsArchive classes = CdsArchive.ofThisJar(archive);
    try (SandboxServer clerk = cli.application().serveDefaultSandbox()) {
      classes.write(clerk.url(), Sandbox.SECRET_KEY);
    }
    cli.err()
        .println(
            "clerk-mcp: Wrote %s (%s MB). Host configuration that uses it:"
                .formatted(archive, Files.size(archive) / 1_000_000));
    cli.out().println(configuration(classes).toPrettyString());
    return ExitCode.OK;
  }

  private static ObjectNode configuration(CdsArchive classes) {
    ObjectNode configuration = Json.object();
    ObjectNode clerk = configuration.putObject("mcpServers").putObject("clerk");
    clerk.put("command", classes.java().toString());
    ArrayNode arguments = clerk.putArray("args");
    classes.arguments().forEach(arguments::add);
    clerk.putObject("env").put(Setting.SECRET_KEY.variable(), SecretKey.PLACEHOLDER);
    return configuration;
  }

  /**
   * The default file, one for each Java, so that two versions do not replace each other's archive.
   */
  private static Path standardFile() {
    return caches()
        .resolve("clerk-mcp")
        .resolve("jdk-%s.jsa".formatted(Runtime.version().feature()));
  }

  private static Path caches() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    Path home = Path.of(System.getProperty("user.home"));
    if (system.contains("mac")) {
      return home.resolve("Library/Caches");
    }
    boolean windows = system.contains("windows");
    String named = System.getenv(windows ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
    if (named != null && Path.of(named).isAbsolute()) {
      return Path.of(named);
    }
    return home.resolve(windows ? "AppData/Local" : ".cache");
  }
}
