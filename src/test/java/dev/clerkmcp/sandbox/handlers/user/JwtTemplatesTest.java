package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JwtTemplatesTest {
  private final SandboxCalls calls = SandboxCalls.empty();

  @Test
  void createsWithClerksLifetimeAndAlgorithm() {
    JsonNode template = create("'name':'warehouse','claims':{'aud':'x','n':{'deep':[1]}}").body();

    assertThat(template.path("lifetime").asInt()).isEqualTo(60);
    assertThat(template.path("allowed_clock_skew").asInt()).isEqualTo(5);
    assertThat(template.path("signing_algorithm").asText()).isEqualTo("RS256");
    assertThat(template.path("custom_signing_key").asBoolean()).isFalse();
    assertThat(template.at("/claims/n/deep/0").asInt()).isEqualTo(1);
    assertThat(calls.ok("GET " + path(template))).isEqualTo(template);
  }

  @ParameterizedTest
  @ValueSource(strings = {"azp", "exp", "iat", "iss", "jti", "nbf", "sub"})
  void rejectsReservedClaims(String claim) {
    assertThat(create("'name':'t','claims':{'aud':'x','%s':'y'}".formatted(claim)).error())
        .isEqualTo("400 jwt_template_reserved_claim claims");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "'name':' ','claims':{}; 422 form_param_missing name",
        "'claims':{}; 422 form_param_missing name",
        "'name':'t','claims':'{}'; 422 form_param_type_invalid claims",
        "'name':'t','claims':{},'lifetime':29; 422 form_param_value_invalid lifetime",
        "'name':'taken','claims':{}; 422 form_identifier_exists name",
        "'name':'t','claims':{},'custom_signing_key':true,'signing_key':'k';"
            + " 422 form_conditional_param_missing signing_algorithm",
        "'name':'t','claims':{},'custom_signing_key':true,'signing_algorithm':'HS256';"
            + " 422 form_conditional_param_missing signing_key",
        "'name':'t','claims':{},'signing_key':'k';"
            + " 422 form_conditional_param_disallowed signing_key",
        "'name':'t','claims':{},'custom_signing_key':true,'signing_key':'k',"
            + "'signing_algorithm':'none'; 422 form_param_value_invalid signing_algorithm"
      })
  void refusesInvalidTemplates(String fields, String error) {
    create("'name':'taken','claims':{}");

    assertThat(create(fields).error()).isEqualTo(error);
    assertThat(calls.ok("GET /jwt_templates")).hasSize(1);
  }

  @Test
  void updateNeedsNameAndClaimsAndKeepsTheRest() {
    JsonNode template = create("'name':'one','claims':{'a':1},'lifetime':300").body();
    create("'name':'two','claims':{}");

    JsonNode changed =
        calls.ok(
            "PATCH " + path(template), "{'name':'one','claims':{'b':2},'allowed_clock_skew':9}");

    assertThat(changed.path("claims")).isEqualTo(Json.object().put("b", 2));
    assertThat(changed.path("lifetime").asInt()).isEqualTo(300);
    assertThat(changed.path("allowed_clock_skew").asInt()).isEqualTo(9);
    assertThat(changed.path("updated_at").asLong())
        .isGreaterThan(template.path("updated_at").asLong());
    assertThat(calls.call("PATCH", path(template), "{'claims':{}}").error())
        .isEqualTo("422 form_param_missing name");
    assertThat(calls.call("PATCH", path(template), "{'name':'two','claims':{}}").error())
        .isEqualTo("422 form_identifier_exists name");
    assertThat(calls.call("PATCH", "/jwt_templates/x", "{'name':'x','claims':{}}").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void customKeyIsStoredButNeverReturned() {
    JsonNode template =
        create(
                "'name':'t','claims':{},'custom_signing_key':true,'signing_algorithm':'HS256',"
                    + "'signing_key':'not a real key'")
            .body();

    JsonNode changed = calls.ok("PATCH " + path(template), "{'name':'u','claims':{}}");
    assertThat(changed.path("custom_signing_key").asBoolean()).isTrue();
    assertThat(changed.path("signing_algorithm").asText()).isEqualTo("HS256");
    assertThat(calls.store().toJson().toString()).doesNotContain("not a real key");
    JsonNode without =
        calls.ok("PATCH " + path(template), "{'name':'u','claims':{},'custom_signing_key':false}");
    assertThat(without.path("signing_algorithm").asText()).isEqualTo("RS256");
  }

  @Test
  void listsAndDeletes() {
    JsonNode template = create("'name':'one','claims':{}").body();
    create("'name':'two','claims':{}");

    assertThat(calls.ok("GET /jwt_templates?paginated=true").path("total_count").asInt())
        .isEqualTo(2);
    assertThat(calls.ok("DELETE " + path(template)).path("object").asText())
        .isEqualTo("jwt_template");
    assertThat(calls.call("DELETE", path(template)).error()).isEqualTo("404 resource_not_found");
    assertThat(create("'name':'one','claims':{}").status()).isEqualTo(200);
  }

  private SandboxCalls.Reply create(String fields) {
    return calls.call("POST", "/jwt_templates", "{" + fields + "}");
  }

  private static String path(JsonNode template) {
    return "/jwt_templates/" + template.path("id").asText();
  }
}
