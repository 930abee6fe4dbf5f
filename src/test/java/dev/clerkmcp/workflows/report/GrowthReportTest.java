package dev.clerkmcp.workflows.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.TokenEstimate;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the growth report against the sandbox's data, and with failures of Clerk. */
final class GrowthReportTest {
  private static final String TOOL = "clerk_growth_report";
  private static final Instant NOW = Instant.parse("2026-06-01T10:00:00Z");

  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.seeded(1, 120));
  private final Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
  @TempDir private Path folder;

  @Test
  void numbersMatchTheInstance() {
    accept(ObjectKind.INVITATION, Instant.parse("2026-03-31T23:59:59Z"));
    accept(ObjectKind.ORGANIZATION_INVITATION, Instant.parse("2026-04-01T00:00:00Z"));
    JsonNode answer = answer("{'from':'2025-01-01','interval':'month'}");
    assertThat(answer.path("rows")).hasSize(18);
    for (JsonNode row : answer.path("rows")) {
      YearMonth month = YearMonth.from(LocalDate.parse(row.path("period").asText()));
      assertThat(row.path("sign_ups").asLong())
          .as("%s", month)
          .isEqualTo(expected("/users?limit=500", "created_at", month));
      assertThat(row.path("active").asLong())
          .as("%s", month)
          .isEqualTo(expected("/users?limit=500", "last_active_at", month));
      assertThat(row.path("organizations_created").asLong())
          .as("%s", month)
          .isEqualTo(expected("/organizations?limit=500", "created_at", month));
      assertThat(row.path("invitations_accepted").asLong())
          .as("%s", month)
          .isEqualTo(expected("/invitations?status=accepted&limit=500", "updated_at", month));
      assertThat(row.path("org_invitations_accepted").asLong())
          .as("%s", month)
          .isEqualTo(
              expected("/organization_invitations?status=accepted&limit=500", "updated_at", month));
    }
    assertThat(row(answer, "2026-03-01").path("invitations_accepted").asInt()).isPositive();
    assertThat(row(answer, "2026-03-01").path("org_invitations_accepted").asInt()).isZero();
    assertThat(row(answer, "2026-04-01").path("org_invitations_accepted").asInt()).isEqualTo(1);
  }

  @Test
  void totalsAreSumsOfAllRows() {
    JsonNode answer = answer("{'from':'2024-01-01','interval':'month'}");
    for (String number : List.of("sign_ups", "active", "organizations_created")) {
      long sum = 0;
      for (JsonNode row : answer.path("rows")) {
        sum += row.path(number).asLong();
      }
      assertThat(answer.at("/totals/" + number).asLong()).isEqualTo(sum);
    }
    assertThat(answer.at("/totals/sign_ups").asInt()).isEqualTo(120);
    assertThat(answer.at("/totals/active").asInt()).isEqualTo(110); // ten never signed in
    assertThat(answer.at("/totals/organizations_created").asInt()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'from':'2026-05-29' | 2026-05-29..2026-06-01 | day | 2026-05-29 2026-05-30 2026-05-31 2026-06-01*",
        "'from':'2026-05-04','to':'2026-05-18' | 2026-05-04..2026-05-18 | week | 2026-05-04 2026-05-11",
        "'from':'2026-05-06','to':'2026-05-18' | 2026-05-06..2026-05-18 | week | 2026-05-04* 2026-05-11",
        "'from':'2025-12-15','to':'2026-02-01' | 2025-12-15..2026-02-01 | month | 2025-12-01* 2026-01-01",
        "'to':'2024-03-01' | 2023-03-01..2024-03-01 | month | 2023-03-01 2023-04-01 2023-05-01 2023-06-01 2023-07-01 2023-08-01 2023-09-01 2023-10-01 2023-11-01 2023-12-01 2024-01-01 2024-02-01",
        "'from':'2026-05-30','to':'2030-01-01' | 2026-05-30..2026-06-01 | week | 2026-05-25* 2026-06-01*"
      })
  void periodsFollowTheCalendar(String given, String span, String interval, String periods) {
    JsonNode answer = answer("{%s,'interval':'%s'}".formatted(given, interval));
    List<String> shown = new ArrayList<>();
    for (JsonNode row : answer.path("rows")) {
      shown.add(row.path("period").asText() + (row.path("partial").asBoolean() ? "*" : ""));
    }
    assertThat(String.join(" ", shown)).isEqualTo(periods);
    assertThat(answer.path("from").asText().substring(0, 10))
        .isEqualTo(span.substring(0, span.indexOf('.')));
    assertThat(answer.path("to").asText().substring(0, 10))
        .isEqualTo(span.substring(span.lastIndexOf('.') + 1));
    assertThat(answer.path("interval").asText()).isEqualTo(interval);
  }

  @Test
  void twelveWeeksAreCountedByDefault() {
    JsonNode answer = answer("{}");
    assertThat(answer.path("rows")).hasSize(12);
    assertThat(answer.path("interval").asText()).isEqualTo("week");
    assertThat(answer.path("from").asText()).isEqualTo("2026-03-16T00:00:00Z");
    assertThat(answer.path("to").asText()).isEqualTo("2026-06-01T10:00:00Z");
  }

  /** An event on the boundary of two periods belongs to the later one. */
  @Test
  void timeOnPeriodBoundaryIsCountedOnce() {
    String id =
        clerk
            .sandbox()
            .ok(
                "POST /users",
                "{'email_address':['m@example.com'],'skip_password_requirement':true,"
                    + "'created_at':'2026-05-12T00:00:00Z'}")
            .path("id")
            .asText();
    assertThat(clerk.sandbox().ok("GET /users/" + id).path("created_at").asLong())
        .isEqualTo(Instant.parse("2026-05-12T00:00:00Z").toEpochMilli());
    JsonNode with = answer("{'from':'2026-05-11','to':'2026-05-13','interval':'day'}");
    assertThat(clerk.sandbox().ok("DELETE /users/" + id).path("deleted").asBoolean()).isTrue();
    JsonNode without = answer("{'from':'2026-05-11','to':'2026-05-13','interval':'day'}");
    assertThat(with.at("/rows/0/sign_ups")).isEqualTo(without.at("/rows/0/sign_ups"));
    assertThat(with.at("/rows/1/sign_ups").asInt())
        .isEqualTo(without.at("/rows/1/sign_ups").asInt() + 1);
  }

  /** Clerk's clock can be ahead of this computer's. */
  @Test
  void lastPeriodIncludesTimesAheadOfThisClock() {
    String body = "{'email_address':['m@example.com'],'skip_password_requirement':true}";
    long before = answer("{}").at("/rows/11/sign_ups").asLong();
    JsonNode user = clerk.sandbox().ok("POST /users", body);
    clerk
        .sandbox()
        .store()
        .table(ObjectKind.USER)
        .change(user.path("id").asText(), row -> row.put("created_at", NOW.toEpochMilli() + 1000));
    assertThat(answer("{}").at("/rows/11/sign_ups").asLong()).isEqualTo(before + 1);
    assertThat(answer("{'to':'2026-06-01T09:59:59Z'}").at("/rows/11/sign_ups").asLong())
        .isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'from':'2026-01-01','interval':'day'} | interval | gives 152 periods, and at most 100",
        "{'from':'2026-02-01','to':'2026-02-01'} | from | must lie before the end, which is 2026-02-01T00:00:00Z",
        "{'from':'2027-01-01'} | from | must lie before the end, which is 2026-06-01T10:00:00Z",
        "{'interval':'year'} | interval | day"
      })
  void impossibleTimeIsRefusedBeforeAnythingIsRead(String given, String argument, String problem) {
    ToolResult result = call(given);
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("\"name\":\"" + argument + "\"", problem);
    assertThat(clerk.requests()).isEmpty();
  }

  @Test
  void hundredPeriodsAreCounted() {
    JsonNode answer = answer("{'from':'2026-02-22','interval':'day'}");
    assertThat(answer.path("rows")).hasSize(100);
    assertThat(TokenEstimate.of(answer.toString())).isLessThan(6_000);
  }

  /** Invitations last a year at most, so that older ones need not be read. */
  @Test
  void readingEndsAfterThePeriod() {
    clerk.answerWith(
        request ->
            request.startsWith("GET /invitations")
                ? invitations(
                    request.contains("offset=")
                        ? Integer.parseInt(request.replaceAll(".*offset=", ""))
                        : 0)
                : null);
    JsonNode answer = answer("{'from':'2026-05-01','to':'2026-06-01','interval':'month'}");
    assertThat(answer.at("/totals/invitations_accepted").asInt()).isEqualTo(31 * 2);
    assertThat(clerk.requests().stream().filter(request -> request.startsWith("GET /invitations")))
        .hasSize(2)
        .allMatch(request -> request.contains("status=accepted"));
  }

  /** Two invitations a day, newest first, each accepted on its day; the second page is the last. */
  private static FakeClerk.Answer invitations(int offset) {
    ArrayNode rows = Json.array();
    for (int i = offset; i < offset + 500; i++) {
      long sent = NOW.toEpochMilli() - (i / 2 + 1) * 86_400_000L;
      ObjectNode row = Json.object().put("id", "inv_" + i);
      rows.add(row.put("created_at", sent).put("updated_at", sent));
    }
    ObjectNode page = Json.object().put("total_count", 5000);
    page.set("data", rows);
    return new FakeClerk.Answer(200, page.toString());
  }

  @Test
  void notesStateTheLimitsOfTheNumbers() {
    assertThat(call("{}").notes())
        .singleElement()
        .asString()
        .contains("last activity", "updated_at", "deleted");
  }

  @Test
  void cancellationReadsNothingMore() {
    int[] counts = {0};
    clerk.answerWith(
        request -> {
          if (request.startsWith("GET /users/count") && ++counts[0] == 10) {
            invocation.cancel();
          }
          return null;
        });
    assertThatThrownBy(() -> call("{}")).isInstanceOf(CancellationException.class);
    assertThat(clerk.requests()).hasSize(10);
  }

  @ParameterizedTest
  @CsvSource({"GET /users/count", "GET /invitations", "GET /organization_invitations"})
  void rateLimitDuringReadingIsClerksError(String request) {
    clerk.refuse(request, 429, "too_many_requests");
    ToolResult result = call("{}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("429", "too_many_requests");
  }

  @Test
  void emptyInstanceHasZeros() {
    SandboxClerk empty = new SandboxClerk();
    JsonNode answer = ToolCaller.json(empty.call(TOOL, "{}"));
    assertThat(answer.path("totals"))
        .hasToString(
            "{\"sign_ups\":0,\"active\":0,\"invitations_accepted\":0,"
                + "\"organizations_created\":0,\"org_invitations_accepted\":0}");
  }

  @Test
  void instanceWithoutOrganizationsIsReported() {
    clerk.refuse("GET /organizations", 403, "organization_not_enabled_in_instance");
    ToolResult result = call("{}");
    assertThat(ToolCaller.json(result).path("totals").fieldNames())
        .toIterable()
        .containsExactly("sign_ups", "active", "invitations_accepted");
    assertThat(result.notes())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("Organizations are disabled");
  }

  /** Creates an invitation that was accepted at the given time. */
  private void accept(ObjectKind kind, Instant time) {
    var table = clerk.sandbox().store().table(kind);
    ObjectNode row = table.stream().findFirst().orElseThrow();
    table.change(
        row.path("id").asText(),
        invitation -> invitation.put("status", "accepted").put("updated_at", time.toEpochMilli()));
  }

  private long expected(String list, String field, YearMonth month) {
    JsonNode answer = clerk.sandbox().ok("GET " + list);
    long count = 0;
    for (JsonNode row : answer.isArray() ? answer : answer.path("data")) {
      JsonNode time = row.path(field);
      count +=
          time.isNumber()
                  && YearMonth.from(Instant.ofEpochMilli(time.asLong()).atZone(ZoneOffset.UTC))
                      .equals(month)
              ? 1
              : 0;
    }
    return count;
  }

  private static JsonNode row(JsonNode answer, String period) {
    for (JsonNode row : answer.path("rows")) {
      if (row.path("period").asText().equals(period)) {
        return row;
      }
    }
    throw new AssertionError(answer.toString());
  }

  private JsonNode answer(String arguments) {
    ToolResult result = call(arguments);
    assertThat(result.isError()).as(result.json()).isFalse();
    return ToolCaller.json(result);
  }

  private ToolResult call(String arguments) {
    return clerk.call(clerk.tools(NOW, folder, Map.of()), TOOL, arguments, invocation);
  }
}
