package dev.clerkmcp.interceptor.policy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the message for each mistake in a rule. */
final class RuleReaderTest {
  private final Path folder;

  RuleReaderTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'deny'|rule 2 is not an object; write {'decision': 'confirm'} with conditions in it",
        "{'name':7}|rule 2 has no usable name; write a text of at most 100 characters or leave name out",
        "{'name':' '}|rule 2 has no usable name; write a text of at most 100 characters or leave name out",
        "{'name':'no, never','tool':[]}|rule 2 (no, never) has the unknown member tool; the nearest is tools",
        "{'decision':'deny','email_domain':['example.com']}|rule 2 has the unknown member email_domain; the nearest is email_domains",
        "{'name':'n'}|rule 2 (n) has no decision; write allow, confirm, deny or proceed",
        "{'decision':'Deny'}|rule 2 has the unknown decision Deny; write allow, confirm, deny or proceed",
        "{'decision':true}|rule 2 has a decision that is not a text; write allow, confirm, deny or proceed",
        "{'decision':'deny','tools':'clerk_user_get'}|rule 2 has tools that are not a list of texts; write 'tools': ['clerk_user_*']",
        "{'decision':'deny','tools':['clerk_user_get',1]}|rule 2 has tools that are not a list of texts; write 'tools': ['clerk_user_*']",
        "{'decision':'deny','tools':null}|rule 2 has tools that are not a list of texts; write 'tools': ['clerk_user_*']",
        "{'decision':'deny','tools':[]}|rule 2 has an empty list of tools; put something into it or leave tools out",
        "{'decision':'deny','tools':['clerk_user_remove']}|rule 2 names the unknown tool clerk_user_remove; the nearest are clerk_user_password_remove, clerk_user_create, clerk_user_delete",
        "{'decision':'deny','tools':['clerk_tools_write']}|rule 2 names clerk_tools_write, which only finds or runs other tools; name those",
        "{'decision':'deny','effects':['delete']}|rule 2 has the unknown effect delete; write read, reveal, create, update, destroy, irreversible or irreversible_each_time",
        "{'decision':'deny','effects':{}}|rule 2 has effects that are not a list of texts; write 'effects': ['destroy']",
        "{'decision':'deny','effects':[]}|rule 2 has an empty list of effects; put something into it or leave effects out",
        "{'decision':'deny','risks':['admin']}|rule 2 has the unknown risk admin; write credential, identity, privilege, federation, mass, money, instance or sign_out",
        "{'decision':'deny','risks':[]}|rule 2 has an empty list of risks; put something into it or leave risks out",
        "{'decision':'proceed'}|rule 2 has the decision proceed without risks; write 'risks': ['privilege'], the risks about which no question is asked",
        "{'decision':'proceed','risks':['identity'],'effects':['irreversible']}|rule 2 has the decision proceed for the effect irreversible; leave the effect out: no question about it can be lifted",
        "{'decision':'proceed','risks':['identity'],'effects':['read']}|rule 2 has the decision proceed for the effect read; leave the effect out: no question about it can be lifted",
        "{'decision':'deny','organizations':'org_1'}|rule 2 has organizations that are not a list of texts; write 'organizations': ['org_123']",
        "{'decision':'deny','organizations':[]}|rule 2 has an empty list of organizations; put something into it or leave organizations out",
        "{'decision':'deny','organizations':['Acme Inc']}|rule 2 has an organization that is blank or has white space in it; write its ID or slug",
        "{'decision':'deny','email_domains':[]}|rule 2 has an empty list of email_domains; put something into it or leave email_domains out",
        "{'decision':'deny','email_domains':['a@example.com']}|rule 2 has an invalid email domain: a@example.com; write example.com, or *.example.com for its subdomains",
        "{'decision':'deny','email_domains':['*example.com']}|rule 2 has an invalid email domain: *example.com; write example.com, or *.example.com for its subdomains",
        "{'decision':'deny','email_domains':['*']}|rule 2 has an invalid email domain: *; write example.com, or *.example.com for its subdomains",
        "{'decision':'deny','email_domains':['.example.com']}|rule 2 has an invalid email domain: .example.com; write example.com, or *.example.com for its subdomains",
        "{'decision':'deny','public_metadata':['role']}|rule 2 has public_metadata that is not an object; write 'public_metadata': {'role': 'owner'}",
        "{'decision':'deny','public_metadata':{}}|rule 2 has an empty object in public_metadata; name at least one value or leave it out",
        "{'decision':'deny','public_metadata':{'a':{}}}|rule 2 has an empty object in public_metadata; name at least one value or leave it out",
        "{'decision':'deny','public_metadata':{'a':{'b':['c']}}}|rule 2 has no usable value for a.b in public_metadata; write a text, a number, true or false",
        "{'decision':'deny','public_metadata':{'a':null}}|rule 2 has no usable value for a in public_metadata; write a text, a number, true or false",
        "{'decision':'deny','public_metadata':{'a..b':1}}|rule 2 has a name in public_metadata that is empty, or has a dot too many; write a path such as billing.plan",
        "{'decision':'deny','public_metadata':{'':1}}|rule 2 has a name in public_metadata that is empty, or has a dot too many; write a path such as billing.plan",
        "{'decision':'deny','public_metadata':{'a.b':1,'a':{'b':2}}}|rule 2 has a.b in public_metadata twice; keep one",
      })
  void mistakeInRuleIsReported(String rule, String message) {
    assertThatThrownBy(() -> parse("{'rules':[{'decision':'allow'}," + rule + "]}"))
        .isInstanceOf(Policy.InvalidPolicy.class)
        .hasMessage(message.replace('\'', '"'));
  }

  private Policy parse(String text) throws Exception {
    return PolicyFixture.parse(folder, text);
  }
}
