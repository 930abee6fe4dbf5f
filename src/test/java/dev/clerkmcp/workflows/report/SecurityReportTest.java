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
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the security report against the sandbox's data, and with failures of Clerk. */
final class SecurityReportTest {
  private static final String TOOL = "clerk_security_report";
  private static final Instant NOW = Instant.parse("2026-06-01T09:00:00Z");
  private static final List<String> USER_FINDINGS =
      List.of(
          "no_mfa",
          "admin_no_mfa",
          "inactive",
          "never_signed_in",
          "unverified_email",
          "banned",
          "locked",
          "no_password_or_sso",
          "no_organization");

  private final SandboxClerk clerk = new SandboxClerk(SandboxCalls.seeded(1, 120));
  private final Map<String, Set<String>> adminsByOrganization = new HashMap<>();
  private final Set<String> members = new HashSet<>();
  @TempDir private Path folder;

  /** Expected numbers, counted from Clerk's lists without the report's code. */
  private Map<String, Predicate<JsonNode>> rules() {
    for (JsonNode organization : clerk.sandbox().ok("GET /organizations?limit=500").path("data")) {
      String id = organization.path("id").asText();
      Set<String> admins = adminsByOrganization.computeIfAbsent(id, unused -> new HashSet<>());
      for (JsonNode membership :
          clerk.sandbox().ok("GET /organizations/" + id + "/memberships?limit=500").path("data")) {
        String user = membership.at("/public_user_data/user_id").asText();
        members.add(user);
        if (membership.path("role").asText().equals("org:admin")) {
          admins.add(user);
        }
      }
    }
    long before = NOW.minus(Duration.ofDays(90)).toEpochMilli();
    return Map.of(
        "no_mfa", user -> !user.path("two_factor_enabled").asBoolean(),
        "admin_no_mfa",
            user -> !user.path("two_factor_enabled").asBoolean() && isAdmin(user.path("id")),
        "inactive",
            user ->
                user.path("last_sign_in_at").isNumber()
                    && user.path("last_sign_in_at").asLong() < before
                    && user.path("last_active_at").asLong() < before,
        "never_signed_in", user -> user.path("last_sign_in_at").isNull(),
        "unverified_email",
            user -> !user.at("/email_addresses/0/verification/status").asText().equals("verified"),
        "banned", user -> user.path("banned").asBoolean(),
        "locked", user -> user.path("locked").asBoolean(),
        "no_password_or_sso",
            user ->
                !user.path("password_enabled").asBoolean()
                    && user.path("external_accounts").isEmpty()
                    && user.path("enterprise_accounts").isEmpty(),
        "no_organization", user -> !members.contains(user.path("id").asText()));
  }

  private boolean isAdmin(JsonNode id) {
    return adminsByOrganization.values().stream().anyMatch(ids -> ids.contains(id.asText()));
  }

  @Test
  void numbersMatchTheInstance() {
    Map<String, Predicate<JsonNode>> rules = rules();
    JsonNode users = clerk.sandbox().ok("GET /users?limit=500");
    JsonNode answer = answer("{}");
    assertThat(answer.path("users").asInt()).isEqualTo(users.size()).isEqualTo(120);
    for (String finding : USER_FINDINGS) {
      Predicate<JsonNode> rule = Objects.requireNonNull(rules.get(finding));
      List<String> ids = new ArrayList<>();
      users.forEach(
          user -> {
            if (rule.test(user)) {
              ids.add(user.path("id").asText());
            }
          });
      assertThat(answer.at("/counts/" + finding).asInt()).as(finding).isEqualTo(ids.size());
      assertThat(answer.at("/first/" + finding).findValuesAsText("id"))
          .as(finding)
          .isEqualTo(ids.subList(0, Math.min(5, ids.size())));
    }
    assertThat(answer.path("organizations").asInt()).isEqualTo(6);
    assertThat(answer.path("organizations_by_admins"))
        .hasToString("{\"0\":1,\"1\":3,\"2\":1,\"3\":1}");
    assertThat(adminsByOrganization.values().stream().filter(ids -> ids.size() == 1)).hasSize(3);
    assertThat(answer.at("/counts/without_admin").asInt()).isEqualTo(1);
    assertThat(answer.at("/counts/one_admin").asInt()).isEqualTo(3);
    assertThat(answer.at("/counts/many_admins").asInt()).isZero();
    assertThat(answer.at("/first/without_admin/0/name").asText()).isEqualTo("Quiet Orbit");
    assertThat(answer.at("/first/without_admin/0/members").asInt()).isEqualTo(3);
  }

