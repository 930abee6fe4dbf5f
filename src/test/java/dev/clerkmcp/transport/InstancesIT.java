package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.RecordingSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests several instances: each request must have the key of its own instance. */
final class InstancesIT {
  private static final String STAGING = "sk_test_notarealstaging1";
  private static final String SHOP = "sk_test_notarealshopkey2";
  private static final String LIVE_SHOP = "sk_live_notarealshopkey3";
  private static final String LIVE_CLUB = "sk_live_notarealclubkey4";

  @TempDir private Path folder;

  @Test
  void eachCallUsesOnlyItsInstance() throws Exception {
    Path file = folder.resolve("instances.json");
    Files.writeString(
        file,
        """
        [{"name": "shop", "key": "%s", "access": "read"}, {"name": "staging", "key": "%s", "default": true}]"""
            .formatted(SHOP, STAGING));
    try (RecordingSandbox clerk = new RecordingSandbox();
        ServerProcess server = serving(clerk, file)) {
      assertInstance(server, "clerk_users_count", "{}", "staging");
      assertInstance(server, "clerk_users_count", "{\"instance\":\"shop\"}", "shop");
      assertInstance(
          server,
          "clerk_tools_read",
          "{\"name\":\"clerk_users_count\",\"arguments\":{\"instance\":\"shop\"}}",
          "shop");
      assertInstance(
          server,
          "clerk_tools_read",
          "{\"name\":\"clerk_users_count\",\"instance\":\"shop\"}",
          "shop");
      assertThat(clerk.received())
          .extracting(RecordingSandbox.Received::key)
          .containsExactly(STAGING, SHOP, SHOP, SHOP);
      assertInstance(server, "clerk_users_count", "{\"Instance\":\"shop\"}", "shop");
      assertThat(clerk.received().get(4).key()).isEqualTo(SHOP);
      assertRefused(server, "clerk_user_lock", "{\"user_id\":\"user_1\",\"instance\":\"shop\"}");
      assertRefused(server, "clerk_users_count", "{\"instance\":\"elsewhere\"}");
      assertRefused(
          server,
          "clerk_tools_read",
          "{\"name\":\"clerk_users_count\",\"instance\":\"staging\",\"arguments\":{\"instance\":\"shop\"}}");
      assertThat(clerk.received()).hasSize(5);
    }
  }

  /** Without a default each call names its instance, unless it works on none. */
  @Test
  void onlyCallThatWorksOnAnInstanceMustNameIt() throws Exception {
    Path file = folder.resolve("instances.json");
    Files.writeString(
        file,
        """
        [{"name": "shop", "key": "%s"}, {"name": "club", "key": "%s"}]"""
            .formatted(LIVE_SHOP, LIVE_CLUB));
    try (RecordingSandbox clerk = new RecordingSandbox();
        ServerProcess server = serving(clerk, file)) {
      assertRefused(server, "clerk_users_count", "{}");
      assertRefused(server, "clerk_tools_read", "{\"name\":\"clerk_users_count\"}");
      assertThat(server.answer("clerk_tools_search", "{\"query\":\"ban a user\"}").path("tools"))
          .isNotEmpty();
      assertThat(server.answer("clerk_undo_plan", "{}").path("changes")).isEmpty();
      assertThat(clerk.received()).isEmpty();
      assertInstance(
          server,
          "clerk_tools_read",
          "{\"name\":\"clerk_users_count\",\"arguments\":{\"instance\":\"club\"}}",
          "club");
      assertThat(clerk.received())
          .extracting(RecordingSandbox.Received::key)
          .containsExactly(LIVE_CLUB);
    }
  }

  @Test
  void codeIsValidOnlyForItsInstance() throws Exception {
    Path file = folder.resolve("instances.json");
    Files.writeString(
        file,
        """
        [{"name": "shop", "key": "%s"}, {"name": "club", "key": "%s"}]"""
            .formatted(LIVE_SHOP, LIVE_CLUB));
    try (RecordingSandbox clerk = new RecordingSandbox();
        ServerProcess server = serving(clerk, file)) {
      String user =
          server
              .answer(
                  "clerk_user_create",
                  "{\"username\":\"ada_l\",\"instance\":\"shop\","
                      + "\"skip_password_requirement\":true}")
              .path("id")
              .asText();
      String ban = "{\"user_id\":\"%s\",\"instance\":\"%s\"%s}";
      server.send(ServerProcess.call("1", "clerk_user_ban", ban.formatted(user, "shop", "")));
      String code =
          ",\"confirmation\":\"%s\""
              .formatted(
                  Json.read(server.receive().at("/result/content/0/text").asText())
                      .path("confirmation")
                      .asText());
      assertRefused(server, "clerk_user_ban", ban.formatted(user, "club", code));
      assertThat(clerk.received().stream().filter(RecordingSandbox.Received::changes))
          .as("the creation alone")
          .hasSize(1);
      assertInstance(server, "clerk_user_ban", ban.formatted(user, "shop", code), "shop");
    }
  }

  /** A server for the instances in a file, which all answer from one sandbox. */
  private static ServerProcess serving(RecordingSandbox clerk, Path file) {
    return new ServerProcess(
            "CLERK_SECRET_KEY",
            "",
            "CLERK_API_URL",
            clerk.url(),
            "CLERK_MCP_INSTANCES",
            file.toString())
        .initialized();
  }

  private static void assertInstance(
      ServerProcess server, String tool, String arguments, String instance) {
    server.send(ServerProcess.call("1", tool, arguments));
    JsonNode result = server.receive().path("result");
    assertThat(result.path("isError").asBoolean()).as(result.toString()).isFalse();
    assertThat(result.at("/_meta/dev.clerkmcp~1instance").asText()).isEqualTo(instance);
    assertThat(List.of(result.path("content").toString()).toString())
        .contains("Instance: " + instance);
  }

  private static void assertRefused(ServerProcess server, String tool, String arguments) {
    server.send(ServerProcess.call("2", tool, arguments));
    assertThat(server.receive().at("/result/isError").asBoolean()).isTrue();
  }
}
