package dev.clerkmcp.sandbox.handlers.enterprise;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories under both of their paths, and the roles of their groups. */
final class DirectoriesTest {
  private final SandboxCalls clerk = SandboxCalls.empty();
  private String connection = "";

  @BeforeEach
  void addConnectionAndRole() {
    connection =
        clerk
            .ok(
                "POST /enterprise_connections",
                "{'name':'Okta','provider':'saml_okta','domains':['example.com']}")
            .path("id")
            .asText();
    ObjectNode role =
        Json.object()
            .put("object", "role")
            .put("id", "role_1")
            .put("name", "Admin")
            .put("key", "org:admin")
            .put("description", "")
            .put("created_at", 1)
            .put("updated_at", 1);
    role.putArray("permission_keys");
    clerk.store().table(ObjectKind.ROLE).add(role);
  }

  @ParameterizedTest
  @CsvSource({
    "/directories,directory,/scim_directories,scim_directory",
    "/scim_directories,scim_directory,/directories,directory"
  })
  void directoryShowsUnderBothPaths(String path, String object, String other, String otherObject) {
    JsonNode created = create(path, "");
    assertThat(created.path("object").asText()).isEqualTo(object);
    assertThat(created.path("name").asText()).isEqualTo("Okta");
    assertThat(created.path("endpoint_url").asText()).startsWith("https://clerk.sandbox.invalid/");
    JsonNode same = clerk.ok("GET " + other + "/" + id(created));
    assertThat(same.path("object").asText()).isEqualTo(otherObject);
    assertThat(same.path("id")).isEqualTo(created.path("id"));
    assertThat(clerk.ok("GET " + other).path("total_count").asInt()).isEqualTo(1);
    assertThat(clerk.ok("DELETE " + path + "/" + id(created)).path("object").asText())
        .isEqualTo(object);
    assertThat(clerk.call("GET", other + "/" + id(created)).error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void apiKeyIsReturnedOnlyWhenItIsNew() {
    JsonNode created = create("/directories", "");
    String key = created.path("api_key").asText();
    assertThat(key).startsWith("sandbox_directory_api_key_");
    assertThat(clerk.ok("GET /directories").toString()).doesNotContain(key);
    JsonNode rotated = clerk.ok("POST /directories/" + id(created) + "/rotate_api_key");
    assertThat(rotated.path("api_key").asText())
        .startsWith("sandbox_directory_api_key_")
        .isNotEqualTo(key);
    assertThat(clerk.ok("GET /directories/" + id(created)).path("api_key").isNull()).isTrue();
  }

  @Test
  void connectionMustExistAndBeUnused() {
    create("/directories", "");
    assertThat(clerk.call("POST", "/scim_directories", body(connection, "")).error())
        .isEqualTo(
            "422 scim_directory_enterprise_connection_already_used enterprise_connection_id");
    assertThat(clerk.call("POST", "/directories", body("entc_none", "")).error())
        .isEqualTo("422 form_resource_not_found enterprise_connection_id");
  }

  @Test
  void directoryStaysWhenItsConnectionIsDeleted() {
    JsonNode created = create("/directories", "");
    clerk.ok("DELETE /enterprise_connections/" + connection);
    assertThat(
            clerk.ok("GET /directories/" + id(created)).path("enterprise_connection_id").isNull())
        .isTrue();
  }

  @Test
  void attributeMappingIsMerged() {
    String path = "/directories/" + id(create("/directories", ""));
    JsonNode updated =
        clerk.ok(
            "PATCH " + path,
            "{'enabled':false,'attribute_mapping':{'last_name':null,'team':'department'}}");
    assertThat(updated.path("enabled").asBoolean()).isFalse();
    assertThat(updated.path("name").asText()).isEqualTo("Okta");
    assertThat(updated.path("attribute_mapping"))
        .hasToString(
            "{\"email_address\":\"userName\",\"first_name\":\"name.givenName\","
                + "\"team\":\"department\"}");
  }

  @Test
  void mappingsAreOrderedByPrecedence() {
    String path =
        "/directories/"
            + id(
                create(
                    "/directories",
                    ",'group_role_mappings':[{'directory_group_id':'g1','role_id':'role_1',"
                        + "'directory_group_display_name':'One'},"
                        + "{'scim_group_id':'g2','role_id':'role_1'}]"));
    assertThat(clerk.ok("GET " + path).path("group_role_mapping_enabled").asBoolean()).isTrue();
    JsonNode third =
        clerk.ok("POST " + path + "/group_role_mappings", mapping("directory_group_id", "g3"));
    assertThat(third.path("precedence").asInt()).isEqualTo(3);
    assertThat(third.path("object").asText()).isEqualTo("directory_group_role_mapping");
    assertThat(third.at("/role/key").asText()).isEqualTo("org:admin");
    JsonNode all = clerk.ok("GET " + path + "/group_role_mappings");
    assertThat(all.path("data").findValuesAsText("scim_group_id"))
        .containsExactly("g1", "g2", "g3");
    assertThat(all.at("/data/0/scim_group_display_name").asText()).isEqualTo("One");
    assertThat(all.path("total_count").asInt()).isEqualTo(3);

    JsonNode replaced =
        clerk.ok(
            "PUT " + path + "/group_role_mappings",
            "{'mappings':[%s,%s]}"
                .formatted(
                    mapping("directory_group_id", "g3"), mapping("directory_group_id", "g1")));
    assertThat(replaced.path("data").findValuesAsText("directory_group_id"))
        .containsExactly("g3", "g1");
    String first = replaced.at("/data/0/id").asText();
    clerk.ok("DELETE " + path + "/group_role_mappings/" + first);
    assertThat(clerk.call("DELETE", path + "/group_role_mappings/" + first).error())
        .isEqualTo("404 resource_not_found");
    clerk.ok("PUT " + path + "/group_role_mappings", "{'mappings':[]}");
    assertThat(clerk.ok("GET " + path + "/group_role_mappings").path("data")).isEmpty();
  }

  @Test
  void scimPathUsesOlderNames() {
    String path =
        "/scim_directories/"
            + id(
                create(
                    "/scim_directories",
                    ",'group_role_mappings':[{'scim_group_id':'g1','role_id':'role_1',"
                        + "'scim_group_display_name':'One','precedence':7}]"));
    JsonNode mapping = clerk.ok("GET " + path + "/group_role_mappings").at("/data/0");
    assertThat(mapping.path("object").asText()).isEqualTo("scim_group_role_mapping");
    assertThat(mapping.path("directory_group_display_name").asText()).isEqualTo("One");
    assertThat(
            clerk
                .ok("POST " + path + "/group_role_mappings", mapping("scim_group_id", "g2"))
                .path("precedence")
                .asInt())
        .isEqualTo(8);
    assertThat(
            clerk
                .ok("DELETE " + path + "/group_role_mappings/" + mapping.path("id").asText())
                .path("object")
                .asText())
        .isEqualTo("scim_group_role_mapping");
    clerk.ok("PUT " + path + "/group_role_mappings", "{'mappings':[]}");
    assertThat(clerk.ok("PATCH " + path, "{'name':'New'}").path("object").asText())
        .isEqualTo("scim_directory");
    assertThat(clerk.ok("POST " + path + "/rotate_api_key").path("object").asText())
        .isEqualTo("scim_directory");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'role_id':'role_1'} | 422 form_conditional_param_missing directory_group_id",
        "{'directory_group_id':'a','scim_group_id':'b','role_id':'role_1'} | 422 form_param_value_conflict scim_group_id",
        "{'directory_group_id':'a','role_id':'role_0'} | 422 form_resource_not_found role_id",
        "{'directory_group_id':'g1','scim_group_id':'g1','role_id':'role_1'} | 422 form_identifier_exists directory_group_id",
      })
  void rejectsInvalidMappings(String body, String error) {
    String path =
        "/directories/"
            + id(
                create(
                    "/directories",
                    ",'group_role_mappings':[" + mapping("directory_group_id", "g1") + "]"));
    assertThat(clerk.call("POST", path + "/group_role_mappings", body).error()).isEqualTo(error);
  }

