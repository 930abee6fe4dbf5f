package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks of agents in a user's name. */
final class AgentTasksTest {
  private final SandboxCalls clerk = SandboxCalls.empty();

  @BeforeEach
  void addUser() {
    ObjectNode user = Json.object().put("id", "user_1").put("username", "ada");
    user.putArray("email_addresses")
        .addObject()
        .put("id", "idn_1")
        .put("email_address", "ada@example.com")
        .putObject("verification")
        .put("status", "verified");
    clerk.store().table(ObjectKind.USER).add(user);
  }

  @Test
  void urlIsReturnedOnce() {
    JsonNode task = create("bot", "{'user_id':'user_1'}");
    assertThat(task.path("url").asText())
        .startsWith("https://accounts.sandbox.invalid/")
        .contains("sandbox_agent_task_ticket_");
    String path = "/agents/tasks/" + task.path("agent_task_id").asText() + "/revoke";
    JsonNode revoked = clerk.ok("POST " + path);
    assertThat(revoked.path("agent_task_id")).isEqualTo(task.path("agent_task_id"));
    assertThat(revoked.has("url")).isFalse();
    assertThat(clerk.call("POST", path).error()).isEqualTo("400 agent_task_cannot_be_revoked");
    assertThat(clerk.call("POST", "/agents/tasks/agt_none/revoke").error())
        .isEqualTo("404 agent_task_not_found");
  }

  @Test
  void tasksOfAnAgentHaveTheSameAgentId() {
    JsonNode first = create("bot", "{'user_id':'user_1'}");
    JsonNode second = create("bot", "{'identifier':'ADA@example.com'}");
    JsonNode other = create("other", "{'identifier':'ada'}");
    assertThat(second.path("agent_id")).isEqualTo(first.path("agent_id"));
    assertThat(second.path("agent_task_id")).isNotEqualTo(first.path("agent_task_id"));
    assertThat(other.path("agent_id")).isNotEqualTo(first.path("agent_id"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | https://a.example.com | 422 form_conditional_param_missing on_behalf_of",
        "{'user_id':'user_1','identifier':'ada'} | https://a.example.com"
            + " | 422 form_conditional_param_disallowed on_behalf_of",
        "{'user_id':'user_0'} | https://a.example.com | 404 agent_task_subject_not_found",
        "{'identifier':'nobody@example.com'} | https://a.example.com | 404 agent_task_subject_not_found",
        "{'user_id':'user_1'} | a.example.com | 422 form_param_format_invalid redirect_url",
      })
  void taskNeedsOneUserAndAUrl(String onBehalfOf, String redirectUrl, String error) {
    assertThat(clerk.call("POST", "/agents/tasks", body("bot", onBehalfOf, redirectUrl)).error())
        .isEqualTo(error);
  }

  private JsonNode create(String agent, String onBehalfOf) {
    return clerk.ok("POST /agents/tasks", body(agent, onBehalfOf, "https://a.example.com/done"));
  }

  private static String body(String agent, String onBehalfOf, String redirectUrl) {
    return ("{'on_behalf_of':%s,'permissions':'*','agent_name':'%s','task_description':'d',"
            + "'redirect_url':'%s'}")
        .formatted(onBehalfOf, agent, redirectUrl);
  }
}
