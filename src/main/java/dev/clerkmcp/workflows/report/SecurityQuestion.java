package dev.clerkmcp.workflows.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.Time;
import dev.clerkmcp.tools.UserTools.UserFilter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a security report is to be about. */
public record SecurityQuestion(
    @Arg(value = "Default 90", min = 1, max = 3650) @Nullable Integer inactiveDays,
    @Arg("Only it and its members (org_...)") @Nullable String organizationId,
    @Time @Arg("Only users since (time)") @Nullable Long createdAtAfter,
    @Time @Arg("Only users until (time)") @Nullable Long createdAtBefore,
    @Arg(value = "Default: all", max = 12) @Nullable List<Finding> findings,
    @Arg(value = "Admins that are many; default 5", min = 2, max = 1000)
        @Nullable Integer manyAdmins,
    @Arg(value = "First rows of each, 0-20; default 5", min = 0, max = 20, clamped = true)
        @Nullable Integer rows,
    @Arg(value = "Default 100000", min = 1, max = 1_000_000) @Nullable Integer maxUsers) {
  private static final int INACTIVE_DAYS = 90;
  private static final int MANY_ADMINS = 5;
  private static final int ROWS = 5;
  private static final int MAX_USERS = 100_000;

  int inactiveDaysOrDefault() {
    return inactiveDays == null ? INACTIVE_DAYS : inactiveDays;
  }

  int manyAdminsOrDefault() {
    return manyAdmins == null ? MANY_ADMINS : manyAdmins;
  }

  int rowsOrDefault() {
    return rows == null ? ROWS : rows;
  }

  int maxUsersOrDefault() {
    return maxUsers == null ? MAX_USERS : maxUsers;
  }

  /** What to look for; among members nobody is without an organization. */
  Set<Finding> wanted() {
    Set<Finding> wanted =
        findings == null || findings.isEmpty() ? Finding.all() : EnumSet.copyOf(findings);
    if (organizationId != null) {
      wanted.remove(Finding.NO_ORGANIZATION);
    }
    return wanted;
  }

  /** The users it is about, as {@link UserFilter} names them. */
  ObjectNode userFilter() {
    ObjectNode filter = Json.object();
    if (organizationId != null) {
      filter.putArray("organization_id").add(organizationId);
    }
    if (createdAtAfter != null) {
      filter.put("created_at_after", createdAtAfter);
    }
    if (createdAtBefore != null) {
      filter.put("created_at_before", createdAtBefore);
    }
    return filter;
  }
}
