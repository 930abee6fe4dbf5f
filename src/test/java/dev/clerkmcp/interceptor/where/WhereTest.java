package dev.clerkmcp.interceptor.where;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what lists select and count by conditions, as a client sees it. */
final class WhereTest {
  private static final Instant NOW = Instant.parse("2026-06-01T09:00:00Z");
  private static final SandboxCalls SANDBOX = SandboxCalls.seeded(1, 120);
  private static final List<JsonNode> USERS = rows("/users?limit=500");
  private static final List<JsonNode> MEMBERSHIPS = rows("/organization_memberships?limit=500");
  private static final List<JsonNode> ORGANIZATIONS =
      rows("/organizations?limit=500&include_members_count=true");

  /** Conditions, and what they mean for Clerk's own objects. */
  static final List<Arguments> CONDITIONS =
      List.of(
          user("!mfa", user -> !user.path("two_factor_enabled").asBoolean()),
          user("mfa = false", user -> !user.path("two_factor_enabled").asBoolean()),
          user("banned", user -> user.path("banned").asBoolean()),
          user("!banned", user -> !user.path("banned").asBoolean()),
          user("locked", user -> user.path("locked").asBoolean()),
          user("!password", user -> !user.path("password_enabled").asBoolean()),
          user("never_signed_in", user -> user.path("last_sign_in_at").isNull()),
          user("publicMetadata.plan == Team", user -> plan(user).equals("team")),
          user("public_metadata.plan != team", user -> !plan(user).equals("team")),
          user(
              "public_metadata.plan in (pro, team)",
              user -> Set.of("pro", "team").contains(plan(user))),
          user(
              "public_metadata.plan in pro, team",
              user -> Set.of("pro", "team").contains(plan(user))),
          user(
              "public_metadata.plan = pro|team",
              user -> Set.of("pro", "team").contains(plan(user))),
          user(
              "public_metadata.plan in pro, mfa",
              user -> plan(user).equals("pro") && user.path("two_factor_enabled").asBoolean()),
          user("!email_verified", user -> !isMainAddressVerified(user)),
          user("providers = google", user -> !user.path("external_accounts").isEmpty()),
          user("!connected_account", user -> user.path("external_accounts").isEmpty()),
          user("!phone_number", user -> user.path("phone_numbers").isEmpty()),
          user(
              "email_address ~ NOWAK",
              user -> user.path("email_addresses").toString().contains("nowak")),
          user("public_metadata.plan ~ e", user -> plan(user).contains("e")),
          user("public_metadata.role", user -> user.path("public_metadata").has("role")),
          user("organizations = 0", user -> organizations(user) == 0),
          user("organizations >= 2", user -> organizations(user) >= 2),
          user("role = admin", user -> memberships(user, "org:admin") > 0),
          user("admin_of >= 1", user -> memberships(user, "org:admin") > 0),
          user("created_at = 2026-05", user -> at(user, "created_at", "2026-05-01", "2026-06-01")),
          user(
              "created_at >= 2026-05-01",
              user -> at(user, "created_at", "2026-05-01", "2100-01-01")),
          user(
              "created_at <= 2026-05-20",
              user -> at(user, "created_at", "1970-01-01", "2026-05-21")),
          user(
              "last_sign_in_at < 30d ago",
              user -> at(user, "last_sign_in_at", "1970-01-02", "2026-05-02T09:00:00Z")),
          user("email ~ NOWAK", user -> user.path("email_addresses").toString().contains("nowak")),
          user("phone_numbers >= 1", user -> !user.path("phone_numbers").isEmpty()),
          user(
              "email_addresses.verification.strategy = admin",
              user -> user.path("email_addresses").toString().contains("\"strategy\":\"admin\"")),
          membership("role = org:admin", row -> row.path("role").asText().equals("org:admin")),
          membership(
              "organization = 'Mosaic Learning'",
              row -> row.at("/organization/name").asText().equals("Mosaic Learning")),
          membership(
              "organization.slug = mosaic-learning",
              row -> row.at("/organization/name").asText().equals("Mosaic Learning")),
          organization("admins = 0", row -> admins(row) == 0),
          organization(
              "seats_left < 3",
              row ->
                  row.path("max_allowed_memberships").asInt() > 0
                      && row.path("max_allowed_memberships").asInt()
                              - row.path("members_count").asInt()
                              - row.path("pending_invitations_count").asInt()
                          < 3),
          organization("without_admin", row -> admins(row) == 0),
          organization("members_count > 10", row -> row.path("members_count").asInt() > 10),
          organization(
              "public_metadata.industry = farming",
              row -> row.at("/public_metadata/industry").asText().equals("farming")));

