package dev.clerkmcp.sandbox.handlers.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OrganizationListTest {
  private final OrganizationFixture at = new OrganizationFixture();

  @Test
  void onlyReadingTakesASlug() {
    at.organization("Acme");

    assertThat(at.calls.ok("GET /organizations/acme").path("name").asText()).isEqualTo("Acme");
    assertThat(at.calls.call("PATCH", "/organizations/acme", "{'name':'x'}").error())
        .isEqualTo("404 resource_not_found");
    assertThat(at.calls.call("DELETE", "/organizations/acme").error())
        .isEqualTo("404 resource_not_found");
    assertThat(at.calls.call("GET", "/organizations/none").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void countsMembersOnlyWhenAsked() {
    String acme = at.organization("Acme", "ada");
    at.invitation(acme, "grace");

    JsonNode plain = at.calls.ok("GET /organizations/" + acme);
    JsonNode counted =
        at.calls.ok("GET /organizations/%s?include_members_count=true".formatted(acme));

    assertThat(plain.has("members_count")).isFalse();
    assertThat(plain.has("pending_invitations_count")).isFalse();
    assertThat(counted.path("members_count").asInt()).isEqualTo(1);
    assertThat(counted.path("pending_invitations_count").asInt()).isEqualTo(1);
  }

  @Test
  void saysWhetherNobodyCanManageIt() {
    String flag = "include_missing_member_with_elevated_permissions=true";
    String field = "missing_member_with_elevated_permissions";
    at.organization("Led", "ada");
    String adrift = at.organization("Adrift");
    at.member(adrift, "grace", "org:member");

    assertThat(at.list("/organizations?order_by=name&" + flag, "/" + field))
        .containsExactly("true", "false");
    assertThat(at.calls.ok("GET /organizations/" + adrift).has(field)).isFalse();
  }

  @Test
  void listsWithOrders() {
    String small = at.organization("Beta", "ada");
    String large = at.organization("Alpha", "grace");
    at.member(large, "joan", "org:member");
    String empty = at.organization("gamma");

    assertThat(at.list("/organizations", "/id")).containsExactly(empty, large, small);
    assertThat(at.list("/organizations?order_by=created_at", "/id"))
        .containsExactly(small, large, empty);
    assertThat(at.list("/organizations?order_by=name", "/name"))
        .containsExactly("Alpha", "Beta", "gamma");
    assertThat(at.list("/organizations?order_by=-members_count", "/id"))
        .containsExactly(large, small, empty);
    assertThat(at.list("/organizations?order_by=-members_count&limit=1&offset=1", "/id"))
        .containsExactly(small);
    assertThat(at.calls.call("GET", "/organizations?order_by=slug").error())
        .isEqualTo("422 form_param_value_invalid order_by");
  }

  @Test
  void listsWithFilters() {
    String acme = at.organization("Acme", "ada");
    String beta = at.organization("Beta", "grace");
    String gamma = at.organization("Gamma Acme");

    assertThat(at.list("/organizations?query=ACME", "/id")).containsExactly(gamma, acme);
    assertThat(at.list("/organizations?query=" + beta, "/id")).containsExactly(beta);
    assertThat(at.list("/organizations?query=" + beta.substring(0, 20), "/id")).isEmpty();
    assertThat(at.list("/organizations?user_id=user_ada&user_id=%2Buser_grace", "/id"))
        .containsExactly(beta, acme);
    assertThat(at.list("/organizations?user_id=-user_ada", "/id")).containsExactly(gamma, beta);
    assertThat(at.list("/organizations?user_id=user_none", "/id")).isEmpty();
    assertThat(
            at.list(
                "/organizations?organization_id=%s&organization_id=org_none".formatted(acme),
                "/id"))
        .containsExactly(acme);
    assertThat(at.list("/organizations?organization_id=-" + acme, "/id"))
        .containsExactly(gamma, beta);
  }

  @Test
  void totalCountsAllPages() {
    List.of("A", "B", "C").forEach(at::organization);
    JsonNode page = at.calls.ok("GET /organizations?limit=2");
    assertThat(page.path("data")).hasSize(2);
    assertThat(page.path("total_count").asInt()).isEqualTo(3);
  }
}
