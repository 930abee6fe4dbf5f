package dev.clerkmcp.transport;

import static dev.clerkmcp.transport.ServerProcess.assertError;
import static dev.clerkmcp.transport.ServerProcess.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests resources: data and definitions of tools. */
final class ResourcesIT {
  @Test
  void dataIsReadByUri() throws JsonProcessingException {
    try (ServerProcess server = ServerProcess.inSandbox().initialized()) {
      assertThat(result(server, "resources/list", "{}").path("resources"))
          .extracting(resource -> resource.path("uri").asText())
          .containsExactly("clerk://instance");
      assertThat(result(server, "resources/templates/list", "{}").path("resourceTemplates"))
          .extracting(template -> template.path("uriTemplate").asText())
          .containsExactly(
              "clerk://organizations/{id}", "clerk://users/{id}", "clerk://tools/{name}");
      JsonNode user = server.answer("clerk_users_list", "{\"limit\":1}").at("/data/0");
      String id = user.path("id").asText();
      JsonNode read = read(server, "clerk://users/" + id);
      assertThat(read.toString()).contains(id);
      assertThat(read(server, "clerk://instance").path("environment_type").asText()).isNotEmpty();
      String organization =
          server.answer("clerk_organizations_list", "{}").at("/data/0/slug").asText();
      assertThat(read(server, "clerk://organizations/" + organization).toString())
          .contains(organization);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"uri\":\"clerk://users/user_nobody\"} | -32002 | user",
        "{\"uri\":\"clerk://organizations/nobody\"} | -32002 | ",
        "{\"uri\":\"clerk://nothing\"} | -32002 | the resources are clerk://instance, clerk://organizations/{id}, clerk://users/{id}, clerk://tools/{name}",
        "{\"uri\":\"clerk://users/user_1?instance=shop\"} | -32602 | instance",
        "{\"uri\":7} | -32602 | needs the uri",
        "{} | -32602 | needs the uri",
      })
  void unreadableResourceGetsOneError(String params, int code, String message) {
    try (ServerProcess server = ServerProcess.inSandbox().initialized()) {
      server.send(request("1", "resources/read", params));
      JsonNode answer = server.receive();
      assertError(answer, "1", code);
      assertThat(answer.at("/error/message").asText()).contains(message == null ? "" : message);
      server.assertSilentBefore("after");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CLERK_MCP_EXCLUDE_TOOLS, clerk_user_*, -32002",
    "CLERK_MCP_SANDBOX_FAULTS, 500:1, -32603",
  })
  void errorSaysWhyResourceCannotBeRead(String variable, String value, int code) {
    try (ServerProcess server = ServerProcess.inSandbox(variable, value).initialized()) {
      server.send(request("1", "resources/read", "{\"uri\":\"clerk://users/user_1\"}"));
      JsonNode answer = server.receive();
      assertError(answer, "1", code);
      assertThat(answer.at("/error/data/uri").asText()).isEqualTo("clerk://users/user_1");
      assertThat(answer.at("/error/message").asText()).isNotBlank();
    }
  }

  @Test
  void interceptorsApplyToResources() throws JsonProcessingException {
    try (ServerProcess server = ServerProcess.inSandbox("CLERK_MCP_PII", "mask").initialized()) {
      String id = server.answer("clerk_users_list", "{\"limit\":1}").at("/data/0/id").asText();
      assertThat(read(server, "clerk://users/" + id).toString())
          .contains("***@")
          .doesNotContainPattern("[a-z0-9]{2,}@example.com");
    }
  }

  /** Anyone can add another person's address to their own account. */
  @Test
  void userFoundByUnverifiedAddressIsMarked() throws JsonProcessingException {
    try (ServerProcess server = ServerProcess.inSandbox().initialized()) {
      JsonNode unverified = Json.object();
      for (JsonNode row : server.answer("clerk_users_list", "{\"limit\":500}").path("data")) {
        boolean marked = row.path("flags").toString().contains("unverified_email");
        unverified = marked ? row : unverified;
      }
      String id = unverified.path("id").asText();
      String email = unverified.path("email").asText();
      JsonNode result =
          result(server, "resources/read", "{\"uri\":\"clerk://users/%s\"}".formatted(email));
      JsonNode shown = Json.read(result.at("/contents/0/text").asText());
      assertThat(shown.at("/emails/0").toString()).contains(email, "\"verified\":false");
      assertThat(shown.path("notes").toString())
          .contains(email + " is " + id, "who has not verified it");
      JsonNode completed =
          result(
              server,
              "completion/complete",
              "{\"ref\":{\"type\":\"ref/resource\",\"uri\":\"clerk://users/{id}\"},"
                  + "\"argument\":{\"name\":\"id\",\"value\":\"%s\"}}".formatted(email));
      assertThat(completed.at("/completion/values").toString()).contains(id).doesNotContain(email);
    }
  }

  @Test
  void slowReadCanBeCancelledAndBlocksNothing() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = ServerProcess.callingClerk(clerk)) {
      server.send(request("1", "resources/read", "{\"uri\":\"clerk://users/user_60000\"}"));
      clerk.awaitRequest();
      server.send(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
      server.assertSilentBefore("after");
      server.closeInput();
      assertThat(server.exitCode(5)).isZero();
    }
  }

  private static JsonNode read(ServerProcess server, String uri) throws JsonProcessingException {
    JsonNode result = result(server, "resources/read", "{\"uri\":\"%s\"}".formatted(uri));
    assertThat(result.at("/_meta/dev.clerkmcp~1sandbox").asBoolean()).isTrue();
    JsonNode content = result.at("/contents/0");
    assertThat(content.path("uri").asText()).isEqualTo(uri);
    assertThat(content.path("mimeType").asText()).isEqualTo("application/json");
    return Json.read(content.path("text").asText());
  }

  private static JsonNode result(ServerProcess server, String method, String params) {
    server.send(request("\"r\"", method, params));
    JsonNode answer = server.receive();
    assertThat(answer.has("result")).as(answer.toString()).isTrue();
    return answer.path("result");
  }
}