  private final SandboxClerk clerk = new SandboxClerk(SANDBOX);

  @TempDir private Path folder;

  @ParameterizedTest
  @FieldSource("CONDITIONS")
  void conditionSelectsRows(
      String tool, String condition, List<JsonNode> rows, Predicate<JsonNode> expected) {
    List<String> ids = rows.stream().filter(expected).map(row -> row.path("id").asText()).toList();
    assertThat(ids).as("the sandbox has such rows").isNotEmpty().hasSizeLessThan(rows.size());
    ObjectNode arguments = arguments("{'all':true,'fields':['id']}");
    arguments.putArray("where").add(condition);
    JsonNode answer = ToolCaller.json(ToolCaller.call(tools(), tool, arguments));
    assertThat(answer.path("data").valueStream().map(row -> row.path("id").asText()))
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(answer.path("total_count").asInt()).isEqualTo(ids.size());
    ObjectNode count = arguments("{'count':true}");
    count.putArray("where").add(condition);
    assertThat(ToolCaller.json(ToolCaller.call(tools(), tool, count)).path("count").asInt())
        .isEqualTo(ids.size());
  }

  @Test
  void membersAndSessionsAreSelected() {
    assertThat(
            answer(
                "clerk_org_memberships_list",
                "{'organization_id':'mosaic-learning','where':'role = admin','count':true}"))
        .hasToString("{\"count\":3}");
    String admin = MEMBERSHIPS.get(0).at("/public_user_data/user_id").asText();
    JsonNode sessions =
        answer(
            "clerk_sessions_list",
            "{'user_id':'%s','where':['status = active'],'by':['month(created_at)']}"
                .formatted(admin));
    assertThat(sessions.at("/groups/0/month(created_at)").asText()).matches("\\d{4}-\\d\\d");
  }

  @Test
  void whatConditionsComputeCanBeShown() {
    JsonNode rows =
        answer("clerk_organizations_list", "{'where':['admins >= 2'],'fields':['name','admins']}")
            .path("data");
    assertThat(rows).isNotEmpty().allMatch(row -> row.path("admins").asInt() >= 2);
  }

  /** The memberships are read once, not for each user. */
  /** What conditions can name, {@code fields} can show, and masked it is masked. */
  @Test
  void fieldsShowWhatConditionsCanName() throws Exception {
    JsonNode rows =
        answer("clerk_users_list", "{'all':true,'fields':['providers','organizations']}")
            .path("data");
    assertThat(rows).hasSize(USERS.size());
    for (int i = 0; i < USERS.size(); i++) {
      boolean google = !USERS.get(i).path("external_accounts").isEmpty();
      assertThat(rows.get(i).path("providers")).hasToString(google ? "[\"google\"]" : "[]");
      assertThat(rows.get(i).path("organizations").asInt()).isEqualTo(organizations(USERS.get(i)));
    }
    JsonNode organizations =
        answer("clerk_organizations_list", "{'fields':['seats_left','admins']}").path("data");
    assertThat(organizations.valueStream().map(row -> row.path("admins").asLong()))
        .containsExactlyElementsOf(ORGANIZATIONS.stream().map(row -> admins(row)).toList());
    assertThat(organizations.findValues("seats_left")).isNotEmpty();

    ToolResult file =
        ToolCaller.call(
            tools(Map.of("CLERK_MCP_EXPORT_DIR", folder.toString())),
            "clerk_users_list",
            "{'fields':['providers'],'export':'providers.csv'}");
    assertThat(file.isError()).as(file.json()).isFalse();
    assertThat(Files.readAllLines(folder.resolve("providers.csv"))).contains("\"google\"");

    ToolResult masked =
        ToolCaller.call(
            tools(Map.of("CLERK_MCP_PII", "mask")),
            "clerk_users_list",
            "{'fields':['email_address','phone_number']}");
    assertThat(masked.json()).contains("***@example.com\"]").doesNotContainPattern("[a-z]@example");
  }

  @Test
  void membershipsAreReadOnce() {
    clerk.call(tools(), "clerk_users_list", "{'where':['organizations >= 2','!mfa'],'count':true}");
    assertThat(clerk.requests())
        .filteredOn(request -> request.contains("memberships"))
        .containsExactly("GET /organization_memberships?order_by=created_at&limit=500");
  }

