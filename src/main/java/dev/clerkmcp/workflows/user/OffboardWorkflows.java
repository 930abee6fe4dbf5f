package dev.clerkmcp.workflows.user;

import static dev.clerkmcp.registry.Effect.DESTROY;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.tools.ApiKeyTools;
import dev.clerkmcp.tools.InvitationTools;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.SessionTools;
import dev.clerkmcp.tools.UserTools;
import org.jspecify.annotations.Nullable;

/** Takes every access from people who leave. */
@ToolGroup(id = "workflows")
public final class OffboardWorkflows {
  private final Tools tools;

  public OffboardWorkflows(
      UserTools users,
      SessionTools sessions,
      OrganizationMembershipTools memberships,
      InvitationTools invitations,
      OrganizationInvitationTools organizationInvitations,
      ApiKeyTools apiKeys) {
    this.tools =
        new Tools(users, sessions, memberships, invitations, organizationInvitations, apiKeys);
  }

  /** What it takes to end a user's access. */
  record Tools(
      UserTools users,
      SessionTools sessions,
      OrganizationMembershipTools memberships,
      InvitationTools invitations,
      OrganizationInvitationTools organizationInvitations,
      ApiKeyTools apiKeys) {}

  @Tool(name = "clerk_user_offboard", title = "Offboard user", effect = DESTROY)
  @Description(
      "Ban a user, end sessions, leave organizations, revoke invitations to them and their API"
          + " keys; says what came of each.")
  public JsonNode offboard(
      @Arg("user_...") String userId,
      @Arg("At last delete them for good, if all else succeeded") @Nullable Boolean delete) {
    Offboarding offboarding = new Offboarding(tools, userId, tools.users().get(userId));
    return offboarding.run(Boolean.TRUE.equals(delete));
  }
}
