package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs the jar as a process, and sends and receives messages through its pipes. */
public final class ServerProcess implements AutoCloseable {
  static final String KEY = "sk_test_0123456789abcdefMARKED";
  private static final int TIMEOUT_SECONDS = 30;

  /** The mask of ignored signals with that of number 2, the second lowest bit. */
  private static final String SIGINT_IGNORED = "SigIgn:.*[2367abef]";

  private static final String END = "end of output";

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> standardError = new CopyOnWriteArrayList<>();
  private final List<String> received = new ArrayList<>();
  private final Thread outputReader;
  private final Thread errorReader;

  /** Starts the jar with a key and the given variables, a name and a value in turn. */
  ServerProcess(String... environment) {
    this(jar(List.of()), environment);
  }

  /** Starts a command line with a key and the given variables. */
  ServerProcess(List<String> command, String... environment) {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(ServerProcess::isSetting);
    variables.put("CLERK_SECRET_KEY", KEY);
    for (int i = 0; i < environment.length; i += 2) {
      variables.put(environment[i], environment[i + 1]);
    }
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    outputReader = follow(process.getInputStream(), lines::add, "stdout");
    errorReader = follow(process.getErrorStream(), standardError::add, "stderr");
    errorReader.start();
  }

  /** The settings of this computer must not influence the tests. */
  private static boolean isSetting(String name) {
    return name.startsWith("CLERK_")
        || name.toUpperCase(Locale.ROOT).endsWith("_PROXY")
        || name.equals("NODE_EXTRA_CA_CERTS")
        || name.equals("SSL_CERT_FILE");
  }

  private static List<String> jar(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", System.getProperty("clerk-mcp.jar")));
    command.addAll(arguments);
    return command;
  }

  /** A session with a Clerk that has no rate limits. */
  public static ServerProcess callingClerk(SlowClerk clerk) {
    return new ServerProcess("CLERK_API_URL", clerk.url(), "CLERK_MCP_PACING", "false")
        .initialized();
  }

  /** A server with the sandbox. */
  public static ServerProcess inSandbox(String... environment) {
    List<String> all =
        new ArrayList<>(List.of("CLERK_SECRET_KEY", "", "CLERK_MCP_SANDBOX", "true"));
    all.addAll(List.of(environment));
    return new ServerProcess(all.toArray(String[]::new));
  }

  /** Calls a tool, which must succeed, and returns its result. */
  public JsonNode answer(String tool, String arguments) {
    send(call("\"call\"", tool, arguments));
    try {
      return Json.read(text(receive()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Checks that a request was refused by the protocol. */
  static void assertError(JsonNode answer, String id, int code) {
    assertThat(answer.path("id").toString()).isEqualTo(id);
    assertThat(answer.at("/error/code").asInt()).as(answer.toString()).isEqualTo(code);
    assertThat(answer.has("result")).isFalse();
  }

  /** The text of a tool result. */
  static String text(JsonNode answer) {
    assertThat(answer.at("/result/isError").asBoolean()).as(answer.toString()).isFalse();
    return answer.at("/result/content/0/text").asText();
  }

  /** Runs a command for people instead of serving. */
  static ServerProcess command(String line, String... environment) {
    return new ServerProcess(jar(List.of(line.split(" ", -1))), environment);
  }

  /** Opens a session with the newest legacy version. */
  public ServerProcess initialized() {
    send(initialize("2025-11-25"));
    send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    assertThat(receive().path("result").path("protocolVersion").asText()).isEqualTo("2025-11-25");
    return this;
  }

  public static String initialize(String version) {
    return request(
        "\"init\"",
        "initialize",
        "{\"protocolVersion\":\"%s\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}"
            .formatted(version));
  }

  static String request(String id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":%s}"
        .formatted(id, method, params);
  }

  static String call(String id, String tool, String arguments) {
    return request(
        id, "tools/call", "{\"name\":\"%s\",\"arguments\":%s}".formatted(tool, arguments));
  }

  public void send(String line) {
    send((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  public void send(byte[] bytes) {
    try {
      process.getOutputStream().write(bytes);
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next message from the server. */
  public JsonNode receive() {
    try {
      return Json.read(receiveLine());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Receives at least one notification of rising progress, and returns the response after them. */
  JsonNode receiveAfterProgress(String token) {
    List<Double> progress = new ArrayList<>();
    JsonNode message = receive();
    for (; !message.has("id"); message = receive()) {
      assertThat(message.path("method").asText()).isEqualTo("notifications/progress");
      assertThat(message.at("/params/progressToken").asText()).isEqualTo(token);
      progress.add(message.at("/params/progress").asDouble());
    }
    assertThat(progress).isNotEmpty().isSorted().doesNotHaveDuplicates();
    return message;
  }

  /** The next line of the output. */
  public String receiveLine() {
    readOutput();
    try {
      String line = lines.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      assertThat(line).as("an answer; stderr: %s", standardError).isNotNull().isNotEqualTo(END);
      received.add(line);
      return line;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Checks that the server sent nothing: the next message is the response to a ping. */
  public void assertSilentBefore(String pingId) {
    send("{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":\"ping\"}".formatted(pingId));
    assertThat(receive().path("id").asText()).isEqualTo(pingId);
  }

  public void closeInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the output, from which nothing may have been read: a read would keep it open. */
  void closeOutput() {
    try {
      process.getInputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many threads the process has; Linux only. */
  int threads() {
    try (var tasks = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
      return (int) tasks.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGTERM, as a host does when it is closed. */
  void terminate() {
    process.toHandle().destroy(); // Process.destroy() would close the pipes as well
  }

  /**
   * Whether the process ignores SIGINT, since the tests were started by a shell in the background;
   * false where that cannot be told.
   */
  boolean ignoresInterruption() {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try {
      return Files.exists(status)
          && Files.readAllLines(status).stream().anyMatch(line -> line.matches(SIGINT_IGNORED));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGINT, as a terminal does at Ctrl+C. */
  void interrupt() {
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for the end of the process and of stderr; null if that takes longer. */
  public @Nullable Integer exitCode(int seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        return null;
      }
      errorReader.join(TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Every message until the output ends. */
  List<JsonNode> receiveRest() {
    List<JsonNode> rest = new ArrayList<>();
    try {
      for (String line : receiveLines()) {
        rest.add(Json.read(line));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return rest;
  }

  /** Every line until the output ends. */
  List<String> receiveLines() {
    readOutput();
    List<String> rest = new ArrayList<>();
    try {
      for (String line = lines.take(); !line.equals(END); line = lines.take()) {
        received.add(line);
        rest.add(line);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return rest;
  }

  /** All output so far, on stdout and stderr. */
  String everything() {
    return String.join("\n", received) + "\n" + standardError();
  }

  String standardError() {
    return String.join("\n", standardError);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The ids of the given answers, as JSON. */
  static List<String> ids(JsonNode... answers) {
    return Arrays.stream(answers).map(a -> a.path("id").toString()).toList();
  }

  private void readOutput() {
    if (outputReader.getState() == Thread.State.NEW) {
      outputReader.start();
    }
  }

  private Thread follow(InputStream stream, java.util.function.Consumer<String> sink, String name) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(sink);
              } catch (IOException | UncheckedIOException e) {
                standardError.add("(" + name + " was closed)");
              }
              if (name.equals("stdout")) {
                sink.accept(END);
              }
            },
            name);
    thread.setDaemon(true);
    return thread;
  }
}
