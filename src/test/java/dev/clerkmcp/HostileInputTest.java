package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Sends long texts that slow patterns or comparisons would take minutes for. The limits are far
 * above what linear time needs, and far below what quadratic time would need.
 */
final class HostileInputTest {
  private static final int LENGTH = 1_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  static final List<String> PARTS =
      List.of(
          "eyJ",
          "eyJaaaaaa.",
          "-----BEGIN PRIVATE KEY-----",
          "a@",
          "a%40",
          "a.",
          "aA",
          "+1 2",
          "<",
          " ",
          ".> ",
          "\u200B",
          "\u001B",
          "[");

  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.seeded(1, 50));
  private final ToolRegistry tools;

  HostileInputTest(@TempDir Path folder) {
    Map<String, String> settings =
        new HashMap<>(
            ToolCaller.policy(folder, "{'decision':'deny','email_domains':['blocked.example']}"));
    settings.putAll(
        Map.of(
            "CLERK_MCP_PII",
            "mask",
            "CLERK_MCP_CONFIRM",
            "never",
            "CLERK_MCP_EXPORT_DIR",
            folder.toString(),
            "CLERK_MCP_AUDIT_LOG",
            folder.resolve("audit.jsonl").toString(),
            "CLERK_MCP_DEPRECATED",
            "true"));
    tools = clerk.tools(Instant.parse("2026-06-01T00:00:00Z"), folder, settings);
  }

  /** The tools that match or compare texts, behind interceptors that do so too. */
  private static final List<String> LOOKING =
      List.of(
          "clerk_allowlist_create",
          "clerk_enterprise_connection_create",
          "clerk_domain_create",
          "clerk_invitations_send_bulk",
          "clerk_metadata_set",
          "clerk_org_onboard",
          "clerk_tools_read",
          "clerk_tools_search",
          "clerk_user_create",
          "clerk_user_find",
          "clerk_users_list");

  @ParameterizedTest
  @FieldSource("PARTS")
  void longArgumentsTakeLittleTime(String part) throws IOException {
    for (String name : LOOKING) {
      ToolDefinition tool = Objects.requireNonNull(tools.find(name), name);
      JsonNode schema = tool.arguments().fullSchema();
      ObjectNode example = ExampleArguments.all(name, schema);
      int repeats = LENGTH / texts(example) / part.length();
      JsonNode arguments = with(example, "x" + part.repeat(repeats) + "x@blocked.example");
      CpuTime.assertWithin(
          PATIENCE,
          () -> tools.call(tool, arguments, new Invocation(Runnable::run, Caller.UNKNOWN)));
    }
  }

  @ParameterizedTest
  @FieldSource("PARTS")
  void longAnswersTakeLittleTime(String part) {
    String text = "x" + part.repeat(LENGTH / part.length()) + "x@blocked.example";
    ObjectNode user = Json.object().put("object", "user").put("id", "user_1");
    user.put("first_name", text).putObject("public_metadata").put("key", text).put("secret", text);
    user.putArray("email_addresses").addObject().put("id", "idn_1").put("email_address", text);
    clerk.answer("GET /users/user_1", new FakeClerk.Answer(200, user.toString()));
    CpuTime.assertWithin(
        PATIENCE, () -> clerk.call(tools, "clerk_user_get", "{'user_id':'user_1','fields':['*']}"));
    CpuTime.assertWithin(
        PATIENCE, () -> clerk.call(tools, "clerk_user_ban", "{'user_id':'user_1'}"));
  }

  @ParameterizedTest
  @FieldSource("PARTS")
  void longNamesTakeLittleTime(String part) {
    String name = part.repeat(LENGTH / part.length());
    CpuTime.assertWithin(
        PATIENCE,
        () -> {
          assertThat(tools.nearest(name)).isEmpty();
          JsonNode arguments = Json.object().put(name, 1);
          ToolDefinition tool = Objects.requireNonNull(tools.find("clerk_users_list"));
          assertThat(
                  tools.call(tool, arguments, new Invocation(Runnable::run, Caller.UNKNOWN)).json())
              .contains("is not known")
              .hasSizeLessThan(10_000);
        });
  }

  @Test
  void argumentErrorsAreShort() {
    ObjectNode arguments = Json.object();
    for (int i = 0; i < 10_000; i++) {
      arguments.put("unknown_" + i, i);
    }
    ToolDefinition tool = Objects.requireNonNull(tools.find("clerk_users_list"));
    JsonNode error =
        tools
            .call(tool, arguments, new Invocation(Runnable::run, Caller.UNKNOWN))
            .data()
            .path("error");
    assertThat(error.path("arguments")).hasSize(20);
    assertThat(error.path("more_problems").asInt()).isEqualTo(9_980);
  }

  private static int texts(JsonNode value) {
    if (value.isTextual()) {
      return 1;
    }
    int texts = 0;
    for (JsonNode part : value) {
      texts += texts(part);
    }
    return texts;
  }

  private static JsonNode with(JsonNode value, String text) {
    if (value.isTextual()) {
      return TextNode.valueOf(text);
    }
    if (value.isArray()) {
      ArrayNode items = Json.array();
      value.forEach(item -> items.add(with(item, text)));
      return items;
    }
    if (!value.isObject()) {
      return value;
    }
    ObjectNode fields = Json.object();
    value.properties().forEach(field -> fields.set(field.getKey(), with(field.getValue(), text)));
    return fields;
  }
}
