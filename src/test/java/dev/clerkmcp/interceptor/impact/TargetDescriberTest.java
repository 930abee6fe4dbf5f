package dev.clerkmcp.interceptor.impact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the line that describes what an operation affects, and that names in it are sanitized. */
final class TargetDescriberTest {
  private static final String LOCK = "POST /users/{user_id}/lock";

  private final TestInstance instance = TestInstance.ofSandbox();

  @Test
  void userIsNamedWithThePrimaryAddress() {
    String id =
        instance.made(
            "POST /users",
            "{'first_name': 'Ada', 'last_name': 'Lovelace', 'email_address': ['old@example.com']}");
    instance.sent(
        "POST /email_addresses",
        "{'user_id': '%s', 'email_address': 'ada@example.com', 'verified': true, 'primary': true}",
        id);
    assertThat(describe(LOCK, "{'user_id': '%s'}", id))
        .isEqualTo("user \"Ada Lovelace\", ada@example.com (%s)", id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'username': 'lovelace'} | user \"lovelace\" (ID)",
        "{'email_address': ['ada@example.com']} | user ada@example.com (ID)",
        "{'phone_number': ['+15555550100']} | user +15555550100 (ID)",
        "{'first_name': 'Ada', 'username': 'lovelace'} | user \"Ada\" (ID)",
        "{'skip_user_requirement': true} | user (ID)",
      })
  void userIsNamedByExistingFields(String json, String expected) {
    String id = instance.made("POST /users", json);
    assertThat(describe(LOCK, "{'user_id': '%s'}", id)).isEqualTo(expected.replace("ID", id));
  }

  @Test
  void membershipNamesTheUserTheRoleAndTheOrganization() {
    String acme = instance.made("POST /organizations", "{'name': 'Acme'}");
    String ada = instance.user("Ada", "ada@example.com");
    instance.sent(
        "POST /organizations/{organization_id}/memberships",
        "{'organization_id': '%s', 'user_id': '%s', 'role': 'org:admin'}",
        acme,
        ada);
    String both = "{'organization_id': '%s', 'user_id': '%s'}";
    assertThat(
            describe(
                "DELETE /organizations/{organization_id}/memberships/{user_id}", both, acme, ada))
        .isEqualTo(
            "\"Ada\", ada@example.com (%s) as org:admin of organization \"Acme\", 1 member (%s)",
            ada, acme);
    assertThat(describe("POST /organizations/{organization_id}/memberships", both, acme, ada))
        .isEqualTo(
            "organization \"Acme\", 1 member (%s) with user \"Ada\", ada@example.com (%s)",
            acme, ada);
  }

  @Test
  void ownedObjectIsNamedWithItsOwner() {
    String ada = instance.user("Ada", "ada@example.com");
    String person = "\"Ada\", ada@example.com (" + ada + ")";
    String session = instance.made("POST /sessions", "{'user_id': '%s'}", ada);
    String key = instance.made("POST /api_keys", "{'name': 'Export', 'subject': '%s'}", ada);
    assertThat(describe("POST /sessions/{session_id}/revoke", "{'session_id': '%s'}", session))
        .isEqualTo("session of %s, last active 2026-06-01 (%s)", person, session);
    assertThat(describe("DELETE /api_keys/{api_key_id}", "{'api_key_id': '%s'}", key))
        .isEqualTo("API key \"Export\" (%s) of %s", key, person);
    assertThat(
            describe(
                "DELETE /users/{user_id}/passkeys/{passkey_identification_id}",
                "{'user_id': '%s', 'passkey_identification_id': 'idn_1'}",
                ada))
        .isEqualTo("passkey idn_1 of user %s", person);
  }

  @Test
  void invitationIsNamedByItsAddress() {
    String acme = instance.made("POST /organizations", "{'name': 'Acme'}");
    String of = "{'organization_id': '%s', ";
    String bob = "'email_address': 'bob@example.com'";
    String own =
        instance.made(
            "POST /organizations/{organization_id}/invitations",
            of + bob + ", 'role': 'org:member'}",
            acme);
    String application = instance.made("POST /invitations", "{" + bob + "}");
    assertThat(
            describe(
                "POST /invitations/{invitation_id}/revoke", "{'invitation_id': '%s'}", application))
        .isEqualTo("invitation to bob@example.com (%s)", application);
    assertThat(
            describe(
                "POST /organizations/{organization_id}/invitations/{invitation_id}/revoke",
                of + "'invitation_id': '%s'}",
                acme,
                own))
        .isEqualTo(
            "invitation to bob@example.com (%s) as org:member of organization \"Acme\", 0 members (%s)",
            own, acme);
    assertThat(
            describe(
                "POST /invitations/bulk",
                "{'invitations': [{%s}, {'email_address': 'eve@example.com'}]}",
                bob))
        .isEqualTo("2 new invitations for bob@example.com, eve@example.com");
  }

  @Test
  void tooManyUsersAreCountedAndNotNamed() {
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      ids.add('"' + instance.user("User " + i, "user%s@example.com".formatted(i)) + '"');
    }
    assertThat(describe("POST /users/ban", "{'user_ids': %s}", ids)).isEqualTo("12 users");
    assertThat(describe("POST /users/ban", "{'user_ids': %s}", ids.subList(0, 10)))
        .startsWith("10 users: \"User 1\", user1@example.com (user_")
        .contains("\"User 10\"");
    assertThat(
            describe("POST /users/unban", "{'user_ids': [%1$s, %1$s, 'user_unknown']}", ids.get(0)))
        .startsWith("1 user: \"User 1\"")
        .endsWith("), and 1 that Clerk does not know");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PATCH /instance | {'test_mode': true} | the whole instance (development)",
        "PATCH /instance/restrictions | {'allowlist': true} | the whole instance (development)",
        "POST /instance/change_domain | {} | the whole instance (development)",
        "DELETE /webhooks/svix | {} | the whole instance (development)",
        "POST /jwt_templates | {'name': 'warehouse'} | new JWT template \"warehouse\"",
        "POST /users | {'email_address': ['ada@example.com']} | new user for ada@example.com",
        "POST /allowlist_identifiers | {'identifier': '*@example.com'} | new allowlist identifier *@example.com",
        "POST /sign_in_tokens/{sign_in_token_id}/revoke | {'sign_in_token_id': 'sit_1'} | sign-in token sit_1",
        "DELETE /users/{user_id} | {'user_id': 'user_1'} | user user_1, which Clerk does not know",
        "DELETE /organization_roles/{organization_role_id} | {'organization_role_id': 'r 1'} | organization role \"r 1\", which Clerk does not know",
      })
  void everythingElseIsNamedByItsKind(String route, String json, String expected) {
    assertThat(describe(route, json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ada\", ada@example.com (user_2)\nApproved: \"",
        "Ada\u2028\u202Eada \u201D (user_2)",
        "Ada\u0000\u001B[2J\u200B\uDB40\uDC62\u3164 \uFF02",
      })
  void nameIsSanitized(String name) {
    String line = nameShown(name);
    assertThat(line).startsWith("user \"Ada").endsWith("\" (user_1)");
    assertThat(line.chars().filter(character -> character == '"').count()).isEqualTo(2);
    assertThat(line).matches("[^\\p{C}\\p{Zl}\\p{Zp}\u201D\u3164\uFF02]*");
  }

  @Test
  void longNameIsTruncated() {
    assertThat(nameShown("\uD83D\uDE00".repeat(81)))
        .isEqualTo("user \"" + "\uD83D\uDE00".repeat(79) + "…\" (user_1)");
    assertThat(nameShown("a".repeat(80))).isEqualTo("user \"" + "a".repeat(80) + "\" (user_1)");
  }

  private static String nameShown(String name) {
    String user =
        Json.object().put("object", "user").put("id", "user_1").put("first_name", name).toString();
    return new TestInstance(FakeClerk.answering(user).client())
        .target(LOCK, "{'user_id': 'user_1'}")
        .description();
  }

  private String describe(String route, String json, Object... values) {
    return instance.target(route, json, values).description();
  }
}
