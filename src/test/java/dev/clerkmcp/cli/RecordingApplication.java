package dev.clerkmcp.cli;

import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.sandbox.SandboxServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Records the calls of the command line; has the given tools. */
final class RecordingApplication implements Application {
  private final Callable<ToolRegistry> tools;
  private final List<String> calls = new ArrayList<>();

  RecordingApplication(Callable<ToolRegistry> tools) {
    this.tools = tools;
  }

  /** The calls in order, each with its settings: {@code serve {}}. */
  List<String> calls() {
    return calls;
  }

  @Override
  public Tools tools(Map<String, String> settings) throws Exception {
    calls.add("tools " + settings);
    return new Tools(
        tools.call(),
        ToolFilter.allowingAll(),
        settings.isEmpty() ? List.of() : List.of("Made up."));
  }

  @Override
  public int serve(Map<String, String> settings) {
    calls.add("serve " + settings);
    return 0;
  }

  @Override
  public int serveMistake(String sentence) {
    calls.add("serve the mistake: " + sentence);
    return 2;
  }

  @Override
  public SandboxServer serveSandbox(Map<String, String> settings, int port) throws IOException {
    calls.add("sandbox on %s %s".formatted(port, settings));
    throw new IOException("It does not serve.");
  }
}