  @Test
  void clerkGetsWhatItHasFiltersFor() {
    clerk.call(
        tools(),
        "clerk_users_list",
        "{'where':['banned','created_at >= 2026-01-01'],'count':true}");
    assertThat(clerk.requests())
        .contains("GET /users?banned=true&created_at_after=1767225599999&limit=500");
    clerk.call(tools(), "clerk_users_list", "{'where':['banned'],'count':true}");
    assertThat(clerk.requests()).allMatch(request -> request.contains("banned=true"));
    assertThat(clerk.requests()).noneMatch(request -> request.contains("limit=500"));
  }

  @Test
  void groupsAreCounted() {
    Map<String, Integer> plans = new TreeMap<>();
    USERS.forEach(user -> plans.merge(plan(user), 1, Integer::sum));
    JsonNode byPlan = answer("clerk_users_list", "{'by':['public_metadata.plan']}");
    Map<String, Integer> counted = new TreeMap<>();
    byPlan
        .path("groups")
        .forEach(
            row ->
                counted.put(row.path("public_metadata.plan").asText(), row.path("count").asInt()));
    assertThat(counted).isEqualTo(plans);
    assertThat(byPlan.at("/groups/0/count").asInt())
        .isGreaterThan(byPlan.at("/groups/1/count").asInt());
    assertThat(byPlan.path("looked_at").asInt()).isEqualTo(120);

    assertThat(
            answer(
                    "clerk_users_list",
                    "{'by':'month(created_at)','where':'created_at >= 2026-04-01'}")
                .path("groups"))
        .hasToString(
            "[{\"month(created_at)\":\"2026-04\",\"count\":5},{\"month(created_at)\":\"2026-05\",\"count\":5}]");
    // A list of objects is counted by how many there are.
    long phones = USERS.stream().filter(user -> user.path("phone_numbers").size() == 1).count();
    assertThat(
            answer("clerk_users_list", "{'by':['phone_numbers']}")
                .path("groups")
                .valueStream()
                .filter(group -> group.path("phone_numbers").asInt() == 1)
                .map(group -> group.path("count").asLong()))
        .containsExactly(phones);
    JsonNode few = answer("clerk_memberships_list", "{'by':['organization','role'],'limit':2}");
    assertThat(few.path("groups")).hasSize(2);
    assertThat(
            few.at("/other/count").asInt()
                + few.at("/groups/0/count").asInt()
                + few.at("/groups/1/count").asInt())
        .isEqualTo(MEMBERSHIPS.size());
  }

