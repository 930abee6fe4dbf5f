package dev.clerkmcp.sandbox.handlers.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RolesTest {
  private static final String PATH = "/organization_roles";

  private final OrganizationFixture fixture = OrganizationFixture.withDefaults();

  @Test
  void newInstanceHasAdminAndMember() {
    JsonNode roles = fixture.calls.ok("GET " + PATH + "?order_by=key").path("data");

    assertThat(roles).hasSize(2);
    assertThat(roles.at("/0/key").asText()).isEqualTo("org:admin");
    assertThat(roles.at("/0/is_creator_eligible").asBoolean()).isTrue();
    assertThat(roles.at("/0/permissions")).hasSize(8);
    assertThat(roles.at("/1/key").asText()).isEqualTo("org:member");
    assertThat(roles.at("/1/is_creator_eligible").asBoolean()).isFalse();
    assertThat(roles.at("/1/permissions")).hasSize(2);
  }

  @Test
  void createsWithPermissions() {
    String read = permission("org:sys_domains:read");

    JsonNode role =
        fixture.calls.ok(
            "POST " + PATH,
            "{'name':'Editor','key':'org:editor','description':'Edits','permissions':['%s','%s']}"
                .formatted(read, read));

    assertThat(role.path("id").asText()).startsWith("role_");
    assertThat(role.path("description").asText()).isEqualTo("Edits");
    assertThat(role.path("permissions")).hasSize(1);
    assertThat(role.at("/permissions/0/object").asText()).isEqualTo("permission");
    assertThat(role.at("/permissions/0/id").asText()).isEqualTo(read);
    assertThat(fixture.calls.ok("GET %s/%s".formatted(PATH, role.path("id").asText())))
        .isEqualTo(role);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'name':'A'}                                          | 422 form_param_missing key",
        "{'name':'','key':'org:a'}                             | 422 form_param_nil name",
        "{'name':'A','key':'editor'}                           | 422 form_param_format_invalid key",
        "{'name':'A','key':'org:Editor'}                       | 422 form_param_format_invalid key",
        "{'name':'A','key':'org:admin'}                        | 422 form_identifier_exists key",
        "{'name':'A','key':'org:a','permissions':['perm_none']} | 404 resource_not_found",
      })
  void refusesToCreate(String body, String error) {
    assertThat(fixture.calls.call("POST", PATH, body).error()).isEqualTo(error);
  }

  @Test
  void takesAtMostTenCustomRoles() {
    for (int i = 0; i < 10; i++) {
      role("org:r" + i);
    }
    assertThat(fixture.calls.call("POST", PATH, "{'name':'A','key':'org:a'}").error())
        .isEqualTo("403 organization_instance_roles_quota_exceeded");
  }

  @Test
  void roleMustBeInTheRoleSet() {
    String acme = fixture.organization("Acme", "ada");
    fixture.user("grace");
    role("org:outside");
    fixture.calls.ok(
        "POST " + PATH, "{'name':'In','key':'org:inside','include_in_initial_role_set':true}");
    String path = "/organizations/%s/memberships".formatted(acme);

    assertThat(
            fixture
                .calls
                .call("POST", path, "{'user_id':'user_grace','role':'org:outside'}")
                .error())
        .isEqualTo("404 resource_not_found");
    assertThat(
            fixture
                .calls
                .ok("POST " + path, "{'user_id':'user_grace','role':'org:inside'}")
                .path("role_name")
                .asText())
        .isEqualTo("In");
  }

  @Test
  void updateChangesOnlyGivenFields() {
    String path = PATH + "/" + role("org:editor");
    String read = permission("org:sys_domains:read");
    fixture.calls.ok(
        "PATCH " + path, "{'permissions':['%s'],'description':'Edits'}".formatted(read));

    JsonNode after = fixture.calls.ok("PATCH " + path, "{'name':'Redactor'}");

    assertThat(after.path("name").asText()).isEqualTo("Redactor");
    assertThat(after.path("description").asText()).isEqualTo("Edits");
    assertThat(after.path("permissions")).hasSize(1);
    assertThat(fixture.calls.ok("PATCH " + path, "{'permissions':[]}").path("permissions"))
        .isEmpty();
    assertThat(fixture.calls.call("PATCH", path, "{'key':'org:admin'}").error())
        .isEqualTo("422 form_identifier_exists key");
  }

  @Test
  void newKeyReplacesTheKeyEverywhere() {
    fixture.settings("{'creator_role':'org:admin','domains_default_role':'org:member'}");
    String acme = fixture.organization("Acme", "ada");
    String invitation = fixture.invitation(acme, "grace");
    fixture.calls.ok("PATCH " + PATH + "/" + id("org:admin"), "{'key':'org:owner'}");
    fixture.calls.ok("PATCH " + PATH + "/" + id("org:member"), "{'key':'org:guest'}");

    assertThat(fixture.list("/organization_memberships", "/role")).containsExactly("org:owner");
    assertThat(
            fixture
                .calls
                .ok("GET /organizations/%s/invitations/%s".formatted(acme, invitation))
                .path("role")
                .asText())
        .isEqualTo("org:guest");
    JsonNode set = fixture.calls.ok("GET /role_sets/role_set:default");
    assertThat(set.at("/creator_role/key").asText()).isEqualTo("org:owner");
    assertThat(set.at("/default_role/key").asText()).isEqualTo("org:guest");
    OrganizationSettings settings =
        new OrganizationSettings(new HandlerContext(SandboxCalls.CONTRACT, fixture.calls.store()));
    assertThat(settings.creatorRole()).isEqualTo("org:owner");
    assertThat(settings.domainsDefaultRole()).isEqualTo("org:guest");
    fixture.organization("Next", "joan");
    assertThat(fixture.list("/users/user_joan/organization_memberships", "/role"))
        .containsExactly("org:owner");
  }

  @Test
  void assignsAndRemovesPermissions() {
    String read = permission("org:sys_domains:read");
    String path = "%s/%s/permissions/%s".formatted(PATH, role("org:editor"), read);

    assertThat(fixture.calls.ok("POST " + path).at("/permissions/0/id").asText()).isEqualTo(read);
    assertThat(fixture.calls.call("POST", path).error())
        .isEqualTo("409 organization_role_permission_association_exists");
    assertThat(fixture.calls.ok("DELETE " + path).path("permissions")).isEmpty();
    assertThat(fixture.calls.call("DELETE", path).error())
        .isEqualTo("404 organization_role_permission_association_not_found");
    assertThat(
            fixture
                .calls
                .call("POST", "%s/%s/permissions/perm_none".formatted(PATH, id("org:editor")))
                .error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void creatorRoleKeepsRequiredPermissions() {
    String admin = PATH + "/" + id("org:admin");
    String delete = permission("org:sys_profile:delete");
    String billing = permission("org:sys_billing:read");

    assertThat(fixture.calls.call("DELETE", admin + "/permissions/" + delete).error())
        .isEqualTo("422 organization_missing_creator_role_permissions");
    assertThat(fixture.calls.call("PATCH", admin, "{'permissions':[]}").error())
        .isEqualTo("422 organization_missing_creator_role_permissions");
    assertThat(fixture.calls.ok("GET " + admin).path("permissions")).hasSize(8);
    assertThat(fixture.calls.ok("DELETE " + admin + "/permissions/" + billing).path("permissions"))
        .hasSize(7);
  }

  @Test
  void deletesAnUnusedRole() {
    String id =
        fixture
            .calls
            .ok(
                "POST " + PATH,
                "{'name':'In','key':'org:inside','include_in_initial_role_set':true}")
            .path("id")
            .asText();

    assertThat(fixture.calls.ok("DELETE %s/%s".formatted(PATH, id)))
        .isEqualTo(Json.object().put("object", "role").put("id", id).put("deleted", true));
    assertThat(fixture.calls.ok("GET /role_sets/role_set:default").path("roles")).hasSize(2);
    assertThat(fixture.calls.call("GET", "%s/%s".formatted(PATH, id)).error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void rejectsDeletingARoleInUse() {
    String inside =
        fixture
            .calls
            .ok(
                "POST " + PATH,
                "{'name':'In','key':'org:inside','include_in_initial_role_set':true}")
            .path("id")
            .asText();
    String acme = fixture.organization("Acme", "ada");
    String invitation =
        fixture
            .calls
            .ok(
                "POST /organizations/%s/invitations".formatted(acme),
                "{'email_address':'x@example.com','role':'org:inside'}")
            .path("id")
            .asText();

    assertThat(delete(id("org:admin"))).isEqualTo("422 organization_role_default_creator_role");
    assertThat(delete(id("org:member"))).isEqualTo("422 organization_role_domain_default_role");
    assertThat(delete(inside)).isEqualTo("422 organization_role_exists_in_invitations");
    fixture.calls.ok("POST /organizations/%s/invitations/%s/revoke".formatted(acme, invitation));
    String grace = fixture.member(acme, "grace", "org:inside");
    assertThat(delete(inside)).isEqualTo("422 organization_role_assigned_members");
    fixture.calls.ok("DELETE /organizations/%s/memberships/%s".formatted(acme, grace));
    assertThat(fixture.calls.call("DELETE", PATH + "/" + inside).status()).isEqualTo(200);
  }

  @Test
  void adminCanBeDeletedIfCreatorsGetAnotherRole() {
    List<String> all = fixture.list("/organization_permissions?limit=100", "/id");
    fixture.calls.ok(
        "POST " + PATH,
        "{'name':'Owner','key':'org:owner','permissions':['%s']}"
            .formatted(String.join("','", all)));
    fixture.calls.ok(
        "POST /role_sets/role_set:default/roles/replace",
        "{'role_key':'org:admin','to_role_key':'org:owner'}");

    fixture.calls.ok("DELETE " + PATH + "/" + id("org:admin"));

    fixture.organization("Acme", "ada");
    assertThat(fixture.list("/organization_memberships", "/role")).containsExactly("org:owner");
  }

  @Test
  void listsWithQueryAndOrder() {
    String editor = role("org:editor");

    assertThat(fixture.list(PATH, "/key")).startsWith("org:editor").hasSize(3);
    assertThat(fixture.list(PATH + "?order_by=-key&limit=2", "/key"))
        .containsExactly("org:member", "org:editor");
    assertThat(fixture.list(PATH + "?query=EDIT", "/id")).containsExactly(editor);
    assertThat(fixture.list(PATH + "?query=" + editor, "/id")).containsExactly(editor);
    assertThat(fixture.calls.call("GET", PATH + "?order_by=id").error())
        .isEqualTo("422 form_param_value_invalid order_by");
  }

  @Test
  void deletedAdminRoleStaysDeleted() {
    fixture.calls.ok("PATCH " + PATH + "/" + id("org:member"), "{'key':'org:guest'}");
    String acme = fixture.organization("Acme");
    fixture.user("ada");

    assertThat(
            fixture
                .calls
                .call(
                    "POST",
                    "/organizations/%s/memberships".formatted(acme),
                    "{'user_id':'user_ada','role':'org:member'}")
                .error())
        .isEqualTo("404 resource_not_found role");
  }

  private String delete(String id) {
    return fixture.calls.call("DELETE", PATH + "/" + id).error();
  }

  private String id(String key) {
    return fixture.list(PATH + "?query=" + key, "/id").get(0);
  }

  private String permission(String key) {
    return fixture.list("/organization_permissions?query=" + key, "/id").get(0);
  }

  private String role(String key) {
    return fixture
        .calls
        .ok("POST " + PATH, "{'name':'Custom','key':'%s'}".formatted(key))
        .path("id")
        .asText();
  }
}
