package dev.clerkmcp.sandbox.handlers.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OrganizationListTest {
  private final OrganizationFixture fixture = new OrganizationFixture();

  @Test
  void onlyReadAcceptsASlug() {
    fixture.organization("Acme");

    assertThat(fixture.calls.ok("GET /organizations/acme").path("name").asText()).isEqualTo("Acme");
    assertThat(fixture.calls.call("PATCH", "/organizations/acme", "{'name':'x'}").error())
        .isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.call("DELETE", "/organizations/acme").error())
        .isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.call("GET", "/organizations/none").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void countsMembersOnlyOnRequest() {
    String acme = fixture.organization("Acme", "ada");
    fixture.invitation(acme, "grace");

    JsonNode plain = fixture.calls.ok("GET /organizations/" + acme);
    JsonNode counted =
        fixture.calls.ok("GET /organizations/%s?include_members_count=true".formatted(acme));

    assertThat(plain.has("members_count")).isFalse();
    assertThat(plain.has("pending_invitations_count")).isFalse();
    assertThat(counted.path("members_count").asInt()).isEqualTo(1);
    assertThat(counted.path("pending_invitations_count").asInt()).isEqualTo(1);
  }

  @Test
  void showsMissingMemberWithElevatedPermissions() {
    String flag = "include_missing_member_with_elevated_permissions=true";
    String field = "missing_member_with_elevated_permissions";
    fixture.organization("Led", "ada");
    String adrift = fixture.organization("Adrift");
    fixture.member(adrift, "grace", "org:member");

    assertThat(fixture.list("/organizations?order_by=name&" + flag, "/" + field))
        .containsExactly("true", "false");
    assertThat(fixture.calls.ok("GET /organizations/" + adrift).has(field)).isFalse();
  }

  @Test
  void listsWithOrders() {
    String small = fixture.organization("Beta", "ada");
    String large = fixture.organization("Alpha", "grace");
    fixture.member(large, "joan", "org:member");
    String empty = fixture.organization("gamma");

    assertThat(fixture.list("/organizations", "/id")).containsExactly(empty, large, small);
    assertThat(fixture.list("/organizations?order_by=created_at", "/id"))
        .containsExactly(small, large, empty);
    assertThat(fixture.list("/organizations?order_by=name", "/name"))
        .containsExactly("Alpha", "Beta", "gamma");
    assertThat(fixture.list("/organizations?order_by=-members_count", "/id"))
        .containsExactly(large, small, empty);
    assertThat(fixture.list("/organizations?order_by=-members_count&limit=1&offset=1", "/id"))
        .containsExactly(small);
    assertThat(fixture.calls.call("GET", "/organizations?order_by=slug").error())
        .isEqualTo("422 form_param_value_invalid order_by");
  }

  @Test
  void listsWithFilters() {
    String acme = fixture.organization("Acme", "ada");
    String beta = fixture.organization("Beta", "grace");
    String gamma = fixture.organization("Gamma Acme");

    assertThat(fixture.list("/organizations?query=ACME", "/id")).containsExactly(gamma, acme);
    assertThat(fixture.list("/organizations?query=" + beta, "/id")).containsExactly(beta);
    assertThat(fixture.list("/organizations?query=" + beta.substring(0, 20), "/id")).isEmpty();
    assertThat(fixture.list("/organizations?user_id=user_ada&user_id=%2Buser_grace", "/id"))
        .containsExactly(beta, acme);
    assertThat(fixture.list("/organizations?user_id=-user_ada", "/id"))
        .containsExactly(gamma, beta);
    assertThat(fixture.list("/organizations?user_id=user_none", "/id")).isEmpty();
    assertThat(
            fixture.list(
                "/organizations?organization_id=%s&organization_id=org_none".formatted(acme),
                "/id"))
        .containsExactly(acme);
    assertThat(fixture.list("/organizations?organization_id=-" + acme, "/id"))
        .containsExactly(gamma, beta);
  }

  @Test
  void totalCountsAllPages() {
    List.of("A", "B", "C").forEach(fixture::organization);
    JsonNode page = fixture.calls.ok("GET /organizations?limit=2");
    assertThat(page.path("data")).hasSize(2);
    assertThat(page.path("total_count").asInt()).isEqualTo(3);
  }
}
