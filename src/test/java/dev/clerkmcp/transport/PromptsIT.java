package dev.clerkmcp.transport;

import static dev.clerkmcp.transport.ServerProcess.assertError;
import static dev.clerkmcp.transport.ServerProcess.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests prompts and completion. */
final class PromptsIT {
  private static final String OF_USERS =
      "{\"ref\":{\"type\":\"ref/resource\",\"uri\":\"clerk://users/{id}\"},"
          + "\"argument\":{\"name\":\"id\",\"value\":\"%s\"}}";

  @Test
  void promptsAreListedAndServed() {
    try (ServerProcess server = ServerProcess.inSandbox()) {
      server.send(ServerProcess.initialize("2025-11-25"));
      assertThat(server.receive().at("/result/capabilities/prompts").isObject()).isTrue();
      JsonNode list = result(server, "prompts/list", "{}");
      assertThat(list.path("prompts"))
          .extracting(prompt -> prompt.path("name").asText())
          .containsExactly(
              "audit_access",
              "diagnose_sign_in",
              "offboard_employee",
              "onboard_client",
              "security_review");
      assertThat(list.at("/_meta/dev.clerkmcp~1sandbox").asBoolean()).isTrue();
      JsonNode prompt =
          result(
              server,
              "prompts/get",
              "{\"name\":\"diagnose_sign_in\",\"arguments\":{\"user\":\"ada@example.com\"}}");
      assertThat(prompt.at("/messages/0/content/text").asText())
          .startsWith("Find out why the user \"ada@example.com\" cannot sign in.")
          .contains("clerk_user_overview");
      assertThat(prompt.at("/_meta/dev.clerkmcp~1sandbox").asBoolean()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prompts/get | {\"name\":\"no_such\"} | Unknown prompt: no_such. There are audit_access,",
        "prompts/get | {\"name\":\"diagnose_sign_in\"} | needs the argument user",
        "prompts/get | {} | needs the name of a prompt",
        "prompts/list | {\"cursor\":\"x\"} | cursors are invalid",
        "completion/complete | {\"ref\":{\"type\":\"ref/prompt\",\"name\":\"no_such\"}} | Unknown prompt",
        "completion/complete | {\"ref\":{\"type\":\"ref/prompt\",\"name\":\"audit_access\"},\"argument\":{\"name\":\"x\",\"value\":\"\"}} | its arguments are organization",
        "completion/complete | {} | clerk://users/{id} (id)",
      })
  void unknownPromptOrArgumentIsNamed(String method, String params, String message) {
    try (ServerProcess server = ServerProcess.inSandbox().initialized()) {
      server.send(request("1", method, params));
      JsonNode answer = server.receive();
      assertError(answer, "1", -32602);
      assertThat(answer.at("/error/message").asText()).contains(message);
    }
  }

  @Test
  void promptWithForbiddenToolIsNotListed() {
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_MCP_ACCESS", "read", "CLERK_MCP_EXCLUDE_TOOLS", "clerk_org*")
            .initialized()) {
      assertThat(result(server, "prompts/list", "{}").path("prompts"))
          .extracting(prompt -> prompt.path("name").asText())
          .contains("diagnose_sign_in", "security_review")
          .doesNotContain("audit_access", "onboard_client", "offboard_employee");
      server.send(request("1", "prompts/get", "{\"name\":\"onboard_client\"}"));
      assertError(server.receive(), "1", -32602);
    }
  }

  @Test
  void usersAndOrganizationsAreCompleted() {
    try (ServerProcess server = ServerProcess.inSandbox().initialized()) {
      assertThat(server.answer("clerk_users_count", "{}")).isNotEmpty(); // Clerk is there
      List<String> first = completed(server, OF_USERS.formatted(""));
      assertThat(first)
          .hasSize(10)
          .allMatch(value -> value.contains("@") || value.startsWith("user_"));
      String email = first.stream().filter(value -> value.contains("@")).findFirst().orElseThrow();
      assertThat(completed(server, OF_USERS.formatted(email))).containsExactly(email);
      assertThat(completed(server, OF_USERS.formatted("user_")))
          .hasSize(20)
          .allMatch(value -> value.startsWith("user_"));
      assertThat(completed(server, OF_USERS.formatted("nobody_is_called_so"))).isEmpty();
      assertThat(completed(server, ofPrompt("diagnose_sign_in", "user", ""))).isEqualTo(first);
      assertThat(completed(server, ofPrompt("onboard_client", "name", "a"))).isEmpty();
      List<String> slugs = completed(server, ofPrompt("audit_access", "organization", ""));
      assertThat(slugs).hasSize(6);
      assertThat(
              completed(
                  server,
                  OF_USERS
                      .replace("users", "organizations")
                      .formatted(slugs.get(0).substring(0, 3))))
          .contains(slugs.get(0));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CLERK_MCP_PII, mask",
    "CLERK_MCP_EXCLUDE_TOOLS, clerk_users_list",
    "CLERK_MCP_SANDBOX_FAULTS, 500:1",
  })
  void completionOmitsMaskedValues(String variable, String value) {
    try (ServerProcess server = ServerProcess.inSandbox(variable, value).initialized()) {
      assertThat(completed(server, OF_USERS.formatted("")))
          .hasSize(value.equals("mask") ? 10 : 0)
          .allMatch(id -> id.startsWith("user_"));
    }
  }

  @Test
  void slowCompletionIsEmptyAfterTimeout() {
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_MCP_SANDBOX_LATENCY", "20000").initialized()) {
      long start = System.nanoTime();
      server.send(request("1", "completion/complete", OF_USERS.formatted("a")));
      server.assertSilentBefore("meanwhile");
      JsonNode answer = server.receive();
      assertThat(answer.path("id").asInt()).isEqualTo(1);
      assertThat(answer.at("/result/completion/values")).isEmpty();
      assertThat((System.nanoTime() - start) / 1_000_000_000).isLessThan(15);
      server.assertSilentBefore("after");
      server.send(request("2", "completion/complete", OF_USERS.formatted("b")));
      server.send(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":2}}");
      server.assertSilentBefore("cancelled");
      server.closeInput();
      assertThat(server.exitCode(10)).isZero();
    }
  }

  private static String ofPrompt(String prompt, String argument, String value) {
    return "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"%s\"},\"argument\":{\"name\":\"%s\",\"value\":\"%s\"}}"
        .formatted(prompt, argument, value);
  }

  private static List<String> completed(ServerProcess server, String params) {
    List<String> values = new ArrayList<>();
    result(server, "completion/complete", params)
        .at("/completion/values")
        .forEach(value -> values.add(value.asText()));
    return values;
  }

  private static JsonNode result(ServerProcess server, String method, String params) {
    server.send(request("\"r\"", method, params));
    JsonNode answer = server.receive();
    assertThat(answer.has("result")).as(answer.toString()).isTrue();
    return answer.path("result");
  }
}
