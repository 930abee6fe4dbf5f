package dev.clerkmcp.interceptor.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.DeclaredOperations;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.sandbox.PreparedRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests which objects, users and organizations an operation affects, as far as Clerk lets them be
 * read.
 */
final class TargetReaderTest {
  private static final String NO_READING = "Clerk has no reading for it";

  /** Operations on an object that cannot be read, with the reason. */
  private static final Map<String, String> STATELESS =
      Map.of(
          "POST /actor_tokens/{actor_token_id}/revoke",
          NO_READING,
          "POST /admin_portal_link_tokens/{admin_portal_link_token_id}/revoke",
          NO_READING,
          "POST /agents/tasks/{agent_task_id}/revoke",
          NO_READING,
          "POST /m2m_tokens/{m2m_token_id}/revoke",
          "Clerk lists them by machine, which the call does not name",
          "POST /sign_in_tokens/{sign_in_token_id}/revoke",
          NO_READING);

  private static final String MEMBERSHIPS = "POST /organizations/{organization_id}/memberships";
  private static final String MEMBERSHIP =
      "DELETE /organizations/{organization_id}/memberships/{user_id}";

  private final TestInstance instance = TestInstance.ofSandbox();

  static List<OperationFacts> changing() {
    return DeclaredOperations.changing();
  }