  /** What stops at the limit goes on exactly after it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_users_list         | {'where':['!mfa'],'limit':7}",
        "clerk_users_list         | {'where':['!mfa'],'limit':7,'order_by':'last_sign_in_at'}",
        "clerk_memberships_list   | {'where':['role = org:member'],'limit':9}",
        "clerk_organizations_list | {'where':['admins >= 1'],'limit':1}",
      })
  void selectionGoesOnAfterItsLimit(String tool, String arguments) {
    ObjectNode call = arguments(arguments);
    List<String> paged = new ArrayList<>();
    JsonNode answer;
    do {
      ToolResult result = ToolCaller.call(tools(), tool, call);
      answer = ToolCaller.json(result);
      answer
          .path("data")
          .forEach(
              row ->
                  paged.add(
                      row.path("id")
                          .asText(row.path("user_id").asText() + row.path("organization"))));
      if (answer.path("has_more").asBoolean()) {
        assertThat(result.notes()).anyMatch(note -> note.startsWith("Reading stopped with "));
      }
      answer.path("next").properties().forEach(next -> call.set(next.getKey(), next.getValue()));
    } while (answer.path("has_more").asBoolean());
    ObjectNode count = arguments(arguments).put("count", true);
    assertThat(paged)
        .doesNotHaveDuplicates()
        .hasSize(ToolCaller.json(ToolCaller.call(tools(), tool, count)).path("count").asInt());
  }

  /** An answer that is cut at the token limit goes on after its last row as well. */
  @Test
  void cutSelectionGoesOn() {
    ToolRegistry tools = tools(Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "600"));
    ObjectNode call = arguments("{'where':['!mfa'],'all':true}");
    Set<String> seen = new HashSet<>();
    JsonNode answer;
    do {
      answer = ToolCaller.json(ToolCaller.call(tools, "clerk_users_list", call));
      answer.path("data").forEach(row -> assertThat(seen.add(row.path("id").asText())).isTrue());
      answer.path("next").properties().forEach(next -> call.set(next.getKey(), next.getValue()));
    } while (answer.path("has_more").asBoolean());
    assertThat(seen)
        .hasSize(
            (int)
                USERS.stream()
                    .filter(user -> !user.path("two_factor_enabled").asBoolean())
                    .count());
  }

  @Test
  void matchingRowsAreExported() throws Exception {
    JsonNode answer =
        ToolCaller.json(
            ToolCaller.call(
                tools(Map.of("CLERK_MCP_EXPORT_DIR", folder.toString())),
                "clerk_users_list",
                "{'where':['locked'],'export':'locked.jsonl'}"));
    long locked = USERS.stream().filter(user -> user.path("locked").asBoolean()).count();
    assertThat(answer.path("rows").asLong()).isEqualTo(locked);
    assertThat(answer.path("looked_at").asInt()).isEqualTo(120);
    assertThat(Files.readAllLines(folder.resolve("locked.jsonl"))).hasSize((int) locked);
  }

  /** No condition is wrong in silence. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'where':['mfaa']} | names mfaa, which no user has; the nearest is mfa",
        "{'where':['plan = team']} | names plan, which no user has; the nearest is public_metadata.plan",
        "{'where':['provider = oauth_google']} | names provider, which no user has; provider is an argument beside where",
        "{'where':['email_verifid']} | the nearest are email_verified,",
        "{'where':['email_verifid']} | ; there are admin_of, banned,",
        "{'where':['oauth_google']} | names oauth_google, which no user has; write providers = google",
        "{'where':['external_accounts !~ google']} | compares an object with a text; name a field of it: external_accounts.provider,",
        "{'where':['public_metadata.plan = team, pro']} | may have several values; write field in (a, b)",
        "{'where':{'or':[{'mfa':true}]}} | has an or, which is not possible",
        "{'where':['email like fenwick%']} | compares with a beginning or an end; ~ finds what contains a text",
        "{'by':['nonsense']} | names nonsense, which no user has; there are admin_of, banned,",
        "{'by':['created_at']} | is a time; write month(created_at)",
        "{'where':['created_at = 30d ago']} | compares with one moment; write < or >=, or a day such as",
        "{'by':['hour(created_at)']} | begins with hour; there are day, week, month or year",
        "{'by':['public_metadata']} | is an object; name a field of it, such as public_metadata.",
        "{'where':['private_metadata.x']} | private_metadata.x is hidden; give include_private: true as well",
        "{'where':['banned'],'count':true,'export':'x.csv'} | needs rows, and count and by answer with numbers only",
      })
  void wrongFieldIsRefused(String arguments, String problem) {
    ToolResult result = ToolCaller.call(tools(), "clerk_users_list", arguments);
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "public_metadata.plann = team | No user has public_metadata.plann; there are plan, role.",
        "public_metadata.plan = teem | No user is found by \"public_metadata.plan = teem\"; there are free, pro, team.",
        "public_metadata.plan > 5 | In 120 of 120 users, public_metadata.plan is of another kind than the value, so that they do not match \"public_metadata.plan > 5\".",
        "created_at > 2027-01-01 | Clerk answered no rows with \"created_at > 2027-01-01\", so that nothing was compared.",
        "username = nobody_at_all | Clerk answered no rows with \"username = nobody_at_all\", so that nothing was compared.",
        "banned != abc | In 120 of 120 users, banned is of another kind than the value, so that they match \"banned != abc\".",
        "not public_metadata.plan > 5 | In 120 of 120 users, public_metadata.plan is of another kind than the value, so that they match",
        "public_metadata.plan != teem | Every user matches \"public_metadata.plan != teem\"; there are free, pro, team.",
        "created_at != 2024-05-31 | Every user matches \"created_at != 2024-05-31\"; there are 20",
        "last_seen_at < 30d ago | last_seen_at: 30d ago was read as 2026-05-02T09:00:00Z.",
        "public_metadata.role != owner | users have no public_metadata.role, so that they match \"public_metadata.role != owner\".",
      })
  void emptySelectionIsExplained(String condition, String note) {
    ObjectNode arguments = arguments("{'count':true}");
    arguments.putArray("where").add(condition);
    assertThat(ToolCaller.call(tools(), "clerk_users_list", arguments).notes())
        .anyMatch(text -> text.contains(note));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_users_list       | {'where':['email ~ ada']}",
        "clerk_users_list       | {'where':['email']}",
        "clerk_users_list       | {'where':['name ~ a']}",
        "clerk_users_list       | {'where':['email_addresses.email_address ~ a']}",
        "clerk_users_list       | {'where':['last_name > 5']}",
        "clerk_users_list       | {'where':['public_metadata.contactName = x','public_metadata.contact_name = x']}",
        "clerk_users_list       | {'by':['username']}",
        "clerk_users_list       | {'where':['email_address ~ a']}",
        "clerk_users_list       | {'where':['!phone_number']}",
        "clerk_memberships_list | {'where':['email ~ ada']}",
        "clerk_memberships_list | {'by':['public_user_data.first_name']}",
      })
  void maskedDataIsNotCompared(String tool, String arguments) {
    ToolResult result = ToolCaller.call(tools(Map.of("CLERK_MCP_PII", "mask")), tool, arguments);
    assertThat(result.json())
        .contains("\"code\":\"where_masked\"", "Personal data is masked (CLERK_MCP_PII=mask)");
  }

  @Test
  void maskedRowsAreSelectedByOtherFields() {
    ToolRegistry tools = tools(Map.of("CLERK_MCP_PII", "mask"));
    JsonNode answer =
        ToolCaller.json(
            ToolCaller.call(tools, "clerk_users_list", "{'where':['locked'],'limit':1}"));
    assertThat(answer.at("/data/0/email").asText()).contains("***@");
    assertThat(ToolCaller.call(tools, "clerk_users_list", "{'by':['public_metadata.plan']}").json())
        .contains("\"team\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'where':['private_metadata.crm_id']}",
        "{'where':['private_metadata'],'include_private':true}",
        "{'by':['private_metadata.crm_id'],'include_private':true}",
      })
  void privateMetadataIsNeverCompared(String arguments) {
    ToolRegistry tools = tools(Map.of("CLERK_MCP_PRIVATE_METADATA", "never"));
    assertThat(ToolCaller.call(tools, "clerk_users_list", arguments).json())
        .contains("private_metadata_switched_off", "CLERK_MCP_PRIVATE_METADATA is never");
  }

  @Test
  void privateMetadataIsComparedIfAsked() {
    long known = USERS.stream().filter(user -> !user.path("private_metadata").isEmpty()).count();
    assertThat(known).isPositive();
    assertThat(
            answer(
                    "clerk_users_list",
                    "{'where':['private_metadata'],'include_private':true,'count':true}")
                .path("count")
                .asLong())
        .isEqualTo(known);
  }

  /** A user whom the policy keeps tools from reading is neither shown nor counted. */
  @Test
  void hiddenPeopleAreNotCounted() {
    long owners = USERS.stream().filter(user -> plan(user).equals("team")).count();
    ToolRegistry tools =
        tools(
            ToolCaller.policy(
                folder,
                "{'decision':'deny','effects':['read'],'public_metadata':{'plan':'team'}}"));
    ToolResult all = ToolCaller.call(tools, "clerk_users_list", "{'count':true}");
    assertThat(ToolCaller.json(all).path("count").asLong()).isEqualTo(120 - owners);
    assertThat(all.notes()).contains("Left out: what the policy keeps tools from reading.");
    assertThat(ToolCaller.call(tools, "clerk_users_list", "{'by':['public_metadata.plan']}").json())
        .doesNotContain("team");
    assertThat(
            ToolCaller.json(
                    ToolCaller.call(
                        tools, "clerk_users_list", "{'where':['public_metadata.plan = team']}"))
                .path("data"))
        .isEmpty();
  }

  /** A list without pages takes conditions as well. */
  @Test
  void everyListTakesConditions() {
    JsonNode all = answer("clerk_jwt_templates_list", "{'all':true}");
    JsonNode some = answer("clerk_jwt_templates_list", "{'where':['name = warehouse']}");
    assertThat(some.path("data")).hasSize(1).hasSizeLessThan(all.path("data").size() + 1);
    assertThat(some.path("has_more").asBoolean()).isFalse();
    assertThat(answer("clerk_invitations_list", "{'by':['status']}").path("groups")).isNotEmpty();
  }

  /** Clerk's list leaves revoked invitations out unless they are asked for. */
  /** A time that was copied from an answer is a whole second, and a part of it is found in it. */
  @Test
  void timesAreComparedAsTheyAreShown() {
    String shown =
        answer("clerk_users_list", "{'limit':1,'fields':['created_at']}")
            .at("/data/0/created_at")
            .asText();
    assertThat(shown).endsWith("Z");
    for (String condition :
        List.of("created_at = " + shown, "created_at ~ " + shown.substring(0, 16))) {
      assertThat(
              answer("clerk_users_list", "{'where':['%s'],'count':true}".formatted(condition))
                  .path("count")
                  .asInt())
          .as(condition)
          .isEqualTo(1);
    }
  }

  /** A role without an organization of its own is one in any. */
  @Test
  void roleSaysInWhichOrganizationItCounts() {
    String id = ORGANIZATIONS.get(0).path("id").asText();
    ToolResult result =
        ToolCaller.call(
            tools(),
            "clerk_users_list",
            "{'organization_id':['%s'],'by':['organization_role']}".formatted(id));
    assertThat(result.notes())
        .anyMatch(note -> note.startsWith("A role in any organization counts"));
    assertThat(ToolCaller.json(result).at("/groups/0/organization_role").asText())
        .startsWith("org:");
  }

  @Test
  void flagsOfMembersAreFoundByTheListOfUsers() {
    assertThat(
            ToolCaller.call(tools(), "clerk_memberships_list", "{'where':['role = admin','!mfa']}")
                .json())
        .contains("names mfa, which no membership has; clerk_users_list compares it");
  }

  @Test
  void groupOfWhatIsNoTimeSaysSo() {
    assertThat(ToolCaller.call(tools(), "clerk_users_list", "{'by':['month(name)']}").notes())
        .contains("No user has a time in name.");
  }

  /** Fields of groups are no advice, and none of the groups is lost without a number. */
  @Test
  void cutGroupsAreCountedBySmallerLimit() {
    ToolResult cut =
        ToolCaller.call(
            tools(Map.of("CLERK_MCP_MAX_RESULT_TOKENS", "500")),
            "clerk_users_list",
            "{'by':['id'],'limit':500}");
    assertThat(cut.notes())
        .anyMatch(
            note ->
                note.endsWith(
                    "With a smaller limit, other counts the rest; where or a"
                        + " coarser by makes fewer groups."));
    JsonNode fewer = answer("clerk_users_list", "{'by':['id'],'limit':10}");
    assertThat(fewer.at("/other/count").asInt()).isEqualTo(USERS.size() - 10);
  }

  @Test
  void oneTextMayNameSeveralGroups() {
    assertThat(answer("clerk_users_list", "{'by':['mfa, banned']}").at("/groups/0"))
        .hasToString("{\"mfa\":false,\"banned\":false,\"count\":%s}".formatted(noFlags()));
  }

  private static long noFlags() {
    return USERS.stream()
        .filter(user -> !user.path("two_factor_enabled").asBoolean())
        .filter(user -> !user.path("banned").asBoolean())
        .count();
  }

  /** Each row is compared with all of it, so it has bounds in every form. */
  @Test
  void hugeConditionsAreRefusedAtOnce() {
    String many = String.join(",", Collections.nCopies(201, "'a'"));
    String deep = "{'a':".repeat(900) + "1" + "}".repeat(900);
    for (String where :
        List.of(
            "{'name':[" + many + "]}",
            "{'name':'" + "y".repeat(2_000_000) + "'}",
            "{'public_metadata':" + deep + "}",
            "['" + "x".repeat(501) + "']")) {
      ToolResult result =
          ToolCaller.call(tools(), "clerk_users_list", "{'where':" + where + ",'count':true}");
      assertThat(result.json())
          .as(where.substring(0, 20))
          .contains("invalid_arguments")
          .hasSizeLessThan(2_000);
    }
  }

  @Test
  void maskedValuesAreComparedAsShown() {
    SandboxClerk own = new SandboxClerk(SandboxCalls.seeded(1, 5));
    JsonNode unused =
        own.sandbox()
            .ok(
                "POST /users",
                "{'email_address':['who@example.com'],'public_metadata':{'who':'zed@example.com'}}");
    ToolResult result =
        ToolCaller.call(
            own.tools(folder, Map.of("CLERK_MCP_PII", "mask")),
            "clerk_users_list",
            "{'where':['public_metadata.who = zed@example.com'],'count':true}");
    assertThat(result.notes())
        .contains("Personal data in metadata is masked, and compared as it is shown.");
  }

  /** Users write their unsafe metadata themselves. */
  @Test
  void objectOfOneUserDoesNotStopTheCall() {
    SandboxClerk own = new SandboxClerk(SandboxCalls.seeded(1, 5));
    for (String theme : List.of("'blue'", "{'a':'blue'}")) {
      JsonNode unused =
          own.sandbox()
              .ok(
                  "POST /users",
                  "{'skip_user_requirement':true,'unsafe_metadata':{'shade':%s}}".formatted(theme));
    }
    ToolResult result =
        ToolCaller.call(
            own.tools(folder, Map.of()),
            "clerk_users_list",
            "{'where':['unsafe_metadata.shade = blue'],'count':true}");
    assertThat(ToolCaller.json(result).path("count").asInt()).as(result.json()).isEqualTo(1);
    assertThat(result.notes()).anyMatch(note -> note.contains("is of another kind"));
  }

  /** Values as people write them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "12345678901234567890 | v = 12345678901234567890",
        "12345678901234567890 | v > 12345678901234567889",
        "\"it is \\\"q\\\"\" | v = \"it is \\\"q\\\"\"",
        "\"a, b\" | v = \u201Ca, b\u201D",
        "\"\" | o = 1, public_metadata.v = ''",
        "\"a b\" | v =\u00A0a b",
        "\"a, b or c\" | v = \u201Ca, b or c\u201D",
        "\"x\" | v contains ''",
      })
  void valueIsReadAsWritten(String value, String condition) throws Exception {
    SandboxClerk own = new SandboxClerk(SandboxCalls.seeded(1, 5));
    ObjectNode user = (ObjectNode) Json.MAPPER.readTree("{\"public_metadata\":{\"o\":1}}");
    user.putArray("email_address").add("v@example.com");
    ((ObjectNode) user.path("public_metadata")).set("v", Json.MAPPER.readTree(value));
    JsonNode unused = own.sandbox().ok("POST /users", user.toString());
    ObjectNode arguments = arguments("{'count':true}");
    arguments.put("where", "public_metadata." + condition);
    ToolResult result = ToolCaller.call(own.tools(folder, Map.of()), "clerk_users_list", arguments);
    assertThat(ToolCaller.json(result).path("count").asInt()).as(result.json()).isEqualTo(1);
  }

  @Test
  void conditionsOnStatusSeeInvitationsOfEveryStatus() {
    List<JsonNode> all = new ArrayList<>(rows("/invitations?limit=500"));
    all.addAll(rows("/invitations?limit=500&status=revoked"));
    Map<String, Long> expected =
        all.stream().collect(groupingBy(row -> row.path("status").asText(), counting()));
    assertThat(expected).containsKeys("pending", "revoked");
    JsonNode groups = answer("clerk_invitations_list", "{'by':['status']}").path("groups");
    assertThat(
            groups
                .valueStream()
                .collect(toMap(g -> g.path("status").asText(), g -> g.path("count").asLong())))
        .isEqualTo(expected);
    assertThat(
            answer(
                    "clerk_invitations_list",
                    "{'where':['status in (pending, revoked)'],'count':true}")
                .path("count")
                .asLong())
        .isEqualTo(expected.getOrDefault("pending", 0L) + expected.getOrDefault("revoked", 0L));
  }

  @Test
  void nullAmongValuesIsNotGivenToClerk() {
    assertThat(count("external_id in (null, nobody)"))
        .isEqualTo(count("external_id = null"))
        .isPositive();
    assertThat(count("external_id = \"null\"")).isZero();
  }

  private long count(String condition) {
    ObjectNode arguments = arguments("{'count':true}");
    arguments.putArray("where").add(condition);
    return ToolCaller.json(ToolCaller.call(tools(), "clerk_users_list", arguments))
        .path("count")
        .asLong();
  }

  @Test
  void countBeginsAtTheOffset() {
    assertThat(answer("clerk_users_list", "{'count':true,'offset':100}").path("count").asInt())
        .isEqualTo(USERS.size() - 100);
  }

  /**
   * Users write their own metadata, so one could fill the memory with the groups of a long list.
   */
  @Test
  void rowOfTooManyGroupsIsRefused() {
    String list = IntStream.range(0, 40).mapToObj(String::valueOf).collect(joining(","));
    FakeClerk users =
        FakeClerk.answering(
            "[{\"id\":\"user_1\",\"object\":\"user\",\"unsafe_metadata\":{\"a\":[%s]}}]"
                .formatted(list));
    ToolRegistry tools = ToolCaller.tools(users.client(), folder, Map.of());
    assertThat(ToolCaller.call(tools, "clerk_users_list", "{'by':['unsafe_metadata.a']}").isError())
        .isFalse();
    assertThat(
            ToolCaller.call(
                    tools,
                    "clerk_users_list",
                    "{'by':['unsafe_metadata.a','unsafe_metadata.a','unsafe_metadata.a']}")
                .json())
        .contains("puts one row into more than 1000 groups of unsafe_metadata.a", "fewer fields");
  }

  /** A rule about the tool that lists memberships holds for what is computed from them. */
  @Test
  void deniedMembershipsAreNotRead() {
    ToolRegistry tools =
        tools(ToolCaller.policy(folder, "{'decision':'deny','tools':['clerk_memberships_list']}"));
    assertThat(
            ToolCaller.call(tools, "clerk_users_list", "{'where':['organizations >= 2']}").json())
        .contains("denied_by_policy", "clerk_memberships_list");
  }

  @Test
  void readingCanBeCancelledAndReportsProgress() {
    SandboxClerk large = new SandboxClerk(SandboxCalls.seeded(1, 1200));
    Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
    List<String> progress = new ArrayList<>();
    large.before(
        "GET /users?limit=500&starting_after",
        () -> progress.add(String.valueOf(invocation.waitingFor())));
    ToolRegistry tools = large.tools(NOW, folder, Map.of());
    assertThat(
            ToolCaller.json(
                    large.call(
                        tools, "clerk_users_list", "{'where':['!mfa'],'count':true}", invocation))
                .path("looked_at")
                .asInt())
        .isEqualTo(1200);
    assertThat(progress).containsExactly("Read 500 of 1200 rows", "Read 1000 of 1200 rows");
    assertThat(large.requests())
        .filteredOn(request -> request.startsWith("GET /users/count"))
        .hasSize(1);

    Invocation cancelled = new Invocation(Runnable::run, Caller.UNKNOWN);
    large.before("GET /users?limit=500&starting_after", cancelled::cancel);
    assertThatThrownBy(
            () ->
                large.call(tools, "clerk_users_list", "{'where':['!mfa'],'count':true}", cancelled))
        .isInstanceOf(CancellationException.class);
  }

  /** Every finding of the security report says how to list its rows. */
  @Test
  void findingsOfTheSecurityReportCanBeListed() {
    JsonNode report = answer("clerk_security_report", "{'rows':1,'inactive_days':60}");
    int findings = 0;
    for (Map.Entry<String, JsonNode> tool : report.path("where").properties()) {
      for (Map.Entry<String, JsonNode> finding : tool.getValue().properties()) {
        ObjectNode arguments = arguments("{'count':true}");
        arguments.set("where", finding.getValue());
        assertThat(
                ToolCaller.json(ToolCaller.call(tools(), tool.getKey(), arguments)).path("count"))
            .as(finding.getKey())
            .isEqualTo(report.path("counts").path(finding.getKey()));
        findings++;
      }
    }
    assertThat(findings).isGreaterThanOrEqualTo(8);
  }

  private JsonNode answer(String tool, String arguments) {
    return ToolCaller.json(ToolCaller.call(tools(), tool, arguments));
  }

  private ToolRegistry tools() {
    return tools(Map.of());
  }

  private ToolRegistry tools(Map<String, String> settings) {
    return clerk.tools(NOW, folder, settings);
  }

  private static ObjectNode arguments(String json) {
    return (ObjectNode) ToolCaller.arguments(json);
  }

  private static Arguments user(String condition, Predicate<JsonNode> expected) {
    return Arguments.of("clerk_users_list", condition, USERS, expected);
  }

  private static Arguments membership(String condition, Predicate<JsonNode> expected) {
    return Arguments.of("clerk_memberships_list", condition, MEMBERSHIPS, expected);
  }

  private static Arguments organization(String condition, Predicate<JsonNode> expected) {
    return Arguments.of("clerk_organizations_list", condition, ORGANIZATIONS, expected);
  }

  private static String plan(JsonNode user) {
    return user.at("/public_metadata/plan").asText("");
  }

  private static long organizations(JsonNode user) {
    return memberships(user, "");
  }

  private static long memberships(JsonNode user, String role) {
    return MEMBERSHIPS.stream()
        .filter(row -> row.at("/public_user_data/user_id").equals(user.path("id")))
        .filter(row -> row.path("role").asText().contains(role))
        .count();
  }

  private static long admins(JsonNode organization) {
    return MEMBERSHIPS.stream()
        .filter(row -> row.at("/organization/id").equals(organization.path("id")))
        .filter(row -> row.path("role").asText().equals("org:admin"))
        .count();
  }

  private static boolean at(JsonNode user, String field, String from, String to) {
    long time = user.path(field).asLong();
    return time >= instant(from) && time < instant(to);
  }

  private static long instant(String text) {
    return Instant.parse(text.contains("T") ? text : text + "T00:00:00Z").toEpochMilli();
  }

  private static boolean isMainAddressVerified(JsonNode user) {
    return user.path("email_addresses")
        .valueStream()
        .filter(email -> email.path("id").equals(user.path("primary_email_address_id")))
        .anyMatch(email -> email.at("/verification/status").asText().equals("verified"));
  }

  private static List<JsonNode> rows(String path) {
    JsonNode body = SANDBOX.call("GET", path).body();
    return (body.isArray() ? body : body.path("data")).valueStream().toList();
  }
}
