package dev.clerkmcp.workflows.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationMembershipTools.MembershipFilter;
import dev.clerkmcp.tools.OrganizationRoleTools;
import dev.clerkmcp.workflows.support.PartialFetch;
import dev.clerkmcp.workflows.support.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who belongs to an organization.
 *
 * @param total how many; nothing if it could not be read
 * @param byRole how many have each role
 * @param admins the first of those who may manage members
 * @param adminCount how many of them there are
 * @param rows the first members
 */
record MemberCounts(
    Optional<Long> total,
    Map<String, Long> byRole,
    List<ObjectNode> admins,
    long adminCount,
    List<ObjectNode> rows) {
  /** As many are read in any case, so that the roles of most organizations are counted at once. */
  private static final int AT_ONCE = 100;

  private static final int MOST_ADMINS = 10;
  private static final PageRequest ROLES = new PageRequest(30, null);
  private static final PageRequest ADMINS = new PageRequest(MOST_ADMINS, null);
  private static final PageRequest COUNT = new PageRequest(1, null);

  MemberCounts {
    byRole = Collections.unmodifiableMap(new TreeMap<>(byRole));
    admins = List.copyOf(admins);
    rows = List.copyOf(rows);
  }

  /**
   * Reads them.
   *
   * @param most how many rows are wanted
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
                        new PartialUpdate<>(Json.object()),
                        new PageRequest(Math.max(AT_ONCE, most), null)))
            .get();
    if (first.isEmpty()) {
      return new MemberCounts(Optional.empty(), Map.of(), List.of(), 0, List.of());
    }
    ListPage page = first.get();
    Counts counts =
        page.hasMore() ? asked(parts, memberships, roles, organizationId) : counted(page.data());
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode membership : page.data()) {
      if (rows.size() == most) {
        break;
      }
      rows.add(withRole(membership));
    }
    return new MemberCounts(
        Optional.of(total(page)),
        counts.byRole(),
        counts.admins().stream().limit(MOST_ADMINS).toList(),
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

  /** Asks Clerk for the number of each role instead of reading everybody. */
  private static Counts asked(
      PartialFetch parts,
      OrganizationMembershipTools memberships,
      OrganizationRoleTools roles,
      String organizationId) {
    List<String> elevated = new ArrayList<>(List.of(OrganizationRole.ADMIN.key()));
    Map<String, PartialFetch.Part<ListPage>> counting = new TreeMap<>();
    for (JsonNode role :
        parts
            .begin("members_by_role", () -> roles.list(null, null, ROLES))
            .get()
            .<JsonNode>map(ListPage::data)
            .orElse(Json.array())) {
      String key = role.path("key").asText();
      if (!OrganizationRole.of(key).equals(OrganizationRole.ADMIN)
          && OrganizationRole.includesManagement(role.path("permissions"))) {
        elevated.add(key);
      }
      counting.put(
          key,
          parts.begin(
              "members_by_role",
              () -> memberships.list(organizationId, having(List.of(key)), COUNT)));
    }
    Optional<ListPage> admins =
        parts
            .begin("admins", () -> memberships.list(organizationId, having(elevated), ADMINS))
            .get();
    Map<String, Long> byRole = new TreeMap<>();
    counting.forEach(
        (role, part) ->
            part.get()
                .map(MemberCounts::total)
                .filter(n -> n > 0)
                .ifPresent(n -> byRole.put(role, n)));
    List<ObjectNode> people = new ArrayList<>();
    admins.ifPresent(page -> page.data().forEach(membership -> people.add(person(membership))));
    return new Counts(byRole, people, admins.map(MemberCounts::total).orElse(0L));
  }

  private static PartialUpdate<MembershipFilter> having(List<String> roles) {
    ObjectNode filter = Json.object();
    roles.forEach(filter.putArray("role")::add);
    return new PartialUpdate<>(filter);
  }

  private static long total(ListPage page) {
    Long total = page.totalCount();
    return total == null ? page.data().size() : total;
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

  /** What was counted by role. */
  private record Counts(Map<String, Long> byRole, List<ObjectNode> admins, long adminCount) {}
}
