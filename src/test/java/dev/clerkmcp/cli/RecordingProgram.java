package dev.clerkmcp.cli;

import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.sandbox.SandboxServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Notes what the command line asks for; the tools are given. */
final class RecordingProgram implements Application {
  private final Callable<ToolRegistry> tools;
  private final List<String> asked = new ArrayList<>();

  RecordingProgram(Callable<ToolRegistry> tools) {
    this.tools = tools;
  }

  /** What was asked for, in order, each with its settings: {@code serve {}}. */
  List<String> asked() {
    return asked;
  }

  @Override
  public Tools tools(Map<String, String> settings) throws Exception {
    asked.add("tools " + settings);
    return new Tools(
        tools.call(),
        ToolFilter.allowingAll(),
        settings.isEmpty() ? List.of() : List.of("Made up."));
  }

  @Override
  public int serve(Map<String, String> settings) {
    asked.add("serve " + settings);
    return 0;
  }

  @Override
  public int serveMistake(String sentence) {
    asked.add("serve the mistake: " + sentence);
    return 2;
  }

  @Override
  public SandboxServer serveSandbox(Map<String, String> settings, int port) throws IOException {
    asked.add("sandbox on %s %s".formatted(port, settings));
    throw new IOException("It does not serve.");
  }
}
