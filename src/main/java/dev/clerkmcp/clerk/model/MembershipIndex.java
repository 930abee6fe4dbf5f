package dev.clerkmcp.clerk.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says what memberships tell of users and organizations: how many organizations a user belongs to
 * and manages, with which roles, and how many members and admins an organization has. It keeps only
 * that, so that any number of memberships can be added.
 */
public final class MembershipIndex {
  private static final Member NONE = new Member(0, 0, Set.of());
  private static final Size EMPTY = new Size(0, 0);

  private final Map<String, Member> byUser = new HashMap<>();
  private final Map<String, Size> byOrganization = new HashMap<>();

  /**
   * A user as a member.
   *
   * @param organizations how many organizations the user belongs to
   * @param managed how many of them the user manages
   * @param roles the keys of the user's roles in them
   */
  public record Member(int organizations, int managed, Set<String> roles) {
    public Member {
      roles = Set.copyOf(roles);
    }

    private Member in(boolean manages, String role) {
      Set<String> all = roles;
      if (!roles.contains(role)) {
        all = new TreeSet<>(roles);
        all.add(role);
      }
      return new Member(organizations + 1, managed + (manages ? 1 : 0), all);
    }
  }

  /** The number of members of an organization, and of those who manage it. */
  public record Size(int members, int admins) {
    private Size with(boolean manages) {
      return new Size(members + 1, admins + (manages ? 1 : 0));
    }
  }

  /** Adds a membership. */
  public void add(JsonNode membership) {
    boolean manages = OrganizationRole.managesMembers(membership);
    String role = OrganizationRole.in(membership).key();
    byUser.merge(
        membership.path("public_user_data").path("user_id").asText(),
        NONE.in(manages, role),
        (member, first) -> member.in(manages, role));
    byOrganization.merge(
        membership.path("organization").path("id").asText(),
        EMPTY.with(manages),
        (size, first) -> size.with(manages));
  }

  /** A user as a member; of no organization, if no membership of the user was added. */
  public Member member(String userId) {
    return byUser.getOrDefault(userId, NONE);
  }

  /** The size of an organization. */
  public Size size(String organizationId) {
    return byOrganization.getOrDefault(organizationId, EMPTY);
  }
}
