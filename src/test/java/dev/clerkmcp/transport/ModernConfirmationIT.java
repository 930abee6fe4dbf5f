package dev.clerkmcp.transport;

import static dev.clerkmcp.transport.ModernRequests.request;
import static dev.clerkmcp.transport.ModernRequests.toCall;
import static dev.clerkmcp.transport.ServerProcess.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the user's answer in the modern protocol, where a second call brings the answer. */
final class ModernConfirmationIT {
  private static final String ASKING = "{\"elicitation\":{}}";
  private static final String ACCEPT = "{\"confirmation\":{\"action\":\"accept\",\"content\":{}}}";
  private static final String DELETE = "clerk_user_delete";

  @AutoClose
  private final ServerProcess server = ServerProcess.inSandbox("CLERK_MCP_CONFIRM", "always");

  @Test
  void userIsAskedAndYesIsValidOnce() {
    String user = user(0);
    JsonNode asked = ask(DELETE, user);
    JsonNode question = asked.at("/inputRequests/confirmation");
    assertThat(question.path("method").asText()).isEqualTo("elicitation/create");
    assertThat(question.at("/params/mode").asText()).isEqualTo("form");
    assertThat(question.at("/params/message").asText())
        .contains("Delete user on sandbox?", user, "cannot be undone", "Asked for by \"t 1\"");
    assertThat(question.at("/params/requestedSchema").toString())
        .isEqualTo("{\"type\":\"object\",\"properties\":{}}");
    assertThat(exists(user)).isTrue();

    JsonNode done = answer(DELETE, user, state(asked), ACCEPT).path("result");
    assertThat(done.path("resultType").asText()).isEqualTo("complete");
    assertThat(done.path("isError").asBoolean(true)).as(done.toString()).isFalse();
    assertThat(exists(user)).isFalse();
    assertRefused(answer(DELETE, user, state(asked), ACCEPT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"action\":\"decline\"}",
        "{\"action\":\"cancel\"}",
        "{\"action\":\"accept\",\"content\":{\"sure\":false}}",
        "{\"action\":\"accept\",\"content\":{\"sure\":\"yes\"}}",
      })
  void otherAnswersCountAsNo(String answer) {
    String user = user(0);
    String state = state(ask(DELETE, user));
    assertRefused(answer(DELETE, user, state, "{\"confirmation\":%s}".formatted(answer)));
    assertRefused(answer(DELETE, user, state, ACCEPT));
    assertThat(exists(user)).isTrue();
  }

  @Test
  void yesIsValidOnlyForTheQuestion() {
    String user = user(0);
    String other = user(1);
    String state = state(ask(DELETE, user));
    assertRefused(answer(DELETE, other, state, ACCEPT));
    assertRefused(answer("clerk_user_ban", user, state, ACCEPT));
    String forged = (state.charAt(0) == 'A' ? "B" : "A") + state.substring(1);
    assertRefused(answer(DELETE, user, forged, ACCEPT));
    JsonNode changed =
        send(
            request(
                "\"c\"",
                "tools/call",
                toCall(
                    "clerk_user_update",
                    "{\"user_id\":\"%s\",\"first_name\":\"Changed\"}".formatted(user))));
    assertThat(changed.at("/result/isError").asBoolean(true)).isFalse();
    assertRefused(answer(DELETE, user, state, ACCEPT));
    assertThat(exists(user) && exists(other)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"else\":{\"action\":\"accept\"}}"})
  void missingAnswerRepeatsTheQuestion(String responses) {
    String user = user(0);
    JsonNode again = answer(DELETE, user, state(ask(DELETE, user)), responses).path("result");
    assertThat(again.path("resultType").asText()).isEqualTo("input_required");
    answer(DELETE, user, state(again), ACCEPT);
    assertThat(exists(user)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "{\"confirmation\":{}}",
        "{\"confirmation\":true}",
        "{\"confirmation\":{\"action\":\"perhaps\"}}",
        "{\"confirmation\":{\"action\":\"decline\",\"action\":\"accept\"}}",
        "{\"confirmation\":{\"action\":\"accept\",\"content\":[]}}",
      })
  void malformedAnswerIsRejected(String responses) {
    String user = user(0);
    assertError(answer(DELETE, user, state(ask(DELETE, user)), responses), "\"d\"", -32602);
    assertThat(exists(user)).isTrue();
  }

  @Test
  void answerWithoutStateIsIgnored() {
    String user = user(0);
    JsonNode asked =
        call("{\"user_id\":\"%s\"}".formatted(user), ASKING, ",\"inputResponses\":" + ACCEPT);
    assertThat(asked.at("/result/resultType").asText()).isEqualTo("input_required");
    assertThat(exists(user)).isTrue();
  }

  @Test
  void answerRequiresElicitationCapability() {
    String user = user(0);
    String state = state(ask(DELETE, user));
    JsonNode refused =
        call(
            "{\"user_id\":\"%s\"}".formatted(user),
            "{}",
            ",\"requestState\":\"%s\",\"inputResponses\":%s".formatted(state, ACCEPT));
    assertError(refused, "\"d\"", -32021);
    assertThat(refused.at("/error/data/requiredCapabilities/elicitation").isObject()).isTrue();
    assertThat(exists(user)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{}", "{\"elicitation\":{\"url\":{}}}", "{\"sampling\":{}}"})
  void clientWithoutElicitationGetsPlanAndCode(String capabilities) {
    String user = user(0);
    JsonNode first = call("{\"user_id\":\"%s\"}".formatted(user), capabilities, "");
    JsonNode told = read(first);
    assertThat(told.at("/error/code").asText()).isEqualTo("confirmation_needed");
    assertThat(exists(user)).isTrue();
    JsonNode done =
        call(
            "{\"user_id\":\"%s\",\"confirmation\":\"%s\"}"
                .formatted(user, told.path("confirmation").asText()),
            capabilities,
            "");
    assertThat(done.at("/result/isError").asBoolean(true)).isFalse();
    assertThat(exists(user)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "person | {}                 | no_person_to_ask",
        "code   | {'elicitation':{}} | confirmation_needed"
      })
  void settingDecidesHowThePersonConfirms(String by, String capabilities, String code) {
    try (ServerProcess set =
        ServerProcess.inSandbox("CLERK_MCP_CONFIRM", "always", "CLERK_MCP_CONFIRM_BY", by)) {
      set.send(
          request(
              "1",
              "tools/call",
              toCall(DELETE, "{\"user_id\":\"%s\"}".formatted(user(0))),
              capabilities.replace('\'', '"'),
              ""));
      JsonNode refused = read(set.receive());
      assertThat(refused.at("/error/code").asText()).isEqualTo(code);
      assertThat(refused.has("confirmation")).isEqualTo(code.equals("confirmation_needed"));
    }
  }

  @Test
  void callThroughToolsWriteAsksToo() {
    String user = user(0);
    String arguments =
        "{\"name\":\"%s\",\"arguments\":{\"user_id\":\"%s\"}}".formatted(DELETE, user);
    JsonNode asked =
        send(request("1", "tools/call", toCall("clerk_tools_write", arguments), ASKING, ""));
    JsonNode done =
        send(
            request(
                "2",
                "tools/call",
                toCall("clerk_tools_write", arguments)
                    + ",\"requestState\":\"%s\",\"inputResponses\":%s"
                        .formatted(state(asked.path("result")), ACCEPT),
                ASKING,
                ""));
    assertThat(done.at("/result/isError").asBoolean(true)).as(done.toString()).isFalse();
    assertThat(exists(user)).isFalse();
  }

  private JsonNode ask(String tool, String user) {
    JsonNode asked =
        send(
            request(
                "1",
                "tools/call",
                toCall(tool, "{\"user_id\":\"%s\"}".formatted(user)),
                ASKING,
                ""));
    assertThat(asked.at("/result/resultType").asText())
        .as(asked.toString())
        .isEqualTo("input_required");
    return asked.path("result");
  }

  private JsonNode answer(String tool, String user, String state, String responses) {
    return send(
        request(
            "\"d\"",
            "tools/call",
            toCall(tool, "{\"user_id\":\"%s\"}".formatted(user))
                + ",\"requestState\":\"%s\",\"inputResponses\":%s".formatted(state, responses),
            ASKING,
            ""));
  }

  private JsonNode call(String arguments, String capabilities, String members) {
    return send(
        request("\"d\"", "tools/call", toCall(DELETE, arguments) + members, capabilities, ""));
  }

  private static void assertRefused(JsonNode answer) {
    JsonNode told = read(answer);
    assertThat(answer.at("/result/isError").asBoolean()).isTrue();
    assertThat(told.at("/error/code").asText()).isEqualTo("not_confirmed");
    assertThat(told.path("plan").path("requests")).isNotEmpty();
  }

  private static JsonNode read(JsonNode answer) {
    try {
      return Json.read(answer.at("/result/content/0/text").asText());
    } catch (IOException e) {
      throw new AssertionError(answer.toString(), e);
    }
  }

  private static String state(JsonNode asked) {
    return asked.path("requestState").asText();
  }

  private String user(int n) {
    return read(send(ModernRequests.call("1", "clerk_users_list", "{\"limit\":5}")))
        .at("/data/%s/id".formatted(n))
        .asText();
  }

  private boolean exists(String user) {
    JsonNode answer =
        send(ModernRequests.call("1", "clerk_user_get", "{\"user_id\":\"%s\"}".formatted(user)));
    return !answer.at("/result/isError").asBoolean();
  }

  private JsonNode send(String line) {
    server.send(line);
    return server.receive();
  }
}
