package dev.clerkmcp.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Chunks;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.OrganizationMembershipTools.MembershipFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Finds which of some users are members of an organization. */
public final class Members {
  private Members() {}

  /** The memberships of those who are members, by user ID. */
  public static Map<String, JsonNode> of(
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
