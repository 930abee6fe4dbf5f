package dev.clerkmcp.clerk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests what follows from a user's fields: identifiers, flags and sign-in methods. */
final class ClerkUserTest {
  private static final String TWO_EMAILS =
      "'email_addresses':[{'id':'idn_1','email_address':'Old@x.example',"
          + "'verification':{'status':'verified'}},{'id':'idn_2','email_address':'ada@x.example',"
          + "'verification':{'status':'unverified'}}]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~                                                                   | ~~",
        "'banned':true,'locked':true,'deprovisioned':true                     | banned locked deprovisioned",
        "'banned':false,'locked':false,'deprovisioned':false                  | ~~",
        "'two_factor_enabled':true                                            | mfa",
        // Without the field nothing is known; JSON null is Clerk's way to say that there is none.
        "'password_enabled':true                                              | ~~",
        "'password_enabled':false                                             | no_password",
        "'password_enabled':null                                              | no_password",
        "'last_sign_in_at':1767225600000                                      | ~~",
        "'last_sign_in_at':null                                               | never_signed_in",
        "'last_sign_in_at':0                                                  | never_signed_in",
        "'email_addresses':[]                                                 | ~~",
        "'email_addresses':[{'id':'i','verification':{'status':'verified'}}]  | ~~",
        "'email_addresses':[{'id':'i','verification':{'status':'expired'}}]   | unverified_email",
        "'email_addresses':[{'id':'i','verification':null}]                   | unverified_email",
        "'email_addresses':[{'id':'i'}]                                       | unverified_email",
        "'email_addresses':[{'id':'i','verification':null,'reserved':true}]   | ~~",
        "'password_enabled':false,'two_factor_enabled':true,'banned':true     | banned mfa no_password",
      })
  void flagsFollowFromTheFields(String fields, String flags) {
    assertThat(String.join(" ", user(fields).flags())).isEqualTo(flags);
  }

  /** The primary address counts; of a user without one, the first. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'primary_email_address_id':'idn_2', | ada@x.example | unverified_email",
        "'primary_email_address_id':'idn_1', | Old@x.example | ~~",
        "'primary_email_address_id':null,    | Old@x.example | ~~",
        "~~                                  | Old@x.example | ~~",
        "'primary_email_address_id':'idn_9', | Old@x.example | ~~",
      })
  void briefFormAndFlagUseTheSameAddress(String primary, String email, String flags) {
    ClerkUser user = user(primary + TWO_EMAILS);
    assertThat(user.brief().path("email").asText()).isEqualTo(email);
    assertThat(user.full().path("email").asText()).isEqualTo(email);
    assertThat(String.join(" ", user.flags())).isEqualTo(flags);
  }

  @Test
  void primaryAddressComesFirstAndOthersKeepTheirOrder() {
    ClerkUser user = user("'primary_email_address_id':'idn_2'," + TWO_EMAILS);
    assertThat(user.contacts(Identifier.EMAIL_ADDRESS))
        .extracting(Contact::id, Contact::isPrimary, Contact::isVerified)
        .containsExactly(tuple("idn_2", true, false), tuple("idn_1", false, true));
    assertThat(Objects.requireNonNull(user.findPrimary(Identifier.EMAIL_ADDRESS)).value())
        .isEqualTo("ada@x.example");
    assertThat(user(TWO_EMAILS).findPrimary(Identifier.EMAIL_ADDRESS)).isNull();
    assertThat(user("").findMain(Identifier.EMAIL_ADDRESS)).isNull();
    assertThat(user("'username':'ada'").contacts(Identifier.USERNAME)).isEmpty();
  }

  @Test
  void addressesAreComparedInOneForm() {
    ClerkUser user = user(TWO_EMAILS);
    assertThat(user.emails())
        .containsExactly(EmailAddress.of("ada@x.example"), EmailAddress.of("old@x.example"));
    assertThat(Objects.requireNonNull(user.findEmail(EmailAddress.of(" OLD@x.example"))).id())
        .isEqualTo("idn_1");
    assertThat(user.findEmail(EmailAddress.of("eve@x.example"))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "EMAIL_ADDRESS | OLD@x.example | true",
        "EMAIL_ADDRESS | ada@x.example | false",
        "PHONE_NUMBER  | +4912345      | true",
        "PHONE_NUMBER  | +4954321      | false",
        "WEB3_WALLET   | 0x1F          | false",
        "USERNAME      | ADA           | true",
        "EXTERNAL_ID   | crm-1         | true",
        "ID            | user_1        | true",
        "ID            | user_2        | false",
      })
  void onlyProvenIdentifiersNameTheUser(Identifier identifier, String value, boolean named) {
    ClerkUser user =
        user(
            "'id':'user_1','username':'ada','external_id':'crm-1','phone_numbers':"
                + "[{'phone_number':'+4912345','reserved':true,'verification':null},"
                + "{'phone_number':'+4954321'}],'web3_wallets':[{'web3_wallet':'0x1f',"
                + "'verification':{'status':'expired'}}],"
                + TWO_EMAILS);
    assertThat(user.isNamedBy(identifier, value)).isEqualTo(named);
    assertThat(user.provenEmails()).containsExactly(EmailAddress.of("old@x.example"));
  }

  /** Clerk ignores case, except in its own IDs and in those of the customer. */
  @ParameterizedTest
  @CsvSource({
    "EMAIL_ADDRESS, OLD@X.example, true",
    "EMAIL_ADDRESS, x.old@x.example, false",
    "USERNAME, ADA, true",
    "USERNAME, adam, false",
    "EXTERNAL_ID, crm-1, true",
    "EXTERNAL_ID, CRM-1, false",
    "ID, user_1, true",
    "ID, USER_1, false",
    "WEB3_WALLET, 0X1F, true",
    "PHONE_NUMBER, +4912345, true",
    "PHONE_NUMBER, +491234, false",
  })
  void identifierMatchesInAnySpelling(Identifier identifier, String value, boolean has) {
    ClerkUser user =
        user(
            "'id':'user_1','username':'ada','external_id':'crm-1','phone_numbers':"
                + "[{'phone_number':'+4912345'}],'web3_wallets':[{'web3_wallet':'0x1f'}],"
                + TWO_EMAILS);
    assertThat(user.has(identifier, value)).isEqualTo(has);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'first_name':'Ada','last_name':'Lovelace' | Ada Lovelace",
        "'first_name':'Ada','last_name':null       | Ada",
        "'last_name':'Lovelace'                    | Lovelace",
        "'first_name':'','last_name':' '           | ~~",
      })
  void nameJoinsTheExistingParts(String fields, String name) {
    assertThat(user(fields).name()).isEqualTo(name);
  }

  @Test
  void fullFormOmitsMissingFields() {
    assertThat(user("'id':'user_1','username':null,'email_addresses':[]").full())
        .isEqualTo(read("{'id':'user_1'}"));
    assertThat(
            user("'id':'user_1','first_name':'Ada','username':'ada','external_id':'e','phone_numbers':"
                    + "[{'id':'p','phone_number':'+49'}],'last_sign_in_at':1767225600000,'banned':true")
                .full())
        .isEqualTo(
            read(
                "{'id':'user_1','name':'Ada','username':'ada','phone':'+49','external_id':'e',"
                    + "'last_sign_in_at':'2026-01-01T00:00:00Z','flags':['banned']}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'password_enabled':true,'passkeys':[{}]                     | password passkey",
        "'external_accounts':[{'provider':'oauth_google'}]           | ~~",
        "'external_accounts':[{'provider':'oauth_google',"
            + "'verification':{'status':'verified'}}]                | oauth_google",
        "'saml_accounts':[{'provider':'okta','active':true},"
            + "{'provider':'x','active':false}]                      | sso:okta",
        "'web3_wallets':[{'verification':{'status':'verified'}}]     | web3_wallet",
        "'web3_wallets':[{'verification':null}]                      | ~~",
      })
  void firstFactorsOmitUnusableOnes(String fields, String factors) {
    assertThat(String.join(" ", user(fields).firstFactors())).isEqualTo(factors);
  }

  /** A number is a second factor once it is reserved for that and verified. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'totp_enabled':true,'backup_code_enabled':true | totp backup_code",
        "'phone_numbers':[{'reserved_for_second_factor':true,"
            + "'verification':{'status':'verified'}}]   | phone_code",
        "'phone_numbers':[{'reserved_for_second_factor':true,"
            + "'verification':{'status':'unverified'}}] | ~~",
        "'phone_numbers':[{'reserved_for_second_factor':false,"
            + "'verification':{'status':'verified'}}]   | ~~",
      })
  void secondFactorsOmitUnusableOnes(String fields, String factors) {
    assertThat(String.join(" ", user(fields).secondFactors())).isEqualTo(factors);
  }

  @ParameterizedTest
  @CsvSource({
    "external_accounts, true, false",
    "enterprise_accounts, false, true",
    "saml_accounts, false, true",
    "passkeys, false, false",
  })
  void connectedAccountsAreReadFromTheirLists(String list, boolean connected, boolean enterprise) {
    ClerkUser user = user("'%s':[{}]".formatted(list));
    assertThat(user.hasConnectedAccount()).isEqualTo(connected);
    assertThat(user.hasEnterpriseAccount()).isEqualTo(enterprise);
  }

  private static ClerkUser user(String fields) {
    return new ClerkUser(read("{" + fields + "}"));
  }

  private static JsonNode read(String json) {
    try {
      return Json.read(json.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
