package dev.clerkmcp.workflows.organization;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.workflows.support.Members;
import java.util.List;

/** The membership tools for which Clerk has no endpoint of their own. */
@ToolGroup(id = "organization_memberships")
public final class MembershipWorkflows {
  private final OrganizationMembershipTools memberships;

  public MembershipWorkflows(OrganizationMembershipTools memberships) {
    this.memberships = memberships;
  }

  @Tool(name = "clerk_org_membership_get", title = "Get organization membership", effect = READ)
  @Description("One user's membership in an organization: role, metadata, since when.")
  public JsonNode get(@Arg("org_...") String organizationId, @Arg("user_...") String userId) {
    JsonNode membership = Members.of(organizationId, List.of(userId), memberships).get(userId);
    if (membership != null) {
      return membership;
    }
    throw ClerkException.notFound(
        "User %s is not a member of organization %s.".formatted(userId, organizationId));
  }
}
