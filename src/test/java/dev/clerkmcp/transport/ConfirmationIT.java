package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.transport.protocol.CallThreadPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  /** The texts of long questions may have private data, and their codes end with the process. */
  @Test
  void filesWithQuestionsEndWithTheProcess(@TempDir Path folder) throws Exception {
    Path killed = Files.createFile(folder.resolve("question-0123456789abcdef.txt"));
    Files.setLastModifiedTime(killed, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    try (ServerProcess asking =
        ServerProcess.inSandbox(
            "CLERK_MCP_CONFIRM", "always", "CLERK_MCP_SECRETS_DIR", folder.toString())) {
      asking.initialized();
      String user = asking.answer("clerk_users_list", "{\"limit\":1}").at("/data/0/id").asText();
      String arguments =
          "{\"user_id\":\"%s\",\"public_metadata\":{\"role\":\"a\",\"note\":\"%s\"}}"
              .formatted(user, "x".repeat(2_000));
      asking.send(ServerProcess.call("1", "clerk_user_metadata_replace", arguments));
      Path file = Path.of(read(asking.receive()).at("/in_full/file").asText());
      assertThat(file).exists().hasParent(folder);
      assertThat(killed).doesNotExist();
      asking.terminate();
      assertThat(asking.exitCode(5)).isEqualTo(128 + 15);
      assertThat(file).doesNotExist();
    }
  }

  /** Anything but a result counts as no at once, so that no call waits for its timeout. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'jsonrpc':'2.0','error':{'code':-1,'message':'The user rejected it'}",
        "'jsonrpc':'2.0','error':'no'",
        "'jsonrpc':'2.0','result':null",
        "'jsonrpc':'2.0','result':'accept'",
        "'jsonrpc':'2.0','result':{'action':'agree'}",
        "'jsonrpc':'2.0','result':{'action':'decline','action':'accept'}",
        "'jsonrpc':'2.0','result':{}",
      })
  void invalidResponseCountsAsNo(String answer) {
    initialize(ASKING);
    ban("1", user());
    respond(server.receive(), answer);
    assertThat(server.receive().at("/result/content/0/text").asText()).contains("not_confirmed");
  }

  /** Some hosts say that they can ask, and cannot. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'jsonrpc':'2.0','error':{'code':-32601,'message':'Method not found'}",
        "'jsonrpc':'2.0','error':{'code':-32603}",
        "'error':{'code':-32602,'message':'Invalid params'}"
      })
  void errorInPlaceOfTheQuestionLeadsToACode(String error) {
    initialize(ASKING);
    String user = user();
    ban("1", user);
    respond(server.receive(), error);
    JsonNode first = read(server.receive());
    assertThat(first.at("/error/code").asText()).isEqualTo("confirmation_needed");
    server.send(
        ServerProcess.call(
            "2",
            "clerk_user_ban",
            "{\"user_id\":\"%s\",\"confirmation\":\"%s\"}"
                .formatted(user, first.path("confirmation").asText())));
    respond(server.receive(), error);
    assertThat(server.receive().at("/result/isError").asBoolean(true)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "person | {}                 | no_person_to_ask",
        "code   | {'elicitation':{}} | confirmation_needed",
        "auto   | {}                 | confirmation_needed"
      })
  void settingDecidesHowThePersonConfirms(String by, String capabilities, String code) {
    try (ServerProcess set =
        ServerProcess.inSandbox("CLERK_MCP_CONFIRM", "always", "CLERK_MCP_CONFIRM_BY", by)) {
      set.send(
          ServerProcess.request(
              "0",
              "initialize",
              ASKING.replace("{\"elicitation\":{}}", capabilities.replace('\'', '"'))));
      set.receive();
      String user = set.answer("clerk_users_list", "{\"limit\":1}").at("/data/0/id").asText();
      set.send(ServerProcess.call("1", "clerk_user_ban", "{\"user_id\":\"%s\"}".formatted(user)));
      JsonNode first = read(set.receive());
      assertThat(first.at("/error/code").asText()).isEqualTo(code);
      assertThat(first.has("confirmation")).isEqualTo(code.equals("confirmation_needed"));
      if (first.has("confirmation")) {
        set.answer(
            "clerk_user_ban",
            "{\"user_id\":\"%s\",\"confirmation\":\"%s\"}"
                .formatted(user, first.path("confirmation").asText()));
      }
      assertThat(
              set.answer("clerk_user_get", "{\"user_id\":\"%s\"}".formatted(user))
                  .toString()
                  .contains("banned"))
          .isEqualTo(first.has("confirmation"));
    }
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

  /** The others wait for their turn, and the client may withdraw one. */
  @Test
  void clientIsAskedOneQuestionAtATime() {
    initialize(ASKING);
    List<String> users = users(CallThreadPool.MAX_WAITING + 1);
    for (int i = 0; i < CallThreadPool.MAX_WAITING; i++) {
      ban("" + i, users.get(i));
    }
    JsonNode first = server.receive();
    assertThat(first.path("method").asText()).isEqualTo("elicitation/create");
    server.assertSilentBefore("a");
    ban("100", users.get(CallThreadPool.MAX_WAITING));
    assertThat(server.receive().at("/result/content/0/text").asText())
        .contains("too_many_questions", "20 calls already wait for a person. Nothing was changed.");
    answer(first, "accept");
    JsonNode answered = server.receive();
    JsonNode second = server.receive();
    if (answered.path("method").asText().equals("elicitation/create")) { // in either order
      JsonNode asked = answered;
      answered = second;
      second = asked;
    }
    assertThat(answered.at("/result/isError").asBoolean(true)).isFalse();
    assertThat(second.path("method").asText()).isEqualTo("elicitation/create");
    server.assertSilentBefore("b");
  }

  /** Otherwise one yes could be spent on many calls that arrive together. */
  @Test
  void codeConfirmsOneOfManyCallsAtOnce() {
    server.initialized(); // as a client without elicitation
    String user = user();
    ban("1", user);
    String call =
        "{\"user_id\":\"%s\",\"confirmation\":\"%s\"}"
            .formatted(user, read(server.receive()).path("confirmation").asText());
    for (int i = 0; i < 20; i++) {
      server.send(ServerProcess.call("2" + i, "clerk_user_ban", call));
    }
    int confirmed = 0;
    for (int i = 0; i < 20; i++) {
      JsonNode answer = server.receive();
      if (answer.at("/result/isError").asBoolean()) {
        assertThat(read(answer).at("/error/message").asText()).contains("used already");
      } else {
        confirmed++;
      }
    }
    assertThat(confirmed).isOne();
  }

  private void initialize(String params) {
    server.send(ServerProcess.request("0", "initialize", params));
    assertThat(server.receive().has("result")).isTrue();
  }

  private String user() {
    return server.answer("clerk_users_list", "{\"limit\":1}").at("/data/0/id").asText();
  }

  private List<String> users(int number) {
    List<String> ids = new ArrayList<>();
    server
        .answer("clerk_users_list", "{\"limit\":%s}".formatted(number))
        .path("data")
        .forEach(user -> ids.add(user.path("id").asText()));
    return ids;
  }

  private static JsonNode read(JsonNode answer) {
    try {
      return Json.read(answer.at("/result/content/0/text").asText());
    } catch (IOException e) {
      throw new AssertionError(answer.toString(), e);
    }
  }

  private void respond(JsonNode question, String members) {
    server.send("{\"id\":%s,%s}".formatted(question.path("id"), members.replace('\'', '"')));
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
