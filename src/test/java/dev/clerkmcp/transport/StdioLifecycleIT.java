package dev.clerkmcp.transport;

import static dev.clerkmcp.transport.ServerProcess.assertError;
import static dev.clerkmcp.transport.ServerProcess.call;
import static dev.clerkmcp.transport.ServerProcess.request;
import static dev.clerkmcp.transport.ServerProcess.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Tests the life of the process: no request is lost, and only messages are written. */
final class StdioLifecycleIT {
  private static final String LIST = request("1", "tools/list", "{}");

  @Test
  void endOfInputWaitsForRunningCalls() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = ServerProcess.callingClerk(clerk)) {
      for (int i = 0; i < 10; i++) {
        server.send(call("" + i, "clerk_user_get", "{\"user_id\":\"user_1000\"}"));
      }
      server.closeInput();
      List<JsonNode> answers = server.receiveRest();
      assertThat(answers).hasSize(10).allSatisfy(a -> assertThat(a.has("result")).isTrue());
      assertThat(server.exitCode(5)).isZero();
    }
  }

  @Test
  void endOfInputFailsCallsThatTakeTooLong() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = ServerProcess.callingClerk(clerk)) {
      server.send(call("1", "clerk_user_get", "{\"user_id\":\"user_60000\"}"));
      server.closeInput();
      List<JsonNode> answers = server.receiveRest();
      assertThat(answers).hasSize(1);
      assertError(answers.get(0), "1", -32603);
      assertThat(server.exitCode(5)).isZero();
    }
  }

  @Test
  void closedOutputEndsTheProcessAndItsCalls() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = new ServerProcess("CLERK_API_URL", clerk.url())) {
      server.send(ServerProcess.initialize("2025-11-25"));
      server.send(call("1", "clerk_user_get", "{\"user_id\":\"user_60000\"}"));
      clerk.awaitRequest();
      server.closeOutput();
      server.send(request("2", "ping", "{}"));
      assertThat(server.exitCode(1)).isEqualTo(1);
    }
  }

  @Test
  void terminationLetsCallsFinish() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = ServerProcess.callingClerk(clerk)) {
      server.send(call("1", "clerk_user_get", "{\"user_id\":\"user_1000\"}"));
      clerk.awaitRequest();
      server.terminate();
      assertThat(text(server.receive())).isEqualTo("{\"id\":\"user_1000\"}");
      assertThat(server.exitCode(5)).isEqualTo(128 + 15);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals")
  void interruptionIsLikeTermination() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = ServerProcess.callingClerk(clerk)) {
      server.send(call("1", "clerk_user_get", "{\"user_id\":\"user_60000\"}"));
      clerk.awaitRequest();
      assumeThat(server.ignoresInterruption()).isFalse();
      server.interrupt();
      assertError(server.receive(), "1", -32603);
      assertThat(server.exitCode(5)).isEqualTo(128 + 2);
    }
  }

  /** With this property, Java itself prints to System.out, as a careless library would. */
  @Test
  void outputOfLibrariesGoesToStandardError() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server =
            new ServerProcess(
                    "CLERK_API_URL",
                    clerk.url(),
                    "JDK_JAVA_OPTIONS",
                    "-Djava.lang.invoke.MethodHandle.TRACE_RESOLVE=true")
                .initialized()) {
      server.send(call("1", "clerk_user_get", "{\"user_id\":\"user_x\"}"));
      assertThat(text(server.receive())).isEqualTo("{\"id\":\"user_x\"}");
      server.closeInput();
      assertThat(server.receiveLines()).isEmpty();
      assertThat(server.exitCode(5)).isZero();
      assertThat(server.standardError()).contains("[LF_RESOLVE]");
    }
  }

  @Test
  void terminationFailsCallsThatTakeTooLong() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = ServerProcess.callingClerk(clerk)) {
      server.send(call("1", "clerk_user_get", "{\"user_id\":\"user_60000\"}"));
      clerk.awaitRequest();
      server.terminate();
      JsonNode answer = server.receive();
      assertError(answer, "1", -32603);
      assertThat(answer.at("/error/message").asText())
          .startsWith("The server was stopped before this ended");
      assertThat(server.exitCode(5)).isEqualTo(128 + 15);
    }
  }

  @Test
  void clientThatDoesNotReadDoesNotDelayTermination() throws InterruptedException {
    try (ServerProcess server = ServerProcess.inSandbox()) {
      server.send(ServerProcess.initialize("2025-11-25"));
      for (int i = 0; i < 50; i++) { // more than a pipe holds
        server.send(call("" + i, "clerk_users_list", "{\"limit\":100}"));
      }
      Thread.sleep(2000); // until the pipe is full
      server.terminate();
      assertThat(server.exitCode(8)).isEqualTo(128 + 15);
    }
  }

  @Test
  void hundredsOfCallsAtOnceKeepThreadsBounded() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = ServerProcess.callingClerk(clerk)) {
      for (int i = 0; i < 800; i++) {
        server.send(call("" + i, "clerk_user_get", "{\"user_id\":\"user_1000\"}"));
      }
      server.send(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":799}}");
      server.send(request("\"ping\"", "ping", "{}"));
      Set<String> answered = new TreeSet<>();
      int threads = 0;
      for (int i = 0; i < 800; i++) {
        answered.add(server.receive().path("id").asText());
        threads = Math.max(threads, server.threads());
      }
      assertThat(answered).hasSize(800).contains("ping").doesNotContain("799");
      assertThat(threads).isLessThan(180);
      server.assertSilentBefore("after");
    }
  }

  @Test
  void hundredCallsRunConcurrently() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = ServerProcess.callingClerk(clerk)) {
      for (int i = 0; i < 100; i++) {
        server.send(call("" + i, "clerk_user_get", "{\"user_id\":\"user_3000\"}"));
      }
      server.send(call("\"quick\"", "clerk_user_get", "{\"user_id\":\"user_x\"}"));
      server.send(request("\"ping\"", "ping", "{}"));
      // One after the other, the hundred would take five minutes.
      assertThat(ServerProcess.ids(server.receive(), server.receive()))
          .containsExactlyInAnyOrder("\"ping\"", "\"quick\"");
      Set<Integer> answered = new TreeSet<>();
      for (int i = 0; i < 100; i++) {
        answered.add(server.receive().path("id").asInt());
      }
      assertThat(answered).hasSize(100);
    }
  }

  @Test
  void onlyMessagesAreWrittenAndNeverTheKey() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server =
            new ServerProcess("CLERK_API_URL", clerk.url(), "CLERK_MCP_LOG_LEVEL", "debug")
                .initialized()) {
      server.send("garbage");
      server.send(call("1", "clerk_user_get", "{\"user_id\":\"user_x\"}"));
      server.send(call("2", "clerk_user_create", "{\"password\":\"MARKED-password\"}"));
      server.send(call("3", "clerk_user_get", "{}"));
      server.send(LIST);
      server.closeInput();
      assertThat(server.receiveRest())
          .hasSize(5)
          .allSatisfy(m -> assertThat(m.path("jsonrpc").asText()).isEqualTo("2.0"));
      assertThat(server.exitCode(5)).isZero();
      assertThat(server.everything()).doesNotContain("MARKED");
    }
  }

  @RepeatedTest(50)
  void pipedSessionGetsAllResponses() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = new ServerProcess("CLERK_API_URL", clerk.url())) {
      server.send(
          String.join(
                  "\n",
                  ServerProcess.initialize("2025-11-25"),
                  "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                  LIST,
                  call("2", "clerk_user_get", "{\"user_id\":\"user_x\"}"))
              .getBytes(StandardCharsets.UTF_8)); // without a line end, as printf might
      server.closeInput();
      List<JsonNode> answers = server.receiveRest();
      assertThat(answers)
          .extracting(a -> a.path("id").asText())
          .containsExactlyInAnyOrder("init", "1", "2");
      assertThat(answers).allSatisfy(a -> assertThat(a.has("result")).isTrue());
      assertThat(server.exitCode(5)).isZero();
    }
  }
}
