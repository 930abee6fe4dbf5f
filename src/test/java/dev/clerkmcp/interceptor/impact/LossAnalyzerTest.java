package dev.clerkmcp.interceptor.impact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.registry.DeclaredOperations;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.sandbox.PreparedRequest;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests which losses of an operation are reported before a confirmation. */
final class LossAnalyzerTest {
  private static final String DELETE_USER = "DELETE /users/{user_id}";
  private static final String ORGANIZATION = "/organizations/{organization_id}";
  private static final String MEMBER = ORGANIZATION + "/memberships/{user_id}";

  private final TestInstance instance = TestInstance.ofSandbox();

  static List<OperationFacts> takingAway() {
    return DeclaredOperations.changing().stream()
        .filter(operation -> operation.effect().destructive())
        .filter(
            operation ->
                operation.endpoint().route().matches("DELETE .*|.*/(ban|revoke|remove_.*|rotate.*)")
                    || hasSentence(operation))
        .toList();
  }

  private static boolean hasSentence(OperationFacts operation) {
    return operation.loses() != null
        && !operation.loses().value().isEmpty()
        && operation.loses().when().isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"increase, false", "decrease, true"})
  void lossOfOneArgumentValueIsNotReportedForAnother(String action, boolean lost) {
    OperationFacts operation = DeclaredOperations.of("POST /users/{user_id}/billing/credits");
    PreparedRequest call = PreparedRequest.call(operation.endpoint());
    assertThat(
            new TestInstance(call.client())
                .losses(operation, call.arguments().put("action", action)))
        .hasSize(lost ? 1 : 0);
  }

  @ParameterizedTest
  @MethodSource("takingAway")
  void destructiveOperationNamesItsLosses(OperationFacts operation) {
    PreparedRequest call = PreparedRequest.call(operation.endpoint());
    assertThat(new TestInstance(call.client()).losses(operation, call.arguments()))
        .isNotEmpty()
        .allSatisfy(sentence -> assertThat(sentence).matches("[A-Z0-9+].*[^.\\n]"))
        .noneSatisfy(sentence -> assertThat(sentence).startsWith("Unknown"));
  }

  @Test
  void deletedUserLosesSessionsMembershipsAndLastAdmin() {
    String ada = instance.user("Ada", "ada@example.com");
    String bob = instance.user("Bob", "bob@example.com");
    String acme = organization("Acme", ada);
    String both = organization("Both", ada);
    join(both, bob, "org:admin");
    join(acme, bob, "org:member");
    instance.sent("POST /sessions", "{'user_id': '%s'}", ada);
    instance.sent("POST /sessions", "{'user_id': '%s'}", ada);
    invite(organization("Third", bob), "ada@example.com");
    assertThat(instance.losses(DELETE_USER, "{'user_id': '%s'}", ada))
        .containsExactlyInAnyOrder(
            "2 active sessions end",
            "2 memberships end: organization \"Both\", organization \"Acme\"",
            "Is the only admin of organization \"Acme\"",
            "1 pending invitation to an organization stays unanswered",
            "Profile, metadata and ways to sign in are gone for good");
  }

  @Test
  void adminOfManyOrganizationsTakesTwelveRequests() {
    String ada = instance.user("Ada", "ada@example.com");
    for (int i = 1; i <= 11; i++) {
      organization(String.format(Locale.ROOT, "Organization %02d", i), ada);
    }
    List<String> losses = instance.losses(DELETE_USER, "{'user_id': '%s'}", ada);
    assertThat(losses).anyMatch(loss -> loss.matches("11 memberships end: .* and 1 more"));
    assertThat(losses).filteredOn(loss -> loss.startsWith("Is the only admin of")).hasSize(9);
    assertThat(losses).contains("May be the only admin of some of 2 more organizations");
    assertThat(instance.asked()).hasSize(12);
  }

  @Test
  void bulkBanEndsSessionsOfAllUsers() {
    String ada = instance.user("Ada", "ada@example.com");
    String bob = instance.user("Bob", "bob@example.com");
    instance.sent("POST /sessions", "{'user_id': '%s'}", ada);
    instance.sent("POST /sessions", "{'user_id': '%s'}", bob);
    assertThat(instance.losses("POST /users/{user_id}/ban", "{'user_id': '%s'}", ada))
        .containsExactly("1 active session ends", "Cannot sign in until unbanned");
    assertThat(instance.losses("POST /users/ban", "{'user_ids': ['%s', '%s']}", ada, bob))
        .contains("2 active sessions end");
    assertThat(
            instance.losses(
                "POST /users/{user_id}/remove_password",
                "{'user_id': '%s', 'sign_out_of_other_sessions': true}",
                ada))
        .containsExactly("1 active session ends", "The password is gone");
  }

  @Test
  void deletedOrganizationLosesMembersInvitationsAndDomains() {
    String acme = organization("Acme", instance.user("Ada", "ada@example.com"));
    join(acme, instance.user("Bob", "bob@example.com"), "org:member");
    invite(acme, "carol@example.com");
    instance.sent(
        "POST " + ORGANIZATION + "/domains",
        "{'organization_id': '%s', 'name': 'acme.test'}",
        acme);
    instance.sent(
        "POST /enterprise_connections",
        "{'organization_id': '%s', 'name': 'Okta', 'provider': 'saml_okta', 'domains': ['a.test']}",
        acme);
    assertThat(instance.losses("DELETE " + ORGANIZATION, "{'organization_id': '%s'}", acme))
        .containsExactly(
            "2 members lose access",
            "1 pending invitation is void",
            "1 email domain is deleted",
            "1 enterprise connection belongs to it",
            "Profile, metadata and settings are gone for good");
  }

  @Test
  void removedOrDemotedLastAdminIsReported() {
    String ada = instance.user("Ada", "ada@example.com");
    String acme = organization("Acme", ada);
    String json = "{'organization_id': '%s', 'user_id': '%s'}";
    String demotion = json.replace("}", ", 'role': 'org:member'}");
    assertThat(instance.losses("DELETE " + MEMBER, json, acme, ada))
        .startsWith("Loses the role org:admin", "Is the only admin of organization \"Acme\"");
    assertThat(instance.losses("PATCH " + MEMBER, demotion, acme, ada))
        .containsExactly("Is the only admin of organization \"Acme\"");
    join(acme, instance.user("Bob", "bob@example.com"), "org:admin");
    assertThat(instance.losses("PATCH " + MEMBER, demotion, acme, ada)).isEmpty();
  }

  @Test
  void replacedAddressesAreListed() {
    String ada = instance.user("Ada", "ada@example.com");
    String contact = "{'user_id': '%s', 'email_address': '%s'}";
    instance.sent("POST /email_addresses", contact, ada, "second@example.com");
    assertThat(
            instance.losses("PUT /users/{user_id}/email_address", contact, ada, "ada@example.com"))
        .containsExactly("1 other email address is dropped: second@example.com");
    assertThat(
            instance.losses("PUT /users/{user_id}/email_address", contact, ada, "new@example.com"))
        .containsExactly(
            "2 other email addresses are dropped: ada@example.com, second@example.com");
  }

  @Test
  void onlyAddressIsReported() {
    String ada = instance.user("Ada", "ada@example.com");
    String id =
        instance.state(DELETE_USER, "{'user_id': '%s'}", ada).at("/email_addresses/0/id").asText();
    assertThat(
            instance.losses(
                "DELETE /email_addresses/{email_address_id}", "{'email_address_id': '%s'}", id))
        .containsExactly(
            "Is the user's only email address", "Its owner can no longer sign in with it");
  }

  @Test
  void replacedMetadataLosesOmittedKeys() {
    String ada =
        instance.made(
            "POST /users",
            "{'username': 'lovelace', 'public_metadata': {'plan': 1, 'b\\nc': 2, 'a': 3}, 'private_metadata': {'x': 1}}");
    assertThat(
            instance.losses(
                "PUT /users/{user_id}/metadata",
                "{'user_id': '%s', 'public_metadata': {'plan': 2}}",
                ada))
        .containsExactly("public_metadata loses a, \"b c\"");
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH /instance/restrictions, allowlist, true, 1",
    "PATCH /beta_features/instance_settings, restricted_to_allowlist, true, 1",
    "PATCH /instance/restrictions, allowlist, false, 0",
    "PATCH /instance/restrictions, blocklist, true, 0",
  })
  void enablingEmptyAllowlistIsReported(String route, String list, boolean on, int losses) {
    FakeClerk clerk = FakeClerk.answering("{\"data\": [], \"total_count\": 0}");
    assertThat(new TestInstance(clerk.client()).losses(route, "{'%s': %s}", list, on))
        .hasSize(losses)
        .allMatch(loss -> loss.endsWith("it locks everyone out"));
  }

  @Test
  void unreadableLossIsReportedAsUnknown() {
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                request.equals("GET /users/user_1")
                    ? new FakeClerk.Answer(200, "{\"object\": \"user\", \"id\": \"user_1\"}")
                    : new FakeClerk.Answer(403, "{}"));
    assertThat(new TestInstance(clerk.client()).losses(DELETE_USER, "{'user_id': 'user_1'}"))
        .containsExactly(
            "Unknown: how many active sessions end",
            "Unknown: how many memberships end",
            "Unknown: how many pending invitations to organizations stay unanswered",
            "Profile, metadata and ways to sign in are gone for good");
  }

  private String organization(String name, String admin) {
    return instance.made("POST /organizations", "{'name': '%s', 'created_by': '%s'}", name, admin);
  }

  private void join(String organization, String user, String role) {
    instance.sent(
        "POST " + ORGANIZATION + "/memberships",
        "{'organization_id': '%s', 'user_id': '%s', 'role': '%s'}",
        organization,
        user,
        role);
  }

  private void invite(String organization, String address) {
    instance.sent(
        "POST " + ORGANIZATION + "/invitations",
        "{'organization_id': '%s', 'email_address': '%s', 'role': 'org:member'}",
        organization,
        address);
  }
}
