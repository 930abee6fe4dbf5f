package dev.clerkmcp.workflows.report;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Chunks;
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
import dev.clerkmcp.tools.InvitationTools;
import dev.clerkmcp.tools.InvitationTools.InvitationFilter;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationInvitationTools.AnyOrganizationInvitationFilter;
import dev.clerkmcp.tools.OrganizationTools;
import dev.clerkmcp.tools.OrganizationTools.OrganizationFilter;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.tools.UserTools.UserFilter;
import dev.clerkmcp.workflows.report.GrowthPeriods.Period;
import dev.clerkmcp.workflows.support.PartialFetch;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts sign-ups, active users, accepted invitations and new organizations by period. */
@ToolGroup(id = "workflows")
public final class GrowthReport {
  /** The number of periods that are counted at the same time, with two requests each. */
  private static final int AT_ONCE = 4;

  /** An invitation can be accepted for at most 365 days. */
  private static final Duration INVITATION_LIFE = Duration.ofDays(366);

  private static final String LIMITS =
      "active counts users by their last activity, of which Clerk keeps no history: who came in"
          + " several periods counts in the last alone, so earlier ones look emptier than they"
          + " were. Accepted invitations count by their last change (updated_at), as Clerk keeps no"
          + " time of acceptance. What was deleted counts nowhere.";

  private final UserTools users;
  private final OrganizationTools organizations;
  private final InvitationTools invitations;
  private final OrganizationInvitationTools organizationInvitations;

  public GrowthReport(
      UserTools users,
      OrganizationTools organizations,
      InvitationTools invitations,
      OrganizationInvitationTools organizationInvitations) {
    this.users = users;
    this.organizations = organizations;
    this.invitations = invitations;
    this.organizationInvitations = organizationInvitations;
  }

  @Tool(name = "clerk_growth_report", title = "Report on growth", effect = READ)
  @Description(
      "Sign-ups, active users, accepted invitations and new organizations, by day, week or month in"
          + " UTC, with totals.")
  public JsonNode report(
      @Time @Arg("Default: 12 periods back") @Nullable Long from,
      @Time @Arg("Default: now") @Nullable Long to,
      @Arg("Default week") @Nullable GrowthInterval interval) {
    GrowthInterval by = interval == null ? GrowthInterval.WEEK : interval;
    GrowthPeriods periods =
        new GrowthPeriods(moment(from), moment(to), by, Invocation.current().now());
    List<ObjectNode> rows = new ArrayList<>();
    for (Period period : periods.all()) {
      rows.add(Json.object().put("period", period.day().toString()));
    }
    countUsers(periods.all(), rows);
    Instant sentSince = periods.start().minus(INVITATION_LIFE);
    count(
        new Count("invitations_accepted", "updated_at", "invitations", sentSince),
        page -> invitations.list(InvitationFilter.accepted(), page),
        periods,
        rows);
    boolean unused =
        PartialFetch.readOrganizations(() -> countOrganizations(periods, rows, sentSince));
    for (int i = 0; i < rows.size(); i++) {
      if (periods.all().get(i).partial()) {
        rows.get(i).put("partial", true);
      }
    }
    Invocation.current().note(LIMITS);
    return answer(periods, by, rows);
  }

  private void countOrganizations(GrowthPeriods periods, List<ObjectNode> rows, Instant sentSince) {
    count(
        new Count("organizations_created", "created_at", "organizations", periods.start()),
        page -> organizations.list(OrganizationFilter.newestFirst(), page),
        periods,
        rows);
    count(
        new Count("org_invitations_accepted", "updated_at", "organization invitations", sentSince),
        page -> organizationInvitations.listAll(AnyOrganizationInvitationFilter.accepted(), page),
        periods,
        rows);
  }

  private void countUsers(List<Period> periods, List<ObjectNode> rows) {
    int done = 0;
    for (List<Period> chunk : Chunks.of(periods, AT_ONCE)) {
      Invocation.current().checkCancelled();
      List<Supplier<Long>> signUps = new ArrayList<>();
      List<Supplier<Long>> active = new ArrayList<>();
      for (Period period : chunk) {
        signUps.add(counted("created_at", period));
        active.add(counted("last_active_at", period));
      }
      for (int i = 0; i < chunk.size(); i++) {
        ObjectNode row = rows.get(done++);
        row.put("sign_ups", signUps.get(i).get()).put("active", active.get(i).get());
      }
      Invocation.current().doing("Counted %s of %s periods".formatted(done, periods.size()));
    }
  }

  /** Clerk's "after" and "before" both exclude the given millisecond. */
  private Supplier<Long> counted(String time, Period period) {
    ObjectNode filter = Json.object();
    filter.put(time + "_after", period.start().toEpochMilli() - 1);
    filter.put(time + "_before", period.end().toEpochMilli());
    return Invocation.current()
        .fork(
            () -> users.count(new PartialUpdate<UserFilter>(filter)).path("total_count").asLong());
  }

  private static void count(
      Count count,
      Function<PageRequest, ListPage> list,
      GrowthPeriods periods,
      List<ObjectNode> rows) {
    long[] numbers = new long[rows.size()];
    Pages.forEach(
        count.what(),
        list,
        item -> {
          int period = periods.find(item.path(count.time()).asLong());
          if (period >= 0) {
            numbers[period]++;
          }
          return item.path("created_at").asLong() >= count.since().toEpochMilli();
        });
    for (int i = 0; i < numbers.length; i++) {
      rows.get(i).put(count.name(), numbers[i]);
    }
  }

  private static ObjectNode answer(
      GrowthPeriods periods, GrowthInterval by, List<ObjectNode> rows) {
    ObjectNode answer = Json.object();
    answer.put("from", IsoTime.of(periods.start()));
    answer.put("to", IsoTime.of(periods.end()));
    answer.put("interval", by.name().toLowerCase(Locale.ROOT));
    ObjectNode totals = answer.putObject("totals");
    ArrayNode list = answer.putArray("rows");
    for (ObjectNode row : rows) {
      list.add(row);
      for (Map.Entry<String, JsonNode> number : row.properties()) {
        if (number.getValue().isNumber()) {
          long before = totals.path(number.getKey()).asLong();
          totals.put(number.getKey(), before + number.getValue().asLong());
        }
      }
    }
    return answer;
  }

  private static @Nullable Instant moment(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  /**
   * A number that is counted by reading a list, newest first.
   *
   * @param name the name of the number in the answer
   * @param time the field with the time by which an item counts
   * @param what the name of the items, for the progress
   * @param since reading stops at the first item that was created earlier
   */
  private record Count(String name, String time, String what, Instant since) {}

  /** The calendar period of a row. A week begins on Monday. */
  public enum GrowthInterval {
    @JsonProperty("day")
    DAY(ChronoUnit.DAYS),
    @JsonProperty("week")
    WEEK(ChronoUnit.WEEKS),
    @JsonProperty("month")
    MONTH(ChronoUnit.MONTHS);

    private final ChronoUnit unit;

    GrowthInterval(ChronoUnit unit) {
      this.unit = unit;
    }

    ChronoUnit unit() {
      return unit;
    }

    /** The first day of the period that contains a day. */
    LocalDate first(LocalDate day) {
      return switch (this) {
        case DAY -> day;
        case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        case MONTH -> day.withDayOfMonth(1);
      };
    }
  }
}
