package dev.clerkmcp.transport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clerkmcp.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the values that suggest users and organizations. */
final class CompletionHandlerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a verified address | '' | {'email':'a@x.org','flags':['mfa']} | [a@x.org]",
        "an unverified address | '' | {'email':'a@x.org','flags':['mfa','unverified_email']} | [user_1]",
        "hidden letters written out | '' | {'email':'a\\\\u200b@x.org'} | [user_1]",
        "ID of the address is none | '' | {'primary_email_address_id':'idn_1'} | [user_1]",
        "masked | '' | {'email':'a***@x.org'} | [user_1]",
        "hidden letters | '' | {'email':'a\u200b@x.org'} | [user_1]",
        "an ID was begun | user_ | {'email':'a@x.org'} | [user_1]",
        "without address | '' | {} | [user_1]",
      })
  void userIsSuggestedByUsableValue(String when, String part, String user, String values)
      throws JsonProcessingException {
    String row = user.replace('\'', '"').replaceFirst("^\\{", "{\"id\":\"user_1\",");
    assertThat(CompletionHandler.users(Json.read("[" + row.replace(",}", "}") + "]"), part))
        .as(when)
        .hasToString(values);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | [acme, zeta, org_2]",
        "ac | [acme, zeta, org_2]",
        "org_ | [org_1, org_2, org_3]",
      })
  void organizationsAreSuggestedBySlugFirst(String part, String values)
      throws JsonProcessingException {
    String rows =
        "[{\"id\":\"org_1\",\"slug\":\"acme\"},{\"id\":\"org_2\",\"slug\":null},{\"id\":\"org_3\",\"slug\":\"zeta\"}]";
    assertThat(CompletionHandler.organizations(Json.read(rows), part)).hasToString(values);
  }
}
