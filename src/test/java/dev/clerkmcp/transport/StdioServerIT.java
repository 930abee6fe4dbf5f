package dev.clerkmcp.transport;

import static dev.clerkmcp.transport.ServerProcess.assertError;
import static dev.clerkmcp.transport.ServerProcess.call;
import static dev.clerkmcp.transport.ServerProcess.request;
import static dev.clerkmcp.transport.ServerProcess.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that every request gets exactly one response, after any input. */
final class StdioServerIT {
  private static final String LIST = request("1", "tools/list", "{}");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} {}",
        "nonsense",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\uFEFF",
        "\uFEFF{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\u0000\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\u0000ng\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":[}"
      })
  void lineThatIsNotJsonGetsParseError(String line) {
    try (ServerProcess server = new ServerProcess().initialized()) {
      server.send(line);
      assertError(server.receive(), "null", -32700);
      server.assertSilentBefore("after");
    }
  }

  @Test
  void invalidUtf8GetsParseError() {
    try (ServerProcess server = new ServerProcess().initialized()) {
      server.send("{\"a\":\"\u00e4\"}\n".getBytes(StandardCharsets.ISO_8859_1));
      assertError(server.receive(), "null", -32700);
      server.send(new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"', '\n'}); // overlong
      assertError(server.receive(), "null", -32700);
      server.assertSilentBefore("after");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"method\":\"tools/list\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{},\"params\":{\"a\":1}}"
      })
  void invalidMessageGetsErrorWithItsId(String line) {
    try (ServerProcess server = new ServerProcess().initialized()) {
      server.send(line);
      assertError(server.receive(), "1", -32600);
      server.assertSilentBefore("after");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "\"ping\"",
        "null",
        "{}",
        "[]",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}"
      })
  void invalidMessageWithoutIdGetsErrorWithNullId(String line) {
    try (ServerProcess server = new ServerProcess().initialized()) {
      server.send(line);
      assertError(server.receive(), "null", -32600);
      server.assertSilentBefore("after");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"clerk_user_get\",\"arguments\":{\"user_id\":\"u1\",\"user_id\":\"u2\"}}",
        "{\"name\":\"clerk_user_get\",\"arguments\":{\"user_id\":\"u1\",\"\\u0075ser_id\":\"u2\"}}",
        "{\"name\":\"clerk_tools_write\",\"arguments\":{\"name\":\"clerk_user_ban\","
            + "\"arguments\":{\"user_id\":\"u1\",\"user_id\":\"u2\"}}}",
        "{\"name\":\"clerk_user_update\",\"arguments\":"
            + "{\"user_id\":\"u1\",\"public_metadata\":{\"user_id\":1,\"user_id\":2}}}"
      })
  void duplicateKeyInArgumentsIsRefused(String params) {
    try (ServerProcess server = new ServerProcess().initialized()) {
      server.send(request("1", "tools/call", params));
      JsonNode response = server.receive();
      assertError(response, "1", -32602);
      assertThat(response.at("/error/message").asText()).contains("user_id twice");
    }
  }

  @Test
  void blankLinesAndCarriageReturnsAreIgnored() {
    try (ServerProcess server = new ServerProcess().initialized()) {
      server.send("\n  \r\n\t\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\r");
      assertThat(server.receive().toString())
          .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
    }
  }

  @Test
  void byteOrderMarkIsIgnored() {
    try (ServerProcess server = new ServerProcess()) {
      server.send("\uFEFF" + request("1", "ping", "{}"));
      assertThat(server.receive().path("result").isObject()).isTrue();
      server.assertSilentBefore("after");
    }
  }

  /** Batches came with 2025-03-26 and went with 2025-06-18. */
  @ParameterizedTest
  @ValueSource(strings = {"2024-11-05", "2025-03-26"})
  void batchGetsOneArrayOfResponses(String version) {
    try (ServerProcess server = new ServerProcess()) {
      server.send("[" + request("1", "ping", "{}") + "]");
      assertThat(server.receive()).hasSize(1);
      server.send("[" + request("1", "ping", "{}") + ",");
      assertError(server.receive(), "null", -32700);
      server.send(ServerProcess.initialize(version));
      server.receive();
      server.send(
          "[%s,{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"},1,%s]"
              .formatted(request("7", "ping", "{}"), request("8", "no/such", "{}")));
      JsonNode answers = server.receive();
      assertThat(answers).hasSize(3);
      assertThat(answers).anySatisfy(a -> assertThat(a.path("id").asInt()).isEqualTo(7));
      assertThat(answers).anySatisfy(a -> assertError(a, "8", -32601));
      assertThat(answers).anySatisfy(a -> assertError(a, "null", -32600));
      server.send("[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}]");
      server.send("[{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{}}]");
      server.assertSilentBefore("after");
      String ping = request("7", "ping", "{}");
      server.send("[" + String.join(",", Collections.nCopies(101, ping)) + "]");
      assertError(server.receive(), "null", -32600);
      server.assertSilentBefore("end");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-06-18", "2025-11-25"})
  void batchIsRejectedInLaterVersions(String version) {
    try (ServerProcess server = new ServerProcess()) {
      server.send(ServerProcess.initialize(version));
      server.receive();
      for (String batch : List.of("[%s]", "[%s,%<s]", "[]", "[1]", "[%s")) {
        server.send(batch.formatted(request("7", "ping", "{}")));
        assertError(server.receive(), "null", -32600);
      }
      server.assertSilentBefore("after");
    }
  }

  @Test
  void lineOverTheLimitGetsErrorWithItsId() {
    try (ServerProcess server = new ServerProcess().initialized()) {
      server.send(tooLong("x"));
      assertError(server.receive(), "null", -32600);
      server.send(
          tooLong("{\"jsonrpc\":\"2.0\",\"id\":\"long\",\"method\":\"ping\",\"params\":{\"a\":\""));
      JsonNode refused = server.receive();
      assertError(refused, "\"long\"", -32600);
      assertThat(refused.at("/error/message").asText())
          .isEqualTo("A message may have 16 MiB at most");
      server.send(
          tooLong("{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":7,\"params\":{\"a\":\""));
      assertError(server.receive(), "7", -32600);
      server.send(tooLong("{\"params\":{\"id\":1,\"a\":\""));
      assertError(server.receive(), "null", -32600);
      server.send(tooLong("{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":1"));
      assertError(server.receive(), "null", -32600); // more digits may follow
      server.send(tooLong("{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"a\":\""));
      server.assertSilentBefore("after");
    }
  }

  private static byte[] tooLong(String beginning) {
    byte[] line = new byte[(16 << 20) + 2];
    Arrays.fill(line, (byte) '1');
    byte[] start = beginning.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(start, 0, line, 0, start.length);
    line[line.length - 1] = '\n';
    return line;
  }

  @Test
  void idOfPendingRequestIsRejected() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = ServerProcess.callingClerk(clerk)) {
      server.send(call("5", "clerk_user_get", "{\"user_id\":\"user_700\"}"));
      server.send(request("5", "ping", "{}"));
      assertError(server.receive(), "5", -32600);
      assertThat(text(server.receive())).isEqualTo("{\"id\":\"user_700\"}");
      server.send(request("5", "ping", "{}"));
      assertThat(server.receive().path("result").isObject()).isTrue();
    }
  }

  @Test
  void idsAreReturnedUnchanged() {
    try (ServerProcess server = new ServerProcess().initialized()) {
      for (String id : List.of("0", "-1", "12345678901234567890123", "\"\"", "\"a\\u0000\\\"b\"")) {
        server.send(request(id, "ping", "{}"));
        assertThat(server.receive().path("id").toString()).isEqualTo(id);
      }
    }
  }

  /** UTF-8 has no bytes for half of a surrogate pair; JSON has an escape. */
  @Test
  void loneSurrogatesAreReturnedUnchanged() {
    try (ServerProcess server = new ServerProcess().initialized()) {
      for (String id : List.of("\"\\ud83d\"", "\"a\\ude00b\"", "\"\\ude00\\ud83d\"")) {
        server.send(request(id, "ping", "{}"));
        assertThat(server.receiveLine()).contains("\"id\":" + id + ",");
      }
      server.send(request("\"\\ud83d\\ude00\"", "ping", "{}"));
      assertThat(server.receiveLine()).contains("\"id\":\"\uD83D\uDE00\",");
    }
  }

  @Test
  void unknownMethodAndUnknownToolAreProtocolErrors() {
    try (ServerProcess server = new ServerProcess().initialized()) {
      server.send(request("1", "no/such", "{}"));
      assertError(server.receive(), "1", -32601);
      server.send(call("2", "clerk_user_list", "{}"));
      JsonNode answer = server.receive();
      assertError(answer, "2", -32602);
      assertThat(answer.at("/error/message").asText())
          .startsWith("Unknown tool: clerk_user_list; the nearest are clerk_users_list,");
      assertThat(answer.at("/error/data/requested").asText()).isEqualTo("clerk_user_list");
      server.send(request("3", "tools/call", "{}"));
      assertError(server.receive(), "3", -32602);
      server.send("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\",\"params\":[1]}");
      assertError(server.receive(), "4", -32602);
      server.send(request("5", "tools/list", "{\"cursor\":\"x\"}"));
      assertError(server.receive(), "5", -32602);
      server.send(request("6", "tools/list", "{\"cursor\":null}"));
      assertThat(server.receive().at("/result/tools")).isNotEmpty();
    }
  }

  /** A model reads the errors, so they must be short. */
  @Test
  void errorsTruncateWhatTheyQuote() {
    String longText = "x".repeat(1_000_000);
    try (ServerProcess server = new ServerProcess().initialized()) {
      for (String line :
          List.of(
              request("1", longText, "{}"),
              call("1", longText, "{}"),
              call("1", "clerk_user_get", "{\"%s\":1}".formatted(longText.substring(0, 40_000))),
              request("1", "prompts/get", "{\"name\":\"%s\"}".formatted(longText)),
              request("1", "resources/read", "{\"uri\":\"%s\"}".formatted(longText)),
              ModernRequests.request("1", longText, ""),
              ModernRequests.request("1", "ping", "").replace("2026-07-28", longText))) {
        server.send(line);
        assertThat(server.receiveLine()).hasSizeLessThan(5000);
      }
    }
  }

  /** A message over a limit may be valid JSON, so the error is no syntax error. */
  @Test
  void exceededLimitGetsErrorWithTheId() {
    List<String> params =
        List.of(
            "{\"%s\":1}".formatted("k".repeat(50_001)),
            "{\"n\":%s}".formatted("1".repeat(1001)),
            "{\"deep\":%s1%s}".formatted("[".repeat(1001), "]".repeat(1001)));
    try (ServerProcess server = new ServerProcess().initialized()) {
      for (String beyond : params) {
        server.send(request("\"a\"", "ping", beyond));
        JsonNode answer = server.receive();
        assertError(answer, "\"a\"", -32600);
        assertThat(answer.at("/error/message").asText()).contains("at most");
      }
      server.send(call("\"a\"", "clerk_users_list", "{\"\\ud800\":1}"));
      assertError(server.receive(), "\"a\"", -32602);
      assertThat(server.standardError()).doesNotContain("ERROR");
    }
  }

  @Test
  void invalidArgumentsAreNamedInTheResult() {
    try (ServerProcess server = new ServerProcess().initialized()) {
      server.send(call("1", "clerk_user_get", "{\"whom\":\"user_1\"}"));
      JsonNode result = server.receive().path("result");
      assertThat(result.path("isError").asBoolean()).isTrue();
      assertThat(result.at("/content/0/text").asText())
          .contains(
              "\"name\":\"whom\"", "allowed are user_id", "\"name\":\"user_id\"", "is required");
    }
  }

  @Test
  void requestsBeforeInitializeGetErrors() {
    try (ServerProcess server = new ServerProcess()) {
      server.send(request("1", "ping", "{}"));
      assertThat(server.receive().path("result").isObject()).isTrue();
      for (int i = 0; i < 300; i++) {
        server.send(LIST);
        assertError(server.receive(), "1", -32600);
      }
      server.initialized();
      server.send(LIST);
      assertThat(server.receive().at("/result/tools").size()).isGreaterThan(30);
    }
  }

  @Test
  void callIsServedBeforeInitializedNotification() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = new ServerProcess("CLERK_API_URL", clerk.url())) {
      server.send(ServerProcess.initialize("2024-11-05"));
      server.send(call("1", "clerk_user_get", "{\"user_id\":\"user_x\"}"));
      assertThat(server.receive().at("/result/protocolVersion").asText()).isEqualTo("2024-11-05");
      assertThat(text(server.receive())).isEqualTo("{\"id\":\"user_x\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
  void everyLegacyVersionIsSupported(String version) {
    try (ServerProcess server = new ServerProcess()) {
      server.send(ServerProcess.initialize(version));
      JsonNode result = server.receive().path("result");
      assertThat(result.path("protocolVersion").asText()).isEqualTo(version);
      assertThat(result.path("instructions").asText().split("\\s+", -1)).hasSizeLessThan(190);
    }
  }

  @Test
  void unknownVersionGetsTheNewest() {
    try (ServerProcess server = new ServerProcess()) {
      server.send(request("0", "initialize", "{}"));
      assertError(server.receive(), "0", -32602);
      server.send(ServerProcess.initialize("1999-01-01"));
      assertThat(server.receive().at("/result/protocolVersion").asText()).isEqualTo("2025-11-25");
    }
  }

  /** Bridges share one process among several clients. */
  @Test
  void secondInitializeLeavesRunningCallsAlone() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = ServerProcess.callingClerk(clerk)) {
      server.send(call("1", "clerk_user_get", "{\"user_id\":\"user_1500\"}"));
      clerk.awaitRequest();
      server.send(ServerProcess.initialize("2025-03-26"));
      assertThat(server.receive().at("/result/protocolVersion").asText()).isEqualTo("2025-03-26");
      server.send("[" + request("7", "ping", "{}") + "]"); // the newest version counts
      assertThat(server.receive()).hasSize(1);
      assertThat(text(server.receive())).isEqualTo("{\"id\":\"user_1500\"}");
    }
  }

  @Test
  void initializeNeedsOnlyVersion() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = new ServerProcess("CLERK_API_URL", clerk.url())) {
      server.send(request("0", "initialize", "{\"protocolVersion\":\"2025-06-18\"}"));
      server.send(call("1", "clerk_user_get", "{\"user_id\":\"user_x\"}"));
      server.receive();
      assertThat(text(server.receive())).isEqualTo("{\"id\":\"user_x\"}");
    }
  }

  @Test
  void notificationsAndUnexpectedResponsesGetNoResponse() {
    try (ServerProcess server = new ServerProcess().initialized()) {
      server.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}");
      server.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unknown\",\"params\":[1]}");
      server.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}");
      server.send(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":9}}");
      server.send("{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{}}");
      server.send("{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":\"no object\"}");
      server.send("{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-1,\"message\":\"no\"}}");
      for (String id : List.of("\"id\":null,", "\"id\":1.5,", "\"id\":{},", "")) {
        server.send("{\"jsonrpc\":\"2.0\",%s\"result\":{}}".formatted(id));
        server.send("{%s\"error\":{\"code\":-32700,\"message\":\"no\"}}".formatted(id));
      }
      server.assertSilentBefore("after");
    }
  }

  @Test
  void cancelledCallGetsNoResponseAndFreesItsId() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = ServerProcess.callingClerk(clerk)) {
      server.send(call("1", "clerk_user_get", "{\"user_id\":\"user_60000\"}"));
      server.send(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
      server.assertSilentBefore("after");
      server.send(call("1", "clerk_user_get", "{\"user_id\":\"user_x\"}"));
      assertThat(text(server.receive())).isEqualTo("{\"id\":\"user_x\"}");
      server.closeInput();
      assertThat(server.exitCode(5)).isZero();
    }
  }

  @Test
  void longCallReportsProgressUnderItsToken() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = ServerProcess.callingClerk(clerk)) {
      server.send(
          request(
              "1",
              "tools/call",
              "{\"name\":\"clerk_user_get\",\"arguments\":{\"user_id\":\"user_4000\"},"
                  + "\"_meta\":{\"progressToken\":\"token\"}}"));
      assertThat(text(server.receiveAfterProgress("token"))).isEqualTo("{\"id\":\"user_4000\"}");
      server.assertSilentBefore("after");
    }
  }
}
