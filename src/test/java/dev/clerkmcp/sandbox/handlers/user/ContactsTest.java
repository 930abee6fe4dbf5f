package dev.clerkmcp.sandbox.handlers.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** E-mail addresses and phone numbers of a user. */
final class ContactsTest {
  private final SandboxCalls clerk = SandboxCalls.empty();
  private final String user =
      clerk.ok("POST /users", "{'email_address':['a@example.com']}").path("id").asText();

  @ParameterizedTest
  @CsvSource({
    "email_addresses, email_address, new@example.com",
    "phone_numbers, phone_number, +15550100001"
  })
  void addressCanBeAddedVerifiedMadePrimaryAndDeleted(String list, String field, String value) {
    JsonNode added = add(list, field, value, "");
    assertThat(added.path(field).asText()).isEqualTo(value);
    assertThat(added.path("verification").isNull()).isTrue();
    String one = "/%s/%s".formatted(list, added.path("id").asText());
    assertThat(clerk.ok("GET " + one)).isEqualTo(added);

    assertThat(clerk.call("PATCH", one, "{'primary':true}").error())
        .isEqualTo("422 form_verification_needed primary_%s_id".formatted(field));
    JsonNode changed = clerk.ok("PATCH " + one, "{'verified':true,'primary':true}");
    assertThat(changed.at("/verification/strategy").asText()).isEqualTo("admin");
    assertThat(clerk.ok("GET /users/" + user).path("primary_%s_id".formatted(field)))
        .isEqualTo(added.path("id"));

    assertThat(clerk.ok("DELETE " + one))
        .hasToString(
            "{\"object\":\"%s\",\"id\":\"%s\",\"deleted\":true}"
                .formatted(field, added.path("id").asText()));
    assertThat(clerk.call("GET", one).error()).isEqualTo("404 resource_not_found");
  }

  @ParameterizedTest
  @CsvSource({
    "email_addresses, email_address, new@example.com",
    "phone_numbers, phone_number, +15550100001"
  })
  void testCodeVerifiesAnAddress(String list, String field, String value) {
    String one = "/%s/%s".formatted(list, add(list, field, value, "").path("id").asText());
    String attempt = one + "/attempt_verification";
    assertThat(clerk.call("POST", attempt, "{'verification_id':'x','code':'424242'}").error())
        .isEqualTo("400 verification_not_sent");
    JsonNode prepared = clerk.ok("POST " + one + "/prepare_verification");
    assertThat(prepared.path("status").asText()).isEqualTo("unverified");
    String id = prepared.path("id").asText();
    assertThat(
            clerk
                .call("POST", attempt, "{'verification_id':'%s','code':'1'}".formatted(id))
                .error())
        .isEqualTo("422 form_code_incorrect code");
    JsonNode verified =
        clerk.ok("POST " + attempt, "{'verification_id':'%s','code':'424242'}".formatted(id));
    assertThat(verified.path("status").asText()).isEqualTo("verified");
    assertThat(clerk.ok("GET " + one).at("/verification/status").asText()).isEqualTo("verified");
    assertThat(clerk.call("POST", one + "/prepare_verification").error())
        .isEqualTo("400 verification_already_verified");
  }

  /** Several users may have an address until one of them verifies it. */
  @ParameterizedTest
  @CsvSource({
    "email_addresses, email_address, shared@example.com",
    "phone_numbers, phone_number, +15550100009"
  })
  void onlyProvenContactIsUnique(String list, String field, String value) {
    String other = clerk.createUser("other@example.com");
    String third = clerk.createUser("third@example.com");
    String first = add(list, field, value, "").path("id").asText();
    String body = "{'user_id':'%s','%s':'%s'}";
    String second =
        clerk.ok("POST /" + list, body.formatted(other, field, value)).path("id").asText();
    clerk.ok("PATCH /%s/%s".formatted(list, second), "{'verified':true}");
    assertThat(clerk.call("PATCH", "/%s/%s".formatted(list, first), "{'verified':true}").error())
        .isEqualTo("422 form_identifier_exists " + field);
    assertThat(clerk.call("POST", "/" + list, body.formatted(third, field, value)).error())
        .isEqualTo("422 form_identifier_exists " + field);
    clerk.ok("POST /users/" + user + "/ban");
  }

  @Test
  void codeExpires() {
    String one =
        "/email_addresses/"
            + add("email_addresses", "email_address", "n@example.com", "").path("id").asText();
    String id = clerk.ok("POST " + one + "/prepare_verification").path("id").asText();
    clerk.store().overrideTime(clerk.store().now() + 601_000);
    assertThat(
            clerk
                .call(
                    "POST",
                    one + "/attempt_verification",
                    "{'verification_id':'%s','code':'424242'}".formatted(id))
                .error())
        .isEqualTo("400 verification_expired");
  }

  @Test
  void addressIsUniqueIgnoringCase() {
    String body = "{'user_id':'%s','email_address':'A@EXAMPLE.COM'}";
    String other = clerk.ok("POST /users", "{'username':'other'}").path("id").asText();
    assertThat(clerk.call("POST", "/email_addresses", body.formatted(other)).error())
        .isEqualTo("422 form_identifier_exists email_address");
    assertThat(clerk.call("POST", "/email_addresses", body.formatted(user)).error())
        .isEqualTo("422 form_identifier_exists email_address");
  }

  @Test
  void lastIdentifierCannotBeDeleted() {
    String id = clerk.ok("GET /users/" + user).path("primary_email_address_id").asText();
    assertThat(clerk.call("DELETE", "/email_addresses/" + id).error())
        .isEqualTo("400 last_required_identification_deletion_failed");
    add("email_addresses", "email_address", "b@example.com", ",'verified':true");
    clerk.ok("DELETE /email_addresses/" + id);
    JsonNode left = clerk.ok("GET /users/" + user);
    assertThat(left.path("primary_email_address_id")).isEqualTo(left.at("/email_addresses/0/id"));
  }

  @Test
  void replacingRemovesOtherAddresses() {
    add("email_addresses", "email_address", "b@example.com", ",'verified':true");
    JsonNode only =
        clerk.ok("PUT /users/" + user + "/email_address", "{'email_address':'c@example.com'}");
    JsonNode after = clerk.ok("GET /users/" + user);
    assertThat(after.path("email_addresses")).containsExactly(only);
    assertThat(after.path("primary_email_address_id")).isEqualTo(only.path("id"));
    clerk.ok("POST /users", "{'email_address':['a@example.com']}");
  }

  @Test
  void onlyVerifiedPhoneNumberCanBeSecondFactor() {
    String one =
        "/phone_numbers/"
            + add("phone_numbers", "phone_number", "+15550100001", "").path("id").asText();
    assertThat(clerk.call("PATCH", one, "{'reserved_for_second_factor':true}").error())
        .isEqualTo("400 identification_update_second_factor_unverified");
    clerk.ok("PATCH " + one, "{'verified':true,'reserved_for_second_factor':true}");
    assertThat(clerk.ok("GET /users/" + user).path("two_factor_enabled").asBoolean()).isTrue();
    clerk.ok("DELETE " + one);
    assertThat(clerk.ok("GET /users/" + user).path("two_factor_enabled").asBoolean()).isFalse();
  }

  private JsonNode add(String list, String field, String value, String more) {
    return clerk.ok(
        "POST /" + list, "{'user_id':'%s','%s':'%s'%s}".formatted(user, field, value, more));
  }
}
