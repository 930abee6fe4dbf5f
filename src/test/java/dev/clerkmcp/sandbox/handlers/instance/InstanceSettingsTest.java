package dev.clerkmcp.sandbox.handlers.instance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The groups of settings, and the domain. */
final class InstanceSettingsTest {
  private final SandboxCalls clerk = SandboxCalls.empty();

  @Test
  void newInstanceIsADevelopmentInstance() {
    JsonNode instance = clerk.ok("GET /instance");
    assertThat(instance.path("environment_type").asText()).isEqualTo("development");
    assertThat(instance.path("allowed_origins").isNull()).isTrue();
    assertThat(instance.path("id").asText()).matches("ins_\\w{27}");
  }

  @Test
  void readingStoresNothing() {
    clerk.ok("GET /instance");
    clerk.ok("GET /instance/organization_settings");
    assertThat(clerk.store().table(ObjectKind.SETTINGS).size()).isZero();
  }

  @Test
  void instanceShowsOnlySomeOfItsSettings() {
    assertThat(
            clerk
                .call(
                    "PATCH",
                    "/instance",
                    "{'allowed_origins':['https://a.example.com'],'support_email':'a@example.com'}")
                .status())
        .isEqualTo(204);
    JsonNode instance = clerk.ok("GET /instance");
    assertThat(instance.at("/allowed_origins/0").asText()).isEqualTo("https://a.example.com");
    assertThat(instance.has("support_email")).isFalse();
    assertThat(
            clerk.store().table(ObjectKind.SETTINGS).get("instance").path("support_email").asText())
        .isEqualTo("a@example.com");
    assertThat(clerk.call("PATCH", "/instance", "{'name':'x'}").error())
        .isEqualTo("422 form_param_unknown name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/instance/restrictions | {'allowlist':true} | {'block_email_subaddresses':true}",
        "/instance/protect | {'rules_enabled':true} | {'specter_enabled':true}",
        "/instance/communication | {'blocked_country_codes':['DE']} | {}",
        "/instance/oauth_application_settings | {'dynamic_oauth_client_registration':true}"
            + " | {'default_scopes':['email']}",
        "/instance/organization_settings | {'max_allowed_memberships':9,'admin_delete_enabled':false}"
            + " | {'domains_enabled':true,'max_allowed_memberships':null}",
      })
  void changeLeavesTheRest(String path, String first, String second) throws Exception {
    JsonNode before = clerk.ok("PATCH " + path, "{}");
    clerk.ok("PATCH " + path, first);
    JsonNode after = clerk.ok("PATCH " + path, second);
    ObjectNode expected = before.deepCopy();
    for (String given : new String[] {first, second}) {
      Json.read(given.replace('\'', '"'))
          .properties()
          .forEach(
              field -> {
                if (!field.getValue().isNull()) {
                  expected.set(field.getKey(), field.getValue());
                }
              });
    }
    assertThat(after).isEqualTo(expected).isNotEqualTo(before);
    if (!path.endsWith("restrictions")) {
      assertThat(clerk.ok("GET " + path)).isEqualTo(after);
    }
  }

  @Test
  void defaultScopesCanBeReset() {
    String path = "/instance/oauth_application_settings";
    JsonNode before = clerk.ok("GET " + path);
    clerk.ok("PATCH " + path, "{'default_scopes':['email']}");
    assertThat(clerk.ok("PATCH " + path, "{'default_scopes':null}")).isEqualTo(before);
  }

  @Test
  void organizationsHaveFiveMembersByDefault() {
    JsonNode settings = clerk.ok("GET /instance/organization_settings");
    assertThat(settings.path("max_allowed_memberships").asInt()).isEqualTo(5);
    assertThat(settings.path("creator_role").asText()).isEqualTo("org:admin");
    assertThat(settings.path("initial_role_set_key").isNull()).isTrue();
  }

  @Test
  void rolesAreSetByIdAndReturnedByKey() {
    addRole(
        "owner",
        "org:sys_memberships:manage",
        "org:sys_memberships:read",
        "org:sys_profile:delete");
    addRole("guest");
    JsonNode settings =
        clerk.ok(
            "PATCH /instance/organization_settings",
            "{'creator_role_id':'role_owner','domains_default_role_id':'role_guest'}");
    assertThat(settings.path("creator_role").asText()).isEqualTo("org:owner");
    assertThat(settings.path("domains_default_role").asText()).isEqualTo("org:guest");
    assertThat(
            clerk
                .call("PATCH", "/instance/organization_settings", "{'creator_role_id':'role_none'}")
                .error())
        .isEqualTo("404 resource_not_found");
    assertThat(
            clerk
                .call(
                    "PATCH", "/instance/organization_settings", "{'creator_role_id':'role_guest'}")
                .error())
        .isEqualTo("422 organization_missing_creator_role_permissions");
  }

