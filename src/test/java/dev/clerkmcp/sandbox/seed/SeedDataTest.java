package dev.clerkmcp.sandbox.seed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The seed data of a new sandbox. */
final class SeedDataTest {
  private static final SandboxCalls CLERK = SandboxCalls.seeded(1, 120);
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long NOW = CLERK.store().now();

  static Map<String, Predicate<ObjectNode>> kindsOfUsers() {
    return Map.ofEntries(
        Map.entry("banned", flag("banned")),
        Map.entry("locked", flag("locked")),
        Map.entry("with two factors", flag("two_factor_enabled")),
        Map.entry("without two factors", flag("two_factor_enabled").negate()),
        Map.entry("with password", flag("password_enabled")),
        Map.entry("without password", flag("password_enabled").negate()),
        Map.entry("never signed in", user -> user.path("last_sign_in_at").isNull()),
        Map.entry("inactive for 90 days", user -> isOlder(user, "last_active_at", 90)),
        Map.entry("active this week", user -> !isOlder(user, "last_active_at", 7)),
        Map.entry("Google", user -> !user.path("external_accounts").isEmpty()),
        Map.entry("SAML", user -> !user.path("enterprise_accounts").isEmpty()),
        Map.entry("passkey", user -> !user.path("passkeys").isEmpty()),
        Map.entry("external id", user -> user.hasNonNull("external_id")),
        Map.entry("username", user -> user.hasNonNull("username")),
        Map.entry("phone", user -> !user.path("phone_numbers").isEmpty()),
        Map.entry("metadata", user -> !user.path("unsafe_metadata").isEmpty()),
        Map.entry("owner", user -> user.at("/public_metadata/role").asText().equals("owner")),
        Map.entry(
            "unverified address", user -> user.at("/email_addresses/0/verification").isNull()),
        Map.entry(
            "injection",
            user ->
                user.path("first_name").asText().startsWith("Ignore all previous instructions")
                    && user.at("/unsafe_metadata/bio").asText().contains("\u202E")));
  }

  @ParameterizedTest
  @MethodSource("names")
  void hasUserOfEachKind(String kind) {
    Predicate<ObjectNode> meant = kindsOfUsers().get(kind);
    assertThat(meant).isNotNull();
    assertThat(table(ObjectKind.USER)).anyMatch(meant);
  }

  static Set<String> names() {
    return kindsOfUsers().keySet();
  }

  @Test
  void usersWereCreatedOverTwoYears() {
    List<ObjectNode> users = table(ObjectKind.USER);
    assertThat(users).hasSize(120);
    assertThat(users)
        .allSatisfy(
            user -> {
              assertThat(user.path("created_at").asLong()).isBetween(NOW - 731 * DAY, NOW);
              assertThat(user.path("updated_at").asLong()).isLessThanOrEqualTo(NOW);
              assertThat(user.at("/email_addresses/0/email_address").asText())
                  .endsWith("@example.com");
            });
    assertThat(users.get(119).path("created_at").asLong()).isGreaterThan(NOW - 20 * DAY);
    Set<Character.UnicodeScript> scripts = new HashSet<>();
    users.forEach(
        user ->
            scripts.add(
                Character.UnicodeScript.of(user.path("last_name").asText().codePointAt(0))));
    assertThat(scripts).hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void organizationsHaveMembersAndOneHasNoAdmin() {
    List<ObjectNode> organizations = table(ObjectKind.ORGANIZATION);
    assertThat(organizations).hasSize(6);
    long withoutAdmin =
        organizations.stream()
            .filter(
                organization ->
                    CLERK
                            .ok(
                                "GET /organizations/%s/memberships?role=org:admin"
                                    .formatted(organization.path("id").asText()))
                            .path("total_count")
                            .asInt()
                        == 0)
            .count();
    assertThat(withoutAdmin).isEqualTo(1);
    assertThat(CLERK.ok("GET /organization_invitations?status=pending").path("total_count").asInt())
        .isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pending", "accepted", "revoked", "expired"})
  void hasInvitationsInEachState(String status) {
    assertThat(CLERK.ok("GET /invitations?status=" + status)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jwt_templates 2",
        "domains 2",
        "oauth_applications 1",
        "allowlist_identifiers 2",
        "blocklist_identifiers 2",
        "waitlist_entries 5",
        "redirect_urls 1",
        "machines 2"
      })
  void hasOtherObjects(String listAndSize) {
    String list = listAndSize.substring(0, listAndSize.indexOf(' '));
    int size = Integer.parseInt(listAndSize.substring(listAndSize.indexOf(' ') + 1));
    JsonNode answer = CLERK.ok("GET /" + list);
    assertThat(answer.isArray() ? answer : answer.path("data")).hasSize(size);
  }

  @Test
  void someSessionsAreActive() {
    assertThat(table(ObjectKind.SESSION))
        .anyMatch(row -> row.path("status").asText().equals("active"));
    assertThat(table(ObjectKind.SESSION))
        .anyMatch(row -> row.path("status").asText().equals("revoked"));
  }

  @Test
  void seedDecidesEveryByte() {
    String one = json(SandboxCalls.seeded(1, 120));
    assertThat(json(SandboxCalls.seeded(1, 120))).isEqualTo(one);
    assertThat(json(SandboxCalls.seeded(2, 120))).isNotEqualTo(one);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 1000})
  void numberOfUsersIsConfigurable(int users) {
    Store store = SandboxCalls.seeded(1, users).store();
    assertThat(store.table(ObjectKind.USER).size()).isEqualTo(users);
  }

  @Test
  void noValueResemblesRealSecretOrAddress() {
    String store = json(CLERK);
    Pattern real =
        Pattern.compile(
            "sk_live|sk_test_(?!sandbox)|pk_(live|test)|whsec_|eyJ[A-Za-z0-9]|clerk\\.com");
    assertThat(store).doesNotContainPattern(real);
    assertThat(Pattern.compile("[\\w.+-]+@([\\w.-]+)").matcher(store).results())
        .allSatisfy(
            address -> assertThat(address.group(1)).matches("(.*\\.)?example\\.(com|org|net)"));
    assertThat(Pattern.compile("https?://([\\w.-]+)").matcher(store).results())
        .allSatisfy(
            url ->
                assertThat(url.group(1))
                    .matches("(.*\\.)?(sandbox\\.invalid|example\\.com|localhost)"));
  }

  private static Predicate<ObjectNode> flag(String name) {
    return user -> user.path(name).asBoolean();
  }

  private static boolean isOlder(ObjectNode user, String time, int days) {
    return user.path(time).isNumber() && user.path(time).asLong() < NOW - days * DAY;
  }

  private static List<ObjectNode> table(ObjectKind kind) {
    return CLERK.store().table(kind).stream().toList();
  }

  private static String json(SandboxCalls clerk) {
    return clerk.store().toJson().toString();
  }
}
