package dev.clerkmcp.cli;

import dev.clerkmcp.Setting;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.sandbox.SandboxServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Records what the command line asks of the server; the test gives the tools. */
final class RecordingApplication implements Application {
  private final Callable<ToolRegistry> tools;
  private final List<String> calls = new ArrayList<>();

  RecordingApplication(Callable<ToolRegistry> tools) {
    this.tools = tools;
  }

  /** The recorded calls in order, each with its flags: {@code serve {}}. */
  List<String> calls() {
    return calls;
  }

  @Override
  public Tools tools(Map<Setting, String> flags) throws Exception {
    calls.add("tools " + flags);
    return new Tools(
        tools.call(), ToolFilter.allowingAll(), flags.isEmpty() ? List.of() : List.of("Made up."));
  }

  @Override
  public ToolRegistry policyTest(Map<Setting, String> flags) throws Exception {
    calls.add("policy test " + flags);
    return tools.call();
  }

  @Override
  public int serve(Map<Setting, String> flags) {
    calls.add("serve " + flags);
    return 0;
  }

  @Override
  public int serveError(String message) {
    calls.add("serve the error: " + message);
    return 2;
  }

  @Override
  public SandboxServer serveSandbox(Map<Setting, String> flags, int port) throws IOException {
    calls.add("sandbox on %s %s".formatted(port, flags));
    throw new IOException("It does not serve.");
  }

  @Override
  public SandboxServer serveDefaultSandbox() throws IOException {
    return serveSandbox(Map.of(), 0);
  }
}
