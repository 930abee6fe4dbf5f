package dev.clerkmcp.cli;

import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.sandbox.SandboxServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What the commands command. Settings are named as the environment's variables, which they
 * override; a mistake in either is an exception whose message is for the person at the keyboard.
 */
public interface Application {
  /** Builds the tools. */
  Tools tools(Map<String, String> settings) throws Exception;

  /**
   * Serves MCP on the standard streams until the input ends.
   *
   * @return the exit code
   */
  int serve(Map<String, String> settings) throws Exception;

  /**
   * Tells a host on the standard streams that the server cannot serve; no more than that if a
   * person started it in a terminal.
   *
   * @return the exit code
   */
  int serveMistake(String sentence);

  /**
   * Serves the sandbox on a port of this machine.
   *
   * @throws IOException if the port is taken
   */
  SandboxServer serveSandbox(Map<String, String> settings, int port) throws Exception;

  /**
   * Tools ready for use.
   *
   * @param toolFilter which of them are listed
   * @param notes what a person should know of where they lead
   */
  record Tools(ToolRegistry registry, ToolFilter toolFilter, List<String> notes) {}
}
