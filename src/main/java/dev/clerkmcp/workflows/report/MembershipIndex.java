package dev.clerkmcp.workflows.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.workflows.support.PageByPage;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Who belongs to organizations and who leads them, counted over all memberships; of each user and
 * each organization no more than that is kept.
 */
final class MembershipIndex {
  /** How many organizations a user leads, of all users who belong to any. */
  private final Map<String, Integer> ledByUser = new HashMap<>();

  private final Map<String, Size> sizes = new HashMap<>();
  private final TreeMap<Integer, Integer> organizationsByAdmins = new TreeMap<>();

  /** Counts the memberships of a list. */
  void readMemberships(Function<PageRequest, ListPage> memberships) {
    PageByPage.read(
        "memberships",
        memberships,
        membership -> {
          boolean admin = OrganizationRole.managesMembers(membership);
          String userId = membership.path("public_user_data").path("user_id").asText();
          ledByUser.merge(userId, admin ? 1 : 0, Integer::sum);
          String organizationId = membership.path("organization").path("id").asText();
          sizes.merge(organizationId, new Size(1, admin ? 1 : 0), Size::plus);
          return true;
        });
  }

  boolean isMember(String userId) {
    return ledByUser.containsKey(userId);
  }

  /** How many organizations a user leads. */
  int ledBy(String userId) {
    return ledByUser.getOrDefault(userId, 0);
  }

  /** Looks at an organization whose memberships have been counted. */
  void check(JsonNode organization, int manyAdmins, Findings findings) {
    Size size = sizes.getOrDefault(organization.path("id").asText(), new Size(0, 0));
    organizationsByAdmins.merge(size.admins(), 1, Integer::sum);
    ObjectNode row = Json.object().put("id", organization.path("id").asText());
    row.put("name", organization.path("name").asText());
    row.put("members", size.members()).put("admins", size.admins());
    if (size.admins() == 0) {
      findings.add(Finding.WITHOUT_ADMIN, row);
    } else if (size.admins() == 1) {
      findings.add(Finding.ONE_ADMIN, row);
    }
    if (size.admins() >= manyAdmins) {
      findings.add(Finding.MANY_ADMINS, row);
    }
  }

  /** How many organizations were looked at. */
  int organizations() {
    return organizationsByAdmins.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How many organizations have none, one, two admins and so on. */
  ObjectNode organizationsByAdmins() {
    ObjectNode numbers = Json.object();
    organizationsByAdmins.forEach((admins, count) -> numbers.put(admins.toString(), count));
    return numbers;
  }

  private record Size(int members, int admins) {
    Size plus(Size more) {
      return new Size(members + more.members, admins + more.admins);
    }
  }
}
