package dev.clerkmcp.sandbox.handlers.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OrganizationsTest {
  private final OrganizationFixture fixture = new OrganizationFixture();

  @Test
  void createsAnOrganizationWithDefaults() {
    JsonNode acme = fixture.calls.ok("POST /organizations", "{'name':' Acme Corp '}");

    assertThat(acme.path("id").asText()).startsWith("org_");
    assertThat(acme.path("name").asText()).isEqualTo("Acme Corp");
    assertThat(acme.path("slug").asText()).isEqualTo("acme-corp");
    assertThat(acme.path("max_allowed_memberships").asInt()).isEqualTo(5);
    assertThat(acme.path("admin_delete_enabled").asBoolean()).isTrue();
    assertThat(acme.path("public_metadata")).isEmpty();
    assertThat(acme.path("private_metadata").isObject()).isTrue();
    assertThat(acme.path("created_at").asLong()).isEqualTo(fixture.calls.store().now());
    assertThat(acme.path("image_url").asText()).startsWith("https://clerk.sandbox.invalid/");
    assertThat(acme.has("members_count")).isFalse();
    assertThat(acme.has("created_by")).isFalse();
  }

  @Test
  void storesGivenFields() {
    JsonNode acme =
        fixture.calls.ok(
            "POST /organizations",
            "{'name':'Acme','slug':'the-acme','max_allowed_memberships':0,"
                + "'created_at':'2020-01-02T03:04:05Z','public_metadata':{'a':1},"
                + "'private_metadata':{'b':{'c':2}}}");

    assertThat(acme.path("slug").asText()).isEqualTo("the-acme");
    assertThat(acme.path("max_allowed_memberships").asInt()).isZero();
    assertThat(acme.path("created_at").asLong()).isEqualTo(1577934245000L);
    assertThat(acme.at("/public_metadata/a").asInt()).isEqualTo(1);
    assertThat(acme.at("/private_metadata/b/c").asInt()).isEqualTo(2);
    assertThat(fixture.calls.ok("GET /organizations/the-acme")).isEqualTo(acme);
  }

  @Test
  void creatorBecomesAdmin() {
    String acme = fixture.organization("Acme", "ada");

    JsonNode memberships = fixture.calls.ok("GET /users/user_ada/organization_memberships");

    assertThat(memberships.path("total_count").asInt()).isEqualTo(1);
    assertThat(memberships.at("/data/0/role").asText()).isEqualTo("org:admin");
    assertThat(memberships.at("/data/0/organization/id").asText()).isEqualTo(acme);
    assertThat(memberships.at("/data/0/organization/created_by").asText()).isEqualTo("user_ada");
  }

  @Test
  void unknownCreatorCreatesNothing() {
    assertThat(
            fixture
                .calls
                .call("POST", "/organizations", "{'name':'Acme','created_by':'user_none'}")
                .error())
        .isEqualTo("400 organization_creator_not_found");
    assertThat(fixture.calls.store().table(ObjectKind.ORGANIZATION).size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "Acme Corp, acme-corp",
    "'  Épicerie & Söhne (2) ', epicerie-sohne-2",
    "!!!, organization"
  })
  void slugDerivesFromTheName(String name, String slug) {
    String body = Json.object().put("name", name).toString();
    assertThat(fixture.calls.ok("POST /organizations", body).path("slug").asText()).isEqualTo(slug);
    assertThat(fixture.calls.ok("POST /organizations", body).path("slug").asText())
        .isEqualTo(slug + "-2");
    assertThat(fixture.calls.ok("POST /organizations", body).path("slug").asText())
        .isEqualTo(slug + "-3");
  }

  @Test
  void givenSlugMustBeFree() {
    String acme = fixture.organization("Acme");
    String other = fixture.organization("Other");

    assertThat(fixture.calls.call("POST", "/organizations", "{'name':'New','slug':'acme'}").error())
        .isEqualTo("422 form_identifier_exists slug");
    assertThat(fixture.calls.call("PATCH", "/organizations/" + other, "{'slug':'acme'}").error())
        .isEqualTo("422 form_identifier_exists slug");
    assertThat(fixture.calls.call("PATCH", "/organizations/" + acme, "{'slug':'acme'}").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'name':' '}                                    | 422 form_param_nil name",
        "{'name':'<b>Acme</b>'}                          | 422 form_param_value_invalid name",
        "{'name':'Go to https://acme.example'}           | 422 form_param_value_invalid name",
        "{'name':'Acme','slug':'Acme Corp'}              | 422 form_param_format_invalid slug",
        "{'name':'Acme','created_at':'yesterday'}        | 422 form_param_invalid_date created_at",
        "{'name':'Acme','created_at':'2999-01-01T00:00:00Z'} | 422 form_disallow_future_date created_at",
        "{'name':'Acme','role_set_key':'role_set:none'}  | 422 form_resource_not_found role_set_key",
        "{'name':'Acme','max_allowed_memberships':-1}    | 422 form_param_value_invalid max_allowed_memberships",
      })
  void refusesToCreate(String body, String error) {
    assertThat(fixture.calls.call("POST", "/organizations", body).error()).isEqualTo(error);
    assertThat(fixture.calls.store().table(ObjectKind.ORGANIZATION).size()).isZero();
  }

  @Test
  void rejectsLongNames() {
    String name = "a".repeat(257);
    assertThat(
            fixture.calls.call("POST", "/organizations", "{'name':'%s'}".formatted(name)).error())
        .isEqualTo("422 form_param_max_length_exceeded name");
  }

  @Test
  void updateChangesOnlyGivenFields() {
    String acme = fixture.organization("Acme");

    JsonNode after =
        fixture.calls.ok(
            "PATCH /organizations/" + acme,
            "{'name':'Acme Ltd','slug':null,'max_allowed_memberships':9,"
                + "'admin_delete_enabled':false}");

    assertThat(after.path("name").asText()).isEqualTo("Acme Ltd");
    assertThat(after.path("slug").asText()).isEqualTo("acme");
    assertThat(after.path("max_allowed_memberships").asInt()).isEqualTo(9);
    assertThat(after.path("admin_delete_enabled").asBoolean()).isFalse();
    assertThat(after.path("updated_at").asLong()).isGreaterThan(after.path("created_at").asLong());
    assertThat(fixture.calls.ok("GET /organizations/" + acme)).isEqualTo(after);
  }

  @ParameterizedTest
  @ValueSource(strings = {"public_metadata", "private_metadata"})
  void updateRejectsMetadata(String field) {
    String acme = fixture.organization("Acme");
    assertThat(
            fixture
                .calls
                .call("PATCH", "/organizations/" + acme, "{'%s':{'a':1}}".formatted(field))
                .error())
        .isEqualTo("422 form_param_unknown " + field);
  }

  @Test
  void patchMergesMetadataAndPutReplacesIt() {
    String path = "/organizations/%s/metadata".formatted(fixture.organization("Acme"));

    fixture.calls.ok("PATCH " + path, "{'public_metadata':{'a':{'b':1,'c':2}}}");
    JsonNode merged =
        fixture.calls.ok(
            "PATCH " + path,
            "{'public_metadata':{'a':{'b':null,'d':3}},'private_metadata':{'x':1}}");
    assertThat(merged.path("public_metadata")).hasToString("{\"a\":{\"c\":2,\"d\":3}}");

    JsonNode replaced = fixture.calls.ok("PUT " + path, "{'public_metadata':{'e':4}}");
    assertThat(replaced.path("public_metadata")).hasToString("{\"e\":4}");
    assertThat(replaced.path("private_metadata")).hasToString("{\"x\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PATCH", "PUT"})
  void metadataSizeIsLimited(String method) {
    String acme = fixture.organization("Acme");
    String body = "{'private_metadata':{'a':'%s'}}".formatted("x".repeat(9000));

    assertThat(
            fixture.calls.call(method, "/organizations/%s/metadata".formatted(acme), body).error())
        .isEqualTo("422 form_param_exceeds_allowed_size private_metadata");
    assertThat(fixture.calls.ok("GET /organizations/" + acme).path("private_metadata")).isEmpty();
  }

  @Test
  void deletingRemovesDependentObjects() {
    String acme = fixture.organization("Acme", "ada");
    fixture.invitation(acme, "grace");
    fixture.calls.ok("POST /organizations/%s/domains".formatted(acme), "{'name':'acme.example'}");
    String other = fixture.organization("Other", "joan");
    fixture
        .calls
        .store()
        .table(ObjectKind.SESSION)
        .add(
            Json.object()
                .put("id", "sess_1")
                .put("user_id", "user_ada")
                .put("last_active_organization_id", acme));

    JsonNode deleted = fixture.calls.ok("DELETE /organizations/" + acme);

    assertThat(deleted)
        .isEqualTo(
            Json.object().put("object", "organization").put("id", acme).put("deleted", true));
    assertThat(fixture.calls.store().table(ObjectKind.ORGANIZATION_INVITATION).size()).isZero();
    assertThat(fixture.calls.store().table(ObjectKind.ORGANIZATION_DOMAIN).size()).isZero();
    assertThat(fixture.list("/organization_memberships", "/organization/id"))
        .containsExactly(other);
    assertThat(
            fixture
                .calls
                .store()
                .table(ObjectKind.SESSION)
                .get("sess_1")
                .path("last_active_organization_id"))
        .isEmpty();
    assertThat(fixture.calls.call("GET", "/organizations/acme").error())
        .isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.call("DELETE", "/organizations/" + acme).error())
        .isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.ok("POST /organizations", "{'name':'Acme'}").path("slug").asText())
        .isEqualTo("acme");
  }

  @Test
  void logoCanBeSetAndDeleted() {
    String acme = fixture.organization("Acme");
    String path = "/organizations/%s/logo".formatted(acme);
    String before = fixture.calls.ok("GET /organizations/" + acme).path("image_url").asText();

    JsonNode with = fixture.calls.upload("PUT", path, "image/png").body();
    assertThat(with.path("has_image").asBoolean()).isTrue();
    assertThat(with.path("logo_url")).isEqualTo(with.path("image_url"));
    assertThat(with.path("image_url").asText()).isNotEqualTo(before);

    JsonNode without = fixture.calls.ok("DELETE " + path);
    assertThat(without.path("has_image").asBoolean()).isFalse();
    assertThat(without.path("image_url").asText()).isEqualTo(before);
    assertThat(fixture.calls.call("DELETE", path).error()).isEqualTo("404 image_not_found");
    assertThat(fixture.calls.upload("PUT", path, "image/tiff").error())
        .isEqualTo("400 request_body_invalid");
  }

  @Test
  void newOrganizationGetsTheInitialRoleSet() {
    OrganizationFixture fixture = OrganizationFixture.withDefaults();
    String acme = fixture.organization("Acme", "ada");

    assertThat(fixture.calls.ok("GET /organizations/" + acme).path("role_set_key").asText())
        .isEqualTo("role_set:default");
  }

  @Test
  void roleSetMustHaveTheRolesOfMembers() {
    OrganizationFixture fixture = OrganizationFixture.withDefaults();
    String acme = fixture.organization("Acme", "ada");
    String grace = fixture.member(acme, "grace", "org:member");
    fixture.calls.ok(
        "POST /role_sets",
        "{'name':'Lean','roles':['org:admin'],'default_role_key':'org:admin',"
            + "'creator_role_key':'org:admin'}");
    String body = "{'role_set_key':'role_set:lean'}";

    assertThat(fixture.calls.call("PATCH", "/organizations/" + acme, body).error())
        .isEqualTo("422 organization_role_on_set_assigned_to_user");
    fixture.calls.ok("DELETE /organizations/%s/memberships/%s".formatted(acme, grace));
    assertThat(fixture.calls.ok("PATCH /organizations/" + acme, body).path("role_set_key").asText())
        .isEqualTo("role_set:lean");
  }
}
