package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that credentials appear nowhere but in the user's own files. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no such permissions")
final class SecretsIT {
  private static final String CANARY = "canaryXyz9-0123456789-canaryXyz9";

  /** The object and the list that any of the tools below is answered. */
  private static final String ANSWER =
      """
      {"id": "x_1", "token": "%1$s", "url": "https://x.example.com/?__clerk_ticket=%1$s", "secret": "%1$s",
       "secret_key": "sk_test_%1$s", "client_secret": "%1$s", "jwt": "eyJhbGciOiJIUzI1NiJ9.%1$s.c2ln",
       "api_key": "%1$s", "phone_numbers": [{"id": "idn_1", "backup_codes": ["%1$s"]}],
       "data": [{"id": "eac_1", "id_token": "%1$s", "token": "%1$s", "token_secret": "%1$s"}]}"""
          .formatted(CANARY);

  /** A tool that makes or reads credentials, with arguments. */
  private static final Map<String, String> CALLS =
      new TreeMap<>(
          Map.of(
              "clerk_api_key_create",
              "{\"name\":\"bot\",\"subject\":\"user_1\"}",
              "clerk_directory_create",
              "{\"name\":\"a\",\"enterprise_connection_id\":\"ent_1\",\"provider\":\"p\"}",
              "clerk_invitation_create",
              "{\"email_address\":\"ada@example.com\"}",
              "clerk_machine_create",
              "{\"name\":\"bot\"}",
              "clerk_machine_secret_rotate",
              "{\"machine_id\":\"mch_1\",\"previous_token_ttl\":0}",
              "clerk_oauth_application_create",
              "{\"name\":\"app\"}",
              "clerk_session_token_create",
              "{\"session_id\":\"sess_1\"}",
              "clerk_sign_in_token_create",
              "{\"user_id\":\"user_1\"}",
              "clerk_user_oauth_access_tokens_list",
              "{\"user_id\":\"user_1\",\"provider\":\"oauth_google\"}"));

  /** It takes secrets, and Clerk's response has more of them. */
  private static final String USER_CREATE = "clerk_user_create";

  private static final String USER =
      "{\"password\":\"%1$s\",\"totp_secret\":\"%1$s\",\"backup_codes\":[\"%1$s\"]}"
          .formatted(CANARY);

  private static final Pattern FILE = Pattern.compile("(?:is|are) in (\\S+\\.json)");

  @TempDir private Path folder;

  private enum Outcome {
    SUCCESS,
    REFUSAL,
    TIMEOUT,
    MALFORMED
  }

  @ParameterizedTest
  @EnumSource
  void credentialsAreOnlyInFiles(Outcome outcome) throws Exception {
    try (MockWebServer clerk = clerk(outcome);
        ServerProcess server = server(clerk, "false")) {
      Map<String, JsonNode> results = results(server);
      boolean success = outcome == Outcome.SUCCESS;
      for (Map.Entry<String, JsonNode> result : results.entrySet()) {
        String text = result.getValue().toString();
        assertThat(result.getValue().path("isError").asBoolean()).as(text).isEqualTo(!success);
        if (success && CALLS.containsKey(result.getKey())) {
          assertKept(text);
        } else {
          assertThat(text).doesNotContain(folder.toString());
        }
      }
      assertThat(files()).hasSize(success ? CALLS.size() : 0);
      String everything = everything(server);
      assertThat(everything).doesNotContain("canaryXyz9").doesNotContain("MARKED");
      assertThat(server.standardError()).contains("DEBUG", "POST /sign_in_tokens: ");
    }
  }

  @Test
  void revealedCredentialsAreOnlyInResults() throws Exception {
    try (MockWebServer clerk = clerk(Outcome.SUCCESS);
        ServerProcess server = server(clerk, "true")) {
      assertThat(server.standardError())
          .startsWith(
              "clerk-mcp: CLERK_MCP_REVEAL_SECRETS is true: answers contain credentials in plain text.");
      results(server).forEach((tool, result) -> assertThat(result.toString()).contains(CANARY));
      String everything = everything(server);
      assertThat(server.standardError()).contains("DEBUG").doesNotContain("canaryXyz9");
      assertThat(audit()).doesNotContain("canaryXyz9");
      assertThat(everything).doesNotContain("MARKED");
      assertThat(files()).isEmpty();
    }
  }