  @Test
  void creatorRoleComesFromTheInitialRoleSet() {
    addRole(
        "owner",
        "org:sys_memberships:manage",
        "org:sys_memberships:read",
        "org:sys_profile:delete");
    ObjectNode set = Json.object().put("id", "rset_1").put("key", "role_set:default");
    set.put("type", "initial").put("creator_role_key", "org:admin").putArray("role_keys");
    clerk.store().table(ObjectKind.ROLE_SET).add(set);
    JsonNode settings = clerk.ok("GET /instance/organization_settings");
    assertThat(settings.path("initial_role_set_key").asText()).isEqualTo("role_set:default");
    assertThat(settings.path("creator_role").asText()).isEqualTo("org:admin");
    assertThat(
            clerk
                .ok("PATCH /instance/organization_settings", "{'creator_role_id':'role_owner'}")
                .path("creator_role")
                .asText())
        .isEqualTo("org:owner");
    ObjectNode changed = clerk.store().table(ObjectKind.ROLE_SET).get("rset_1");
    assertThat(changed.path("creator_role_key").asText()).isEqualTo("org:owner");
    assertThat(changed.path("role_keys")).hasToString("[\"org:owner\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'max_allowed_memberships':-1}         | 422 form_param_value_invalid max_allowed_memberships",
        "{'domains_enrollment_modes':['often']} | 422 form_param_value_invalid domains_enrollment_modes",
      })
  void organizationSettingsHaveLimits(String body, String error) {
    assertThat(clerk.call("PATCH", "/instance/organization_settings", body).error())
        .isEqualTo(error);
    assertThat(clerk.store().table(ObjectKind.SETTINGS).size()).isZero();
  }

  @Test
  void betaFeaturesChangeTheSameSettings() {
    JsonNode beta =
        clerk.ok(
            "PATCH /beta_features/instance_settings",
            "{'restricted_to_allowlist':true,'from_email_address':'hello','test_mode':false}");
    assertThat(beta.path("restricted_to_allowlist").asBoolean()).isTrue();
    assertThat(beta.path("from_email_address").asText()).isEqualTo("hello");
    assertThat(clerk.ok("PATCH /instance/restrictions", "{}").path("allowlist").asBoolean())
        .isTrue();
    clerk.ok("PATCH /instance/restrictions", "{'allowlist':false}");
    assertThat(
            clerk
                .ok("PATCH /beta_features/instance_settings", "{}")
                .path("restricted_to_allowlist")
                .asBoolean())
        .isFalse();
    assertThat(
            clerk
                .call(
                    "PATCH",
                    "/beta_features/instance_settings",
                    "{'from_email_address':'a@example.com'}")
                .error())
        .isEqualTo("422 form_param_format_invalid from_email_address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /instance/change_domain", "PUT /beta_features/domain"})
  void changeOfDomainEndsEverySession(String route) {
    clerk.store().table(ObjectKind.USER).add(Json.object().put("id", "user_1"));
    clerk
        .store()
        .table(ObjectKind.SESSION)
        .add(Json.object().put("id", "sess_1").put("user_id", "user_1").put("status", "active"));
    String method = route.substring(0, route.indexOf(' '));
    String path = route.substring(route.indexOf(' ') + 1);
    assertThat(clerk.call(method, path, "{'home_url':'https://www.example.com'}").status())
        .isEqualTo(202);
    assertThat(clerk.store().table(ObjectKind.SESSION).get("sess_1").path("status").asText())
        .isEqualTo("revoked");
    assertThat(clerk.call(method, path, "{'home_url':'example'}").error())
        .isEqualTo("422 form_param_format_invalid home_url");
    assertThat(clerk.call(method, path, "{'home_url':'http://example.com'}").error())
        .isEqualTo("422 insecure_url home_url");
    assertThat(clerk.call(method, path, "{}").error()).isEqualTo("422 form_param_missing home_url");
  }

  @Test
  void instanceHasOneSvixApp() {
    assertThat(clerk.call("POST", "/webhooks/svix_url").error()).isEqualTo("400 svix_app_missing");
    assertThat(clerk.call("DELETE", "/webhooks/svix").error()).isEqualTo("400 svix_app_missing");
    String first = clerk.ok("POST /webhooks/svix").path("svix_url").asText();
    assertThat(first).startsWith("https://clerk.sandbox.invalid/");
    assertThat(clerk.call("POST", "/webhooks/svix").error()).isEqualTo("400 svix_app_exists");
    assertThat(clerk.ok("POST /webhooks/svix_url").path("svix_url").asText())
        .startsWith("https://clerk.sandbox.invalid/")
        .isNotEqualTo(first);
    assertThat(clerk.call("DELETE", "/webhooks/svix").status()).isEqualTo(204);
    clerk.ok("POST /webhooks/svix");
  }

  /** The seed decides the key, so that a token outlives a restart. */
  @Test
  void jwksHaveOneKey() {
    assertThat(clerk.ok("GET /jwks").path("keys")).hasSize(1);
    assertThat(clerk.ok("GET /jwks").at("/keys/0/alg").asText()).isEqualTo("RS256");
  }

  private void addRole(String name, String... permissions) {
    ObjectNode role = Json.object().put("id", "role_" + name).put("key", "org:" + name);
    ArrayNode keys = role.putArray("permission_keys");
    for (String permission : permissions) {
      keys.add(permission);
    }
    clerk.store().table(ObjectKind.ROLE).add(role);
  }
}
