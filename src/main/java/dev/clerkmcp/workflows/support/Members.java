package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationMembershipTools.MembershipFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Finds out who of some users is a member of an organization. */
public final class Members {
  private Members() {}

  /** The memberships of those who are, by user ID. */
  public static Map<String, JsonNode> of(
      String organizationId, Collection<String> userIds, OrganizationMembershipTools memberships) {
    List<Supplier<ListPage>> parts = new ArrayList<>();
    for (List<String> portion : Chunks.of(List.copyOf(userIds), Chunks.MOST_VALUES)) {
      PartialUpdate<MembershipFilter> given = MembershipFilter.ofUsers(portion);
      PageRequest page = PageRequest.first(portion.size());
      parts.add(Invocation.current().fork(() -> memberships.list(organizationId, given, page)));
    }
    Map<String, JsonNode> members = new TreeMap<>();
    for (Supplier<ListPage> part : parts) {
      for (JsonNode membership : part.get().data()) {
        members.put(membership.path("public_user_data").path("user_id").asText(), membership);
      }
    }
    // The filter has a syntax of its own: -user_1 would answer with somebody else.
    members.keySet().retainAll(userIds);
    return members;
  }
}
