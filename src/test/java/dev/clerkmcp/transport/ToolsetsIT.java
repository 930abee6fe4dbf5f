package dev.clerkmcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which tools are listed, and how the others are called. */
final class ToolsetsIT {
  @ParameterizedTest
  @CsvSource({
    "none, '', 3, clerk_tools_search",
    "core, '', 40, clerk_users_list",
    "machines, '', 16, clerk_machine_get",
    "none, clerk_machine_*, 11, clerk_machine_get",
  })
  void toolsetsChooseTheListedTools(String toolsets, String tools, int size, String contained) {
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_MCP_TOOLSETS", toolsets, "CLERK_MCP_TOOLS", tools)
            .initialized()) {
      server.send(ServerProcess.request("1", "tools/list", "{}"));
      JsonNode listed = server.receive().at("/result/tools");
      assertThat(listed).hasSize(size);
      assertThat(listed)
          .extracting(tool -> tool.path("name").asText())
          .isSorted()
          .contains(contained);
    }
  }

  @Test
  void everyToolCanBeCalledWithNoneListed() throws JsonProcessingException {
    try (ServerProcess server = ServerProcess.inSandbox("CLERK_MCP_TOOLSETS", "none")) {
      server.send(ServerProcess.initialize("2025-11-25"));
      assertThat(server.receive().at("/result/instructions").asText())
          .contains("More of Clerk's API", "clerk_tools_search");
      JsonNode found =
          server.answer("clerk_tools_search", "{\"query\":\"list the permissions of roles\"}");
      assertThat(found.path("tools"))
          .anyMatch(tool -> tool.path("name").asText().equals("clerk_org_permissions_list"));
      JsonNode roles = server.answer("clerk_tools_read", "{\"name\":\"clerk_org_roles_list\"}");
      assertThat(roles.path("total_count").asInt()).isGreaterThan(1);
      JsonNode made =
          server.answer(
              "clerk_tools_write",
              "{\"name\":\"clerk_machine_create\",\"arguments\":{\"name\":\"printer\"}}");
      assertThat(made.path("id").asText()).startsWith("mch_");
      String secret =
          "{\"name\":\"clerk_machine_secret_get\",\"arguments\":{\"machine_id\":\"%s\"}}"
              .formatted(made.path("id").asText());
      server.send(ServerProcess.call("\"r\"", "clerk_tools_read", secret));
      assertThat(server.receive().at("/result/content/0/text").asText())
          .contains("reveals or tests a credential; call it through clerk_tools_write");
      assertThat(server.answer("clerk_tools_write", secret).path("secret").asText())
          .matches("[a-z_]*\\.\\.\\.[0-9a-f]{4}");
      JsonNode direct =
          server.answer(
              "clerk_machine_get", "{\"machine_id\":\"%s\"}".formatted(made.path("id").asText()));
      assertThat(direct.path("name").asText()).isEqualTo("printer");
    }
  }

  @Test
  void instructionsOmitWhatAccessForbids() {
    try (ServerProcess server = ServerProcess.inSandbox("CLERK_MCP_READ_ONLY", "true")) {
      server.send(ServerProcess.initialize("2025-11-25"));
      assertThat(server.receive().at("/result/instructions").asText())
          .contains("clerk_tools_read", "Nothing can be changed here")
          .doesNotContain("clerk_tools_write");
    }
  }

  @Test
  void toolDefinitionsAreResourcesWithCompletion() throws JsonProcessingException {
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_MCP_EXCLUDE_TOOLS", "clerk_user_delete").initialized()) {
      server.send(ServerProcess.request("1", "resources/templates/list", "{}"));
      assertThat(server.receive().at("/result/resourceTemplates"))
          .anyMatch(
              template -> template.path("uriTemplate").asText().equals("clerk://tools/{name}"));
      server.send(
          ServerProcess.request(
              "2",
              "completion/complete",
              "{\"ref\":{\"type\":\"ref/resource\",\"uri\":\"clerk://tools/{name}\"},"
                  + "\"argument\":{\"name\":\"name\",\"value\":\"user_del\"}}"));
      JsonNode completed = server.receive().at("/result/completion");
      assertThat(completed)
          .hasToString("{\"values\":[\"clerk_user_delete\"],\"total\":1,\"hasMore\":false}");
      server.send(
          ServerProcess.request(
              "3", "resources/read", "{\"uri\":\"clerk://tools/clerk_user_delete\"}"));
      JsonNode read = Json.read(server.receive().at("/result/contents/0/text").asText());
      assertThat(read.at("/tool/inputSchema/required/0").asText()).isEqualTo("user_id");
      assertThat(read.path("switched_off").asText()).contains("CLERK_MCP_EXCLUDE_TOOLS");
      server.send(
          ServerProcess.request("4", "resources/read", "{\"uri\":\"clerk://tools/zebra\"}"));
      ServerProcess.assertError(server.receive(), "4", -32002);
      server.send(
          ServerProcess.request(
              "5",
              "completion/complete",
              "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"x\"},\"argument\":{\"name\":\"name\",\"value\":\"\"}}"));
      ServerProcess.assertError(server.receive(), "5", -32602);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CLERK_MCP_TOOLSETS, user, the nearest are users",
    "CLERK_MCP_TOOLS, clerk_users_get, the nearest are clerk_user",
    "CLERK_MCP_EXCLUDE_TOOLS, clerk_zebra_*, the nearest are",
    "CLERK_MCP_TOOLSETS, deprecated, set CLERK_MCP_DEPRECATED=true as well",
    "CLERK_MCP_DEPRECATED, jes, must be true or false",
  })
  void unknownNameIsRejectedAtStart(String variable, String value, String message) {
    try (ServerProcess server = ServerProcess.inSandbox(variable, value)) {
      assertThat(server.exitCode(10)).isEqualTo(2);
      assertThat(server.standardError()).startsWith("clerk-mcp: ").contains(message);
    }
  }

  @Test
  void longToolListCausesWarning() {
    try (ServerProcess server =
        ServerProcess.inSandbox("CLERK_MCP_TOOLSETS", "all").initialized()) {
      assertThat(server.standardError()).contains("256 tools are listed", "Cursor", "VS Code");
    }
  }
}
