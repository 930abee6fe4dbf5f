package dev.clerkmcp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a short session with a server in a process of its own, so that Java notes the classes that a
 * session loads.
 */
final class TrainingSession {
  private static final int MAX_SECONDS = 120;

  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"warm","version":"1"}}}""";

  private static final String INITIALIZED =
      """
      {"jsonrpc":"2.0","method":"notifications/initialized"}""";

  private static final String LIST =
      """
      {"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}""";

  private static final String CALL =
      """
      {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"clerk_users_list","arguments":{"limit":1}}}""";

  private TrainingSession() {}

  /**
   * Starts a server, initializes it, lists the tools, calls one, and waits for the end.
   *
   * @param clerk the URL of the API that the server calls
   * @throws IOException if the server does not answer as it should; the message quotes the answer
   */
  static void run(List<String> command, String clerk, String key)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.DISCARD);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(TrainingSession::changesTheSession);
    environment.putAll(
        Map.of(Setting.API_URL.variable(), clerk, Setting.SECRET_KEY.variable(), key));
    Process server = builder.start();
    CompletableFuture.delayedExecutor(MAX_SECONDS, TimeUnit.SECONDS)
        .execute(server::destroyForcibly);
    try {
      converse(server);
      if (server.waitFor() != 0) {
        throw new IOException("The server did not end as it should, so no archive is written.");
      }
    } finally {
      server.destroyForcibly();
    }
  }

  private static boolean changesTheSession(String variable) {
    return variable.startsWith("CLERK_")
        || List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS").contains(variable);
  }

  private static void converse(Process server) throws IOException {
    try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
      try (BufferedWriter in = server.outputWriter(StandardCharsets.UTF_8)) {
        ask(INITIALIZE, in, out);
        send(INITIALIZED, in);
        ask(LIST, in, out);
        ask(CALL, in, out);
      }
      if (out.readLine() != null) {
        throw new IOException("The server wrote more than its answers, so no archive is written.");
      }
    }
  }

  private static void ask(String request, BufferedWriter in, BufferedReader out)
      throws IOException {
    send(request, in);
    @Nullable String line = out.readLine();
    JsonNode result = line == null ? null : Json.read(line).get("result");
    if (result == null || result.path("isError").asBoolean()) {
      throw new IOException(
          "The server did not answer as it should, so no archive is written: " + line);
    }
  }

  private static void send(String message, BufferedWriter in) throws IOException {
    in.write(message);
    in.write('\n');
    in.flush();
  }
}
