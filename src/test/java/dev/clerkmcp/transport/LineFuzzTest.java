package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.server.ToolModule;
import dev.clerkmcp.transport.protocol.ServerInfo;
import dev.clerkmcp.transport.stdio.StdioServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Fuzz test: after any input, the server writes only messages and goes on. */
final class LineFuzzTest {
  private static final int LINES = 10_000;

  private static final List<String> SEEDS =
      List.of(
          ServerProcess.request("1", "tools/list", "{}"),
          ServerProcess.call("\"a\"", "clerk_users_list", "{\"limit\":3}"),
          ServerProcess.call("2", "clerk_user_get", "{\"user_id\":\"user_1\"}"),
          ServerProcess.call("3", "clerk_tools_write", "{\"name\":\"clerk_user_delete\"}"),
          ServerProcess.request(
              "4", "resources/read", "{\"uri\":\"clerk://tools/clerk_user_get\"}"),
          ServerProcess.request(
              "6",
              "prompts/get",
              "{\"name\":\"audit_access\",\"arguments\":{\"organization\":\"x\"}}"),
          ServerProcess.request(
              "7",
              "completion/complete",
              "{\"ref\":{\"type\":\"ref/resource\",\"uri\":\"clerk://users/{id}\"},\"argument\":{\"name\":\"id\",\"value\":\"a\"}}"),
          ModernRequests.request("8", "server/discover", ""),
          ModernRequests.request("9", "tools/list", ""),
          ModernRequests.request("10", "subscriptions/listen", "\"notifications\":{}"),
          ModernRequests.request(
              "11",
              "tools/call",
              ModernRequests.toCall("clerk_user_get", "{\"user_id\":\"user_1\"}")
                  + ",\"requestState\":\"x\",\"inputResponses\":{\"confirmation\":{\"action\":\"accept\"}}",
              "{\"elicitation\":{}}",
              "\"io.modelcontextprotocol/logLevel\":\"debug\""),
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":2}}",
          "[]",
          "[{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\"}]",
          "null");

  @Test
  void serverSurvivesEveryLine() throws Exception {
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    in.writeBytes(line(ServerProcess.initialize("2025-11-25")));
    Random random = new Random(7);
    for (int i = 0; i < LINES; i++) {
      in.writeBytes(mutated(SEEDS.get(random.nextInt(SEEDS.size())), random));
    }
    in.writeBytes(line("\n" + ServerProcess.request("\"last\"", "ping", "{}")));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new StdioServer(
            new ByteArrayInputStream(in.toByteArray()),
            out,
            new ServerInfo("1", "None.", Map.of()),
            ToolFilter::allowingAll,
            new TestToolProvider(
                () -> ToolModule.registry(FakeClerk.answering("{\"id\":\"user_1\"}").client())),
            () -> {})
        .serve();
    boolean answered = false;
    for (String line : out.toString(StandardCharsets.UTF_8).split("\n", -1)) {
      if (!line.isEmpty()) {
        JsonNode message = Json.read(line);
        for (JsonNode one : message.isArray() ? message : Json.array().add(message)) {
          assertThat(one.path("jsonrpc").asText()).as(line).isEqualTo("2.0");
          assertThat(one.has("result") || one.has("error") || one.has("method")).isTrue();
          answered |= one.path("id").asText().equals("last");
        }
      }
    }
    assertThat(answered).isTrue();
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Changes, removes, doubles or inserts a few bytes, including line breaks. */
  private static byte[] mutated(String seed, Random random) {
    byte[] bytes = line(seed);
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(bytes.length);
      ByteArrayOutputStream changed = new ByteArrayOutputStream();
      changed.write(bytes, 0, at);
      switch (random.nextInt(4)) {
        case 0 -> changed.write(random.nextInt(256));
        case 1 -> changed.write(bytes, at, Math.min(7, bytes.length - at));
        case 2 ->
            changed.writeBytes(
                "\"{[,:\\\u0000".substring(random.nextInt(7)).getBytes(StandardCharsets.UTF_8));
        default -> {
          // one byte is lost
        }
      }
      changed.write(bytes, Math.min(bytes.length, at + 1), Math.max(0, bytes.length - at - 1));
      bytes = changed.toByteArray();
    }
    return bytes;
  }
}
