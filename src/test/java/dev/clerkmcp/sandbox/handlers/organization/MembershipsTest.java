package dev.clerkmcp.sandbox.handlers.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MembershipsTest {
  private final OrganizationFixture fixture = new OrganizationFixture();

  @Test
  void addsMemberWithUserAndOrganization() {
    String acme = fixture.organization("Acme");
    fixture.user("ada");

    JsonNode membership =
        fixture.calls.ok(
            "POST /organizations/%s/memberships".formatted(acme),
            "{'user_id':'user_ada','role':'org:member','public_metadata':{'desk':7}}");

    assertThat(membership.path("id").asText()).startsWith("orgmem_");
    assertThat(membership.path("object").asText()).isEqualTo("organization_membership");
    assertThat(membership.path("role").asText()).isEqualTo("org:member");
    assertThat(membership.path("role_name").asText()).isEqualTo("Member");
    assertThat(membership.path("permissions"))
        .hasToString("[\"org:sys_billing:read\",\"org:sys_memberships:read\"]");
    assertThat(membership.at("/public_metadata/desk").asInt()).isEqualTo(7);
    assertThat(membership.path("private_metadata").isObject()).isTrue();
    assertThat(membership.path("organization"))
        .isEqualTo(fixture.calls.ok("GET /organizations/acme"));
    assertThat(membership.at("/public_user_data/user_id").asText()).isEqualTo("user_ada");
    assertThat(membership.at("/public_user_data/identifier").asText()).isEqualTo("ada@example.com");
    assertThat(membership.at("/public_user_data/banned").asBoolean()).isFalse();
    assertThat(membership.has("user_id")).isFalse();
    assertThat(membership.has("organization_id")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"org:admin,8", "org:member,2"})
  void builtInRolesGiveTheSamePermissionsWithAndWithoutDefaults(String role, int permissions) {
    OrganizationFixture fixture = OrganizationFixture.withDefaults();
    String acme = fixture.organization("Acme");
    String defaultAcme = fixture.organization("Acme");
    fixture.member(acme, "ada", role);
    fixture.member(defaultAcme, "ada", role);

    JsonNode without = fixture.calls.ok("GET /organization_memberships").path("data").path(0);
    JsonNode with = fixture.calls.ok("GET /organization_memberships").path("data").path(0);

    assertThat(with.path("permissions"))
        .hasSize(permissions)
        .isEqualTo(without.path("permissions"));
    assertThat(with.path("role_name")).isEqualTo(without.path("role_name"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "user_ada  | org:none   | 404 resource_not_found role",
        "user_ada  | admin      | 404 resource_not_found role",
        "user_none | org:member | 404 resource_not_found",
      })
  void refusesUnknownUsersAndRoles(String user, String role, String error) {
    String acme = fixture.organization("Acme");
    fixture.user("ada");

    assertThat(join(acme, user, role)).isEqualTo(error);
    assertThat(join("org_none", "user_ada", "org:member")).isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.store().table(ObjectKind.ORGANIZATION_MEMBERSHIP).size()).isZero();
  }

  @Test
  void rejectsSecondMembership() {
    String acme = fixture.organization("Acme", "ada");
    String other = fixture.organization("Other");

    assertThat(join(acme, "user_ada", "org:member"))
        .isEqualTo("400 already_a_member_in_organization");
    assertThat(join(other, "user_ada", "org:member")).isEmpty();
  }

  @Test
  void quotaCountsMembersAndPendingInvitations() {
    String acme = fixture.organization("Acme", "ada");
    fixture.member(acme, "grace", "org:member");
    fixture.invitation(acme, "b");
    String fourth = fixture.invitation(acme, "c");
    fixture.member(acme, "joan", "org:member");
    fixture.user("late");

    assertThat(join(acme, "user_late", "org:member"))
        .isEqualTo("403 organization_membership_quota_exceeded");
    fixture.calls.ok("POST /organizations/%s/invitations/%s/revoke".formatted(acme, fourth));
    assertThat(join(acme, "user_late", "org:member")).isEmpty();
  }

  @Test
  void zeroMeansNoLimit() {
    String acme = fixture.organization("Acme");
    fixture.calls.ok("PATCH /organizations/" + acme, "{'max_allowed_memberships':0}");
    for (int i = 0; i < 12; i++) {
      fixture.member(acme, "u" + i, "org:member");
    }
    assertThat(
            fixture
                .calls
                .ok("GET /organizations/%s/memberships".formatted(acme))
                .path("total_count")
                .asInt())
        .isEqualTo(12);
  }

  @Test
  void changesRole() {
    String acme = fixture.organization("Acme", "ada");
    String path =
        "/organizations/%s/memberships/%s"
            .formatted(acme, fixture.member(acme, "grace", "org:member"));

    JsonNode after = fixture.calls.ok("PATCH " + path, "{'role':'org:admin'}");

    assertThat(after.path("role").asText()).isEqualTo("org:admin");
    assertThat(after.path("permissions")).hasSize(8);
    assertThat(after.path("updated_at").asLong()).isGreaterThan(after.path("created_at").asLong());
    assertThat(fixture.calls.call("PATCH", path, "{'role':'org:none'}").error())
        .isEqualTo("404 resource_not_found role");
  }

  @Test
  void lastAdminCannotLeave() {
    String acme = fixture.organization("Acme", "ada");
    String grace = fixture.member(acme, "grace", "org:member");
    String ada = "/organizations/%s/memberships/user_ada".formatted(acme);

    assertThat(fixture.calls.call("PATCH", ada, "{'role':'org:member'}").error())
        .isEqualTo("400 organization_minimum_permissions_needed");
    assertThat(fixture.calls.call("DELETE", ada).error())
        .isEqualTo("400 organization_minimum_permissions_needed");
    assertThat(fixture.calls.call("PATCH", ada, "{'role':'org:admin'}").status()).isEqualTo(200);

    fixture.calls.ok(
        "PATCH /organizations/%s/memberships/%s".formatted(acme, grace), "{'role':'org:admin'}");
    assertThat(fixture.calls.call("PATCH", ada, "{'role':'org:member'}").status()).isEqualTo(200);
    assertThat(fixture.calls.call("DELETE", ada).status()).isEqualTo(200);
  }

  @Test
  void deletingReturnsTheMembership() {
    String acme = fixture.organization("Acme", "ada");
    String path =
        "/organizations/%s/memberships/%s"
            .formatted(acme, fixture.member(acme, "grace", "org:member"));

    JsonNode deleted = fixture.calls.ok("DELETE " + path);

    assertThat(deleted.path("object").asText()).isEqualTo("organization_membership");
    assertThat(deleted.at("/public_user_data/user_id").asText()).isEqualTo("user_grace");
    assertThat(fixture.calls.call("DELETE", path).error()).isEqualTo("404 resource_not_found");
    assertThat(fixture.list("/users/user_grace/organization_memberships", "/id")).isEmpty();
  }

  @Test
  void leavingClearsActiveOrganizationOfSessions() {
    String acme = fixture.organization("Acme", "ada");
    String grace = fixture.member(acme, "grace", "org:member");
    for (String organization : List.of(acme, "org_other")) {
      fixture
          .calls
          .store()
          .table(ObjectKind.SESSION)
          .add(
              Json.object()
                  .put("id", "sess_" + organization)
                  .put("user_id", grace)
                  .put("last_active_organization_id", organization));
    }

    fixture.calls.ok("DELETE /organizations/%s/memberships/%s".formatted(acme, grace));

    assertThat(active("sess_" + acme).isNull()).isTrue();
    assertThat(active("sess_org_other").asText()).isEqualTo("org_other");
  }

  @Test
  void metadataIsMerged() {
    String acme = fixture.organization("Acme", "ada");
    String path = "/organizations/%s/memberships/user_ada/metadata".formatted(acme);

    fixture.calls.ok("PATCH " + path, "{'public_metadata':{'a':{'b':1,'c':2}}}");
    JsonNode after =
        fixture.calls.ok(
            "PATCH " + path, "{'public_metadata':{'a':{'c':null}},'private_metadata':{'d':3}}");

    assertThat(after.path("public_metadata")).hasToString("{\"a\":{\"b\":1}}");
    assertThat(after.path("private_metadata")).hasToString("{\"d\":3}");
    assertThat(
            fixture
                .calls
                .call("PATCH", path, "{'public_metadata':{'a':'%s'}}".formatted("x".repeat(9000)))
                .error())
        .isEqualTo("422 form_param_exceeds_allowed_size public_metadata");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/memberships/user_none", "/memberships/user_outside"})
  void rejectsUsersWhoAreNotMembers(String path) {
    String acme = fixture.organization("Acme", "ada");
    fixture.user("outside");
    String full = "/organizations/" + acme + path;

    assertThat(fixture.calls.call("PATCH", full, "{'role':'org:member'}").error())
        .isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.call("DELETE", full).error()).isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.call("PATCH", full + "/metadata", "{}").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void deletedUserHasNoMemberships() {
    fixture.organization("Acme", "ada");
    String other = fixture.organization("Other");
    fixture.calls.ok(
        "POST /organizations/%s/memberships".formatted(other),
        "{'user_id':'user_ada','role':'org:member'}");

    fixture.calls.ok("DELETE /users/user_ada");

    assertThat(fixture.calls.store().table(ObjectKind.ORGANIZATION_MEMBERSHIP).size()).isZero();
  }

  private JsonNode active(String session) {
    return fixture
        .calls
        .store()
        .table(ObjectKind.SESSION)
        .get(session)
        .path("last_active_organization_id");
  }

  /** The refusal, empty if there was none. */
  private String join(String organization, String user, String role) {
    SandboxCalls.Reply reply =
        fixture.calls.call(
            "POST",
            "/organizations/%s/memberships".formatted(organization),
            "{'user_id':'%s','role':'%s'}".formatted(user, role));
    return reply.status() == 200 ? "" : reply.error();
  }
}
