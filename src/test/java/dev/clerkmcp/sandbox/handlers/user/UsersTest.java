package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Users: creation, changes and deletion. */
final class UsersTest {
  private final SandboxCalls clerk = SandboxCalls.empty();

  @Test
  void createdUserHasGivenValuesAndDefaults() {
    JsonNode user =
        clerk.ok(
            "POST /users",
            "{'email_address':['Ada@Example.com','b@example.com'],"
                + "'email_address_identification_status':['verified','reserved'],"
                + "'phone_number':['+15550100001'],'username':'ada_l','first_name':'Ada',"
                + "'external_id':'crm-1','created_at':'2025-01-31T09:30:00Z',"
                + "'public_metadata':{'plan':'pro'}}");
    assertThat(user.path("id").asText()).matches("user_[0-9A-Za-z]{27}");
    assertThat(user.path("email_addresses")).hasSize(2);
    assertThat(user.at("/email_addresses/0/verification/status").asText()).isEqualTo("verified");
    assertThat(user.at("/email_addresses/1/verification").isNull()).isTrue();
    assertThat(user.at("/email_addresses/1/reserved").asBoolean()).isTrue();
    assertThat(user.path("primary_email_address_id")).isEqualTo(user.at("/email_addresses/0/id"));
    assertThat(user.path("primary_phone_number_id")).isEqualTo(user.at("/phone_numbers/0/id"));
    assertThat(user.path("created_at").asLong()).isEqualTo(1_738_315_800_000L);
    assertThat(user.path("public_metadata")).hasToString("{\"plan\":\"pro\"}");
    assertThat(user.path("password_enabled").asBoolean()).isFalse();
    assertThat(user.path("last_sign_in_at").isNull()).isTrue();
    assertThat(clerk.ok("GET /users/" + user.path("id").asText())).isEqualTo(user);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'email_address':['A@example.com']}          | 422 form_identifier_exists email_address",
        "{'phone_number':['+15550100001']}            | 422 form_identifier_exists phone_number",
        "{'username':'ADA_L'}                           | 422 form_identifier_exists username",
        "{'username':'x','external_id':'crm-1'}       | 422 form_username_invalid_length username",
        "{'username':'other','external_id':'crm-1'}   | 422 form_identifier_exists external_id",
        "{'web3_wallet':['0x0000000000000000000000000000000000000ABC']}                    | 422 form_identifier_exists web3_wallet",
        "{'email_address':['b@example.com','B@example.com']} | 422 form_identifier_exists email_address",
        "{'email_address':['nonsense']}               | 422 form_param_format_invalid email_address",
        "{'first_name':'Nobody'}                      | 422 form_data_missing email_address",
        "{'username':'other','password':'short'}      | 422 form_password_length_too_short password",
        "{'username':'other','password_digest':'x'}   | 422 form_param_missing password_hasher",
        "{'username':'other','password':'Password123'} | 422 form_password_pwned password",
        "{'username':'other','password_digest':'x','password_hasher':'rot13'} | 422 form_param_value_invalid password_hasher",
        "{'username':'other','password_digest':'x','password_hasher':'bcrypt'} | 422 form_password_digest_invalid_code password_digest",
        "{'web3_wallet':['nope']}                     | 422 form_param_format_invalid web3_wallet",
        "{'username':'other','locale':'xx_bogus!'}    | 422 form_param_format_invalid locale",
        "{'username':'other','totp_secret':'!!!'}     | 422 invalid_totp_secret_code totp_secret",
        "{'username':'other','created_at':'2030-01-01T00:00:00Z'} | 422 form_disallow_future_date created_at",
        "{'username':'other','created_at':'tomorrow'} | 422 form_param_invalid_date created_at",
        "{'username':'other','colour':'red'}          | 422 form_param_unknown colour",
        "{'username':7}                               | 422 form_param_type_invalid username",
      })
  void invalidUserIsRefusedAndNothingChanges(String body, String error) {
    clerk.ok(
        "POST /users",
        "{'email_address':['a@example.com'],'phone_number':['+15550100001'],'username':'ada_l',"
            + "'external_id':'crm-1','web3_wallet':['0x0000000000000000000000000000000000000abc']}");
    String before = clerk.store().toJson().toString();
    assertThat(clerk.call("POST", "/users", body).error()).isEqualTo(error);
    assertThat(clerk.store().toJson()).hasToString(before);
  }

  @Test
  void rejectsTooMuchMetadata() {
    String body = "{'username':'ada_l','public_metadata':{'a':'%s'}}".formatted("x".repeat(9000));
    assertThat(clerk.call("POST", "/users", body).error())
        .isEqualTo("422 form_param_exceeds_allowed_size public_metadata");
  }

  @Test
  void updateKeepsAbsentFieldsAndClearsNullOnes() {
    String id = create("{'username':'ada_l','first_name':'Ada','last_name':'L'}");
    JsonNode user =
        clerk.ok(
            "PATCH /users/" + id,
            "{'first_name':null,'locale':'de-DE','timezone':'Europe/Berlin'}");
    assertThat(user.path("first_name").isNull()).isTrue();
    assertThat(user.path("last_name").asText()).isEqualTo("L");
    assertThat(user.path("locale").asText()).isEqualTo("de-DE");
    assertThat(user.path("timezone").asText()).isEqualTo("Europe/Berlin");
    assertThat(user.path("updated_at").asLong()).isGreaterThan(user.path("created_at").asLong());
  }

  @Test
  void updateRejectsMetadata() {
    String id = create("{'username':'ada_l'}");
    assertThat(clerk.call("PATCH", "/users/" + id, "{'public_metadata':{}}").error())
        .isEqualTo("422 form_param_unknown public_metadata");
  }

  @Test
  void metadataIsMergedDeeplyOrReplaced() {
    String id = create("{'username':'ada_l','public_metadata':{'a':{'b':1,'c':2},'d':3}}");
    assertThat(
            clerk
                .ok(
                    "PATCH /users/" + id + "/metadata",
                    "{'public_metadata':{'a':{'b':null,'e':4}},'unsafe_metadata':{'x':1}}")
                .path("public_metadata"))
        .hasToString("{\"a\":{\"c\":2,\"e\":4},\"d\":3}");
    JsonNode replaced =
        clerk.ok("PUT /users/" + id + "/metadata", "{'public_metadata':{'only':true}}");
    assertThat(replaced.path("public_metadata")).hasToString("{\"only\":true}");
    assertThat(replaced.path("unsafe_metadata")).hasToString("{\"x\":1}");
  }

  @Test
  void primaryMustBelongToTheUserAndBeVerified() {
    String id = create("{'email_address':['a@example.com'],'username':'ada_l'}");
    String other = create("{'email_address':['b@example.com']}");
    String strange = clerk.ok("GET /users/" + other).path("primary_email_address_id").asText();
    assertThat(
            clerk
                .call(
                    "PATCH", "/users/" + id, "{'primary_email_address_id':'%s'}".formatted(strange))
                .error())
        .isEqualTo("422 form_resource_not_found primary_email_address_id");
    String unverified =
        clerk
            .ok(
                "POST /email_addresses",
                "{'user_id':'%s','email_address':'c@example.com'}".formatted(id))
            .path("id")
            .asText();
    assertThat(
            clerk
                .call(
                    "PATCH",
                    "/users/" + id,
                    "{'primary_email_address_id':'%s'}".formatted(unverified))
                .error())
        .isEqualTo("422 form_verification_needed primary_email_address_id");
  }

  @Test
  void banEndsSessionsAndLockDoesNot() {
    String id = create("{'username':'ada_l'}");
    String session =
        clerk.ok("POST /sessions", "{'user_id':'%s'}".formatted(id)).path("id").asText();
    assertThat(clerk.ok("POST /users/" + id + "/lock").path("locked").asBoolean()).isTrue();
    assertThat(clerk.ok("GET /sessions/" + session).path("status").asText()).isEqualTo("active");
    assertThat(clerk.ok("POST /users/" + id + "/unlock").path("locked").asBoolean()).isFalse();
    assertThat(clerk.ok("POST /users/" + id + "/ban").path("banned").asBoolean()).isTrue();
    assertThat(clerk.ok("GET /sessions/" + session).path("status").asText()).isEqualTo("revoked");
    assertThat(clerk.ok("POST /users/" + id + "/unban").path("banned").asBoolean()).isFalse();
    assertThat(clerk.ok("GET /sessions/" + session).path("status").asText()).isEqualTo("revoked");
  }

  @Test
  void bulkBanBansAllOrNone() {
    String id = create("{'username':'ada_l'}");
    String body = "{'user_ids':['%s','user_nobody']}".formatted(id);
    assertThat(clerk.call("POST", "/users/ban", body).error()).isEqualTo("404 resource_not_found");
    assertThat(clerk.ok("GET /users/" + id).path("banned").asBoolean()).isFalse();
    assertThat(clerk.ok("POST /users/ban", "{'user_ids':['%s']}".formatted(id))).hasSize(1);
  }

  @Test
  void deletingFreesIdentifiersAndRemovesSessions() {
    String id = create("{'username':'ada_l','external_id':'crm-1'}");
    String session =
        clerk.ok("POST /sessions", "{'user_id':'%s'}".formatted(id)).path("id").asText();
    assertThat(clerk.ok("DELETE /users/" + id))
        .hasToString(
            "{\"object\":\"user\",\"id\":\"%s\",\"deleted\":true,\"external_id\":\"crm-1\"}"
                .formatted(id));
    assertThat(clerk.call("GET", "/users/" + id).error()).isEqualTo("404 resource_not_found");
    assertThat(clerk.call("GET", "/sessions/" + session).status()).isEqualTo(404);
    create("{'username':'ada_l'}");
  }

  @Test
  void passwordIsVerifiedChangedAndRemoved() {
    String id = create("{'username':'ada_l','password':'correct horse'}");
    String verify = "/users/" + id + "/verify_password";
    assertThat(clerk.ok("POST " + verify, "{'password':'correct horse'}"))
        .hasToString("{\"verified\":true}");
    assertThat(clerk.call("POST", verify, "{'password':'wrong horse'}").error())
        .isEqualTo("422 incorrect_password");
    clerk.ok("PATCH /users/" + id, "{'password':'another horse'}");
    assertThat(clerk.call("POST", verify, "{'password':'correct horse'}").status()).isEqualTo(422);
    assertThat(
            clerk
                .ok("POST /users/" + id + "/remove_password", "{}")
                .path("password_enabled")
                .asBoolean())
        .isFalse();
    assertThat(clerk.call("POST", verify, "{'password':'another horse'}").error())
        .isEqualTo("400 no_password_set");
  }

  @Test
  void passwordIsNotStoredInPlainText() {
    create("{'username':'ada_l','password':'correct horse','backup_codes':['code-1']}");
    assertThat(clerk.store().toJson().toString()).doesNotContain("correct horse", "code-1");
  }

  @Test
  void backupCodeWorksOnce() {
    String id = create("{'username':'ada_l','totp_secret':'S','backup_codes':['one','two']}");
    String verify = "POST /users/" + id + "/verify_totp";
    assertThat(clerk.ok(verify, "{'code':'424242'}").path("code_type").asText()).isEqualTo("totp");
    assertThat(clerk.ok(verify, "{'code':'one'}").path("code_type").asText())
        .isEqualTo("backup_code");
    assertThat(clerk.call("POST", "/users/" + id + "/verify_totp", "{'code':'one'}").error())
        .isEqualTo("422 totp_incorrect_code");
    clerk.ok("DELETE /users/" + id + "/mfa");
    JsonNode user = clerk.ok("GET /users/" + id);
    assertThat(user.path("two_factor_enabled").asBoolean()).isFalse();
    assertThat(user.path("mfa_disabled_at").isNumber()).isTrue();
    assertThat(clerk.call("POST", "/users/" + id + "/verify_totp", "{'code':'two'}").error())
        .isEqualTo("400 totp_disabled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PATCH", "DELETE"})
  void unknownUserIsNotFound(String method) {
    assertThat(clerk.call(method, "/users/user_nobody", method.equals("PATCH") ? "{}" : "").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void listTotalEqualsCount() {
    for (String name : List.of("adah", "bobb", "cydr")) {
      create("{'username':'%s'}".formatted(name));
    }
    assertThat(clerk.ok("GET /users").isArray()).isTrue();
    assertThat(clerk.ok("GET /users")).hasSize(3);
    assertThat(clerk.ok("GET /users/count"))
        .hasToString("{\"object\":\"total_count\",\"total_count\":3}");
  }

  private String create(String body) {
    return clerk.ok("POST /users", body).path("id").asText();
  }
}
