package dev.clerkmcp.cli;

import dev.clerkmcp.Setting;
import dev.clerkmcp.sandbox.Sandbox;
import dev.clerkmcp.sandbox.SandboxServer;
import java.io.IOException;
import java.util.EnumMap;
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

/** Serves the sandbox over HTTP, for your own program that uses Clerk. */
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
      description = "Port to listen on; 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Override
  public Integer call() throws Exception {
    if (port < 0 || port > LAST_PORT) {
      throw new ParameterException(
          spec.commandLine(), "--port must be from 0 to %s.".formatted(LAST_PORT));
    }
    Map<Setting, String> flags = new EnumMap<>(cli.flags());
    flags.put(Setting.SANDBOX, "true");
    if (System.getenv(Setting.SANDBOX_CLOCK.toString()) == null) {
      // An application compares the times with its own, and refuses tokens of another time.
      flags.putIfAbsent(Setting.SANDBOX_CLOCK, "now");
    }
    try (SandboxServer server = cli.application().serveSandbox(flags, port)) {
      cli.out().println("The sandbox listens at " + server.url());
      cli.out().println("For your application's environment:");
      cli.out().println(Setting.API_URL + "=" + server.url());
      cli.out().println(Setting.SECRET_KEY + "=" + Sandbox.SECRET_KEY);
      cli.out().println("CLERK_PUBLISHABLE_KEY=" + Sandbox.PUBLISHABLE_KEY);
      cli.out().println("CLERK_WEBHOOK_SIGNING_SECRET=" + server.webhookSecret());
      cli.out().println("Tokens are issued by " + Sandbox.ISSUER);
      cli.out().println("Press Ctrl-C to stop.");
      new CountDownLatch(1).await(); // until the process is ended
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "Port %s cannot be used: %s".formatted(port, e.getMessage()));
    }
    return ExitCode.OK;
  }
}
