package dev.clerkmcp.workflows.report;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.MembershipIndex;
import dev.clerkmcp.export.ExportFile;
import dev.clerkmcp.export.ExportFolder;
import dev.clerkmcp.json.IsoTime;
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
import dev.clerkmcp.registry.argument.Time;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationMembershipTools.MembershipFilter;
import dev.clerkmcp.tools.OrganizationTools;
import dev.clerkmcp.tools.OrganizationTools.OrganizationExtras;
import dev.clerkmcp.tools.OrganizationTools.OrganizationFilter;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.tools.UserTools.UserFilter;
import dev.clerkmcp.tools.UserTools.UserOrder;
import dev.clerkmcp.workflows.support.MembershipReader;
import dev.clerkmcp.workflows.support.PartialFetch;
import dev.clerkmcp.workflows.support.UserTotal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reports users with weak or unused access, and organizations with too few or too many admins. */
@ToolGroup(id = "workflows")
public final class SecurityReport {
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
    MembershipIndex index = null;
    if (wanted.stream().anyMatch(Finding::needsMemberships)) {
      @Nullable MembershipIndex[] read = {null};
      if (PartialFetch.readOrganizations(() -> read[0] = memberships(question))) {
        index = read[0];
      } else {
        wanted.removeIf(Finding::needsMemberships);
      }
    }
    Findings findings = new Findings(wanted, question.rowsOrDefault(), file);
    if (index != null && wanted.stream().anyMatch(Finding::needsOrganizations)) {
      OrganizationChecks checks =
          new OrganizationChecks(index, question.manyAdminsOrDefault(), findings);
      checkOrganizations(question, checks);
      checks.addTo(answer);
      if (wanted.contains(Finding.MANY_ADMINS)) {
        answer.put("many_admins_from", question.manyAdminsOrDefault());
      }
    }
    if (wanted.stream().anyMatch(Finding::needsUsers)) {
      Duration inactive = Duration.ofDays(question.inactiveDaysOrDefault());
      Instant activeSince = Invocation.current().now().minus(inactive);
      answer.put("users", checkUsers(question, new UserChecks(activeSince, index, findings)));
      if (wanted.contains(Finding.INACTIVE)) {
        answer.put("inactive_since", IsoTime.of(activeSince));
      }
    }
    findings.addTo(answer, question);
    return answer;
  }

  private MembershipIndex memberships(SecurityQuestion question) {
    String organizationId = question.organizationId();
    return organizationId == null
        ? new MembershipReader(memberships).readAll()
        : MembershipReader.read(
            page -> memberships.list(organizationId, MembershipFilter.oldestFirst(), page));
  }

  private void checkOrganizations(SecurityQuestion question, OrganizationChecks checks) {
    String organizationId = question.organizationId();
    if (organizationId != null) {
      checks.check(organizations.get(organizationId, OrganizationExtras.NONE));
      return;
    }
    Pages.forEach(
        "organizations",
        page -> organizations.list(OrganizationFilter.oldestFirst(), page),
        organization -> {
          checks.check(organization);
          return true;
        });
  }

  /** Checks the users, newest first, and returns how many were read. */
  private long checkUsers(SecurityQuestion question, UserChecks check) {
    PartialUpdate<UserFilter> filter = new PartialUpdate<>(question.userFilter());
    Long total = UserTotal.begin(users, filter).find();
    int most = question.maxUsersOrDefault();
    long[] read = {0};
    JsonNode[] last = {Json.object()};
    Pages.End end =
        Pages.read(
            "users",
            next -> page(filter, total, (int) Math.min(Pages.LARGEST, most - read[0]), next),
            page -> {
              page.forEach(check::check);
              read[0] += page.size();
              last[0] = page.path(page.size() - 1);
              return read[0] < most;
            });
    if (end != Pages.End.LAST_PAGE && (total == null || read[0] < total)) {
      tellCut(read[0], total, last[0]);
    }
    return read[0];
  }

  private ListPage page(
      PartialUpdate<UserFilter> filter, @Nullable Long total, int limit, ObjectNode next) {
    ArrayNode rows = users.list(filter, PageRequest.first(limit), UserOrder.from(next)).data();
    return new ListPage(rows, total, rows.size() >= limit ? UserOrder.next(rows) : null);
  }

  private static void tellCut(long read, @Nullable Long total, JsonNode last) {
    Instant rest = Instant.ofEpochMilli(last.path("created_at").asLong() + 1);
    Invocation.current()
        .note(
            ("Only the newest %s of %s users were read (max_users). For the rest repeat the call"
                    + " with created_at_before: \"%s\", or narrow it to an organization_id.")
                .formatted(read, total == null ? "an unknown number of" : total, rest));
  }

  /** What a security report covers. */
  public record SecurityQuestion(
      @Arg(value = "Default 90", min = 1, max = 3650) @Nullable Integer inactiveDays,
      @Arg("Only it and its members (org_...)") @Nullable String organizationId,
      @Time @Arg("Only users since (time)") @Nullable Long createdAtAfter,
      @Time @Arg("Only users until (time)") @Nullable Long createdAtBefore,
      @Arg(value = "Default: all", max = 12) @Nullable List<Finding> findings,
      @Arg(value = "Too many admins from; default 5", min = 2, max = 1000)
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

    /**
     * The findings to look for. In a report about one organization, no user is without one, so that
     * finding is left out.
     */
    Set<Finding> wanted() {
      Set<Finding> wanted =
          findings == null || findings.isEmpty() ? Finding.all() : EnumSet.copyOf(findings);
      if (organizationId != null) {
        wanted.remove(Finding.NO_ORGANIZATION);
      }
      return wanted;
    }

    /** The filter for the users that the report covers. */
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

  /** A problem that a security report looks for. */
  public enum Finding {
    @JsonProperty("no_mfa")
    NO_MFA(About.USER),
    @JsonProperty("admin_no_mfa")
    ADMIN_NO_MFA(About.MEMBER),
    @JsonProperty("inactive")
    INACTIVE(About.USER),
    @JsonProperty("never_signed_in")
    NEVER_SIGNED_IN(About.USER),
    @JsonProperty("unverified_email")
    UNVERIFIED_EMAIL(About.USER),
    @JsonProperty("banned")
    BANNED(About.USER),
    @JsonProperty("locked")
    LOCKED(About.USER),
    @JsonProperty("no_password_or_sso")
    NO_PASSWORD_OR_SSO(About.USER),
    @JsonProperty("no_organization")
    NO_ORGANIZATION(About.MEMBER),
    @JsonProperty("without_admin")
    WITHOUT_ADMIN(About.ORGANIZATION),
    @JsonProperty("one_admin")
    ONE_ADMIN(About.ORGANIZATION),
    @JsonProperty("many_admins")
    MANY_ADMINS(About.ORGANIZATION);

    private final About about;

    Finding(About about) {
      this.about = about;
    }

    /** The tool that lists all rows of the finding. */
    String list() {
      return about == About.ORGANIZATION ? "clerk_organizations_list" : "clerk_users_list";
    }

    /** The conditions with which that tool lists them. */
    List<String> where(SecurityQuestion question) {
      return switch (this) {
        case NO_MFA -> List.of("!mfa");
        case ADMIN_NO_MFA -> List.of("!mfa", "admin_of >= 1");
        case INACTIVE ->
            List.of(
                "!never_signed_in",
                "last_seen_at < %sd ago".formatted(question.inactiveDaysOrDefault()));
        case NEVER_SIGNED_IN, UNVERIFIED_EMAIL, BANNED, LOCKED -> List.of(word());
        case NO_PASSWORD_OR_SSO -> List.of("no_password", "!sso", "!connected_account");
        case NO_ORGANIZATION -> List.of("organizations = 0");
        case WITHOUT_ADMIN -> List.of("admins = 0");
        case ONE_ADMIN -> List.of("admins = 1");
        case MANY_ADMINS -> List.of("admins >= " + question.manyAdminsOrDefault());
      };
    }

    /** The name of the finding in JSON. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it needs the users. */
    boolean needsUsers() {
      return about != About.ORGANIZATION;
    }

    /** Whether it needs the memberships. */
    boolean needsMemberships() {
      return about != About.USER;
    }

    /** Whether it needs the organizations. */
    boolean needsOrganizations() {
      return about == About.ORGANIZATION;
    }

    static Set<Finding> all() {
      return EnumSet.allOf(Finding.class);
    }

    private enum About {
      USER,
      /** A user as a member of organizations. */
      MEMBER,
      ORGANIZATION
    }
  }
}
