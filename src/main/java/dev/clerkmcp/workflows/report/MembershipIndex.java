package dev.clerkmcp.workflows.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.workflows.report.SecurityReport.Finding;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Counts the members and admins of each organization, and the organizations that each user manages.
 * It keeps only these numbers, so that any number of memberships can be read.
 */
final class MembershipIndex {
  /** The number of organizations that a user manages, for every user who is a member of any. */
  private final Map<String, Integer> ledByUser = new HashMap<>();

  private final Map<String, Size> sizes = new HashMap<>();
  private final TreeMap<Integer, Integer> organizationsByAdmins = new TreeMap<>();

  /** Reads and counts a list of memberships. */
  void readMemberships(Function<PageRequest, ListPage> memberships) {
    Pages.forEach(
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

  /** How many organizations a user manages. */
  int ledBy(String userId) {
    return ledByUser.getOrDefault(userId, 0);
  }

  /** Checks an organization, after its memberships were counted. */
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

  /** How many organizations were checked. */
  int organizations() {
    return organizationsByAdmins.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The number of organizations by number of admins. */
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