  @Test
  void duplicateGroupInReplacementChangesNothing() {
    String one = mapping("directory_group_id", "g1");
    String path =
        "/directories/"
            + id(create("/directories", ",'group_role_mappings':[" + one + "]"))
            + "/group_role_mappings";
    JsonNode before = clerk.ok("GET " + path);
    assertThat(clerk.call("PUT", path, "{'mappings':[%s,%s]}".formatted(one, one)).error())
        .isEqualTo("422 form_param_duplicate mappings");
    assertThat(clerk.ok("GET " + path)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE"})
  void mappingMustBeEnabled(String method) {
    String path = "/directories/" + id(create("/directories", "")) + "/group_role_mappings";
    String body =
        method.equals("POST")
            ? mapping("directory_group_id", "g1")
            : method.equals("PUT") ? "{'mappings':[]}" : "";
    assertThat(clerk.call(method, method.equals("DELETE") ? path + "/grm_1" : path, body).error())
        .isEqualTo("400 feature_not_enabled");
    assertThat(clerk.ok("GET " + path).path("total_count").asInt()).isZero();
  }

  private JsonNode create(String path, String more) {
    return clerk.ok("POST " + path, body(connection, more));
  }

  private static String body(String connection, String more) {
    return "{'enterprise_connection_id':'%s','provider':'okta'%s}".formatted(connection, more);
  }

  private static String mapping(String field, String group) {
    return "{'%s':'%s','role_id':'role_1'}".formatted(field, group);
  }

  private static String id(JsonNode object) {
    return object.path("id").asText();
  }
}
