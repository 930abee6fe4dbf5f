package dev.clerkmcp.workflows.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.MembershipIndex;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.workflows.report.SecurityReport.Finding;
import java.util.TreeMap;

/** Checks how many admins organizations have, and adds what it finds. */
final class OrganizationChecks {
  private final MembershipIndex memberships;
  private final int manyAdmins;
  private final Findings findings;
  private final TreeMap<Integer, Integer> organizationsByAdmins = new TreeMap<>();

  /**
   * Prepares the checks.
   *
   * @param manyAdmins an organization with so many admins has too many
   */
  OrganizationChecks(MembershipIndex memberships, int manyAdmins, Findings findings) {
    this.memberships = memberships;
    this.manyAdmins = manyAdmins;
    this.findings = findings;
  }

  void check(JsonNode organization) {
    String id = organization.path("id").asText();
    MembershipIndex.Size size = memberships.size(id);
    organizationsByAdmins.merge(size.admins(), 1, Integer::sum);
    ObjectNode row = Json.object().put("id", id).put("name", organization.path("name").asText());
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

  /** Adds how many organizations were checked, also by their number of admins. */
  void addTo(ObjectNode answer) {
    answer.put(
        "organizations", organizationsByAdmins.values().stream().mapToInt(Integer::intValue).sum());
    ObjectNode numbers = answer.putObject("organizations_by_admins");
    organizationsByAdmins.forEach((admins, count) -> numbers.put(admins.toString(), count));
  }
}
