package dev.clerkmcp.interceptor.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.registry.ToolResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PiiRedactorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'text':'mail jane.doe+x@example.com, ok'|'text':'mail j***@example.com, ok'",
        "'text':'a@b.de and Ülf@exämple.de'|'text':'a***@b.de and Ü***@exämple.de'",
        "'text':'?mail=jane%40example.com'|'text':'?mail=j***%40example.com'",
        "'text':'call +491701234512 now'|'text':'call +49***12 now'",
        "'text':'+1 (555) 123-4567'|'text':'+1***67'",
        "'email_address':['jane@example.com']|'email_address':['j***@example.com']",
        "'identifier':'+491701234512'|'identifier':'+49***12'",
        "'identifier':'janedoe'|'identifier':'j***'",
        "'identifier':'*@example.com'|'identifier':'*@example.com'",
        "'last_name':'Doe jane@example.com'|'last_name':'D***'",
        "'first_name':'Jane','last_name':null|'first_name':'J***','last_name':null",
        "'full_name':'Jane Doe','given_name':'','family_name':'Doe'"
            + "|'full_name':'J***','given_name':'','family_name':'D***'",
        "'username':'jane'|'username':'j***'",
        "'first_name':'***Jane','last_name':'J***Doe'|'first_name':'****','last_name':'J***'",
        "'first_name':'😀x'|'first_name':'😀***'",
        "'web3_wallets':[{'id':'idn_1','web3_wallet':'0x12ab'}]"
            + "|'web3_wallets':[{'id':'idn_1','web3_wallet':'0***'}]",
        "'ip_address':'203.0.113.7','city':'Berlin','browser_version':'1.2.3.4'"
            + "|'ip_address':'***','city':'***','browser_version':'1.2.3.4'",
        "'birthday':'1990-01-01','street_address':'Elm 1'|'birthday':'***','street_address':'***'",
        "'image_url':'https://img/a','has_image':true|'image_url':'***','has_image':true",
        "'profile_image_url':'https://img/a'|'profile_image_url':'***'",
        "'object':'organization','name':'Acme','image_url':'https://img/a'"
            + "|'object':'organization','name':'Acme','image_url':'https://img/a'",
        "'public_organization_data':{'image_url':'https://img/a'}"
            + "|'public_organization_data':{'image_url':'https://img/a'}",
        "'organization':{'created_by':{'image_url':'x'}}"
            + "|'organization':{'created_by':{'image_url':'***'}}",
        "'public_metadata':{'jane@example.com':'jane@example.com','username':'jane'}"
            + "|'public_metadata':{'j***@example.com':'j***@example.com','username':'j***'}",
        "'public_metadata':{'jane@example.com':1,'joe@example.com':2,'+491701234512':3}"
            + "|'public_metadata':{'j***@example.com':1,'j***@example.com 2':2,'+49***12':3}",
        "'public_metadata':{'firstName':'Jane','LASTNAME':'Doe','fullName':'Jane Doe','Display-Name':'J','name':'Jane'}"
            + "|'public_metadata':{'firstName':'J***','LASTNAME':'D***','fullName':'J***','Display-Name':'J***','name':'J***'}",
        "'private_metadata':{'hr':[{'phoneNumber':'0170','tel':'0171','dateOfBirth':'1990','ssn':123,'IBAN':'DE1'}]}"
            + "|'private_metadata':{'hr':[{'phoneNumber':'0***','tel':'0***','dateOfBirth':'***','ssn':'***','IBAN':'***'}]}",
        "'unsafe_metadata':{'address':{'line':'Elm 1'},'name':{'first':'Ada','lastName':'Doe'},'tel':170,'planName':'Pro'}"
            + "|'unsafe_metadata':{'address':'***','name':{'first':'A***','lastName':'D***'},'tel':'1***','planName':'Pro'}",
        "'changes':[{'field':'public_metadata.firstName','before':'Jane','after':null}]"
            + "|'changes':[{'field':'public_metadata.firstName','before':'J***','after':null}]",
        "'changes':{'public_metadata':[{'field':'hr.name','before':'Jane','after':'Joan'}]}"
            + "|'changes':{'public_metadata':[{'field':'hr.name','before':'J***','after':'J***'}]}",
        "'user_info':'name: Jane'|'user_info':'***'",
        "'external_accounts':[{'provider_user_id':'1082','google_id':'1082','label':'Jane Doe'}]"
            + "|'external_accounts':[{'provider_user_id':'***','google_id':'***','label':'J***'}]",
        "'passkeys':[{'id':'idn_1','object':'passkey','name':'Jane Doe’s iPhone'}]"
            + "|'passkeys':[{'id':'idn_1','object':'passkey','name':'J***'}]",
        "'reasons':[{'reason':'same_name','name':'Jane Doe'}]"
            + "|'reasons':[{'reason':'same_name','name':'J***'}]",
        "'target':'user \\\"Jane Doe\\\", jane@example.com (user_1)'"
            + "|'target':'user \\\"J***\\\", j***@example.com (user_1)'",
        "'also_lost':['1 membership ends: organization \\\"Acme\\\"']"
            + "|'also_lost':['1 membership ends: organization \\\"Acme\\\"']",
        "'warnings':['\\\"Jane\\\" is in organization \\\"jane@x.example\\\"']"
            + "|'warnings':['\\\"J***\\\" is in organization \\\"j***@x.example\\\"']",
        "'candidates':[{'id':'user_1','name':'Jane Doe'},{'id':'org_1','name':'Acme'}]"
            + "|'candidates':[{'id':'user_1','name':'J***'},{'id':'org_1','name':'Acme'}]",
        "'members':[{'user_id':'user_1','name':'Jane Doe'}]"
            + "|'members':[{'user_id':'user_1','name':'J***'}]",
        "'changes':[{'field':'first_name','before':'Jane','after':'Joan'}]"
            + "|'changes':[{'field':'first_name','before':'J***','after':'J***'}]",
      })
  void personalDataIsMasked(String before, String after) {
    String masked = "{" + after.replace('\'', '"') + "}";
    assertThat(masked("{" + before.replace('\'', '"') + "}").json()).isEqualTo(masked);
    assertThat(masked(masked).json()).as("masked twice").isEqualTo(masked);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'id':'user_2abcDEFghiJKLmnoPQRstuVWXyz','created_at':1767225600000,'price':1.50}",
        "{'time':'2026-01-01T00:00:00+00:00','at':'10:00 +0200','sum':'2+2','x':'a + b'}",
        "{'slug':'acme','name':'Acme','n':12345678901234567890.10,'e':null}",
        "[{'first_name':{'type':'string'}},['@','+','%40']]",
      })
  void otherDataIsUnchanged(String json) {
    assertThat(masked(json.replace('\'', '"')).json()).isEqualTo(json.replace('\'', '"'));
  }

  @Test
  void errorsAndNotesAreMasked() {
    ToolResult result =
        new PiiRedactor()
            .filter(
                new ToolResult(
                    "{\"error\":{\"message\":\"jane@example.com is taken\"}}",
                    true,
                    List.of(
                        "Sent to jane@example.com and +491701234512.", "x is user_1 (\"Jane\")."),
                    Map.of("a", "b")));
    assertThat(result)
        .isEqualTo(
            new ToolResult(
                "{\"error\":{\"message\":\"j***@example.com is taken\"}}",
                true,
                List.of("Sent to j***@example.com and +49***12.", "x is user_1 (\"J***\")."),
                Map.of("a", "b")));
  }

  /** The server's own words stay, even in quotation marks. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Left out: claims, created_at. To include one: fields: [\"claims\"]; everything: [\"*\"].",
        "Showing 2 of 9 rows. For the rest, repeat the call with {\"starting_after\":\"user_1\"}.",
        "fields: [\"a\", \"b\"] and {\"offset\":20}, or use export.",
      })
  void ownWordsInNotesAreUnchanged(String note) {
    ToolResult result = new ToolResult("{}", false, List.of(note, note + " \"Jane Doe\" [1]"));
    assertThat(new PiiRedactor().filter(result).notes())
        .containsExactly(note, note + " \"J***\" [1]");
  }

  private static ToolResult masked(String json) {
    return new PiiRedactor().filter(new ToolResult(json, false, List.of()));
  }
}
