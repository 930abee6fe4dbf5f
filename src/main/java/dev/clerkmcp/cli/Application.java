package dev.clerkmcp.cli;

import dev.clerkmcp.Setting;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.sandbox.SandboxServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Starts the server or the sandbox, or builds the tools, for the command line. Flags override the
 * environment's variables; a mistake in either is a checked exception whose message is for the
 * person at the keyboard.
 */
public interface Application {
  /** Builds the tools. */
  Tools tools(Map<Setting, String> flags) throws Exception;

  /**
   * Builds tools that change nothing: a call answers what the policy would decide about it.
   *
   * @param flags must name a policy if the environment does not
   */
  ToolRegistry policyTest(Map<Setting, String> flags) throws Exception;

  /**
   * Serves MCP on the standard streams until the input ends. A mistake in the settings is reported
   * to the host, as {@link #serveError} does.
   *
   * @return the exit code
   */
  int serve(Map<Setting, String> flags) throws Exception;

  /**
   * Answers a host's first requests with an error, since many hosts hide stderr. Does nothing if a
   * person has started the process in a terminal.
   *
   * @return the exit code
   */
  int serveError(String message);

  /**
   * Serves the sandbox over HTTP on 127.0.0.1.
   *
   * @param flags must switch the sandbox on if the environment does not
   * @throws IOException if the port is taken
   */
  SandboxServer serveSandbox(Map<Setting, String> flags, int port) throws Exception;

  /**
   * Serves a sandbox with the default settings, ignoring environment and flags, on any free port.
   */
  SandboxServer serveDefaultSandbox() throws Exception;

  /**
   * Tools ready for use.
   *
   * @param toolFilter which of them are listed
   * @param notes sentences on unusual modes, for the person at the keyboard
   */
  record Tools(ToolRegistry registry, ToolFilter toolFilter, List<String> notes) {}
}
