package dev.clerkmcp.sandbox.handlers.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OrganizationInvitationsTest {
  private final OrganizationFixture fixture = new OrganizationFixture();
  private final String acme = fixture.organization("Acme", "ada");
  private final String path = "/organizations/%s/invitations".formatted(acme);

  @Test
  void invitesForThirtyDays() {
    JsonNode invitation =
        fixture.calls.ok(
            "POST " + path,
            "{'email_address':'grace@example.com','role':'org:member',"
                + "'inviter_user_id':'user_ada','redirect_url':'https://app.example/welcome',"
                + "'public_metadata':{'team':'x'}}");

    assertThat(invitation.path("id").asText()).startsWith("orginv_");
    assertThat(invitation.path("status").asText()).isEqualTo("pending");
    assertThat(invitation.path("organization_id").asText()).isEqualTo(acme);
    assertThat(invitation.path("role_name").asText()).isEqualTo("Member");
    assertThat(invitation.path("expires_at").asLong() - invitation.path("created_at").asLong())
        .isEqualTo(Duration.ofDays(30).toMillis());
    assertThat(invitation.path("url").asText())
        .startsWith("https://clerk.sandbox.invalid/")
        .contains("sandbox_invitation_ticket_");
    assertThat(invitation.path("inviter_id").asText()).isEqualTo("user_ada");
    assertThat(invitation.at("/public_inviter_data/identifier").asText())
        .isEqualTo("ada@example.com");
    assertThat(invitation.at("/public_metadata/team").asText()).isEqualTo("x");
    assertThat(fixture.calls.ok("GET %s/%s".formatted(path, invitation.path("id").asText())))
        .isEqualTo(invitation);
  }

  @Test
  void inviterIsOptional() {
    JsonNode invitation =
        fixture.calls.ok("GET %s/%s".formatted(path, fixture.invitation(acme, "grace")));
    assertThat(invitation.path("inviter_id").isNull()).isTrue();
    assertThat(invitation.path("public_inviter_data").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'email_address':'grace','role':'org:member'} | 422 form_param_format_invalid email_address",
        "{'email_address':'g@example.com'} | 422 form_param_missing role",
        "{'email_address':'g@example.com','role':'org:none'} | 404 resource_not_found role",
        "{'email_address':'ADA@example.com','role':'org:member'} | 400 already_a_member_in_organization",
        "{'email_address':'Eve@Example.com','role':'org:admin'} | 400 organization_invitation_not_unique",
        "{'email_address':'g@example.com','role':'org:member','redirect_url':'app'} | 422 form_param_format_invalid redirect_url",
        "{'email_address':'g@example.com','role':'org:member','expires_in_days':366} | 422 form_param_value_too_large expires_in_days",
        "{'email_address':'g@example.com','role':'org:member','inviter_user_id':'user_none'} | 404 resource_not_found",
        "{'email_address':'g@example.com','role':'org:member','inviter_user_id':'user_out'} | 403 not_a_member_in_organization",
        "{'email_address':'g@example.com','role':'org:member','inviter_user_id':'user_low'} | 403 missing_organization_permission",
      })
  void refusesInvalidInvitations(String body, String error) {
    fixture.invitation(acme, "eve");
    fixture.user("out");
    fixture.member(acme, "low", "org:member");

    assertThat(fixture.calls.call("POST", path, body).error()).isEqualTo(error);
    assertThat(fixture.calls.store().table(ObjectKind.ORGANIZATION_INVITATION).size()).isEqualTo(1);
  }

  @Test
  void quotaCountsMembersAndInvitations() {
    for (int i = 0; i < 4; i++) {
      fixture.invitation(acme, "g" + i);
    }
    assertThat(invite("late")).isEqualTo("403 organization_membership_quota_exceeded");
  }

  @Test
  void sameAddressMayBeInvitedToOthersOrAfterExpiry() {
    String first = fixture.invitation(acme, "grace");
    fixture.invitation(fixture.organization("Other"), "grace");
    assertThat(invite("grace")).isEqualTo("400 organization_invitation_not_unique");

    fixture.calls.ok("POST %s/%s/revoke".formatted(path, first));
    assertThat(invite("grace")).isEmpty();
  }

  @Test
  void expiresAfterGivenDays() {
    String id =
        fixture
            .calls
            .ok(
                "POST " + path,
                "{'email_address':'g@example.com','role':'org:member','expires_in_days':1}")
            .path("id")
            .asText();
    fixture
        .calls
        .store()
        .overrideTime(fixture.calls.store().now() + Duration.ofDays(1).toMillis() - 1);
    assertThat(status(id)).isEqualTo("pending");
    fixture.calls.store().overrideTime(fixture.calls.store().now() + 1);

    assertThat(status(id)).isEqualTo("expired");
    assertThat(fixture.list(path + "?status=pending", "/id")).isEmpty();
    assertThat(fixture.list(path + "?status=expired", "/id")).containsExactly(id);
    assertThat(fixture.calls.call("POST", "%s/%s/revoke".formatted(path, id)).error())
        .isEqualTo("404 organization_invitation_not_pending");
    assertThat(invite("g")).isEmpty();
  }

  @Test
  void revokedInvitationHasNoUrl() {
    String id = fixture.invitation(acme, "grace");

    JsonNode revoked =
        fixture.calls.ok(
            "POST %s/%s/revoke".formatted(path, id), "{'requesting_user_id':'user_ada'}");

    assertThat(revoked.path("status").asText()).isEqualTo("revoked");
    assertThat(revoked.path("url").isNull()).isTrue();
    assertThat(fixture.calls.call("POST", "%s/%s/revoke".formatted(path, id)).error())
        .isEqualTo("404 organization_invitation_not_pending");
  }

  @Test
  void onlyManagersCanRevoke() {
    String id = fixture.invitation(acme, "grace");
    fixture.member(acme, "low", "org:member");

    assertThat(
            fixture
                .calls
                .call(
                    "POST", "%s/%s/revoke".formatted(path, id), "{'requesting_user_id':'user_low'}")
                .error())
        .isEqualTo("403 missing_organization_permission");
    assertThat(status(id)).isEqualTo("pending");
  }

  @Test
  void invitationBelongsToItsOrganization() {
    String id = fixture.invitation(acme, "grace");
    String other = "/organizations/%s/invitations/".formatted(fixture.organization("Other"));

    assertThat(fixture.calls.call("GET", other + id).error()).isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.call("POST", other + id + "/revoke").error())
        .isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.call("GET", path + "/orginv_none").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void bulkReturnsAPage() {
    JsonNode answer =
        fixture.calls.ok(
            "POST " + path + "/bulk",
            "[{'email_address':'b@example.com','role':'org:member'},"
                + "{'email_address':'c@example.com','role':'org:admin','expires_in_days':2}]");

    assertThat(answer.path("total_count").asInt()).isEqualTo(2);
    assertThat(answer.at("/data/0/email_address").asText()).isEqualTo("b@example.com");
    assertThat(answer.at("/data/1/role").asText()).isEqualTo("org:admin");
    assertThat(fixture.list(path + "?order_by=email_address", "/email_address"))
        .containsExactly("b@example.com", "c@example.com");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "b@example.com | org:member | 400 organization_invitation_not_unique",
        "ada@example.com | org:member | 400 already_a_member_in_organization",
        "c@example.com | org:none | 404 resource_not_found role",
        "c            | org:member | 422 form_param_format_invalid email_address",
      })
  void bulkIsAllOrNothing(String address, String role, String error) {
    String body =
        "[{'email_address':'b@example.com','role':'org:member'},{'email_address':'%s','role':'%s'}]";

    assertThat(fixture.calls.call("POST", path + "/bulk", body.formatted(address, role)).error())
        .isEqualTo(error);
    assertThat(fixture.calls.store().table(ObjectKind.ORGANIZATION_INVITATION).size()).isZero();
  }

  @Test
  void bulkTakesAtMostTen() {
    fixture.calls.ok("PATCH /organizations/" + acme, "{'max_allowed_memberships':0}");
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 11; i++) {
      body.append(i == 0 ? "" : ",")
          .append("{'email_address':'u%s@example.com','role':'org:member'}".formatted(i));
    }
    assertThat(fixture.calls.call("POST", path + "/bulk", "[" + body + "]").error())
        .isEqualTo("400 bulk_size_exceeded");
  }

  @Test
  void listOmitsRevoked() {
    String first = fixture.invitation(acme, "b");
    String second = fixture.invitation(acme, "c");
    String third = fixture.invitation(acme, "a");
    fixture.calls.ok("POST %s/%s/revoke".formatted(path, second));

    assertThat(fixture.list(path, "/id")).containsExactly(third, first);
    assertThat(fixture.list(path + "?order_by=created_at", "/id")).containsExactly(first, third);
    assertThat(fixture.list(path + "?order_by=-email_address", "/id"))
        .containsExactly(first, third);
    assertThat(fixture.list(path + "?status=revoked", "/id")).containsExactly(second);
    assertThat(fixture.list(path + "?email_address=A@example.com", "/id")).containsExactly(third);
    assertThat(fixture.list(path + "?limit=1&offset=1", "/id")).containsExactly(first);
    assertThat(fixture.list(path + "/pending", "/id")).containsExactly(third, first);
    assertThat(fixture.calls.call("GET", path + "?order_by=role").error())
        .isEqualTo("422 form_param_value_invalid order_by");
    assertThat(fixture.calls.call("GET", path + "?status=new").error())
        .isEqualTo("422 form_param_value_invalid status");
  }

  @Test
  void listsAllOfTheInstanceWithTheirOrganizations() {
    String other = fixture.organization("Other");
    String first = fixture.invitation(acme, "grace");
    String second = fixture.invitation(other, "joan");
    fixture.invitation(fixture.organization("Third"), "third");

    assertThat(
            fixture.list("/organization_invitations?query=N@EX", "/public_organization_data/slug"))
        .containsExactly("other");
    assertThat(fixture.list("/organization_invitations?order_by=created_at&limit=2", "/id"))
        .containsExactly(first, second);
    fixture.calls.ok("POST %s/%s/revoke".formatted(path, first));
    assertThat(fixture.list("/organization_invitations?status=revoked", "/id"))
        .containsExactly(first);
    assertThat(fixture.calls.ok("GET /organization_invitations").path("total_count").asInt())
        .isEqualTo(2);
  }

  @Test
  void listsInvitationsOfAUserByAddress() {
    fixture.user("grace");
    String other = fixture.organization("Other");
    String first = fixture.invitation(acme, "GRACE");
    fixture.invitation(acme, "joan");
    String second = fixture.invitation(other, "grace");

    assertThat(fixture.list("/users/user_grace/organization_invitations", "/id"))
        .containsExactly(second, first);
    assertThat(
            fixture.list(
                "/users/user_grace/organization_invitations", "/public_organization_data/name"))
        .containsExactly("Other", "Acme");
    assertThat(fixture.list("/users/user_grace/organization_invitations?status=accepted", "/id"))
        .isEmpty();
    assertThat(fixture.calls.call("GET", "/users/user_none/organization_invitations").error())
        .isEqualTo("404 resource_not_found");
  }

  private String status(String id) {
    return fixture.calls.ok("GET %s/%s".formatted(path, id)).path("status").asText();
  }

  /** The refusal, empty if there was none. */
  private String invite(String name) {
    var reply =
        fixture.calls.call(
            "POST", path, "{'email_address':'%s@example.com','role':'org:member'}".formatted(name));
    return reply.status() == 200 ? "" : reply.error();
  }
}
