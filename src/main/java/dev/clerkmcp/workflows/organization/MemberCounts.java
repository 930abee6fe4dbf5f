package dev.clerkmcp.workflows.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationMembershipTools.MembershipFilter;
import dev.clerkmcp.tools.OrganizationRoleTools;
import dev.clerkmcp.tools.OrganizationRoleTools.RoleFilter;
import dev.clerkmcp.workflows.support.PartialFetch;
import dev.clerkmcp.workflows.support.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts an organization's members by role, and names its admins.
 *
 * @param total the number of members; empty if it could not be read
 * @param byRole how many have each role
 * @param admins the first members who may manage members
 * @param adminCount the number of members who may manage members
 * @param rows the first members of any role
 */
record MemberCounts(
    Optional<Long> total,
    Map<String, Long> byRole,
    List<ObjectNode> admins,
    long adminCount,
    List<ObjectNode> rows) {
  /**
   * The number of members that are read at least. Most organizations have fewer, so no role needs a
   * separate request.
   */
  private static final int AT_ONCE = 100;

  private static final int MAX_ADMINS = 10;
  private static final PageRequest ROLES = PageRequest.first(30);
  private static final PageRequest ADMINS = PageRequest.first(MAX_ADMINS);
  private static final PageRequest COUNT = PageRequest.first(1);

  MemberCounts {
    byRole = Collections.unmodifiableMap(new TreeMap<>(byRole));
    admins = List.copyOf(admins);
    rows = List.copyOf(rows);
  }

  /**
   * Reads the counts.
   *
   * @param most the number of rows to return
   */
  static MemberCounts read(
      PartialFetch parts,
      OrganizationMembershipTools memberships,
      OrganizationRoleTools roles,
      String organizationId,
      int most) {
    Optional<ListPage> first =
        parts
            .begin(
                "members",
                () ->
                    memberships.list(
                        organizationId,
                        MembershipFilter.ALL,
                        PageRequest.first(Math.max(AT_ONCE, most))))
            .get();
    if (first.isEmpty()) {
      return new MemberCounts(Optional.empty(), Map.of(), List.of(), 0, List.of());
    }
    ListPage page = first.get();
    Counts counts =
        page.hasMore() ? asked(parts, memberships, roles, organizationId) : counted(page.data());
    List<ObjectNode> rows = page.rows().stream().limit(most).map(MemberCounts::withRole).toList();
    return new MemberCounts(
        Optional.of(page.total()),
        counts.byRole(),
        counts.admins().stream().limit(MAX_ADMINS).toList(),
        counts.adminCount(),
        rows);
  }

  private static Counts counted(JsonNode memberships) {
    Map<String, Long> byRole = new TreeMap<>();
    List<ObjectNode> admins = new ArrayList<>();
    for (JsonNode membership : memberships) {
      String role = membership.path("role").asText();
      byRole.merge(role, 1L, Long::sum);
      if (OrganizationRole.managesMembers(membership)) {
        admins.add(person(membership));
      }
    }
    return new Counts(byRole, admins, admins.size());
  }

  /** Asks Clerk for the number of members of each role, instead of reading all members. */
  private static Counts asked(
      PartialFetch parts,
      OrganizationMembershipTools memberships,
      OrganizationRoleTools roles,
      String organizationId) {
    List<String> elevated = new ArrayList<>(List.of(OrganizationRole.ADMIN.key()));
    Map<String, PartialFetch.Part<ListPage>> counting = new TreeMap<>();
    for (JsonNode role :
        parts
            .begin("members_by_role", () -> roles.list(RoleFilter.ALL, ROLES))
            .get()
            .map(ListPage::rows)
            .orElse(List.of())) {
      String key = role.path("key").asText();
      if (!OrganizationRole.of(key).equals(OrganizationRole.ADMIN)
          && OrganizationRole.includesManagement(role.path("permissions"))) {
        elevated.add(key);
      }
      counting.put(
          key,
          parts.begin(
              "members_by_role",
              () ->
                  memberships.list(
                      organizationId, MembershipFilter.withRoles(List.of(key)), COUNT)));
    }
    Optional<ListPage> admins =
        parts
            .begin(
                "admins",
                () ->
                    memberships.list(organizationId, MembershipFilter.withRoles(elevated), ADMINS))
            .get();
    Map<String, Long> byRole = new TreeMap<>();
    counting.forEach(
        (role, part) ->
            part.get().map(ListPage::total).filter(n -> n > 0).ifPresent(n -> byRole.put(role, n)));
    List<ObjectNode> people =
        admins.map(ListPage::rows).orElse(List.of()).stream().map(MemberCounts::person).toList();
    return new Counts(byRole, people, admins.map(ListPage::total).orElse(0L));
  }

  private static ObjectNode withRole(JsonNode membership) {
    ObjectNode row = person(membership);
    Rows.put(row, "role", membership.path("role"));
    return row;
  }

  private static ObjectNode person(JsonNode membership) {
    JsonNode user = membership.path("public_user_data");
    ObjectNode row = Json.object().put("id", user.path("user_id").asText());
    String name = new ClerkUser(user).name();
    if (!name.isEmpty()) {
      row.put("name", Rows.of(name, 60));
    }
    Rows.put(row, "email", user.path("identifier"));
    return row;
  }

  /** The counts by role. */
  private record Counts(Map<String, Long> byRole, List<ObjectNode> admins, long adminCount) {}
}
