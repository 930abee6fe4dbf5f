package dev.clerkmcp.cli;

import dev.clerkmcp.sandbox.Sandbox;
import dev.clerkmcp.sandbox.SandboxServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Serves the sandbox over HTTP, for a program of one's own that uses Clerk. */
@Command(
    name = "sandbox",
    description = "Serve an imitation of Clerk's Backend API on 127.0.0.1, with made-up users.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SandboxCommand implements Callable<Integer> {
  private static final int LAST_PORT = 65_535;

  @Spec private CommandSpec spec;
  @ParentCommand private Cli cli;

  @Option(
      names = "--port",
      defaultValue = "4010",
      description = "Where to listen; 0 for any free port (default: ${DEFAULT-VALUE}).")
  private int port;

  @Override
  public Integer call() throws Exception {
    if (port < 0 || port > LAST_PORT) {
      throw new ParameterException(
          spec.commandLine(), "--port must be from 0 to %s.".formatted(LAST_PORT));
    }
    Map<String, String> settings = new HashMap<>(cli.settings());
    settings.put(Cli.SANDBOX, "true");
    try (SandboxServer server = cli.program().serveSandbox(settings, port)) {
      cli.out().println("The sandbox listens at " + server.url());
      cli.out().println("CLERK_API_URL=" + server.url());
      cli.out().println("CLERK_SECRET_KEY=" + Sandbox.SECRET_KEY);
      new CountDownLatch(1).await(); // until the process is ended
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "Port %s cannot be used: %s".formatted(port, e.getMessage()));
    }
    return ExitCode.OK;
  }
}