  /** The exact numbers of one seed, in case the report and the test miscount alike. */
  @Test
  void numbersAreExact() {
    assertThat(answer("{}").path("counts"))
        .hasToString(
            "{\"no_mfa\":96,\"admin_no_mfa\":7,\"inactive\":26,\"never_signed_in\":10,"
                + "\"unverified_email\":6,\"banned\":4,\"locked\":3,\"no_password_or_sso\":0,"
                + "\"no_organization\":56,\"without_admin\":1,\"one_admin\":3,\"many_admins\":0}");
  }

  @Test
  void answerIsSmall() {
    ToolResult result = call("{}");
    assertThat(ToolCaller.tokens(result)).isLessThan(4_000);
    assertThat(result.json()).doesNotContain("\"object\"", "image_url", "null");
    assertThat(result.notes()).isEmpty();
  }

  @Test
  void rowHasUserAndFinding() {
    JsonNode first = answer("{'rows':1}").path("first");
    assertThat(first.at("/inactive/0").fieldNames())
        .toIterable()
        .containsExactly("id", "name", "email", "last_active_at");
    assertThat(first.at("/inactive/0/last_active_at").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(first.at("/never_signed_in/0").has("created_at")).isTrue();
    assertThat(first.at("/admin_no_mfa/0/admin_of").asInt()).isEqualTo(1);
    first.forEach(rows -> assertThat(rows).hasSize(1));
  }

  @Test
  void rowHasRemainingLockTimeAndSignInMethods() {
    clerk.answerWith(
        request ->
            request.startsWith("GET /users?")
                ? new FakeClerk.Answer(
                    200,
                    "[{\"id\":\"user_1\",\"username\":\"ada\",\"locked\":true,\"password_enabled\":false,"
                        + "\"passkeys\":[{}],\"lockout_expires_in_seconds\":3600}]")
                : null);
    assertThat(answer("{'findings':['locked','no_password_or_sso']}").path("first"))
        .hasToString(
            "{\"locked\":[{\"id\":\"user_1\",\"username\":\"ada\",\"unlocks_in_seconds\":3600}],"
                + "\"no_password_or_sso\":[{\"id\":\"user_1\",\"username\":\"ada\",\"passkeys\":1}]}");
  }

  /** A user who signs in only with email codes; a Google account ends the finding. */
  @ParameterizedTest
  @CsvSource({
    "'', 1",
    "external_accounts, 0",
    "enterprise_accounts, 0",
    "saml_accounts, 0",
    "passkeys, 1"
  })
  void connectedAccountIsASignInMethod(String accounts, int expected) {
    ObjectNode user = Json.object().put("id", "user_1").put("password_enabled", false);
    user.putArray(accounts).addObject();
    clerk.answerWith(
        request ->
            request.startsWith("GET /users?")
                ? new FakeClerk.Answer(200, Json.array().add(user).toString())
                : null);
    JsonNode answer = answer("{'findings':['no_password_or_sso']}");
    assertThat(answer.at("/counts/no_password_or_sso").asInt()).isEqualTo(expected);
  }

  /** The company signs such a user in, also before the first time. */
  @ParameterizedTest
  @CsvSource({"true, 0", "false, 1"})
  void companySsoIsASignInMethod(boolean matches, int expected) {
    ObjectNode user = Json.object().put("id", "user_1").put("password_enabled", false);
    user.putArray("email_addresses").addObject().put("matches_sso_connection", matches);
    clerk.answerWith(
        request ->
            request.startsWith("GET /users?")
                ? new FakeClerk.Answer(200, Json.array().add(user).toString())
                : null);
    JsonNode answer = answer("{'findings':['no_password_or_sso']}");
    assertThat(answer.at("/counts/no_password_or_sso").asInt()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1", "30", "365"})
  void inactivityCountsFromTheInstanceClock(int days) {
    long before = NOW.minus(Duration.ofDays(days)).toEpochMilli();
    long expected = 0;
    for (JsonNode user : clerk.sandbox().ok("GET /users?limit=500")) {
      long seen =
          Math.max(user.path("last_sign_in_at").asLong(), user.path("last_active_at").asLong());
      expected += seen > 0 && seen < before ? 1 : 0;
    }
    JsonNode answer = answer("{'inactive_days':%s,'findings':['inactive']}".formatted(days));
    assertThat(answer.path("counts")).hasToString("{\"inactive\":%s}".formatted(expected));
    assertThat(expected).isPositive();
  }

  @Test
  void organizationLimitsReportToMembers() {
    JsonNode organization =
        clerk.sandbox().ok("GET /organizations?query=kissa-midori").path("data").path(0);
    String id = organization.path("id").asText();
    JsonNode answer = answer("{'organization_id':'%s'}".formatted(id));
    assertThat(answer.path("users").asInt()).isEqualTo(6);
    assertThat(answer.path("organizations_by_admins")).hasToString("{\"1\":1}");
    assertThat(answer.path("counts").has("no_organization")).isFalse();
    assertThat(answer.at("/first/one_admin/0"))
        .hasToString("{\"id\":\"%s\",\"name\":\"喫茶みどり\",\"members\":6,\"admins\":1}".formatted(id));
    Set<String> ids = new HashSet<>();
    for (JsonNode membership :
        clerk.sandbox().ok("GET /organizations/" + id + "/memberships?limit=500").path("data")) {
      ids.add(membership.at("/public_user_data/user_id").asText());
    }
    assertThat(ids).containsAll(answer.at("/first/no_mfa").findValuesAsText("id"));
  }

  /** An instance can have its own roles that manage members. */
  @Test
  void roleThatManagesMembersIsAdmin() {
    clerk.answer(
        "GET /organization_memberships",
        new FakeClerk.Answer(
            200,
            "{\"data\":[{\"id\":\"orgmem_1\",\"role\":\"org:owner\","
                + "\"permissions\":[\"org:sys_memberships:manage\"],"
                + "\"organization\":{\"id\":\"org_1\"},\"public_user_data\":{\"user_id\":\"u\"}}],"
                + "\"total_count\":1}"));
    clerk.answer(
        "GET /organizations",
        new FakeClerk.Answer(
            200, "{\"data\":[{\"id\":\"org_1\",\"name\":\"Acme\"}],\"total_count\":1}"));
    JsonNode answer = answer("{'findings':['without_admin','one_admin']}");
    assertThat(answer.path("counts")).hasToString("{\"without_admin\":0,\"one_admin\":1}");
  }

  /** A number alone would not say what it counts. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'rows':0} | 2026-03-03T09:00:00Z | 5",
        "{'inactive_days':30,'many_admins':2} | 2026-05-02T09:00:00Z | 2",
        "{'findings':['inactive'],'rows':0} | 2026-03-03T09:00:00Z | ''",
        "{'findings':['many_admins'],'rows':0} | '' | 5",
        "{'findings':['banned','one_admin']} | '' | ''",
      })
  void thresholdsAreTold(String arguments, String inactiveSince, String manyAdminsFrom) {
    JsonNode answer = answer(arguments);
    assertThat(answer.path("inactive_since").asText()).isEqualTo(inactiveSince);
    assertThat(answer.path("many_admins_from").asText()).isEqualTo(manyAdminsFrom);
  }

  @Test
  void thresholdOfManyAdminsIsAnArgument() {
    JsonNode answer = answer("{'findings':['many_admins'],'many_admins':2}");
    assertThat(answer.at("/counts/many_admins").asInt()).isEqualTo(2);
    assertThat(answer.at("/first/many_admins").findValuesAsText("admins"))
        .containsExactlyInAnyOrder("2", "3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "banned | /users, /users/count",
        "no_organization | /organization_memberships, /users, /users/count",
        "without_admin | /organization_memberships, /organizations"
      })
  void onlyRequestedFindingsAreRead(String finding, String paths) {
    JsonNode answer = answer("{'findings':['%s']}".formatted(finding));
    assertThat(
            clerk.requests().stream()
                .map(request -> request.replaceAll("GET ([^?]*).*", "$1"))
                .sorted())
        .containsExactly(paths.split(", ", -1));
    assertThat(answer.path("counts").fieldNames()).toIterable().containsExactly(finding);
  }

  @Test
  void everyPageIsReadByCursor() {
    ManyUsers many = new ManyUsers(1203);
    JsonNode answer = many.answer("{'findings':['no_mfa'],'rows':0}");
    assertThat(answer).hasToString("{\"users\":1203,\"counts\":{\"no_mfa\":1203}}");
    assertThat(many.pages())
        .containsExactly(
            "GET /users?limit=500",
            "GET /users?limit=500&starting_after=user_500",
            "GET /users?limit=500&starting_after=user_1000");
  }

  @Test
  void readingStopsAtTheLimitAndSaysHowToContinue() {
    JsonNode whole = answer("{'findings':['no_mfa']}");
    ToolResult cut = call("{'findings':['no_mfa'],'max_users':50}");
    assertThat(cut.notes())
        .singleElement()
        .asString()
        .startsWith("Only the newest 50 of 120 users were read (max_users).")
        .contains("created_at_before: \"");
    String rest = cut.notes().get(0).replaceAll("(?s).*created_at_before: \"([^\"]*)\".*", "$1");
    ToolResult others = call("{'findings':['no_mfa'],'created_at_before':'%s'}".formatted(rest));
    int read = ToolCaller.json(others).path("users").asInt();
    assertThat(read).isBetween(70, 71); // the last one is read again, so that none is left out
    assertThat(
            ToolCaller.json(cut).at("/counts/no_mfa").asInt()
                + ToolCaller.json(others).at("/counts/no_mfa").asInt())
        .isBetween(
            whole.at("/counts/no_mfa").asInt(), whole.at("/counts/no_mfa").asInt() + read - 70);
  }

  @Test
  void cancellationReadsNothingMore() {
    ManyUsers many = new ManyUsers(1203);
    many.cancelling = "starting_after=user_500";
    assertThatThrownBy(() -> many.export(folder)).isInstanceOf(CancellationException.class);
    assertThat(many.pages()).hasSize(2);
    assertThat(exports()).isEmpty();
  }

  @Test
  void rateLimitDuringReadingIsClerksError() {
    ManyUsers many = new ManyUsers(1203);
    many.refused = "starting_after=user_500";
    ToolResult result = many.export(folder);
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("429", "too_many_requests");
    assertThat(exports()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"report.csv", "report.jsonl"})
  void exportHoldsOneRowPerFinding(String name) throws IOException {
    JsonNode answer = answer("{'export':'%s','rows':1}".formatted(name));
    long expected = 0;
    for (JsonNode count : answer.path("counts")) {
      expected += count.asLong();
    }
    Path file = folder.resolve("exports").resolve(name);
    assertThat(answer.path("file").asText()).isEqualTo(file.toString());
    assertThat(answer.path("rows").asLong()).isEqualTo(expected);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    List<String> lines = Files.readAllLines(file);
    if (name.endsWith(".csv")) {
      assertThat(lines.get(0)).startsWith("\"finding\",\"id\",\"name\",\"members\",\"admins\"");
      lines = lines.subList(1, lines.size());
    }
    assertThat(lines).hasSize((int) expected);
    assertThat(lines.stream().filter(line -> line.contains("never_signed_in"))).hasSize(10);
    assertThat(lines)
        .anyMatch(line -> line.contains("without_admin") && line.contains("Quiet Orbit"));
    assertThat(exports()).containsExactly(name);
  }

  @Test
  void exportNeedsAFolder() {
    ToolResult result =
        clerk.call(clerk.tools(NOW, folder, Map.of()), TOOL, "{'export':'report.csv'}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("export_off", "CLERK_MCP_EXPORT_DIR");
    assertThat(clerk.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "there.csv, already exists",
    "../x.csv, must be a file name",
    "x.txt, must be a file name"
  })
  void unusableNameIsRefusedBeforeAnythingIsRead(String name, String problem) throws IOException {
    Files.createDirectories(folder.resolve("exports"));
    Files.writeString(folder.resolve("exports/there.csv"), "kept");
    ToolResult result = call("{'export':'%s'}".formatted(name));
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("export", problem);
    assertThat(clerk.requests()).isEmpty();
    assertThat(folder.resolve("exports/there.csv")).hasContent("kept");
  }

  @Test
  void personalDataIsMaskedInAnswerAndFile() throws IOException {
    ToolRegistry masking =
        clerk.tools(
            NOW, folder, Map.of("CLERK_MCP_EXPORT_DIR", exportFolder(), "CLERK_MCP_PII", "mask"));
    JsonNode answer = ToolCaller.json(clerk.call(masking, TOOL, "{'export':'report.jsonl'}"));
    JsonNode shown = answer.at("/first/never_signed_in/0");
    JsonNode written =
        Json.read(
            Files.readAllLines(Path.of(answer.path("file").asText())).stream()
                .filter(line -> line.contains("never_signed_in"))
                .findFirst()
                .orElseThrow());
    JsonNode user = clerk.sandbox().ok("GET /users/" + written.path("id").asText());
    for (JsonNode row : List.of(shown, written)) {
      assertThat(row.path("id").asText()).isEqualTo(user.path("id").asText());
      assertThat(row.path("name").asText()).endsWith("***").hasSize(4);
      assertThat(row.path("email").asText()).matches(".\\*\\*\\*@example\\.com");
    }
    assertThat(Files.readString(Path.of(answer.path("file").asText())))
        .contains("Quiet Orbit") // the name of an organization is not personal data
        .doesNotContain(user.at("/email_addresses/0/email_address").asText());
  }

  @Test
  void emptyInstanceHasNoFindings() {
    SandboxClerk empty = new SandboxClerk();
    JsonNode answer = ToolCaller.json(empty.call(TOOL, "{}"));
    assertThat(answer.path("users").asInt()).isZero();
    assertThat(answer.path("organizations").asInt()).isZero();
    assertThat(answer.path("counts")).hasSize(12).allMatch(count -> count.asInt() == 0);
    assertThat(answer.has("first")).isFalse();
  }

  @Test
  void instanceWithoutOrganizationsIsReported() {
    clerk.refuse("GET /organization_memberships", 403, "organization_not_enabled_in_instance");
    ToolResult result = call("{}");
    JsonNode answer = ToolCaller.json(result);
    assertThat(answer.at("/counts/banned").asInt()).isEqualTo(4);
    assertThat(answer.path("counts").fieldNames())
        .toIterable()
        .doesNotContain("no_organization", "admin_no_mfa", "without_admin");
    assertThat(result.notes())
        .containsExactly(
            "Organizations are disabled in this instance, so the answer does not cover them.");
  }

  private JsonNode answer(String arguments) {
    ToolResult result = call(arguments);
    assertThat(result.isError()).as(result.json()).isFalse();
    return ToolCaller.json(result);
  }

  private ToolResult call(String arguments) {
    ToolRegistry tools = clerk.tools(NOW, folder, Map.of("CLERK_MCP_EXPORT_DIR", exportFolder()));
    return clerk.call(tools, TOOL, arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"500 | {}", "403 | {}", "200 | null", "200 | <html>"})
  void failedCountFailsNoReport(int status, String count) {
    ManyUsers many = new ManyUsers(1_200);
    many.counts(new FakeClerk.Answer(status, count));
    assertThat(many.answer("{'findings':['banned']}").path("users").asInt()).isEqualTo(1_200);
    ToolResult cut = many.call("{'findings':['banned'],'max_users':500}");
    assertThat(ToolCaller.json(cut).path("users").asInt()).isEqualTo(500);
    assertThat(cut.notes())
        .anyMatch(note -> note.startsWith("Only the newest 500 of an unknown number of users"));
  }

  private String exportFolder() {
    return folder.resolve("exports").toString();
  }

  private List<String> exports() {
    try (Stream<Path> files = Files.list(folder.resolve("exports"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** An instance with many users, whose IDs are their positions in the list. */
  private static final class ManyUsers {
    private final SandboxClerk clerk = new SandboxClerk();
    private final int count;
    private final Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
    private String refused = "none";
    private String cancelling = "none";

    ManyUsers(int count) {
      this.count = count;
      clerk.answer(
          "GET /users/count", new FakeClerk.Answer(200, "{\"total_count\":%s}".formatted(count)));
      clerk.answerWith(request -> request.startsWith("GET /users?") ? page(request) : null);
    }

    private FakeClerk.Answer page(String request) {
      if (request.endsWith(cancelling)) {
        invocation.cancel();
      }
      if (request.endsWith(refused)) {
        return new FakeClerk.Answer(
            429, "{\"errors\":[{\"code\":\"too_many_requests\",\"message\":\"Slow down.\"}]}");
      }
      String cursor = request.replaceAll(".*limit=500(&starting_after=user_)?", "");
      int start = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
      ArrayNode users = Json.array();
      for (int i = start + 1; i <= Math.min(count, start + 500); i++) {
        ObjectNode user = Json.object().put("object", "user").put("id", "user_" + i);
        users.add(user.put("created_at", 1_780_000_000_000L - i));
      }
      return new FakeClerk.Answer(200, users.toString());
    }

    /** Replaces the answer to the request that counts the users. */
    void counts(FakeClerk.Answer answer) {
      clerk.reset();
      clerk.answer("GET /users/count", answer);
      clerk.answerWith(request -> request.startsWith("GET /users?") ? page(request) : null);
    }

    ToolResult call(String arguments) {
      return clerk.call(TOOL, arguments);
    }

    JsonNode answer(String arguments) {
      return ToolCaller.json(call(arguments));
    }

    ToolResult export(Path folder) {
      String exports = folder.resolve("exports").toString();
      return clerk.call(
          clerk.tools(NOW, folder, Map.of("CLERK_MCP_EXPORT_DIR", exports)),
          TOOL,
          "{'findings':['banned'],'export':'x.csv'}",
          invocation);
    }

    List<String> pages() {
      return clerk.requests().stream()
          .filter(request -> request.startsWith("GET /users?"))
          .toList();
    }
  }
}
