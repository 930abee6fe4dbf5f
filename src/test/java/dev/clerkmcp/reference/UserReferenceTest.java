package dev.clerkmcp.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which identifiers a text may be, and which users match it. */
final class UserReferenceTest {
  private final List<String> asked = new ArrayList<>();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "user_2abc                      | user_id=+user_2abc",
        "jane@example.com               | email_address=jane@example.com external_id=+jane@example.com",
        "+1 (555) 123-45.67             | phone_number=+15551234567 external_id=++15551234567",
        "+49\u201189 1234567            | phone_number=+49891234567 external_id=++49891234567",
        "15551234567                    | username=15551234567 external_id=+15551234567",
        "+0123456                       | username=+0123456 external_id=++0123456",
        "jane                           | username=jane external_id=+jane",
        "-jane                          | username=-jane external_id=+-jane",
        "../x                           | username=../x external_id=+../x",
        "0x52908400098527886E0F7030069857D2E4169EE7 | web3_wallet=0x52908400098527886E0F7030069857D2E4169EE7"
            + " username=0x52908400098527886E0F7030069857D2E4169EE7 external_id=+0x52908400098527886E0F7030069857D2E4169EE7"
      })
  void formDecidesTheFilters(String written, String filters) {
    assertThat(UserReference.of(" " + written + " ").exact(answering("[]"))).isEmpty();
    assertThat(String.join(" ", asked)).isEqualTo(filters);
  }

  @Test
  void matchByFormNeedsNoOtherRequest() {
    UserReference.Source users =
        answering(
            "[{'id':'user_1','email_addresses':[{'email_address':'Jane@Example.com',"
                + "'verification':{'status':'verified'}}]}]");
    assertThat(UserReference.of("jane@example.COM").exact(users))
        .extracting(UserReference.Match::matched)
        .containsExactly("email_address");
    assertThat(asked).hasSize(1);
  }

  /** An external ID can be an address, and unlike an unverified one it names its user. */
  @Test
  void unverifiedMatchIsLastAndDoesNotEndTheSearch() {
    UserReference.Source users =
        answering(
            "[{'id':'user_eve','email_addresses':[{'email_address':'jane@example.com',"
                + "'verification':{'status':'unverified'}}]},"
                + "{'id':'user_jane','external_id':'jane@example.com'}]");
    assertThat(UserReference.of("jane@example.com").exact(users))
        .extracting(match -> match.user().id(), UserReference.Match::unverified)
        .containsExactly(tuple("user_jane", false), tuple("user_eve", true));
    assertThat(asked)
        .containsExactly("email_address=jane@example.com", "external_id=+jane@example.com");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "ada@example.com | 'email_addresses':[{'email_address':'ada@example.com',%s}]",
        "+15551234567    | 'phone_numbers':[{'phone_number':'+15551234567',%s}]",
        "0x52908400098527886E0F7030069857D2E4169EE7"
            + " | 'web3_wallets':[{'web3_wallet':'0x52908400098527886e0f7030069857d2e4169ee7',%s}]"
      })
  void contactNamesUserIfVerifiedOrReserved(String written, String contact) {
    for (String proof :
        List.of("'verification':{'status':'verified'}", "'verification':null,'reserved':true")) {
      assertThat(matches(written, contact.formatted(proof))).as(proof).containsExactly(false);
    }
    for (String none :
        List.of("'verification':null,'reserved':false", "'verification':{'status':'expired'}")) {
      assertThat(matches(written, contact.formatted(none))).as(none).containsExactly(true);
    }
  }

  private List<Boolean> matches(String written, String fields) {
    return UserReference.of(written)
        .exact(answering("[{'id':'user_1',%s}]".formatted(fields)))
        .stream()
        .map(UserReference.Match::unverified)
        .toList();
  }

  /** Clerk's filter may match other users, so the match is checked. */
  @ParameterizedTest
  @CsvSource({"jane", "jane@example.com", "+15551234567", "user_9"})
  void userWithOtherIdentifierDoesNotMatch(String written) {
    UserReference.Source users =
        answering(
            "[{'id':'user_1','username':'janet','external_id':'JANE','email_addresses':"
                + "[{'email_address':'x.jane@example.com'}],'phone_numbers':"
                + "[{'phone_number':'+155512345678'}]},{'id':'user_2','username':null}]");
    assertThat(UserReference.of(written).exact(users)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"''", "' '"})
  void blankReferenceSendsNothing(String written) {
    assertThat(UserReference.of(written).exact(answering("[]"))).isEmpty();
    assertThat(UserReference.of("x".repeat(257)).exact(answering("[]"))).isEmpty();
    assertThat(UserReference.of("x".repeat(257)).similar(answering("[]"), 5)).isEmpty();
    assertThat(asked).isEmpty();
  }

  private UserReference.Source answering(String users) {
    return (filter, limit) -> {
      asked.add(rendered(filter));
      return read(users);
    };
  }

  private static String rendered(ObjectNode filter) {
    String name = filter.fieldNames().next();
    return name + "=" + filter.path(name).path(0).asText();
  }

  private static JsonNode read(String json) {
    try {
      return Json.read(json.replace('\'', '"'));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
