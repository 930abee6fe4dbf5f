package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.Chunks;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.OrganizationMembershipTools.MembershipFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

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
    JsonNode membership = members(organizationId, List.of(userId), memberships).get(userId);
    if (membership == null) {
      throw ClerkException.notFound(
          "User %s is not a member of organization %s.".formatted(userId, organizationId));
    }
    return membership;
  }

  /** The memberships of those of the users who are members, by user ID. */
  public static Map<String, JsonNode> members(
      String organizationId, Collection<String> userIds, OrganizationMembershipTools memberships) {
    List<Supplier<ListPage>> parts = new ArrayList<>();
    for (List<String> chunk : Chunks.of(List.copyOf(userIds), Chunks.MAX_VALUES)) {
      PartialUpdate<MembershipFilter> given = MembershipFilter.ofUsers(chunk);
      PageRequest page = PageRequest.first(chunk.size());
      parts.add(Invocation.current().fork(() -> memberships.list(organizationId, given, page)));
    }
    Map<String, JsonNode> members = new TreeMap<>();
    for (Supplier<ListPage> part : parts) {
      for (JsonNode membership : part.get().data()) {
        members.put(membership.path("public_user_data").path("user_id").asText(), membership);
      }
    }
    // Clerk reads a leading minus as "not": -user_1 would return other users.
    members.keySet().retainAll(userIds);
    return members;
  }
}
