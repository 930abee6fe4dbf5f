package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.transport.protocol.CallThreadPool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the user's answer in the legacy protocol, where the call waits while the client asks. */
final class ConfirmationIT {
  private static final String ASKING =
      "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"elicitation\":{}},"
          + "\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}";

  @AutoClose
  private final ServerProcess server = ServerProcess.inSandbox("CLERK_MCP_CONFIRM", "always");

  @Test
  void questionOfCancelledCallIsWithdrawn() {
    initialize(ASKING);
    ban("1", user());
    JsonNode question = server.receive();
    assertThat(question.path("method").asText()).isEqualTo("elicitation/create");
    server.send(
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
    JsonNode withdrawn = server.receive();
    assertThat(withdrawn.path("method").asText()).isEqualTo("notifications/cancelled");
    assertThat(withdrawn.at("/params/requestId")).isEqualTo(question.path("id"));
    answer(question, "accept"); // too late
    server.assertSilentBefore("after");
  }

  @Test
  void questionWithoutAnswerInTimeIsWithdrawn() {
    try (ServerProcess impatient =
        ServerProcess.inSandbox("CLERK_MCP_CONFIRM", "always", "CLERK_MCP_CONFIRM_TIMEOUT", "1")) {
      impatient.send(ServerProcess.request("0", "initialize", ASKING));
      impatient.receive();
      String user = impatient.answer("clerk_users_list", "{\"limit\":1}").at("/data/0/id").asText();
      impatient.send(
          ServerProcess.call("1", "clerk_user_ban", "{\"user_id\":\"%s\"}".formatted(user)));
      JsonNode question = impatient.receive();
      JsonNode withdrawn = impatient.receive();
      assertThat(withdrawn.path("method").asText()).isEqualTo("notifications/cancelled");
      assertThat(withdrawn.at("/params/requestId")).isEqualTo(question.path("id"));
      assertThat(impatient.receive().at("/result/isError").asBoolean()).isTrue();
    }
  }

  /** Anything but a result counts as no at once, so that no call waits for its timeout. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'jsonrpc':'2.0','error':{'code':-32601}",
        "'jsonrpc':'2.0','error':'no'",
        "'jsonrpc':'2.0','result':null",
        "'jsonrpc':'2.0','result':'accept'",
        "'jsonrpc':'2.0','result':{'action':'agree'}",
        "'jsonrpc':'2.0','result':{}",
        "'error':{'code':-32601,'message':'Method not found'}"
      })
  void invalidResponseCountsAsNo(String answer) {
    initialize(ASKING);
    ban("1", user());
    String id = server.receive().path("id").toString();
    server.send("{\"id\":%s,%s}".formatted(id, answer.replace('\'', '"')));
    assertThat(server.receive().at("/result/content/0/text").asText()).contains("not_confirmed");
  }

  @Test
  void waitingCallEndsWithTheInput() {
    initialize(ASKING);
    ban("1", user());
    server.receive();
    long start = System.nanoTime();
    server.closeInput();
    assertThat(server.receive().at("/result/content/0/text").asText()).contains("not_confirmed");
    assertThat(server.exitCode(8)).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
  }

  /** No answer could come. */
  @Test
  void noQuestionAfterTheEndOfInput() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess asking =
            new ServerProcess("CLERK_API_URL", clerk.url(), "CLERK_MCP_CONFIRM", "always")) {
      asking.send(ServerProcess.request("0", "initialize", ASKING));
      asking.receive();
      asking.send(ServerProcess.call("1", "clerk_user_ban", "{\"user_id\":\"user_1000\"}"));
      clerk.awaitRequest(); // for the facts of the question
      asking.closeInput();
      assertThat(asking.receive().at("/result/content/0/text").asText()).contains("not_confirmed");
      assertThat(asking.exitCode(8)).isZero();
    }
  }

  /** Bridges share one process among several clients; the newest capabilities count. */
  @Test
  void questionSurvivesSecondInitialize() {
    initialize(ASKING);
    String user = user();
    ban("1", user);
    JsonNode question = server.receive();
    initialize(
        "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"u\",\"version\":\"1\"}}");
    ban("2", user);
    assertThat(server.receive().at("/result/content/0/text").asText())
        .contains("confirmation_needed");
    answer(question, "accept");
    assertThat(server.receive().at("/result/isError").asBoolean(true)).isFalse();
  }

  @Test
  void numberOfWaitingCallsIsLimited() {
    initialize(ASKING);
    String user = user();
    List<JsonNode> questions = new ArrayList<>();
    for (int i = 0; i < CallThreadPool.MAX_WAITING; i++) {
      ban("" + i, user);
      questions.add(server.receive());
    }
    assertThat(questions)
        .allSatisfy(
            question ->
                assertThat(question.path("method").asText()).isEqualTo("elicitation/create"));
    ban("100", user);
    assertThat(server.receive().at("/result/content/0/text").asText())
        .contains("too_many_questions", "20 calls already wait for a person. Nothing was changed.");
    answer(questions.get(0), "decline");
    assertThat(server.receive().at("/result/content/0/text").asText()).contains("not_confirmed");
    ban("101", user);
    assertThat(server.receive().path("method").asText()).isEqualTo("elicitation/create");
  }

  private void initialize(String params) {
    server.send(ServerProcess.request("0", "initialize", params));
    assertThat(server.receive().has("result")).isTrue();
  }

  private String user() {
    return server.answer("clerk_users_list", "{\"limit\":1}").at("/data/0/id").asText();
  }

  private void ban(String id, String user) {
    server.send(ServerProcess.call(id, "clerk_user_ban", "{\"user_id\":\"%s\"}".formatted(user)));
  }

  private void answer(JsonNode question, String action) {
    server.send(
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"action\":\"%s\",\"content\":{}}}"
            .formatted(question.path("id"), action));
  }
}
