package dev.clerkmcp.workflows.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import dev.clerkmcp.server.ToolModule;
import dev.clerkmcp.workflows.support.Rows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the overview of a user and the reported sign-in problems. */
final class UserOverviewTest {
  private static final String TOOL = "clerk_user_overview";
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  private final SandboxClerk clerk = new SandboxClerk();
  private final String ada =
      id(
          "POST /users",
          "{'first_name':'Ada','last_name':'L','email_address':['ada@example.com','a@example.org'],"
              + "'phone_number':['+15555550100'],'username':'adaada','external_id':'crm_1',"
              + "'password':'Sup3rS3cretPassw0rd','public_metadata':{'plan':'pro',"
              + "'long':{'a':'0123456789012345678901234567890123456789012345678901234567890'}}}");

  @Test
  void showsUserAndMemberships() {
    String bob = id("POST /users", "{'email_address':['bob@example.com']}");
    String acme = id("POST /organizations", "{'name':'Acme','created_by':'%s'}".formatted(ada));
    String umbrella =
        id("POST /organizations", "{'name':'Umbrella','created_by':'%s'}".formatted(bob));
    String invited =
        id(
            "POST /organizations/" + umbrella + "/invitations",
            "{'email_address':'a@example.org','role':'org:member'}");
    String toApplication =
        id("POST /invitations", "{'email_address':'ada@example.com','ignore_existing':true}");
    id("POST /invitations", "{'email_address':'ada@example.com.au'}");
    String session = id("POST /sessions", "{'user_id':'%s'}".formatted(ada));
    String ended = id("POST /sessions", "{'user_id':'%s'}".formatted(ada));
    clerk.sandbox().ok("POST /sessions/" + ended + "/revoke");

    JsonNode answer = overview();
    assertThat(answer.path("id").asText()).isEqualTo(ada);
    assertThat(answer.path("name").asText()).isEqualTo("Ada L");
    assertThat(answer.at("/emails/0/email_address").asText()).isEqualTo("ada@example.com");
    assertThat(answer.at("/emails/0/primary").asBoolean()).isTrue();
    assertThat(answer.at("/emails/1/verified").asBoolean()).isTrue();
    assertThat(answer.at("/phones/0/phone_number").asText()).isEqualTo("+15555550100");
    assertThat(answer.path("username").asText()).isEqualTo("adaada");
    assertThat(answer.path("external_id").asText()).isEqualTo("crm_1");
    assertThat(answer.path("sign_in_methods")).hasToString("[\"password\"]");
    assertThat(answer.path("created_at").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:.*:\\d\\dZ");
    assertThat(answer.path("open_sessions").asInt()).isEqualTo(1);
    assertThat(answer.at("/newest_sessions/0/id").asText()).isEqualTo(session);
    assertThat(answer.path("organizations"))
        .hasToString("[{\"id\":\"%s\",\"name\":\"Acme\",\"role\":\"org:admin\"}]".formatted(acme));
    assertThat(answer.path("invitations")).hasSize(1);
    assertThat(answer.at("/invitations/0/id").asText()).isEqualTo(toApplication);
    assertThat(answer.path("organization_invitations")).hasSize(1);
    assertThat(answer.at("/organization_invitations/0/id").asText()).isEqualTo(invited);
    assertThat(answer.at("/organization_invitations/0/organization_id").asText())
        .isEqualTo(umbrella);
    assertThat(answer.path("public_metadata"))
        .hasToString("{\"plan\":\"pro\",\"long\":\"(object of 1)\"}");
    assertThat(answer.has("sign_in_problems")).isFalse();
    assertThat(answer.has("not_read")).isFalse();
    assertThat(clerk.changes()).isEmpty();
  }

  /** A field that is missing would look as if there were no such field. */
  @Test
  void askedFieldsWithNothingInThemAreShownSo(@TempDir Path folder) {
    ToolRegistry tools = clerk.tools(folder, Map.of());
    String bob = id("POST /users", "{'email_address':['bob@example.com']}");
    String arguments =
        "{'user_id':'%s','fields':['organizations','invitations','phones','username','open_sessions',"
            + "'public_metadata','organizations.role']}";
    ToolResult result = clerk.call(tools, TOOL, arguments.formatted(bob));
    assertThat(result.notes()).isEmpty();
    assertThat(result.json())
        .isEqualTo(
            ("{\"id\":\"%s\",\"organizations\":[],\"invitations\":[],\"phones\":[],\"username\":null,"
                    + "\"open_sessions\":0,\"public_metadata\":{}}")
                .formatted(bob));
    clerk.refuse("GET /users/" + bob + "/organization_memberships", 403, "no_good");
    String one = "{'user_id':'%s','fields':['organizations','organisation']}".formatted(bob);
    ToolResult refused = clerk.call(tools, TOOL, one);
    assertThat(ToolCaller.json(refused).path("organizations").asText())
        .startsWith("not read: 403 no_good");
    assertThat(refused.notes())
        .containsExactly(
            "fields: these objects have no organisation; the nearest are organizations,"
                + " organization_invitations, invitations.");
  }

  @Test
  void expiredInvitationsAreNotShown() {
    String bob = id("POST /users", "{'email_address':['bob@example.com']}");
    String acme = id("POST /organizations", "{'name':'Acme','created_by':'%s'}".formatted(bob));
    id(
        "POST /invitations",
        "{'email_address':'ada@example.com','ignore_existing':true,'expires_in_days':1}");
    id(
        "POST /organizations/" + acme + "/invitations",
        "{'email_address':'a@example.org','role':'org:member','expires_in_days':1}");
    assertThat(overview().path("invitations")).hasSize(1);
    assertThat(overview().path("organization_invitations")).hasSize(1);
    clerk.sandbox().store().overrideTime(clerk.sandbox().store().now() + DAY_MS);
    assertThat(overview().has("invitations")).isFalse();
    assertThat(overview().has("organization_invitations")).isFalse();
  }

  /** The changed fields of the user, and the problem that follows. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | [] | []",
        "{'banned':true} | ['banned'] | ['clerk_user_unban']",
        "{'locked':true,'verification_attempts_remaining':0} | ['locked'] | ['clerk_user_unlock']",
        "{'verification_attempts_remaining':0} | ['attempts_used_up'] | ['clerk_user_unlock']",
        "{'deprovisioned':true} | ['deprovisioned'] | ['clerk_directories_list']",
        "{'email_addresses':[{'id':'1','email_address':'a@b.c','verification':null}],"
            + "'primary_email_address_id':'1'}"
            + " | ['unverified_email'] | ['clerk_email_address_update']",
        "{'email_addresses':[{'id':'1','email_address':'a@b.c','verification':null}],"
            + "'primary_email_address_id':'1','username':null,'phone_numbers':[]}"
            + " | ['no_verified_identifier'] | ['clerk_email_address_update']",
        "{'email_addresses':[],'phone_numbers':[],'username':null}"
            + " | ['no_verified_identifier'] | ['clerk_email_address_create']",
        "{'password_enabled':false} | ['codes_only'] | ['clerk_user_update']",
        "{'password_enabled':false,'email_addresses':[],'phone_numbers':[]}"
            + " | ['no_sign_in_method'] | ['clerk_user_update']",
        "{'password_enabled':false,'external_accounts':[{'provider':'oauth_google',"
            + "'verification':{'status':'verified'}}]} | ['one_account_only'] | ['clerk_user_update']",
        "{'password_enabled':false,'external_accounts':[{'provider':'oauth_google',"
            + "'verification':{'status':'unverified'}}]} | ['codes_only'] | ['clerk_user_update']",
        "{'password_enabled':false,'passkeys':[{'id':'idn_1'}]} | [] | []",
        "{'two_factor_enabled':true} | ['no_second_factor'] | ['clerk_user_mfa_disable']",
        "{'two_factor_enabled':true,'totp_enabled':true} | [] | []",
        "{'two_factor_enabled':true,'phone_numbers':[{'phone_number':'+1',"
            + "'reserved_for_second_factor':true,'verification':{'status':'verified'}}]} | [] | []",
        "{'banned':true,'locked':true} | ['banned','locked']"
            + " | ['clerk_user_unban','clerk_user_unlock']"
      })
  void stateOfUserHasSignInProblem(String patch, String codes, String tools) {
    ObjectNode user = (ObjectNode) clerk.sandbox().ok("GET /users/" + ada);
    user.setAll((ObjectNode) json(patch));
    answerUser(user);
    JsonNode problems = overview().path("sign_in_problems");
    assertThat(fields(problems, "code")).isEqualTo(json(codes));
    assertThat(fields(problems, "tool")).isEqualTo(json(tools));
    problems.forEach(problem -> assertThat(problem.path("why").asText()).endsWith("."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "3541 | 3 | Locked with 3 attempts left (so probably by hand, not for failed ones) for another 60 min.",
        "null | 3 | Locked with 3 attempts left (so probably by hand, not for failed ones) until an admin unlocks the user.",
        "3541 | 0 | Locked after too many failed attempts for another 60 min."
      })
  void lockSaysWhenItEndsAndWhy(String seconds, int attempts, String why) {
    ObjectNode user = (ObjectNode) clerk.sandbox().ok("GET /users/" + ada);
    user.put("locked", true).put("verification_attempts_remaining", attempts);
    user.set("lockout_expires_in_seconds", json(seconds));
    answerUser(user);
    assertThat(overview().at("/sign_in_problems/0/why").asText()).isEqualTo(why);
  }

  /** The list, an entry, and the problem that follows. */
  @ParameterizedTest
  @CsvSource({
    "blocklist, ada@example.com, blocklisted",
    "blocklist, *@example.org, blocklisted",
    "blocklist, +15555550100, blocklisted",
    "blocklist, bob@example.com, ",
    "allowlist, bob@example.com, not_allowlisted",
    "allowlist, *@example.com, ",
    "allowlist, a@example.org, "
  })
  void identifierListsAreComparedWithEveryIdentifier(String list, String entry, String problem) {
    String id = id("POST /%s_identifiers".formatted(list), "{'identifier':'%s'}".formatted(entry));
    JsonNode found = overview().path("sign_in_problems").path(0);
    assertThat(found.path("code").asText(null)).isEqualTo(problem);
    if ("blocklisted".equals(problem)) {
      assertThat(found.path("id").asText()).isEqualTo(id);
      assertThat(found.path("why").asText()).contains(entry).contains(" if ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, false, sso_inactive",
    "EXAMPLE.com, true, sso_required",
    "example.net, true, ",
    "ample.com, true, "
  })
  void connectionForTheDomainIsNamed(String domain, boolean active, String problem) {
    clerk.answer(
        "GET /enterprise_connections",
        new FakeClerk.Answer(
            200,
            "{\"data\":[{\"id\":\"ec_1\",\"name\":\"Okta\",\"active\":%s,\"domains\":[\"%s\"]}],\"total_count\":1}"
                .formatted(active, domain)));
    JsonNode found = overview().path("sign_in_problems").path(0);
    assertThat(found.path("code").asText(null)).isEqualTo(problem);
    assertThat(found.path("id").asText(null)).isEqualTo(problem == null ? null : "ec_1");
  }

  @Test
  void pendingSessionTaskIsNamed() {
    clerk.answer(
        "GET /sessions?paginated=true&user_id=%s&limit".formatted(ada),
        new FakeClerk.Answer(
            200,
            "{\"data\":[{\"id\":\"sess_1\",\"status\":\"pending\",\"tasks\":[{\"key\":\"reset-password\"}]}],\"total_count\":1}"));
    JsonNode answer = overview();
    assertThat(answer.at("/sign_in_problems/0/code").asText()).isEqualTo("session_task");
    assertThat(answer.at("/sign_in_problems/0/why").asText()).contains("reset-password");
    assertThat(answer.path("open_sessions").asInt()).isEqualTo(1);
    assertThat(answer.at("/newest_sessions/0/status").asText()).isEqualTo("pending");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /enterprise_connections, 402, enterprise_connections, ",
    "GET /blocklist_identifiers, 403, blocklist, ",
    "GET /sessions, 404, sessions, open_sessions",
    "GET /organization_invitations, 500, organization_invitations, ",
    "GET /users/ID/organization_memberships, 403, organizations, organizations"
  })
  void refusedPartIsNamedAndOthersAreShown(
      String request, int status, String part, String missing) {
    clerk.refuse(request.replace("ID", ada), status, "not_for_you");
    JsonNode answer = overview();
    assertThat(answer.path("not_read")).hasSize(1);
    assertThat(answer.path("not_read").path(part).asText())
        .contains(Integer.toString(status), "not_for_you");
    assertThat(answer.path("name").asText()).isEqualTo("Ada L");
    if (missing != null) {
      assertThat(answer.has(missing)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET /sessions, 401",
    "GET /blocklist_identifiers, 429",
    "GET /invitations, 429",
    "GET /users/, 404"
  })
  void errorAboutAllPartsFailsTheCall(String request, int status) {
    clerk.refuse(request, status, "no_good");
    ToolResult result = clerk.call(TOOL, "{'user_id':'%s'}".formatted(ada));
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("no_good").doesNotContain("not_read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /users/", "GET /blocklist_identifiers", "GET /invitations"})
  void cancelledCallStops(String request) {
    assertThatThrownBy(() -> clerk.callAndCancel(TOOL, "{'user_id':'%s'}".formatted(ada), request))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void partsAreReadConcurrently() {
    CountDownLatch blocklistAsked = new CountDownLatch(1);
    AtomicBoolean together = new AtomicBoolean();
    clerk.before("GET /blocklist_identifiers", blocklistAsked::countDown);
    clerk.before(
        "GET /users/%s/organization_memberships".formatted(ada),
        () -> {
          try {
            together.set(blocklistAsked.await(20, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    ToolResult result =
        clerk.call(
            ToolModule.registry(clerk.client()),
            TOOL,
            "{'user_id':'%s'}".formatted(ada),
            new Invocation(part -> new Thread(part).start(), Caller.UNKNOWN));
    assertThat(result.isError()).isFalse();
    assertThat(together).isTrue();
  }

  /** A user with far more data than real users have. */
  @Test
  void largeUserIsTruncatedToTheLimit() {
    ObjectNode user = (ObjectNode) clerk.sandbox().ok("GET /users/" + ada);
    String long200 = "é\u200B".repeat(100);
    user.put("first_name", long200).put("username", long200).put("external_id", long200);
    for (String field : List.of("email_address", "phone_number", "web3_wallet")) {
      String list = field + (field.endsWith("address") ? "es" : "s");
      for (int i = 0; i < 40; i++) {
        user.withArrayProperty(list)
            .addObject()
            .put("id", String.format(Locale.ROOT, "idn_%027d", i))
            .put(field, long200 + i);
      }
    }
    for (String name : List.of("public_metadata", "unsafe_metadata", "private_metadata")) {
      for (int i = 0; i < 40; i++) {
        user.withObjectProperty(name).put(long200 + i, long200);
      }
    }
    answerUser(user);
    for (int i = 0; i < 12; i++) {
      id(
          "POST /organizations",
          "{'name':'%s%s','created_by':'%s'}".formatted("N".repeat(200), i, ada));
      id("POST /sessions", "{'user_id':'%s'}".formatted(ada));
    }
    ToolResult result = clerk.call(TOOL, "{'user_id':'%s'}".formatted(ada));
    JsonNode answer = ToolCaller.json(result);
    assertThat(Rows.tokens(answer)).isLessThanOrEqualTo(1_900);
    assertThat(answer.path("organizations").size() + answer.path("organizations_left_out").asInt())
        .isEqualTo(12);
    assertThat(answer.path("open_sessions").asInt()).isEqualTo(12);
    assertThat(answer.path("emails_left_out").asInt()).isGreaterThan(30);
    assertThat(answer.path("public_metadata_left_out").asInt()).isGreaterThan(30);
  }

  private void answerUser(ObjectNode user) {
    clerk.answerExactly("GET /users/" + ada, new FakeClerk.Answer(200, user.toString()));
  }

  private JsonNode overview() {
    ToolResult result = clerk.call(TOOL, "{'user_id':'%s'}".formatted(ada));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.notes()).isEmpty();
    return ToolCaller.json(result);
  }

  private static JsonNode fields(JsonNode rows, String field) {
    var values = Json.array();
    rows.forEach(row -> values.add(row.path(field)));
    return values;
  }

  private static JsonNode json(String text) {
    try {
      return Json.read(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private String id(String route, String body) {
    return clerk.sandbox().ok(route, body).path("id").asText();
  }
}
