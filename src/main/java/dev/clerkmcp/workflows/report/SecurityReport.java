package dev.clerkmcp.workflows.report;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.export.ExportFile;
import dev.clerkmcp.export.ExportFolder;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationMembershipTools.MembershipFilter;
import dev.clerkmcp.tools.OrganizationTools;
import dev.clerkmcp.tools.OrganizationTools.OrganizationExtras;
import dev.clerkmcp.tools.OrganizationTools.OrganizationFilter;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.tools.UserTools.UserFilter;
import dev.clerkmcp.tools.UserTools.UserOrder;
import dev.clerkmcp.workflows.support.OrganizationsDisabled;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Says who could sign in too easily, who no longer does, and which organizations nobody leads. */
@ToolGroup(id = "workflows")
public final class SecurityReport {
  /** What is added while the list is read comes to its end, and moves nothing. */
  private static final String OLDEST_FIRST = "created_at";

  private static final String CURSOR = "starting_after";

  private final UserTools users;
  private final OrganizationTools organizations;
  private final OrganizationMembershipTools memberships;
  private final ExportFolder exports;

  public SecurityReport(
      UserTools users,
      OrganizationTools organizations,
      OrganizationMembershipTools memberships,
      ExportFolder exports) {
    this.users = users;
    this.organizations = organizations;
    this.memberships = memberships;
    this.exports = exports;
  }

  @Tool(name = "clerk_security_report", title = "Report on security", effect = READ)
  @Description(
      "Users without MFA, inactive, never signed in, unverified, banned, locked, without password"
          + " and SSO, or without organization; organizations by admins. Counts, then first rows.")
  public JsonNode report(
      SecurityQuestion question,
      @Arg("New file for all rows: x.csv or x.jsonl") @Nullable String export) {
    if (export == null) {
      return report(question, (ExportFile) null);
    }
    try (ExportFile file = exports.begin(export)) {
      ObjectNode answer = report(question, file);
      file.finish();
      return answer;
    }
  }

  private ObjectNode report(SecurityQuestion question, @Nullable ExportFile file) {
    ObjectNode answer = Json.object();
    Set<Finding> wanted = question.wanted();
    MembershipIndex census = null;
    if (wanted.stream().anyMatch(Finding::needsMemberships)) {
      MembershipIndex counted = new MembershipIndex();
      if (OrganizationsDisabled.read(
          () -> counted.readMemberships(page -> members(question, page)))) {
        census = counted;
      } else {
        wanted.removeIf(Finding::needsMemberships);
      }
    }
    Findings findings = new Findings(wanted, question.rowsOrDefault(), file);
    if (census != null && wanted.stream().anyMatch(Finding::needsOrganizations)) {
      checkOrganizations(question, census, findings);
      answer.put("organizations", census.organizations());
      answer.set("organizations_by_admins", census.organizationsByAdmins());
    }
    if (wanted.stream().anyMatch(Finding::needsUsers)) {
      Duration inactive = Duration.ofDays(question.inactiveDaysOrDefault());
      Instant activeSince = Invocation.current().now().minus(inactive);
      answer.put("users", checkUsers(question, new UserChecks(activeSince, census, findings)));
    }
    findings.addTo(answer);
    return answer;
  }

  private ListPage members(SecurityQuestion question, PageRequest page) {
    String organizationId = question.organizationId();
    if (organizationId == null) {
      return memberships.listAll(OLDEST_FIRST, page);
    }
    return memberships.list(organizationId, MembershipFilter.oldestFirst(), page);
  }

  private void checkOrganizations(
      SecurityQuestion question, MembershipIndex census, Findings findings) {
    int many = question.manyAdminsOrDefault();
    String organizationId = question.organizationId();
    if (organizationId != null) {
      census.check(organizations.get(organizationId, OrganizationExtras.NONE), many, findings);
      return;
    }
    Pages.forEach(
        "organizations",
        page -> organizations.list(OrganizationFilter.oldestFirst(), page),
        organization -> {
          census.check(organization, many, findings);
          return true;
        });
  }

  /** Checks the users, newest first, and returns how many were read. */
  private long checkUsers(SecurityQuestion question, UserChecks check) {
    PartialUpdate<UserFilter> filter = new PartialUpdate<>(question.userFilter());
    long total = users.count(filter).path("total_count").asLong();
    int most = question.maxUsersOrDefault();
    long[] read = {0};
    AtomicReference<JsonNode> last = new AtomicReference<>(Json.object());
    Pages.End end =
        Pages.read(
            "users",
            next -> page(filter, total, (int) Math.min(Pages.LARGEST, most - read[0]), next),
            page -> {
              page.forEach(check::check);
              read[0] += page.size();
              last.set(page.path(page.size() - 1));
              return read[0] < most;
            });
    if (end != Pages.End.LAST_PAGE && read[0] < total) {
      tellCut(read[0], total, last.get());
    }
    return read[0];
  }

  /** A cursor is cheaper for Clerk than an offset, and no row slides past it. */
  private ListPage page(PartialUpdate<UserFilter> filter, long total, int limit, ObjectNode next) {
    String cursor = next.path(CURSOR).asText(null);
    ArrayNode rows = users.list(filter, PageRequest.first(limit), UserOrder.after(cursor)).data();
    boolean more = rows.size() >= limit;
    return new ListPage(
        rows,
        total,
        more ? Json.object().put(CURSOR, rows.path(rows.size() - 1).path("id").asText()) : null);
  }

  private static void tellCut(long read, long total, JsonNode last) {
    Instant rest = Instant.ofEpochMilli(last.path("created_at").asLong() + 1);
    Invocation.current()
        .note(
            ("Only the newest %s of %s users were read (max_users). For the rest repeat the call"
                    + " with created_at_before: \"%s\", or narrow it to an organization_id.")
                .formatted(read, total, rest));
  }
}
