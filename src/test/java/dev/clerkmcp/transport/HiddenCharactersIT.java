package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that hidden characters in arguments and in data are escaped or removed in all output. */
final class HiddenCharactersIT {
  /** Sets a terminal's title, begins a control sequence, turns the direction, and has no width. */
  private static final String HIDDEN = "a\u001B]0;x\u0007\u009B31m\u202Eb\u200B\uDB40\uDC41";

  @Test
  void hiddenCharactersAreEscapedOrRemoved(@TempDir Path folder) {
    try (ServerProcess server =
        ServerProcess.inSandbox(
                "CLERK_MCP_EXPORT_DIR",
                folder.resolve(HIDDEN.replace("/", "")).toString(),
                "CLERK_MCP_AUDIT_LOG",
                folder.resolve("audit.jsonl").toString(),
                "CLERK_MCP_MAX_RESULT_TOKENS",
                "500",
                "CLERK_MCP_LOG_LEVEL",
                "debug")
            .initialized()) {
      List<JsonNode> answers = new ArrayList<>();
      answers.add(ask(server, HIDDEN, Json.object()));
      answers.add(ask(server, "tools/list", Json.object().put("cursor", HIDDEN)));
      answers.add(ask(server, "prompts/get", Json.object().put("name", HIDDEN)));
      answers.add(
          ask(
              server,
              "prompts/get",
              Json.object()
                  .put("name", "offboard_user")
                  .set("arguments", Json.object().put(HIDDEN, HIDDEN))));
      answers.add(ask(server, "resources/read", Json.object().put("uri", "clerk://" + HIDDEN)));
      answers.add(call(server, HIDDEN, Json.object()));
      answers.add(call(server, "clerk_users_list", Json.object().put(HIDDEN, 1)));
      answers.add(call(server, "clerk_users_list", Json.object().put("order_by", HIDDEN)));
      answers.add(call(server, "clerk_users_list", Json.object().put("created_at_after", HIDDEN)));
      answers.add(call(server, "clerk_users_list", Json.object().put("query", HIDDEN)));
      answers.add(call(server, "clerk_users_list", Json.object().put("export", HIDDEN)));
      answers.add(call(server, "clerk_users_list", Json.object().put("export", "u.csv")));
      answers.add(call(server, "clerk_user_get", Json.object().put("user_id", HIDDEN)));
      answers.add(call(server, "clerk_user_find", Json.object().put("query", HIDDEN)));
      answers.add(call(server, "clerk_undo_plan", Json.object().put("change", HIDDEN)));
      answers.add(call(server, "clerk_user_profile_image_set", Json.object().put("file", HIDDEN)));
      answers.add(
          call(
              server,
              "clerk_tools_read",
              Json.object().put("name", HIDDEN).set("arguments", Json.object())));

      JsonNode created =
          call(
              server,
              "clerk_user_create",
              person().put("first_name", HIDDEN).put("skip_password_requirement", true));
      answers.add(created);
      String id = created.at("/result/structuredContent/id").asText();
      if (id.isEmpty()) {
        id = id(created);
      }
      assertThat(id).startsWith("user_");
      ObjectNode metadata = Json.object().put(HIDDEN, "x".repeat(5_000));
      answers.add(
          call(
              server,
              "clerk_user_metadata_replace",
              Json.object().put("user_id", id).set("public_metadata", metadata)));
      for (String tool : List.of("clerk_user_get", "clerk_user_overview", "clerk_user_offboard")) {
        answers.add(call(server, tool, Json.object().put("user_id", id).put("dry_run", true)));
      }
      answers.add(
          call(
              server,
              "clerk_user_get",
              Json.object().put("user_id", id).set("fields", Json.array().add("public_metadata"))));
      answers.add(
          call(
              server,
              "clerk_user_metadata_replace",
              Json.object()
                  .put("user_id", id)
                  .put("dry_run", true)
                  .set("public_metadata", Json.object())));
      answers.add(
          call(
              server,
              "clerk_metadata_set",
              Json.object()
                  .put("user_id", id)
                  .set("public_metadata", Json.object().putNull(HIDDEN))));
      answers.forEach(HiddenCharactersIT::assertVisible);
      server.closeInput();
      assertThat(server.exitCode(15)).isZero();
      assertVisible("stderr", server.standardError());
    }
  }

  private static ObjectNode person() {
    ObjectNode person = Json.object();
    person.putArray("email_address").add("hidden@example.com");
    return person;
  }

  private static JsonNode ask(ServerProcess server, String method, JsonNode params) {
    server.send(
        Json.object()
            .put("jsonrpc", "2.0")
            .put("id", 1)
            .put("method", method)
            .<ObjectNode>set("params", params)
            .toString());
    return server.receive();
  }

  private static JsonNode call(ServerProcess server, String tool, JsonNode arguments) {
    return ask(server, "tools/call", Json.object().put("name", tool).set("arguments", arguments));
  }

  private static String id(JsonNode answer) {
    try {
      return Json.read(ServerProcess.text(answer)).path("id").asText();
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** Every text in an answer, the names of its fields too, as a host reads it. */
  private static void assertVisible(JsonNode value) {
    if (value.isTextual()) {
      assertVisible(value.textValue(), value.textValue());
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      assertVisible(field.getKey(), field.getKey());
      assertVisible(field.getValue());
    }
    if (value.isArray()) {
      value.forEach(HiddenCharactersIT::assertVisible);
    }
  }

  private static void assertVisible(String what, String text) {
    assertThat(
            text.codePoints()
                .filter(character -> character != '\n' && character != '\t')
                .filter(HiddenCharactersIT::isHidden)
                .boxed())
        .as(what)
        .isEmpty();
  }

  private static boolean isHidden(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> true;
      default -> false;
    };
  }
}
