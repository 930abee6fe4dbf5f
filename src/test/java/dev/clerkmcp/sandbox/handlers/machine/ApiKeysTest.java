package dev.clerkmcp.sandbox.handlers.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** API keys of users, organizations and machines. */
final class ApiKeysTest {
  private static final String USER = "user_" + "1".repeat(27);
  private static final String ORGANIZATION = "org_" + "1".repeat(27);

  private final SandboxCalls clerk = SandboxCalls.empty();

  @BeforeEach
  void addSubjects() {
    clerk.store().table(ObjectKind.USER).add(Json.object().put("id", USER));
    clerk.store().table(ObjectKind.ORGANIZATION).add(Json.object().put("id", ORGANIZATION));
  }

  @Test
  void createReturnsTheSecretOnce() {
    JsonNode key =
        clerk.ok(
            "POST /api_keys",
            "{'name':'Builds','subject':'%s','created_by':'%s','claims':{'a':1},'scopes':['read'],"
                    .formatted(ORGANIZATION, USER)
                + "'description':'For builds','seconds_until_expiration':60}");
    String secret = key.path("secret").asText();
    assertThat(secret).startsWith("ak_sandbox_");
    assertThat(key.path("type").asText()).isEqualTo("api_key");
    assertThat(key.path("expiration").asLong() - key.path("created_at").asLong()).isEqualTo(60_000);
    JsonNode read = clerk.ok("GET /api_keys/" + id(key));
    assertThat(read.toString()).doesNotContain(secret);
    assertThat(read.path("created_by").asText()).isEqualTo(USER);
    assertThat(read.at("/claims/a").asInt()).isEqualTo(1);
    assertThat(clerk.ok("GET /api_keys/" + id(key) + "/secret").path("secret").asText())
        .isEqualTo(secret);
  }

  @Test
  void subjectAndCreatorMustExist() {
    String machine = clerk.ok("POST /machines", "{'name':'API'}").path("id").asText();
    assertThat(create("For a machine", machine).path("subject").asText()).isEqualTo(machine);
    for (String prefix : new String[] {"user_", "org_", "mch_", "scim_"}) {
      assertThat(
              clerk
                  .call(
                      "POST",
                      "/api_keys",
                      "{'name':'Key','subject':'%s'}".formatted(prefix + "0".repeat(27)))
                  .error())
          .isEqualTo("404 resource_not_found");
    }
    assertThat(
            clerk
                .call(
                    "POST",
                    "/api_keys",
                    "{'name':'Key','subject':'%s','created_by':'user_%s'}"
                        .formatted(USER, "0".repeat(27)))
                .error())
        .isEqualTo("404 resource_not_found");
    assertThat(clerk.call("POST", "/api_keys", "{'name':'Key','subject':'user_1'}").error())
        .isEqualTo("422 form_param_format_invalid subject");
  }

  @Test
  void nameIsUniqueAmongValidKeys() {
    JsonNode key = create("Builds", USER);
    create("Builds", ORGANIZATION);
    assertThat(
            clerk
                .call("POST", "/api_keys", "{'name':'Builds','subject':'%s'}".formatted(USER))
                .error())
        .isEqualTo("409 conflict");
    clerk.ok("POST /api_keys/" + id(key) + "/revoke");
    assertThat(create("Builds", USER).path("id")).isNotEqualTo(key.path("id"));
  }

  @Test
  void listShowsValidKeysOfOneSubject() {
    JsonNode first = create("First", USER);
    JsonNode second = create("Second", USER);
    create("Third", ORGANIZATION);
    String list = "GET /api_keys?subject=" + USER;
    assertThat(clerk.ok(list).path("data").findValuesAsText("name"))
        .containsExactly("Second", "First");
    assertThat(clerk.ok(list + "&query=fir").path("data").findValuesAsText("name"))
        .containsExactly("First");
    assertThat(clerk.ok(list + "&type=other").path("total_count").asInt()).isZero();
    clerk.ok("POST /api_keys/" + id(first) + "/revoke");
    clerk.ok("PATCH /api_keys/" + id(second), "{'seconds_until_expiration':1}");
    clerk.ok("POST /machines", "{'name':'time goes by'}");
    assertThat(clerk.ok(list).path("total_count").asInt()).isZero();
    assertThat(clerk.ok(list + "&include_invalid=true").path("total_count").asInt()).isEqualTo(2);
    assertThat(clerk.call("GET", "/api_keys").error()).isEqualTo("422 form_param_missing subject");
  }

  @Test
  void updateChangesOnlyGivenFields() {
    JsonNode key =
        clerk.ok(
            "POST /api_keys",
            "{'name':'Builds','subject':'%s','description':'d','seconds_until_expiration':60}"
                .formatted(USER));
    JsonNode updated =
        clerk.ok(
            "PATCH /api_keys/" + id(key), "{'scopes':['write'],'subject':'" + ORGANIZATION + "'}");
    assertThat(updated.path("description").asText()).isEqualTo("d");
    assertThat(updated.path("expiration")).isEqualTo(key.path("expiration"));
    assertThat(updated.path("scopes").path(0).asText()).isEqualTo("write");
    assertThat(updated.path("subject").asText()).isEqualTo(ORGANIZATION);
    JsonNode endless = clerk.ok("PATCH /api_keys/" + id(key), "{'seconds_until_expiration':null}");
    assertThat(endless.path("expiration").isNull()).isTrue();
    assertThat(
            clerk
                .call("PATCH", "/api_keys/" + id(key), "{'subject':'user_" + "0".repeat(27) + "'}")
                .error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void onlyValidKeysAreVerified() {
    JsonNode key = create("Builds", USER);
    JsonNode verified = verify(key).body();
    assertThat(verified.path("id")).isEqualTo(key.path("id"));
    assertThat(verified.path("last_used_at").isNumber()).isTrue();
    clerk.ok("POST /api_keys/" + id(key) + "/revoke", "{'revocation_reason':'leaked'}");
    assertThat(verify(key).error()).isEqualTo("400 bad_request");
    assertThat(clerk.ok("GET /api_keys/" + id(key)).path("revocation_reason").asText())
        .isEqualTo("leaked");

    JsonNode shortLived =
        clerk.ok(
            "POST /api_keys",
            "{'name':'Short','subject':'%s','seconds_until_expiration':1}".formatted(USER));
    assertThat(verify(shortLived).error()).isEqualTo("400 bad_request");
    clerk.ok("POST /machines", "{'name':'time goes by'}");
    assertThat(clerk.ok("GET /api_keys/" + id(shortLived)).path("expired").asBoolean()).isTrue();
    assertThat(clerk.call("POST", "/api_keys/verify", "{'secret':'none'}").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void deletedKeyIsGone() {
    JsonNode key = create("Builds", USER);
    assertThat(clerk.ok("DELETE /api_keys/" + id(key)).path("deleted").asBoolean()).isTrue();
    assertThat(clerk.call("GET", "/api_keys/" + id(key)).error())
        .isEqualTo("404 resource_not_found");
    assertThat(verify(key).status()).isEqualTo(404);
  }

  private SandboxCalls.Reply verify(JsonNode key) {
    return clerk.call(
        "POST", "/api_keys/verify", "{'secret':'" + key.path("secret").asText() + "'}");
  }

  private JsonNode create(String name, String subject) {
    return clerk.ok("POST /api_keys", "{'name':'%s','subject':'%s'}".formatted(name, subject));
  }

  private static String id(JsonNode key) {
    return key.path("id").asText();
  }
}