  /** Makes all calls at once, and returns their results. */
  private static Map<String, JsonNode> results(ServerProcess server) {
    Map<String, String> calls = new TreeMap<>(CALLS);
    calls.put(USER_CREATE, USER);
    calls.forEach(
        (tool, arguments) -> server.send(ServerProcess.call("\"" + tool + "\"", tool, arguments)));
    Map<String, JsonNode> results = new TreeMap<>();
    for (int i = 0; i < calls.size(); i++) {
      JsonNode answer = server.receive();
      results.put(answer.path("id").asText(), answer.path("result"));
    }
    assertThat(results.keySet()).isEqualTo(calls.keySet());
    return results;
  }

  /** Checks that only the owner can read the file that a result names, and its folder. */
  private void assertKept(String result) throws IOException {
    Matcher named = FILE.matcher(result);
    assertThat(named.find()).as(result).isTrue();
    Path file = Path.of(named.group(1));
    assertThat(file)
        .hasParent(folder.resolve("secrets"))
        .content()
        .contains(CANARY)
        .doesNotContain("MARKED");
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(permissions(folder.resolve("secrets"))).isEqualTo("rwx------");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** All output and files of the process, except the secrets folder. */
  private String everything(ServerProcess server) throws IOException {
    server.send(ServerProcess.call("\"undo\"", "clerk_undo_plan", "{}"));
    server.closeInput();
    server.receiveRest();
    assertThat(server.exitCode(10)).isZero();
    return server.everything() + audit();
  }

  private String audit() throws IOException {
    String audit = Files.readString(folder.resolve("audit.jsonl"));
    assertThat(audit).contains(CALLS.keySet()).contains(USER_CREATE);
    return audit;
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.exists(folder.resolve("secrets"))) {
      try (Stream<Path> all = Files.walk(folder.resolve("secrets"))) {
        all.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    return files;
  }

  private ServerProcess server(MockWebServer clerk, String reveal) {
    return new ServerProcess(
            "CLERK_API_URL",
            "http://127.0.0.1:" + clerk.getPort(),
            "CLERK_MCP_AUDIT_LOG",
            folder.resolve("audit.jsonl").toString(),
            "CLERK_MCP_AUDIT_READS",
            "true",
            "CLERK_MCP_LOG_LEVEL",
            "debug",
            "CLERK_MCP_PACING",
            "false",
            "CLERK_MCP_REVEAL_SECRETS",
            reveal,
            "CLERK_MCP_SECRETS_DIR",
            folder.resolve("secrets").toString(),
            "CLERK_MCP_TIMEOUT",
            "1")
        .initialized();
  }

  private static MockWebServer clerk(Outcome outcome) throws IOException {
    MockWebServer clerk = new MockWebServer();
    clerk.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(outcome, request);
          }
        });
    clerk.start();
    return clerk;
  }

  private static MockResponse answer(Outcome outcome, RecordedRequest request) {
    MockResponse.Builder answer =
        new MockResponse.Builder().addHeader("Content-Type", "application/json");
    return switch (outcome) {
      case SUCCESS -> answer.body(ANSWER).build();
      case REFUSAL -> answer.code(422).body(refusal(request)).build();
      case TIMEOUT -> answer.body(ANSWER).bodyDelay(3, TimeUnit.SECONDS).build();
      case MALFORMED -> answer.body(ANSWER.substring(0, ANSWER.length() - 1)).build();
    };
  }

  /** An error that quotes the key, the secrets that were sent, and recognizable credentials. */
  private static String refusal(RecordedRequest request) {
    boolean secretSent = request.getBody() != null && request.getBody().utf8().contains(CANARY);
    String quoted =
        "%s %s sk_live_%3$s https://x.example.com/?__clerk_ticket=%3$s"
            .formatted(
                request.getHeaders().get("Authorization"), secretSent ? CANARY : "none", CANARY);
    return """
        {"errors": [{"code": "form_param_value_invalid", "message": "No: %1$s", "long_message": "No: %1$s",
          "meta": {"param_name": "%1$s"}}, {"code": "other", "message": "Nor %1$s"}]}"""
        .formatted(quoted);
  }
}
