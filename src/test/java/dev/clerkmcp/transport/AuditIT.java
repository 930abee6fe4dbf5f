package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.interceptor.audit.AuditVerifier;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.RecordingSandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the audit log of the jar, also if the process is killed during its work. */
final class AuditIT {
  private static final String ALLOW = "{\"identifier\":\"person%s@example.com\",\"notify\":false}";

  @TempDir private Path folder;

  @Test
  void killedServerHasLoggedEveryChange() throws Exception {
    Path log = folder.resolve("audit.jsonl");
    try (RecordingSandbox clerk = new RecordingSandbox()) {
      try (ServerProcess server = server(clerk, log)) {
        for (int i = 0; i < 500; i++) {
          server.send(
              ServerProcess.call(
                  Integer.toString(i), "clerk_allowlist_create", ALLOW.formatted(i)));
        }
        for (int i = 0; i < 60; i++) {
          server.receive();
        }
      } // closing kills it
      TimeUnit.SECONDS.sleep(1);
      List<String> received =
          clerk.received().stream()
              .filter(RecordingSandbox.Received::changes)
              .map(request -> identifier(request.body()))
              .toList();
      assertThat(received).hasSizeGreaterThanOrEqualTo(60);
      assertThat(AuditVerifier.verify(log).fault()).isNull();
      assertThat(recorded(log)).containsAll(received);
    }
  }

  @Test
  void logContinuesAfterKilledProcess() throws Exception {
    Path log = folder.resolve("audit.jsonl");
    try (RecordingSandbox clerk = new RecordingSandbox()) {
      for (int run = 0; run < 2; run++) {
        try (ServerProcess server = server(clerk, log)) {
          server.answer("clerk_allowlist_create", ALLOW.formatted(run));
        }
        Files.writeString(log, Files.readString(log) + "{\"torn");
      }
      AuditVerifier.Verdict verdict = AuditVerifier.verify(log);
      assertThat(verdict.fault()).isNull();
      assertThat(verdict.records()).as("with one of the first incomplete line").isEqualTo(5);
      assertThat(verdict.torn()).isEqualTo(1);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no such permissions")
  void logIsReadableOnlyByItsOwner() throws Exception {
    Path log = folder.resolve("audit.jsonl");
    try (RecordingSandbox clerk = new RecordingSandbox();
        ServerProcess server = server(clerk, log)) {
      server.answer("clerk_allowlist_create", ALLOW.formatted(1));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
          .isEqualTo("rw-------");
    }
  }

  /** If the file is gone, changes fail, and reading works. */
  @Test
  void changeThatCannotBeLoggedIsNotMade() throws Exception {
    Path log = folder.resolve("audit.jsonl");
    try (RecordingSandbox clerk = new RecordingSandbox();
        ServerProcess server = server(clerk, log)) {
      server.answer("clerk_allowlist_create", ALLOW.formatted(1));
      Files.delete(log);
      server.send(ServerProcess.call("2", "clerk_allowlist_create", ALLOW.formatted(2)));
      JsonNode refused = server.receive().path("result");
      assertThat(refused.path("isError").asBoolean()).isTrue();
      assertThat(refused.at("/content/0/text").asText())
          .contains("audit_log_unwritable", "CLERK_MCP_AUDIT_LOG");
      assertThat(clerk.received().stream().filter(RecordingSandbox.Received::changes)).hasSize(1);
      assertThat(server.answer("clerk_allowlists_list", "{}").isObject()).isTrue();
      server.send(ServerProcess.call("4", "clerk_undo_plan", "{\"change\":\"chg_1\"}"));
      assertThat(server.receive().at("/result/content/0/text").asText())
          .contains("audit_log_unreadable", "CLERK_MCP_AUDIT_LOG");
    }
  }

  /** The client is told to check whether the change was made; the log must have the answer. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void outcomeOfCancelledChangeIsLogged(boolean terminated) throws Exception {
    Path log = folder.resolve("broken-off.jsonl");
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ServerProcess server = server("http://127.0.0.1:" + mute.getLocalPort(), log)) {
      for (int i = 0; i < 8; i++) {
        server.send(
            ServerProcess.call(Integer.toString(i), "clerk_allowlist_create", ALLOW.formatted(i)));
      }
      while (!Files.exists(log) || Files.readAllLines(log).size() < 8) {
        Thread.sleep(20);
      }
      if (terminated) {
        server.terminate();
      } else {
        server.closeInput();
      }
      assertThat(server.receiveRest()).hasSize(8);
      assertThat(server.exitCode(15)).isNotNull();
      assertThat(Files.readAllLines(log)).hasSize(16);
    }
  }

  /** The requests of a resource or a completion are the client's too. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void requestsOfFeaturesAreLoggedWithTheClient(boolean modern) throws Exception {
    Path log = folder.resolve("reads.jsonl");
    try (ServerProcess server =
        ServerProcess.inSandbox(
            "CLERK_MCP_AUDIT_LOG", log.toString(), "CLERK_MCP_AUDIT_READS", "true")) {
      if (!modern) {
        server.initialized();
      }
      String resource = "\"uri\":\"clerk://instance\"";
      String completion =
          "\"ref\":{\"type\":\"ref/resource\",\"uri\":\"clerk://users/{id}\"},"
              + "\"argument\":{\"name\":\"id\",\"value\":\"a\"}";
      int id = 1;
      for (String params : List.of(resource, completion)) {
        String method = params.equals(resource) ? "resources/read" : "completion/complete";
        String number = Integer.toString(id++);
        server.send(
            modern
                ? ModernRequests.request(number, method, params)
                : ServerProcess.request(number, method, "{" + params + "}"));
        assertThat(server.receive().has("result")).isTrue();
      }
    }
    assertThat(Files.readAllLines(log))
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(line -> line.contains("\"client\":\"t 1\""));
  }

  private static ServerProcess server(RecordingSandbox clerk, Path log) {
    return server(clerk.url(), log);
  }

  private static ServerProcess server(String url, Path log) {
    return new ServerProcess(
            "CLERK_API_URL",
            url,
            "CLERK_MCP_PACING",
            "false",
            "CLERK_MCP_AUDIT_LOG",
            log.toString())
        .initialized();
  }

  /** The targets of the log lines that are written before sending. */
  private static List<String> recorded(Path log) throws IOException {
    List<String> identifiers = new ArrayList<>();
    for (String line : Files.readString(log).split("\n", -1)) {
      if (line.contains("\"event\":\"begin\"") && line.endsWith("}")) {
        identifiers.add(Json.read(line).at("/request/identifier").asText());
      }
    }
    return identifiers;
  }

  private static String identifier(String body) {
    try {
      return Json.read(body).path("identifier").asText();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