  static List<OperationFacts> readable() {
    return DeclaredOperations.changing().stream()
        .filter(operation -> !operation.endpoint().variables().isEmpty())
        .filter(operation -> !STATELESS.containsKey(operation.endpoint().route()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("changing")
  void resolvingTargetsChangesNothingAndSendsFewRequests(OperationFacts operation) {
    PreparedRequest call = PreparedRequest.call(operation.endpoint());
    TestInstance prepared = new TestInstance(call.client());
    String before = call.state();
    RequestTarget target = prepared.target(operation, call.arguments());
    assertThat(target.missing()).isFalse();
    assertThat(target.description()).isNotBlank().doesNotContain("\n", "{", "null", "  ");
    assertThat(prepared.asked()).hasSizeLessThanOrEqualTo(4);
    prepared.losses(operation, call.arguments());
    assertThat(prepared.asked()).hasSizeLessThanOrEqualTo(12);
    assertThat(call.state()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("readable")
  void objectInThePathIsRead(OperationFacts operation) {
    PreparedRequest call = PreparedRequest.call(operation.endpoint());
    JsonNode state = new TestInstance(call.client()).target(operation, call.arguments()).state();
    assertThat(state).isNotNull();
    boolean list = state.has("data");
    assertThat(list || isNamed(state, call.arguments())).as("%s", state).isTrue();
  }

  @ParameterizedTest
  @MethodSource("readable")
  void unknownObjectIsMissing(OperationFacts operation) {
    PreparedRequest call = PreparedRequest.call(operation.endpoint());
    ObjectNode arguments = call.arguments();
    operation.endpoint().variables().stream()
        .filter(variable -> !variable.equals("template_type"))
        .forEach(variable -> arguments.put(variable, "unknown_1"));
    TestInstance prepared = new TestInstance(call.client());
    RequestTarget target = prepared.target(operation, arguments);
    assertThat(target.missing()).isTrue();
    assertThat(target.state()).isNull();
    assertThat(target.description()).contains("unknown_1, which Clerk does not know");
    assertThat(prepared.losses(operation, arguments)).isEmpty();
  }

  @Test
  void onlyUnreadableObjectsHaveNoState() {
    for (String route : STATELESS.keySet()) {
      PreparedRequest call = PreparedRequest.call(DeclaredOperations.endpoint(route));
      TestInstance prepared = new TestInstance(call.client());
      RequestTarget target = prepared.target(DeclaredOperations.of(route), call.arguments());
      assertThat(target.state()).as(route).isNull();
      assertThat(target.missing()).as(route).isFalse();
      assertThat(prepared.asked()).as(route).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /actor_tokens/{actor_token_id}/revoke",
        "POST /admin_portal_link_tokens/{admin_portal_link_token_id}/revoke",
        "POST /agents/tasks/{agent_task_id}/revoke",
        "POST /oauth_applications/{oauth_application_id}/revoke_token",
        "POST /sign_in_tokens/{sign_in_token_id}/revoke"
      })
  void ownerIsUnclear(String route) {
    PreparedRequest call = PreparedRequest.call(DeclaredOperations.endpoint(route));
    RequestTarget target =
        new TestInstance(call.client()).target(DeclaredOperations.of(route), call.arguments());
    assertThat(target.unclear()).isTrue();
    assertThat(target.users()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /users/{user_id}/lock | {'user_id': '%1$s'} | 1",
        "POST /users/ban | {'user_ids': ['%1$s', '%2$s', '%1$s', 'user_unknown']} | 2",
        "POST /sign_in_tokens | {'user_id': '%1$s'} | 1",
        "POST /api_keys | {'name': 'key', 'subject': '%1$s', 'created_by': '%2$s'} | 2",
        "POST /organizations | {'name': 'Acme', 'created_by': '%1$s'} | 1",
        "POST /actor_tokens | {'user_id': '%1$s', 'actor': {'sub': '%2$s'}} | 2",
        "POST /agents/tasks | {'on_behalf_of': {'user_id': '%1$s'}} | 1",
        "POST /agents/tasks | {'on_behalf_of': {'identifier': 'ada@example.com'}} | 1",
        "POST /organizations | {'name': 'Acme', 'created_by': 'user_unknown'} | 0",
        "POST /organizations | {'name': 'user_1', 'public_metadata': {'user_id': '%1$s'}} | 0",
        "POST /users | {'external_id': 'user_1', 'password': 'user_1'} | 0",
      })
  void usersAreReadFromArguments(String route, String json, int users) {
    String ada = instance.user("Ada", "ada@example.com");
    String bob = instance.user("Bob", "bob@example.com");
    RequestTarget target = instance.target(route, json, ada, bob);
    assertThat(ids(target.users())).isEqualTo(List.of(ada, bob).subList(0, users));
    assertThat(target.unclear()).isFalse();
    assertThat(instance.asked()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void ownerOfChangedObjectIsAffected() {
    String ada = instance.user("Ada", "ada@example.com");
    String session = instance.made("POST /sessions", "{'user_id': '%s'}", ada);
    String email =
        instance.made(
            "POST /email_addresses", "{'user_id': '%s', 'email_address': 'a@example.com'}", ada);
    String phone =
        instance.made(
            "POST /phone_numbers", "{'user_id': '%s', 'phone_number': '+15555550100'}", ada);
    String key = instance.made("POST /api_keys", "{'name': 'key', 'subject': '%s'}", ada);
    List<RequestTarget> targets =
        List.of(
            instance.target("POST /sessions/{session_id}/revoke", "{'session_id': '%s'}", session),
            instance.target(
                "DELETE /email_addresses/{email_address_id}", "{'email_address_id': '%s'}", email),
            instance.target(
                "DELETE /phone_numbers/{phone_number_id}", "{'phone_number_id': '%s'}", phone),
            instance.target("DELETE /api_keys/{api_key_id}", "{'api_key_id': '%s'}", key));
    for (RequestTarget target : targets) {
      assertThat(ids(target.users())).as(target.description()).containsExactly(ada);
      assertThat(target.unclear()).isFalse();
      assertThat(target.addresses()).isEmpty();
    }
  }

  @Test
  void addressOfUnknownUserIsUnclear() {
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                request.startsWith("GET /email_addresses/idn_1")
                    ? ok("{'object': 'email_address', 'id': 'idn_1', 'email_address': 'a@b.c'}")
                    : ok(
                        "[{'object': 'user', 'id': 'user_2', 'email_addresses': [{'id': 'idn_2'}]}]"));
    RequestTarget target =
        new TestInstance(clerk.client())
            .target("DELETE /email_addresses/{email_address_id}", "{'email_address_id': 'idn_1'}");
    assertThat(target.users()).isEmpty();
    assertThat(target.unclear()).isTrue();
    assertThat(clerk.requests()).contains("GET /users?email_address=a%40b.c&limit=50");
  }

  @Test
  void agentTaskForUnknownUserIsUnclear() {
    RequestTarget target =
        instance.target(
            "POST /agents/tasks", "{'on_behalf_of': {'identifier': 'nobody@example.com'}}");
    assertThat(target.unclear()).isTrue();
    assertThat(target.addresses()).isEmpty();
  }

  @Test
  void organizationIsFoundByIdSlugAndOwnedObjects() {
    String acme = instance.made("POST /organizations", "{'name': 'Acme', 'slug': 'acme'}");
    String ada = instance.user("Ada", "ada@example.com");
    String of = "{'organization_id': '%s'";
    String domain =
        instance.made(
            "POST /organizations/{organization_id}/domains", of + ", 'name': 'acme.test'}", acme);
    instance.sent(MEMBERSHIPS, of + ", 'user_id': '%s', 'role': 'org:admin'}", acme, ada);
    List<RequestTarget> targets =
        List.of(
            instance.target("PATCH /organizations/{organization_id}", of + "}", acme),
            instance.target("PATCH /organizations/{organization_id}", of + "}", "acme"),
            instance.target(MEMBERSHIP, of + ", 'user_id': '%s'}", acme, ada),
            instance.target(MEMBERSHIPS, of + ", 'user_id': 'user_unknown'}", acme),
            instance.target(
                "DELETE /organizations/{organization_id}/domains/{domain_id}",
                of + ", 'domain_id': '%s'}",
                acme,
                domain),
            instance.target("POST /sign_in_tokens", "{'user_id': 'x', 'org_id': '%s'}", acme),
            instance.target("POST /api_keys", "{'name': 'key', 'subject': '%s'}", acme));
    for (RequestTarget target : targets) {
      assertThat(ids(target.organizations())).as(target.description()).containsExactly(acme);
      assertThat(target.organizations().get(0).path("members_count").asInt()).isEqualTo(1);
      assertThat(target.unclear()).isFalse();
    }
    assertThat(
            instance.state(MEMBERSHIP, of + ", 'user_id': '%s'}", acme, ada).path("role").asText())
        .isEqualTo("org:admin");
    assertThat(ids(targets.get(2).users())).containsExactly(ada);
  }

  @Test
  void directoryBelongsToTheOrganizationOfItsConnection() {
    FakeClerk clerk =
        FakeClerk.answering(
            request -> {
              String path = request.replaceFirst("^GET ([^?]*).*$", "$1");
              return switch (path) {
                case "/directories/d1/group_role_mappings" ->
                    ok("{'data': [{'id': 'm1', 'directory_id': 'd1', 'scim_directory_id': 'd1'}]}");
                case "/directories/d1" -> ok("{'id': 'd1', 'enterprise_connection_id': 'c1'}");
                case "/enterprise_connections/c1" -> ok("{'id': 'c1', 'organization_id': 'org_1'}");
                case "/organizations/org_1" -> ok("{'object': 'organization', 'id': 'org_1'}");
                default -> new FakeClerk.Answer(404, "{}");
              };
            });
    TestInstance fake = new TestInstance(clerk.client());
    RequestTarget target =
        fake.target(
            "DELETE /directories/{directory_id}/group_role_mappings/{mapping_id}",
            "{'directory_id': 'd1', 'mapping_id': 'm1'}");
    assertThat(ids(target.organizations())).containsExactly("org_1");
    assertThat(clerk.requests()).hasSize(4);
    assertThat(fake.target("POST /directories", "{'enterprise_connection_id': 'c2'}").unclear())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /invitations | {'email_address': 'a@example.com'} | a@example.com",
        "POST /users | {'email_address': ['a@example.com', 'b@example.com']} | a@example.com b@example.com",
        "POST /invitations/bulk | {'invitations': [{'email_address': 'a@example.com'}, {'email_address': 'b@example.com'}]} | a@example.com b@example.com",
        "POST /waitlist_entries/bulk | {'entries': [{'email_address': 'a@example.com'}]} | a@example.com",
        "POST /allowlist_identifiers | {'identifier': 'a@example.com'} | a@example.com",
        "POST /allowlist_identifiers | {'identifier': '*@example.com'} | *@example.com",
        "POST /blocklist_identifiers | {'identifier': '+15555550100'} | ''",
      })
  void addressesAreReadFromArguments(String route, String json, String addresses) {
    List<String> expected = addresses.isEmpty() ? List.of() : List.of(addresses.split(" ", -1));
    assertThat(instance.target(route, json).addresses()).isEqualTo(expected);
  }

  @Test
  void invitedAndWaitlistedAddressesAreAffected() {
    String invitation = instance.made("POST /invitations", "{'email_address': 'i@example.com'}");
    String entry = instance.made("POST /waitlist_entries", "{'email_address': 'w@example.com'}");
    assertThat(
            instance
                .target(
                    "POST /invitations/{invitation_id}/revoke",
                    "{'invitation_id': '%s'}",
                    invitation)
                .addresses())
        .containsExactly("i@example.com");
    assertThat(
            instance
                .target(
                    "DELETE /waitlist_entries/{waitlist_entry_id}",
                    "{'waitlist_entry_id': '%s'}",
                    entry)
                .addresses())
        .containsExactly("w@example.com");
  }

  @Test
  void revokedInvitationIsNotMissing() {
    String route = "POST /invitations/{invitation_id}/revoke";
    String id = instance.made("POST /invitations", "{'email_address': 'i@example.com'}");
    instance.sent(route, "{'invitation_id': '%s'}", id);
    JsonNode state = instance.state(route, "{'invitation_id': '%s'}", id);
    assertThat(state.path("status").asText()).isEqualTo("revoked");
  }

  @Test
  void rowBeyondTheReadLimitIsUnclear() {
    FakeClerk clerk =
        FakeClerk.answering(
            request -> {
              int offset = Integer.parseInt(request.replaceFirst(".*offset=(\\d+).*", "$1"));
              List<String> rows =
                  IntStream.range(offset, offset + 500)
                      .mapToObj("{'id': 'alid_%s'}"::formatted)
                      .toList();
              return ok("{'data': %s, 'total_count': 9999}".formatted(rows));
            });
    TestInstance fake = new TestInstance(clerk.client());
    String route = "DELETE /allowlist_identifiers/{identifier_id}";
    RequestTarget found = fake.target(route, "{'identifier_id': 'alid_1200'}");
    assertThat(found.state()).isNotNull();
    assertThat(found.unclear()).isFalse();
    assertThat(clerk.requests()).hasSize(3);
    RequestTarget tooFar = fake.target(route, "{'identifier_id': 'alid_5000'}");
    assertThat(tooFar.state()).isNull();
    assertThat(tooFar.missing()).isFalse();
    assertThat(tooFar.unclear()).isTrue();
    assertThat(clerk.requests()).hasSize(3 + 4);
  }

  @Test
  void usersBeyondTheReadLimitAreUnclear() {
    FakeClerk clerk = FakeClerk.answering("[]");
    List<String> ids = IntStream.range(0, 51).mapToObj("'user_%s'"::formatted).toList();
    RequestTarget target =
        new TestInstance(clerk.client()).target("POST /users/ban", "{'user_ids': %s}", ids);
    assertThat(target.unclear()).isTrue();
    assertThat(clerk.requests())
        .singleElement()
        .asString()
        .contains("user_49")
        .doesNotContain("user_50");
  }

  @Test
  void idThatCannotBePathMatchesNoUser() {
    RequestTarget target = instance.target("POST /sign_in_tokens", "{'user_id': '..'}");
    assertThat(target.users()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 500})
  void otherErrorOfClerkIsThrown(int status) {
    FakeClerk clerk = FakeClerk.answering(request -> new FakeClerk.Answer(status, "{}"));
    assertThatThrownBy(
            () ->
                new TestInstance(clerk.client())
                    .target("DELETE /users/{user_id}", "{'user_id': 'user_1'}"))
        .isInstanceOfSatisfying(
            ClerkException.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  @Test
  void missingUserIsRequestedOnce() {
    RequestTarget target =
        instance.target("DELETE /users/{user_id}", "{'user_id': 'user_unknown'}");
    assertThat(target.missing()).isTrue();
    assertThat(target.users()).isEmpty();
    assertThat(instance.asked()).containsExactly("/users/{user_id}");
  }

  /** The ways in which a call can name an object. */
  private static boolean isNamed(JsonNode state, ObjectNode arguments) {
    return List.of("/id", "/slug", "/public_user_data/user_id").stream()
        .map(name -> state.at(name).asText())
        .anyMatch(name -> !name.isEmpty() && arguments.toString().contains(name));
  }

  private static List<String> ids(List<JsonNode> objects) {
    return objects.stream().map(object -> object.path("id").asText()).toList();
  }

  private static FakeClerk.Answer ok(String json) {
    return new FakeClerk.Answer(200, json.replace('\'', '"'));
  }
}
