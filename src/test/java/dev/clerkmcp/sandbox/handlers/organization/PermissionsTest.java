package dev.clerkmcp.sandbox.handlers.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PermissionsTest {
  private static final String PATH = "/organization_permissions";

  private final OrganizationFixture fixture = OrganizationFixture.withDefaults();

  @Test
  void newInstanceHasSystemPermissions() {
    assertThat(fixture.list(PATH + "?order_by=key&limit=100", "/key"))
        .containsExactly(
            "org:sys_billing:manage",
            "org:sys_billing:read",
            "org:sys_domains:manage",
            "org:sys_domains:read",
            "org:sys_memberships:manage",
            "org:sys_memberships:read",
            "org:sys_profile:delete",
            "org:sys_profile:manage");
    assertThat(fixture.list(PATH, "/type")).containsOnly("system");
  }

  @Test
  void createsReadsAndUpdates() {
    JsonNode made =
        fixture.calls.ok(
            "POST " + PATH,
            "{'name':'Read teams','key':'org:team:read','description':'Look at teams'}");
    String path = PATH + "/" + made.path("id").asText();

    assertThat(made.path("id").asText()).startsWith("perm_");
    assertThat(made.path("type").asText()).isEqualTo("user");
    assertThat(fixture.calls.ok("GET " + path)).isEqualTo(made);

    JsonNode after = fixture.calls.ok("PATCH " + path, "{'name':'Look'}");
    assertThat(after.path("name").asText()).isEqualTo("Look");
    assertThat(after.path("key").asText()).isEqualTo("org:team:read");
    assertThat(after.path("description").asText()).isEqualTo("Look at teams");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'name':'A'}                                  | 422 form_param_missing key",
        "{'name':' ','key':'org:a:b'}                  | 422 form_param_nil name",
        "{'name':'A','key':'team:read'}                | 422 form_param_format_invalid key",
        "{'name':'A','key':'org:Team:read'}            | 422 form_param_format_invalid key",
        "{'name':'A','key':'org:team'}                 | 422 form_param_format_invalid key",
        "{'name':'A','key':'org:sys_team:read'}        | 422 form_param_value_invalid key",
        "{'name':'A','key':'org:taken:read'}           | 422 form_identifier_exists key",
      })
  void refusesToCreate(String body, String error) {
    permission("org:taken:read");
    assertThat(fixture.calls.call("POST", PATH, body).error()).isEqualTo(error);
  }

  @Test
  void systemPermissionsCannotBeChanged() {
    String path = PATH + "/" + fixture.list(PATH + "?query=org:sys_profile:delete", "/id").get(0);

    assertThat(fixture.calls.call("PATCH", path, "{'name':'x'}").error())
        .isEqualTo("403 organization_system_permission_not_modifiable");
    assertThat(fixture.calls.call("DELETE", path).error())
        .isEqualTo("403 organization_system_permission_not_modifiable");
  }

  @Test
  void rolesFollowNewKeysAndDeletions() {
    String permission = permission("org:team:read");
    String role =
        fixture
            .calls
            .ok(
                "POST /organization_roles",
                "{'name':'Lead','key':'org:lead','permissions':['%s']}".formatted(permission))
            .path("id")
            .asText();

    fixture.calls.ok("PATCH %s/%s".formatted(PATH, permission), "{'key':'org:team:see'}");
    assertThat(
            fixture.calls.ok("GET /organization_roles/" + role).at("/permissions/0/key").asText())
        .isEqualTo("org:team:see");

    assertThat(fixture.calls.ok("DELETE %s/%s".formatted(PATH, permission)))
        .isEqualTo(
            Json.object().put("object", "permission").put("id", permission).put("deleted", true));
    assertThat(fixture.calls.ok("GET /organization_roles/" + role).path("permissions")).isEmpty();
    assertThat(fixture.calls.call("GET", "%s/%s".formatted(PATH, permission)).error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void listsWithQueryAndOrder() {
    String permission = permission("org:team:read");

    assertThat(fixture.list(PATH + "?limit=1", "/id")).containsExactly(permission);
    assertThat(fixture.list(PATH + "?query=" + permission, "/id")).containsExactly(permission);
    assertThat(fixture.list(PATH + "?query=TEAM", "/id")).containsExactly(permission);
    assertThat(fixture.list(PATH + "?query=manage%20b", "/name")).containsExactly("Manage billing");
    assertThat(fixture.list(PATH + "?order_by=-name&limit=2", "/name"))
        .containsExactly("Read members", "Read domains");
    assertThat(fixture.calls.call("GET", PATH + "?order_by=type").error())
        .isEqualTo("422 form_param_value_invalid order_by");
  }

  private String permission(String key) {
    return fixture
        .calls
        .ok("POST " + PATH, "{'name':'Custom','key':'%s'}".formatted(key))
        .path("id")
        .asText();
  }
}
