package dev.clerkmcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.InstanceFactory;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests times that are relative to the current time, such as 90d, with a confirmation and with the
 * sandbox's clock.
 */
final class RelativeTimeTest {
  private static final Caller CALLING_AGAIN = TestCaller.unableToAsk();

  private final FakeClerk clerk =
      FakeClerk.answering("{\"id\":\"org_1\",\"name\":\"Acme\",\"data\":[],\"total_count\":0}");
  @TempDir private Path folder;
  private Instant now = Instant.parse("2026-11-21T14:00:00Z");
  private ToolRegistry tools = ToolModule.registry(clerk.client());

  @BeforeEach
  void openBehindPolicy() {
    tools =
        ToolCaller.tools(
            clerk.client(),
            () -> now,
            folder,
            ToolCaller.policy(folder, "{'decision':'confirm','tools':['clerk_*']}"));
  }

  @Test
  void confirmationIsValidForTheTimeInThePlan() throws IOException {
    ToolResult planned = update("90d", null);
    assertThat(Json.read(planned.json()).at("/plan/requests/0/body/created_at").asText())
        .as(planned.json())
        .isEqualTo("2026-08-23T14:00:00Z");
    assertThat(planned.notes())
        .containsExactly(
            "created_at: 90d was read as 2026-08-23T14:00:00Z.",
            "A relative time is computed anew for each call: to repeat this one, give the computed"
                + " time.");
    now = now.plus(Duration.ofMinutes(3));
    ToolResult done = update("2026-08-23T14:00:00Z", code(planned));
    assertThat(done.isError()).as(done.json()).isFalse();
    assertThat(clerk.changes())
        .containsExactly("PATCH /organizations/org_1\n{\"created_at\":\"2026-08-23T14:00:00Z\"}");
  }

  @Test
  void confirmationIsInvalidForTheSameSpanLater() throws IOException {
    String code = code(update("90d", null));
    now = now.plus(Duration.ofSeconds(1));
    ToolResult refused = update("90d", code);
    assertThat(refused.json()).contains("confirmation_needed", "changed since");
    assertThat(refused.notes()).contains("created_at: 90d was read as 2026-08-23T14:00:01Z.");
    assertThat(clerk.changes()).isEmpty();
  }

  /** The relative time is resolved once, so that the plan and the request have the same time. */
  @Test
  void spanKeepsItsTimeDuringTheQuestion() throws IOException {
    ToolResult done =
        call(
            "clerk_organization_update",
            "{'organization_id':'org_1','created_at':'90d'}",
            TestCaller.answering(
                () -> {
                  now = now.plus(Duration.ofMinutes(3));
                  return Caller.Answer.ACCEPTED;
                }));
    assertThat(done.isError()).as(done.json()).isFalse();
    assertThat(clerk.changes())
        .containsExactly("PATCH /organizations/org_1\n{\"created_at\":\"2026-08-23T14:00:00Z\"}");
  }

  @Test
  void spanCountsFromTheSandboxClock() throws Exception {
    ServerConfig config = ServerConfig.from(Map.of("CLERK_MCP_SANDBOX", "true"));
    tools =
        ToolModule.registry(
            InstanceFactory.to(config, "test").get(), new InterceptorFactory(config.safety()));
    String recently = "{'created_at_after':'90d','limit':1}";
    ToolResult users = call("clerk_users_list", recently, Caller.UNKNOWN);
    assertThat(users.notes()).contains("created_at_after: 90d was read as 2026-03-03T09:00:00Z.");
    assertThat(Json.read(users.json()).path("total_count").asInt()).isBetween(1, 119);
    ToolResult counted =
        call(
            "clerk_tools_read",
            "{'name':'clerk_users_count','arguments':{'created_at_after':1772528400000}}",
            Caller.UNKNOWN);
    assertThat(Json.read(counted.json()).path("total_count"))
        .isEqualTo(Json.read(users.json()).path("total_count"));
    assertThat(counted.notes())
        .containsExactly("created_at_after: 1772528400000 was read as 2026-03-03T09:00:00Z.");
  }

  private ToolResult update(String createdAt, @Nullable String code) {
    ObjectNode arguments =
        Json.object().put("organization_id", "org_1").put("created_at", createdAt);
    if (code != null) {
      arguments.put("confirmation", code);
    }
    return call("clerk_organization_update", arguments.toString(), CALLING_AGAIN);
  }

  private ToolResult call(String tool, String arguments, Caller caller) {
    return ToolCaller.call(tools, tool, arguments, caller);
  }

  private static String code(ToolResult planned) throws IOException {
    return Json.read(planned.json()).path("confirmation").asText();
  }
}
