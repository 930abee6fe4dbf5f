package dev.clerkmcp.sandbox.handlers.organization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoleSetsTest {
  private static final String DEFAULT = "/role_sets/role_set:default";

  private final OrganizationFixture fixture = OrganizationFixture.withDefaults();

  @Test
  void newInstanceHasOneRoleSet() {
    JsonNode sets = fixture.calls.ok("GET /role_sets");

    assertThat(sets.path("total_count").asInt()).isEqualTo(1);
    assertThat(sets.at("/data/0/key").asText()).isEqualTo("role_set:default");
    assertThat(sets.at("/data/0/type").asText()).isEqualTo("initial");
    assertThat(sets.at("/data/0/default_role/key").asText()).isEqualTo("org:member");
    assertThat(sets.at("/data/0/creator_role/key").asText()).isEqualTo("org:admin");
    assertThat(keys(sets.at("/data/0"))).containsExactly("org:admin", "org:member");
    assertThat(sets.at("/data/0/role_set_migration").isNull()).isTrue();
  }

  @Test
  void createsWithAKeyFromTheName() {
    JsonNode set = create("'name':'Pro Plan'", "org:admin");
    JsonNode again = create("'name':'Pro plan!'", "org:admin");

    assertThat(set.path("id").asText()).startsWith("rset_");
    assertThat(set.path("key").asText()).isEqualTo("role_set:pro_plan");
    assertThat(set.path("type").asText()).isEqualTo("custom");
    assertThat(set.path("description").isNull()).isTrue();
    assertThat(again.path("key").asText()).isEqualTo("role_set:pro_plan_2");
    assertThat(fixture.calls.ok("GET /role_sets/" + set.path("id").asText())).isEqualTo(set);
    assertThat(fixture.calls.ok("GET /role_sets/role_set:pro_plan")).isEqualTo(set);
    assertThat(fixture.calls.call("GET", "/role_sets/role_set:none").error())
        .isEqualTo("404 resource_not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'roles':['org:admin'],'default_role_key':'org:member'} | 422 form_param_value_invalid default_role_key",
        "{'roles':['org:member'],'creator_role_key':'org:admin'} | 422 form_param_value_invalid creator_role_key",
        "{'roles':['org:member'],'creator_role_key':'org:member'} | 422 organization_missing_creator_role_permissions",
        "{'roles':[]} | 422 form_param_nil roles",
        "{'roles':['org:admin','org:admin']} | 422 form_param_duplicate roles",
        "{'roles':['org:admin','org:none']} | 404 resource_not_found",
        "{'roles':['org:admin'],'key':'pro'} | 422 form_param_format_invalid key",
        "{'roles':['org:admin'],'key':'role_set:default'} | 422 form_identifier_exists key",
        "{'roles':['org:admin'],'type':'other'} | 422 form_param_value_invalid type",
      })
  void refusesToCreate(String fields, String error) {
    String others =
        "{'name':'Pro','default_role_key':'%1$s','creator_role_key':'%1$s',"
            .formatted(fields.contains("['org:member") ? "org:member" : "org:admin");
    // Of a key that stands there twice the last counts.
    String body = others + fields.substring(1);
    assertThat(fixture.calls.call("POST", "/role_sets", body).error()).isEqualTo(error);
  }

  @Test
  void onlyOneIsInitial() {
    JsonNode pro = create("'name':'Pro','type':'initial'", "org:admin");
    assertThat(pro.path("type").asText()).isEqualTo("initial");
    assertThat(type("role_set:default")).isEqualTo("custom");

    fixture.calls.ok("PATCH " + DEFAULT, "{'type':'initial'}");
    assertThat(type("role_set:default")).isEqualTo("initial");
    assertThat(type("role_set:pro")).isEqualTo("custom");
  }

  @Test
  void updateWithNewKeyMovesOrganizations() {
    String acme = fixture.organization("Acme", "ada");

    JsonNode after =
        fixture.calls.ok(
            "PATCH " + DEFAULT,
            "{'name':'Basic','key':'role_set:basic','default_role_key':'org:admin'}");

    assertThat(after.path("name").asText()).isEqualTo("Basic");
    assertThat(after.at("/default_role/key").asText()).isEqualTo("org:admin");
    assertThat(after.at("/creator_role/key").asText()).isEqualTo("org:admin");
    assertThat(after.at("/roles/0/members_count").asInt()).isEqualTo(1);
    assertThat(after.at("/roles/0/has_members").asBoolean()).isTrue();
    assertThat(after.at("/roles/1/has_members").asBoolean()).isFalse();
    assertThat(fixture.calls.ok("GET /organizations/" + acme).path("role_set_key").asText())
        .isEqualTo("role_set:basic");
    assertThat(
            fixture
                .calls
                .call("PATCH", "/role_sets/role_set:basic", "{'creator_role_key':'org:member'}")
                .error())
        .isEqualTo("422 organization_missing_creator_role_permissions");
  }

  @Test
  void addsRoles() {
    role("org:editor");
    String path = DEFAULT + "/roles";

    JsonNode after =
        fixture.calls.ok(
            "POST " + path, "{'role_keys':['org:editor'],'default_role_key':'org:editor'}");

    assertThat(keys(after)).containsExactly("org:admin", "org:member", "org:editor");
    assertThat(after.at("/default_role/key").asText()).isEqualTo("org:editor");
    assertThat(fixture.calls.call("POST", path, "{'role_keys':['org:editor']}").error())
        .isEqualTo("422 form_param_duplicate role_keys");
    assertThat(fixture.calls.call("POST", path, "{'role_keys':['org:none']}").error())
        .isEqualTo("404 resource_not_found");
    assertThat(fixture.calls.call("POST", path, "{'role_keys':[]}").error())
        .isEqualTo("422 form_param_nil role_keys");
  }

  @Test
  void takesAtMostTenRoles() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      role("org:r" + i);
      keys.add("'org:r%s'".formatted(i));
    }
    String body = "{'role_keys':[%s]}";

    assertThat(
            fixture
                .calls
                .call("POST", DEFAULT + "/roles", body.formatted(String.join(",", keys)))
                .error())
        .isEqualTo("422 form_param_array_size_exceeded role_keys");
    keys.remove(0);
    assertThat(
            fixture
                .calls
                .ok("POST " + DEFAULT + "/roles", body.formatted(String.join(",", keys)))
                .path("roles"))
        .hasSize(10);
  }

  @Test
  void replacesARoleAndMovesItsMembers() {
    role("org:editor");
    String acme = fixture.organization("Acme", "ada");
    fixture.member(acme, "grace", "org:member");
    String invitation = fixture.invitation(acme, "joan");

    JsonNode after =
        fixture.calls.ok(
            "POST " + DEFAULT + "/roles/replace",
            "{'role_key':'org:member','to_role_key':'org:editor'}");

    assertThat(keys(after)).containsExactly("org:admin", "org:editor");
    assertThat(after.at("/default_role/key").asText()).isEqualTo("org:editor");
    assertThat(fixture.list("/users/user_grace/organization_memberships", "/role"))
        .containsExactly("org:editor");
    assertThat(
            fixture
                .calls
                .ok("GET /organizations/%s/invitations/%s".formatted(acme, invitation))
                .path("role")
                .asText())
        .isEqualTo("org:editor");
  }

  @Test
  void replacingByARoleInTheSetKeepsItOnce() {
    JsonNode after =
        fixture.calls.ok(
            "POST " + DEFAULT + "/roles/replace",
            "{'role_key':'org:member','to_role_key':'org:admin'}");
    assertThat(keys(after)).containsExactly("org:admin");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "org:none   | org:admin  | 404 resource_not_found",
        "org:member | org:none   | 404 resource_not_found",
        "org:member | org:member | 422 form_param_value_invalid to_role_key",
        "org:admin  | org:member | 422 organization_missing_creator_role_permissions",
      })
  void refusesToReplaceARole(String key, String newKey, String error) {
    assertThat(
            fixture
                .calls
                .call(
                    "POST",
                    DEFAULT + "/roles/replace",
                    "{'role_key':'%s','to_role_key':'%s'}".formatted(key, newKey))
                .error())
        .isEqualTo(error);
  }

  @Test
  void replacesASetAndMovesItsOrganizations() {
    role("org:editor");
    create("'name':'Pro'", "org:admin", "org:editor");
    String acme = fixture.organization("Acme", "ada");
    fixture.member(acme, "grace", "org:member");
    String id = fixture.calls.ok("GET " + DEFAULT).path("id").asText();

    JsonNode deleted =
        fixture.calls.ok(
            "POST " + DEFAULT + "/replace",
            "{'dest_role_set_key':'role_set:pro',"
                + "'reassignment_mappings':{'org:member':'org:editor'}}");

    assertThat(deleted)
        .isEqualTo(Json.object().put("object", "role_set").put("id", id).put("deleted", true));
    assertThat(fixture.list("/role_sets", "/key")).containsExactly("role_set:pro");
    assertThat(type("role_set:pro")).isEqualTo("initial");
    assertThat(fixture.calls.ok("GET /organizations/" + acme).path("role_set_key").asText())
        .isEqualTo("role_set:pro");
    assertThat(fixture.list("/organization_memberships?order_by=first_name", "/role"))
        .containsExactly("org:admin", "org:editor");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'dest_role_set_key':'role_set:none'} | 404 resource_not_found",
        "{'dest_role_set_key':'role_set:default'} | 422 form_param_value_invalid dest_role_set_key",
        "{'dest_role_set_key':'role_set:pro'} | 422 organization_role_set_reassignment_mappings_missing",
        "{'dest_role_set_key':'role_set:pro','reassignment_mappings':{'org:member':'org:none'}} | 422 organization_role_set_reassignment_mappings_invalid",
        "{'dest_role_set_key':'role_set:pro','reassignment_mappings':{'org:none':'org:admin'}} | 422 organization_role_set_reassignment_mappings_invalid",
      })
  void refusesToReplaceASet(String fields, String error) {
    create("'name':'Pro'", "org:admin");
    fixture.invitation(fixture.organization("Acme", "ada"), "grace");

    assertThat(fixture.calls.call("POST", DEFAULT + "/replace", fields).error()).isEqualTo(error);
    assertThat(fixture.calls.ok("GET /role_sets").path("total_count").asInt()).isEqualTo(2);
  }

  @Test
  void listsWithQueryAndOrder() {
    create("'name':'Alpha','key':'role_set:zzz'", "org:admin");

    assertThat(fixture.list("/role_sets", "/key"))
        .containsExactly("role_set:zzz", "role_set:default");
    assertThat(fixture.list("/role_sets?order_by=key", "/key"))
        .containsExactly("role_set:default", "role_set:zzz");
    assertThat(fixture.list("/role_sets?order_by=name&limit=1", "/name")).containsExactly("Alpha");
    assertThat(fixture.list("/role_sets?query=ZZ", "/name")).containsExactly("Alpha");
    assertThat(fixture.calls.call("GET", "/role_sets?order_by=type").error())
        .isEqualTo("422 form_param_value_invalid order_by");
  }

  @Test
  void builtInRolesExistWithoutDefaults() {
    OrganizationFixture empty = new OrganizationFixture();
    JsonNode set =
        empty.calls.ok(
            "POST /role_sets",
            "{'name':'Pro','roles':['org:admin','org:member'],"
                + "'default_role_key':'org:member','creator_role_key':'org:admin'}");
    assertThat(keys(set)).containsExactly("org:admin", "org:member");
  }

  private JsonNode create(String fields, String... roles) {
    return fixture.calls.ok(
        "POST /role_sets",
        "{%s,'roles':['%s'],'default_role_key':'%s','creator_role_key':'%s'}"
            .formatted(fields, String.join("','", roles), roles[0], roles[0]));
  }

  private String type(String key) {
    return fixture.calls.ok("GET /role_sets/" + key).path("type").asText();
  }

  private void role(String key) {
    fixture.calls.ok("POST /organization_roles", "{'name':'Custom','key':'%s'}".formatted(key));
  }

  private static List<String> keys(JsonNode set) {
    List<String> keys = new ArrayList<>();
    set.path("roles").forEach(role -> keys.add(role.path("key").asText()));
    return keys;
  }
}
