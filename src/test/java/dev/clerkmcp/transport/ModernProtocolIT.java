package dev.clerkmcp.transport;

import static dev.clerkmcp.transport.ModernRequests.request;
import static dev.clerkmcp.transport.ModernRequests.toCall;
import static dev.clerkmcp.transport.ServerProcess.assertError;
import static dev.clerkmcp.transport.ServerProcess.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests MCP since version 2026-07-28. */
final class ModernProtocolIT {
  private static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";

  @Test
  void discoveryHasVersionsCapabilitiesAndInstructions() {
    try (ServerProcess server = new ServerProcess()) {
      JsonNode found = result(server, "server/discover", "");
      assertComplete(found);
      assertKept(found);
      assertThat(found.path("supportedVersions").toString()).isEqualTo("[\"2026-07-28\"]");
      assertThat(found.path("capabilities").toString())
          .isEqualTo(
              "{\"tools\":{},\"prompts\":{},\"resources\":{},\"completions\":{},\"logging\":{}}");
      assertThat(found.path("instructions").asText()).contains("clerk_tools_search");
    }
  }

  /** Hosts show only one of the texts, or structured content alone. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "clerk_user_ban | {\"userId\":\"minjun.choi5@example.com\"} | clerk_undo_plan",
        "clerk_user_get | {\"user_id\":\"minjun.choi5@example.com\"} | minjun.choi5@example.com is user_",
        "clerk_user_update | {\"userId\":\"minjun.choi5@example.com\",\"primary_email_address_id\":\"idn_1\"} | minjun.choi5@example.com is user_",
        "clerk_tools_read | {\"name\":\"clerk_user_get\",\"arguments\":{\"user_id\":\"minjun.choi5@example.com\"}} | minjun.choi5@example.com is user_",
        "clerk_invitation_create | {\"email_address\":\"new@example.com\"} | only you can read it",
      })
  void notesAreInTheOneJsonInBothEras(String tool, String arguments, String note)
      throws IOException {
    try (ServerProcess modern = ServerProcess.inSandbox();
        ServerProcess legacy = ServerProcess.inSandbox().initialized()) {
      modern.send(ModernRequests.call("1", tool, arguments));
      legacy.send(ServerProcess.call("1", tool, arguments));
      for (ServerProcess server : List.of(modern, legacy)) {
        JsonNode result = server.receive().path("result");
        assertThat(result.path("content")).as(result.toString()).hasSize(1);
        JsonNode answer = Json.read(result.at("/content/0/text").asText());
        assertThat(List.copyOf(answer.properties()).get(answer.size() - 1).getKey())
            .isEqualTo("notes");
        assertThat(answer.path("notes").toString()).contains(note);
        boolean failed = result.path("isError").asBoolean();
        assertThat(failed).isEqualTo(tool.equals("clerk_user_update"));
        assertThat(result.has("structuredContent")).isEqualTo(!failed);
        assertThat(failed ? answer : result.path("structuredContent")).isEqualTo(answer);
      }
    }
  }

  /** What people outside wrote is named in the metadata, beside the data itself. */
  @Test
  void textOfStrangersIsMarkedInBothEras() {
    try (ServerProcess modern = ServerProcess.inSandbox();
        ServerProcess legacy = ServerProcess.inSandbox().initialized()) {
      String arguments = "{\"limit\":1,\"fields\":[\"public_metadata\",\"first_name\"]}";
      modern.send(ModernRequests.call("1", "clerk_users_list", arguments));
      legacy.send(ServerProcess.call("1", "clerk_users_list", arguments));
      for (ServerProcess server : List.of(modern, legacy)) {
        JsonNode meta = server.receive().at("/result/_meta");
        assertThat(meta.path("dev.clerkmcp/untrusted"))
            .as(meta.toString())
            .extracting(JsonNode::asText)
            .containsExactly("data[].first_name", "data[].public_metadata");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tools/list, tools",
    "prompts/list, prompts",
    "resources/list, resources",
    "resources/templates/list, resourceTemplates"
  })
  void listEqualsLegacyListAndIsCacheable(String method, String member) {
    try (ServerProcess server = new ServerProcess()) {
      JsonNode first = result(server, method, "");
      assertComplete(first);
      assertKept(first);
      assertThat(first.path(member)).isNotEmpty();
      server.initialized().send(ServerProcess.request("2", method, "{}"));
      assertThat(server.receive().path("result").path(member)).isEqualTo(first.path(member));
      assertThat(result(server, method, "")).isEqualTo(first);
      server.send(request("3", method, "\"cursor\":\"x\""));
      assertError(server.receive(), "3", -32602);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_users_list | {\"limit\":2}",
        "clerk_users_count | {}",
        "clerk_get_user | {}",
        "clerk_user_get | {\"id\":7}",
        "clerk_user_delete | {\"user_id\":\"user_x\",\"dry_run\":true}",
      })
  void callResultEqualsLegacyResult(String tool, String arguments) {
    try (ServerProcess server = ServerProcess.inSandbox()) {
      ObjectNode modern = (ObjectNode) result(server, "tools/call", toCall(tool, arguments));
      assertComplete(modern);
      modern.remove("resultType");
      ((ObjectNode) modern.path("_meta")).remove(SERVER_INFO);
      server.initialized().send(ServerProcess.call("2", tool, arguments));
      assertThat(modern).isEqualTo(server.receive().path("result"));
    }
  }

  @Test
  void toolWithOutputSchemaReturnsStructuredContent() throws IOException {
    try (ServerProcess server = ServerProcess.inSandbox()) {
      JsonNode tools = result(server, "tools/list", "").path("tools");
      assertThat(tools)
          .anySatisfy(
              tool -> {
                assertThat(tool.path("name").asText()).isEqualTo("clerk_users_list");
                assertThat(tool.has("outputSchema")).isTrue();
              });
      JsonNode answer = result(server, "tools/call", toCall("clerk_users_list", "{\"limit\":1}"));
      assertThat(answer.path("structuredContent"))
          .isEqualTo(Json.read(answer.at("/content/0/text").asText()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ping | | -32601",
        "initialize | \"protocolVersion\":\"2025-11-25\" | -32601",
        "logging/setLevel | \"level\":\"debug\" | -32601",
        "resources/subscribe | \"uri\":\"clerk://instance\" | -32601",
        "no/such | | -32601",
        "tools/call | | -32602",
        "tools/call | \"name\":\"clerk_user_list\" | -32602",
        "tools/call | \"name\":\"clerk_user_ban\",\"arguments\":{\"user_id\":\"a\",\"user_id\":\"b\"} | -32602",
        "prompts/get | \"name\":\"no_such\" | -32602",
        "prompts/get | \"name\":\"diagnose_sign_in\" | -32602",
        "resources/read | \"uri\":\"clerk://nothing\" | -32602",
        "resources/read | \"uri\":\"clerk://users/user_nobody\" | -32602",
        "completion/complete | \"ref\":{\"type\":\"ref/prompt\",\"name\":\"no_such\"} | -32602",
        "subscriptions/listen | | -32602",
        "subscriptions/listen | \"notifications\":true | -32602",
      })
  void unknownMethodOrObjectIsRejected(String method, String members, int code) {
    try (ServerProcess server = ServerProcess.inSandbox()) {
      server.send(request("1", method, members == null ? "" : members));
      assertError(server.receive(), "1", code);
      server.assertSilentBefore("after");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1900-01-01", "2025-11-25", "2099-01-01", ""})
  void unsupportedVersionGetsSupportedVersions(String version) {
    try (ServerProcess server = new ServerProcess()) {
      server.send(
          ServerProcess.request(
              "1",
              "tools/list",
              "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"%s\"}}"
                  .formatted(version)));
      JsonNode answer = server.receive();
      assertError(answer, "1", -32022);
      assertThat(answer.at("/error/data").toString())
          .isEqualTo("{\"supported\":[\"2026-07-28\"],\"requested\":\"%s\"}".formatted(version));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"server/discover", "subscriptions/listen"})
  void modernMethodRequiresMeta(String method) {
    try (ServerProcess server = new ServerProcess()) {
      server.send(ServerProcess.request("1", method, "{\"notifications\":{}}"));
      JsonNode answer = server.receive();
      assertError(answer, "1", -32602);
      assertThat(answer.at("/error/message").asText())
          .contains(
              "io.modelcontextprotocol/protocolVersion",
              "io.modelcontextprotocol/clientCapabilities");
      server.send(
          request("2", method, "\"notifications\":{}", "{}", "")
              .replace("io.modelcontextprotocol/clientCapabilities", "x"));
      assertError(server.receive(), "2", -32602);
    }
  }

  @Test
  void promptsResourcesAndCompletionsAreServed() {
    try (ServerProcess server = ServerProcess.inSandbox()) {
      JsonNode prompt =
          result(
              server,
              "prompts/get",
              "\"name\":\"diagnose_sign_in\",\"arguments\":{\"user\":\"ada@example.com\"}");
      assertComplete(prompt);
      assertThat(prompt.at("/messages/0/content/text").asText()).contains("ada@example.com");

      JsonNode data = result(server, "resources/read", "\"uri\":\"clerk://instance\"");
      assertComplete(data);
      assertThat(data.at("/contents/0/text").asText()).contains("environment_type");
      assertThat(data.path("ttlMs").asInt(-1)).isZero();
      assertThat(data.path("cacheScope").asText()).isEqualTo("private");
      assertThat(data.at("/_meta").path("dev.clerkmcp/sandbox").asBoolean()).isTrue();
      JsonNode definition =
          result(server, "resources/read", "\"uri\":\"clerk://tools/clerk_user_get\"");
      assertComplete(definition);
      assertKept(definition);

      JsonNode completed =
          result(
              server,
              "completion/complete",
              "\"ref\":{\"type\":\"ref/resource\",\"uri\":\"clerk://tools/{name}\"},"
                  + "\"argument\":{\"name\":\"name\",\"value\":\"clerk_user_ba\"}");
      assertComplete(completed);
      assertThat(completed.at("/completion/values").toString()).contains("clerk_user_ban");
    }
  }

  @Test
  void callIsLoggedOnlyIfRequested() {
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_MCP_SANDBOX_FAULTS", "503@1,503@3,503@5")) {
      server.send(logged("1", "debug"));
      List<String> told = told(server);
      assertThat(told).hasSize(3);
      assertThat(told.get(0)).contains("\"debug\"", "clerk-mcp", "clerk_users_count", "Begun");
      assertThat(told.get(1)).contains("\"notice\"", "before the next try: Clerk answered 503");
      assertThat(told.get(2)).contains("\"info\"", "Done after");

      server.send(logged("2", "notice"));
      assertThat(told(server)).hasSize(1).first().asString().contains("Clerk answered 503");

      server.send(ModernRequests.call("3", "clerk_users_count", "{}"));
      assertThat(told(server)).isEmpty();

      server.send(logged("4", "loud"));
      assertError(server.receive(), "4", -32602);
    }
  }

  @Test
  void longCallReportsProgressUnderItsToken() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = new ServerProcess("CLERK_API_URL", clerk.url())) {
      server.send(
          request(
              "1",
              "tools/call",
              toCall("clerk_user_get", "{\"user_id\":\"user_4000\"}"),
              "{}",
              "\"progressToken\":\"token\""));
      assertThat(text(server.receiveAfterProgress("token"))).isEqualTo("{\"id\":\"user_4000\"}");
    }
  }

  @Test
  void cancelledCallSendsNothingMore() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = new ServerProcess("CLERK_API_URL", clerk.url())) {
      server.send(
          request(
              "1",
              "tools/call",
              toCall("clerk_user_get", "{\"user_id\":\"user_60000\"}"),
              "{}",
              "\"io.modelcontextprotocol/logLevel\":\"info\""));
      clerk.awaitRequest();
      server.send(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
      server.assertSilentBefore("after");
      server.send(ModernRequests.call("1", "clerk_user_get", "{\"user_id\":\"user_x\"}"));
      assertThat(text(server.receive())).isEqualTo("{\"id\":\"user_x\"}");
      server.closeInput();
      assertThat(server.exitCode(5)).isZero();
    }
  }

  private static String logged(String id, String level) {
    return request(
        id,
        "tools/call",
        toCall("clerk_users_count", "{}"),
        "{}",
        "\"io.modelcontextprotocol/logLevel\":\"%s\"".formatted(level));
  }

  /** The parameters of the log notifications before the response. */
  private static List<String> told(ServerProcess server) {
    List<String> told = new ArrayList<>();
    JsonNode message = server.receive();
    for (; !message.has("id"); message = server.receive()) {
      assertThat(message.path("method").asText()).isEqualTo("notifications/message");
      told.add(message.path("params").toString());
    }
    assertThat(text(message)).contains("120");
    return told;
  }

  private static JsonNode result(ServerProcess server, String method, String members) {
    server.send(request("\"r\"", method, members));
    JsonNode answer = server.receive();
    assertThat(answer.path("id").asText()).as(answer.toString()).isEqualTo("r");
    return answer.path("result");
  }

  private static void assertComplete(JsonNode result) {
    assertThat(result.path("resultType").asText()).as(result.toString()).isEqualTo("complete");
    assertThat(result.path("_meta").path(SERVER_INFO).path("name").asText()).isEqualTo("clerk-mcp");
  }

  private static void assertKept(JsonNode result) {
    assertThat(result.path("ttlMs").asInt()).isPositive();
    assertThat(result.path("cacheScope").asText()).isEqualTo("private");
  }
}
