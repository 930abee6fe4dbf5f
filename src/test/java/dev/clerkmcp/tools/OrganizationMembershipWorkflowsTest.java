package dev.clerkmcp.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests finding one membership, for which Clerk has only a list. */
final class OrganizationMembershipWorkflowsTest {
  private static final String MEMBERSHIP =
      "{\"id\":\"orgmem_1\",\"role\":\"org:admin\",\"public_user_data\":{\"user_id\":\"user_1\"}}";

  @Test
  void membershipIsFound() {
    FakeClerk clerk = FakeClerk.answering("{\"data\":[" + MEMBERSHIP + "],\"total_count\":1}");
    assertThat(get(clerk)).isEqualTo(new ToolResult(MEMBERSHIP, false, List.of()));
    assertThat(clerk.requests())
        .containsExactly("GET /organizations/org_1/memberships?user_id=user_1&limit=1");
  }

  @Test
  void userWhoIsNoMemberIsNotFound() {
    FakeClerk clerk = FakeClerk.answering("{\"data\":[],\"total_count\":0}");
    assertThat(get(clerk))
        .isEqualTo(
            new ToolResult(
                "{\"error\":{\"status\":404,\"code\":\"resource_not_found\","
                    + "\"message\":\"User user_1 is not a member of organization org_1.\","
                    + "\"next\":\"Check the ID; a list tool shows the existing IDs.\"}}",
                true,
                List.of()));
  }

  @Test
  void membershipOfOtherUserDoesNotMatch() {
    FakeClerk clerk = FakeClerk.answering("{\"data\":[" + MEMBERSHIP + "],\"total_count\":1}");
    assertThat(get(clerk, "-user_9").json()).contains("\"status\":404");
  }

  @Test
  void emptyUserIsRefused() {
    FakeClerk clerk = FakeClerk.answering("{\"data\":[" + MEMBERSHIP + "],\"total_count\":1}");
    assertThat(get(clerk, " ").json()).contains("\"user_id\"", "must not be empty");
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void clerksErrorIsPassedOn() {
    FakeClerk clerk = FakeClerk.answering(request -> Answer.error(403, "feature_off"));
    assertThat(get(clerk).json()).contains("\"status\":403", "feature_off");
  }

  private static ToolResult get(FakeClerk clerk) {
    return get(clerk, "user_1");
  }

  private static ToolResult get(FakeClerk clerk, String userId) {
    ToolRegistry registry = ToolModule.registry(clerk.client());
    return ToolCaller.call(
        registry,
        "clerk_org_membership_get",
        Json.object().put("organization_id", "org_1").put("user_id", userId));
  }
}
