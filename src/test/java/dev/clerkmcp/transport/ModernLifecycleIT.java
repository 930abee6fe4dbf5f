package dev.clerkmcp.transport;

import static dev.clerkmcp.transport.ModernRequests.request;
import static dev.clerkmcp.transport.ServerProcess.assertError;
import static dev.clerkmcp.transport.ServerProcess.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the life of the process with clients of the modern protocol, and of both at once. */
final class ModernLifecycleIT {
  private static final String LISTEN =
      request(
          "\"l\"",
          "subscriptions/listen",
          "\"notifications\":{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"clerk://instance\"]}");

  @RepeatedTest(50)
  void pipedRequestsGetAllResponses() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = new ServerProcess("CLERK_API_URL", clerk.url())) {
      server.send(
          String.join(
                  "\n",
                  request("0", "server/discover", ""),
                  request("1", "tools/list", ""),
                  ModernRequests.call("2", "clerk_user_get", "{\"user_id\":\"user_x\"}"),
                  LISTEN)
              .getBytes(StandardCharsets.UTF_8)); // without a line end, as printf might
      server.closeInput();
      List<JsonNode> messages = server.receiveRest();
      assertThat(messages)
          .extracting(m -> m.path("id").asText())
          .containsExactlyInAnyOrder("0", "1", "2", "l", "");
      assertThat(messages)
          .filteredOn(m -> m.has("id"))
          .allSatisfy(m -> assertThat(m.at("/result/resultType").asText()).isEqualTo("complete"));
      assertThat(server.exitCode(5)).isZero();
    }
  }

  @Test
  void callMayComeFirst() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = new ServerProcess("CLERK_API_URL", clerk.url())) {
      server.send(ModernRequests.call("1", "clerk_user_get", "{\"user_id\":\"user_x\"}"));
      assertThat(text(server.receive())).isEqualTo("{\"id\":\"user_x\"}");
    }
  }

  @Test
  void cancelledSubscriptionGetsNoResponse() {
    try (ServerProcess server = new ServerProcess()) {
      server.send(LISTEN);
      assertThat(server.receive().toString())
          .isEqualTo(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"l\"},\"notifications\":{}}}");
      server.send(LISTEN);
      assertError(server.receive(), "\"l\"", -32600);
      server.send(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"l\"}}");
      server.assertSilentBefore("after");
      server.send(LISTEN);
      assertThat(server.receive().has("method")).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 0", "false, 143"})
  void subscriptionGetsResponseWhenServerEnds(boolean byInput, int exitCode) {
    try (ServerProcess server = ServerProcess.inSandbox()) {
      server.send(LISTEN);
      assertThat(server.receive().has("method")).isTrue();
      if (byInput) {
        server.closeInput();
      } else {
        server.terminate();
      }
      JsonNode end = server.receive();
      assertThat(end.path("id").asText()).isEqualTo("l");
      assertThat(end.at("/result/resultType").asText()).isEqualTo("complete");
      JsonNode meta = end.at("/result/_meta");
      assertThat(meta.path("io.modelcontextprotocol/subscriptionId").asText()).isEqualTo("l");
      assertThat(meta.has("io.modelcontextprotocol/serverInfo")).isTrue();
      assertThat(meta.path("dev.clerkmcp/sandbox").asBoolean()).isTrue();
      assertThat(server.exitCode(3)).isEqualTo(exitCode);
      assertThat(server.receiveRest()).isEmpty();
    }
  }

  @Test
  void oneProcessServesBothProtocols() throws IOException {
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server = new ServerProcess("CLERK_API_URL", clerk.url())) {
      server.send(ModernRequests.call("1", "clerk_user_get", "{\"user_id\":\"user_1500\"}"));
      server.send(ServerProcess.request("2", "tools/list", "{}"));
      assertError(server.receive(), "2", -32600); // a modern request opens no session
      server.initialized();
      server.send(ServerProcess.call("3", "clerk_user_get", "{\"user_id\":\"user_x\"}"));
      JsonNode legacy = server.receive();
      assertThat(text(legacy)).isEqualTo("{\"id\":\"user_x\"}");
      assertThat(legacy.path("result").has("resultType")).isFalse();
      JsonNode modern = server.receive();
      assertThat(text(modern)).isEqualTo("{\"id\":\"user_1500\"}");
      assertThat(modern.at("/result/resultType").asText()).isEqualTo("complete");
    }
  }

  @Test
  void batchOfModernRequestsIsRejected() {
    try (ServerProcess server = new ServerProcess()) {
      server.send("[" + LISTEN + "," + ServerProcess.request("2", "ping", "{}") + "]");
      JsonNode answers = server.receive();
      assertThat(answers).anySatisfy(answer -> assertError(answer, "\"l\"", -32600));
      assertThat(answers).anySatisfy(answer -> assertThat(answer.has("result")).isTrue());
    }
  }

  /** The SDK is needed only for questions of the legacy protocol. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sdkIsNotLoadedForCalls(boolean modern, @TempDir Path folder) throws IOException {
    Path loaded = folder.resolve("loaded.txt");
    try (SlowClerk clerk = new SlowClerk();
        ServerProcess server =
            new ServerProcess(
                "CLERK_API_URL",
                clerk.url(),
                "JAVA_TOOL_OPTIONS",
                "-Xlog:class+load:file=" + loaded)) {
      String arguments = "{\"user_id\":\"user_x\"}";
      if (modern) {
        server.send(request("0", "server/discover", ""));
        server.send(ModernRequests.call("1", "clerk_user_get", arguments));
      } else {
        server.send(ServerProcess.initialize("2025-11-25"));
        server.send(ServerProcess.call("1", "clerk_user_get", arguments));
      }
      server.closeInput();
      assertThat(server.receiveRest()).hasSize(2);
      assertThat(server.exitCode(5)).isZero();
    }
    assertThat(Files.readString(loaded))
        .contains(
            "dev.clerkmcp.transport.protocol.ToolCallHandler ",
            "dev.clerkmcp.registry.ToolRegistry ")
        .doesNotContain("io.modelcontextprotocol.", "reactor.core.");
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true"})
  void traceparentIsSentToClerkIfConfigured(boolean configured, boolean modern) throws Exception {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";
    try (MockWebServer clerk = new MockWebServer()) {
      clerk.enqueue(new MockResponse.Builder().body("{\"id\":\"user_x\"}").build());
      clerk.start();
      try (ServerProcess server =
          new ServerProcess(
              "CLERK_API_URL",
              "http://127.0.0.1:" + clerk.getPort(),
              "CLERK_MCP_TRACEPARENT",
              Boolean.toString(configured))) {
        String call = ModernRequests.toCall("clerk_user_get", "{\"user_id\":\"user_x\"}");
        String meta = "\"traceparent\":\"%s\"".formatted(trace);
        if (modern) {
          server.send(request("1", "tools/call", call, "{}", meta));
        } else {
          server.initialized();
          server.send(
              ServerProcess.request(
                  "1", "tools/call", "{%s,\"_meta\":{%s}}".formatted(call, meta)));
        }
        assertThat(text(server.receive())).isEqualTo("{\"id\":\"user_x\"}");
        assertThat(clerk.takeRequest().getHeaders().get("traceparent"))
            .isEqualTo(configured ? trace : null);
      }
    }
  }
}
