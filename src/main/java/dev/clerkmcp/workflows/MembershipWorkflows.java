package dev.clerkmcp.workflows;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Arg;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Given;
import dev.clerkmcp.registry.Listing;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.Page;

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
    ObjectNode filter = Json.object();
    filter.putArray("user_id").add(userId);
    Listing found = memberships.list(organizationId, new Given<>(filter), new Page(1, null));
    for (JsonNode membership : found.data()) {
      // The filter has a syntax of its own: -user_1 would answer with somebody else.
      if (membership.path("public_user_data").path("user_id").asText().equals(userId)) {
        return membership;
      }
    }
    throw ClerkException.notFound(
        "User %s is not a member of organization %s.".formatted(userId, organizationId));
  }
}
