package dev.clerkmcp.sandbox.handlers.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OrganizationDomainsTest {
  private final OrganizationFixture fixture = new OrganizationFixture();
  private final String acme = fixture.organization("Acme");
  private final String path = "/organizations/%s/domains".formatted(acme);

  @Test
  void newDomainIsVerifiedByDefault() {
    JsonNode domain =
        fixture.calls.ok(
            "POST " + path, "{'name':'Acme.Example','enrollment_mode':'automatic_invitation'}");
    JsonNode unverified =
        fixture.calls.ok("POST " + path, "{'name':'acme2.example','verified':false}");

    assertThat(domain.path("id").asText()).startsWith("orgdmn_");
    assertThat(domain.path("organization_id").asText()).isEqualTo(acme);
    assertThat(domain.path("name").asText()).isEqualTo("acme.example");
    assertThat(domain.path("enrollment_mode").asText()).isEqualTo("automatic_invitation");
    assertThat(domain.at("/affiliation_verification/status").asText()).isEqualTo("verified");
    assertThat(domain.path("verification")).isEqualTo(domain.path("affiliation_verification"));
    assertThat(domain.path("ownership_verification").isNull()).isTrue();
    assertThat(domain.at("/public_organization_data/slug").asText()).isEqualTo("acme");
    assertThat(domain.path("total_pending_invitations").asInt()).isZero();
    assertThat(unverified.path("enrollment_mode").asText()).isEqualTo("manual_invitation");
    assertThat(unverified.at("/affiliation_verification/status").asText()).isEqualTo("unverified");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                          | 422 form_param_missing name",
        "{'name':'acme'}                             | 422 form_param_format_invalid name",
        "{'name':'https://acme.example'}             | 422 form_param_format_invalid name",
        "{'name':'-acme.example'}                    | 422 form_param_format_invalid name",
        "{'name':'gmail.com'}                        | 422 organization_domain_common name",
        "{'name':'Taken.example'}                    | 422 organization_domain_already_exists_same_organization name",
        "{'name':'other.example'}                    | 422 organization_domain_already_exists name",
        "{'name':'new.example','enrollment_mode':'x'} | 422 form_param_value_invalid enrollment_mode",
      })
  void refusesInvalidDomains(String body, String error) {
    domain("taken.example", "manual_invitation");
    fixture.calls.ok(
        "POST /organizations/%s/domains".formatted(fixture.organization("Other")),
        "{'name':'other.example'}");

    assertThat(fixture.calls.call("POST", path, body).error()).isEqualTo(error);
    assertThat(fixture.list(path, "/name")).containsExactly("taken.example");
  }

  @Test
  void numberOfDomainsIsLimited() {
    fixture.settings("{'max_allowed_domains':1}");
    domain("acme.example", "manual_invitation");

    assertThat(fixture.calls.call("POST", path, "{'name':'acme2.example'}").error())
        .isEqualTo("403 organization_domain_quota_exceeded");
  }

  @Test
  void updateChangesOnlyGivenFields() {
    String domain = path + "/" + domain("acme.example", "manual_invitation");

    JsonNode moded =
        fixture.calls.ok("PATCH " + domain, "{'enrollment_mode':'automatic_suggestion'}");
    assertThat(moded.path("enrollment_mode").asText()).isEqualTo("automatic_suggestion");
    assertThat(moded.at("/verification/status").asText()).isEqualTo("verified");

    JsonNode unverified =
        fixture.calls.ok("PATCH " + domain, "{'verified':false,'enrollment_mode':null}");
    assertThat(unverified.path("enrollment_mode").asText()).isEqualTo("automatic_suggestion");
    assertThat(unverified.at("/verification/status").asText()).isEqualTo("unverified");
    assertThat(fixture.calls.call("PATCH", domain, "{'enrollment_mode':'x'}").error())
        .isEqualTo("422 form_param_value_invalid enrollment_mode");
  }

  @Test
  void ownershipIsVerifiedOnce() {
    String domain = path + "/" + domain("acme.example", "manual_invitation");

    JsonNode first = fixture.calls.ok("POST " + domain + "/verify_ownership");
    JsonNode second = fixture.calls.ok("POST " + domain + "/verify_ownership");

    assertThat(first.at("/ownership_verification/status").asText()).isEqualTo("verified");
    assertThat(first.at("/ownership_verification/strategy").asText()).isEqualTo("manual_override");
    assertThat(first.at("/ownership_verification/verified_at").asLong())
        .isEqualTo(first.path("updated_at").asLong());
    assertThat(second).isEqualTo(first);
  }

  @Test
  void deletesDomain() {
    String id = domain("acme.example", "manual_invitation");

    assertThat(fixture.calls.ok("DELETE %s/%s".formatted(path, id)))
        .isEqualTo(
            Json.object().put("object", "organization_domain").put("id", id).put("deleted", true));
    assertThat(fixture.calls.call("DELETE", "%s/%s".formatted(path, id)).error())
        .isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.call("POST", path, "{'name':'acme.example'}").status()).isEqualTo(200);
  }

  @Test
  void domainBelongsToItsOrganization() {
    String id = domain("acme.example", "manual_invitation");
    String other = "/organizations/%s/domains/%s".formatted(fixture.organization("Other"), id);

    assertThat(fixture.calls.call("PATCH", other, "{}").error())
        .isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.call("DELETE", other).error()).isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.call("POST", other + "/verify_ownership").error())
        .isEqualTo("404 resource_not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                  | c.example,b.example,a.example",
        "verified=true                       | c.example,a.example",
        "verified=false                      | b.example",
        "enrollment_mode=manual_invitation   | c.example,a.example",
        "enrollment_mode=-manual_invitation  | b.example",
        "limit=1&offset=1                    | b.example",
      })
  void listsDomainsOfAnOrganization(String query, String names) {
    three();
    assertThat(fixture.list(path + "?" + query, "/name")).containsExactly(names.split(",", -1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                                          | o.example,c.example,b.example,a.example",
        "order_by=name&limit=2                                       | a.example,b.example",
        "verified=false                                              | b.example",
        "enrollment_mode=automatic_invitation,enterprise_sso         | o.example,b.example",
        "enrollment_mode=automatic_invitation,-enterprise_sso        | b.example",
        "enrollment_mode=-enterprise_sso                             | c.example,b.example,a.example",
        "domains=A.example&domains=o.example&domains=none.example    | o.example,a.example",
        "query=B.EXA                                                 | b.example",
      })
  void listsAllInTheInstance(String query, String names) {
    three();
    other();
    assertThat(fixture.list("/organization_domains?" + query, "/name"))
        .containsExactly(names.split(",", -1));
  }

  @Test
  void findsDomainsOfAnOrganization() {
    three();
    String other = other();

    assertThat(fixture.list("/organization_domains?organization_id=" + other, "/name"))
        .containsExactly("o.example");
    assertThat(fixture.list("/organization_domains?query=" + other, "/name"))
        .containsExactly("o.example");
    assertThat(fixture.list("/organization_domains?query=" + other.substring(0, 10), "/name"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/organization_domains?query=%20           | 422 form_param_value_invalid query",
        "/organization_domains?order_by=verified   | 422 form_param_value_invalid order_by",
        "/organization_domains?verified=yes        | 422 form_param_value_invalid verified",
        "/organization_domains?enrollment_mode=x   | 422 form_param_value_invalid enrollment_mode.0",
        "/organizations/org_none/domains           | 404 resource_not_found",
      })
  void refusesInvalidListRequests(String list, String error) {
    assertThat(fixture.calls.call("GET", list).error()).isEqualTo(error);
  }

  @Test
  void rejectsUnknownFilterValues() {
    assertThat(fixture.calls.call("GET", path + "?verified=yes").error())
        .isEqualTo("422 form_param_value_invalid verified");
    assertThat(fixture.calls.call("GET", path + "?enrollment_mode=-x").error())
        .isEqualTo("422 form_param_value_invalid enrollment_mode");
  }

  private void three() {
    domain("a.example", "manual_invitation");
    String b = domain("b.example", "automatic_invitation");
    fixture.calls.ok("PATCH %s/%s".formatted(path, b), "{'verified':false}");
    domain("c.example", "manual_invitation");
  }

  private String other() {
    String other = fixture.organization("Other");
    fixture.calls.ok(
        "POST /organizations/%s/domains".formatted(other),
        "{'name':'o.example','enrollment_mode':'enterprise_sso'}");
    return other;
  }

  private String domain(String name, String mode) {
    return fixture
        .calls
        .ok("POST " + path, "{'name':'%s','enrollment_mode':'%s'}".formatted(name, mode))
        .path("id")
        .asText();
  }
}
