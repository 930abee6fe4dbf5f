package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import java.util.List;

/** Gets one membership of an organization, for which Clerk has no endpoint. */
@ToolGroup(id = "organization_memberships")
public final class OrganizationMembershipWorkflows {
  private final OrganizationMembershipTools memberships;

  public OrganizationMembershipWorkflows(OrganizationMembershipTools memberships) {
    this.memberships = memberships;
  }

  @Tool(name = "clerk_org_membership_get", title = "Get organization membership", effect = READ)
  @Description("One user's membership in an organization: role, metadata, since when.")
  public JsonNode get(@Arg("org_...") String organizationId, @Arg("user_...") String userId) {
    JsonNode membership = Members.of(organizationId, List.of(userId), memberships).get(userId);
    if (membership == null) {
      throw ClerkException.notFound(
          "User %s is not a member of organization %s.".formatted(userId, organizationId));
    }
    return membership;
  }
}
