package dev.clerkmcp.workflows.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolResult;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests changes of metadata, and the reported differences. */
final class MetadataWorkflowsTest {
  private static final String TOOL = "clerk_metadata_set";

  private final SandboxClerk clerk = new SandboxClerk();
  private final String ada =
      clerk
          .sandbox()
          .ok(
              "POST /users",
              "{'email_address':['ada@example.com'],'password':'Sup3rS3cretPassw0rd',"
                  + "'public_metadata':{'plan':'free','limits':{'seats':3,'gb':1},'a.b':{'c':1}},"
                  + "'private_metadata':{'crm':'x1'}}")
          .path("id")
          .asText();
  private final String acme =
      clerk
          .sandbox()
          .ok(
              "POST /organizations",
              "{'name':'Acme','created_by':'%s','public_metadata':{'plan':'free'}}".formatted(ada))
          .path("id")
          .asText();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'public_metadata':{'plan':'pro'} | [{'field':'public_metadata.plan','before':'free','after':'pro'}]",
        "'public_metadata':{'plan':'free','new':true} | [{'field':'public_metadata.new','before':null,'after':true}]",
        "'public_metadata':{'limits':{'gb':2,'seats':null}} | [{'field':'public_metadata.limits.gb','before':1,'after':2},{'field':'public_metadata.limits.seats','before':3,'after':null}]",
        "'public_metadata':{'plan':['a']},'unsafe_metadata':{'x':{'y':1}} | [{'field':'public_metadata.plan','before':'free','after':['a']},{'field':'unsafe_metadata.x','before':null,'after':{'y':1}}]",
        "'private_metadata':{'crm':'x2'} | [{'field':'private_metadata.crm','before':'x1','after':'x2'}]",
        "'remove':['public_metadata.limits.gb'] | [{'field':'public_metadata.limits.gb','before':1,'after':null}]",
        "'remove':['public_metadata.a.b.c','public_metadata.none.x'] | [{'field':'public_metadata[\\'a.b\\'].c','before':1,'after':null}]",
        "'public_metadata':{'plan':'pro'},'remove':'public_metadata.limits' | [{'field':'public_metadata.limits','before':{'seats':3,'gb':1},'after':null},{'field':'public_metadata.plan','before':'free','after':'pro'}]",
        "'mode':'replace','public_metadata':{'plan':'pro','limits':{'gb':1}} | [{'field':'public_metadata[\\'a.b\\']','before':{'c':1},'after':null},{'field':'public_metadata.limits.seats','before':3,'after':null},{'field':'public_metadata.plan','before':'free','after':'pro'}]"
      })
  void onlyDifferencesAreReported(String arguments, String changes) {
    JsonNode answer = ToolCaller.json(ofUser(arguments));
    assertThat(answer)
        .hasToString(
            "{\"user_id\":\"%s\",\"changed\":%s}".formatted(ada, changes.replace('\'', '"')));
    assertThat(clerk.changes())
        .containsExactly(
            (arguments.contains("replace") ? "PUT" : "PATCH") + " /users/" + ada + "/metadata");
    ToolResult again = ofUser(arguments);
    assertThat(clerk.changes()).as("the second time").isEmpty();
    assertThat(again.json()).isEqualTo("{\"user_id\":\"%s\",\"changed\":[]}".formatted(ada));
    assertThat(again.notes())
        .containsExactly("The metadata already has these values; nothing was changed.");
  }

  @Test
  void mergedMetadataIsStored() {
    ofUser("'public_metadata':{'plan':'pro'},'remove':['public_metadata.limits.gb']");
    assertThat(clerk.sandbox().ok("GET /users/" + ada).path("public_metadata"))
        .hasToString("{\"plan\":\"pro\",\"limits\":{\"seats\":3},\"a.b\":{\"c\":1}}");
  }

  /** Each would be answered as if nothing had been there, or would do only half of what it says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'public_metadata':{'k':null},'remove':['public_metadata.k.a'] | deletes with what is around it",
        "'remove':['public_metadata.l[0].a'] | a list is set as a whole",
        "'remove':['public_metadata.l.0'] | a list is set as a whole",
        "'remove':['public_metadata.k.l.0.a'] | a list is set as a whole",
        "'remove':['public_metadata.k.l[1]'] | a list is set as a whole",
      })
  void pathThatNamesNoKeyIsRefused(String arguments, String remedy) {
    clerk
        .sandbox()
        .ok(
            "PATCH /users/" + ada + "/metadata",
            "{'public_metadata':{'k':{'a':1,'l':[{'a':1},2]},'l':[{'a':1}]}}");
    ToolResult result = ofUser(arguments);
    assertThat(result.json()).contains("invalid_arguments", remedy);
    assertThat(clerk.changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'remove':['public_metadata.d.e'] | true",
        "'remove':['public_metadata.d.e','public_metadata[\\'d.e\\']'] | false",
        "'remove':['public_metadata.d.e'],'public_metadata':{'d.e':null} | false",
      })
  void keyThatGoesTooIsNotSaidToStay(String arguments, boolean stays) {
    clerk
        .sandbox()
        .ok("PATCH /users/" + ada + "/metadata", "{'public_metadata':{'d':{'e':1,'f':2},'d.e':3}}");
    ToolResult result = ofUser(arguments.replace("\\'", "\\\""));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(clerk.sandbox().ok("GET /users/" + ada).path("public_metadata").has("d.e"))
        .isEqualTo(stays);
    assertThat(result.notes().toString().contains("stays")).isEqualTo(stays);
  }

  @Test
  void dottedPathNamesOneKey() {
    clerk
        .sandbox()
        .ok(
            "PUT /users/" + ada + "/metadata",
            "{'public_metadata':{'a.b':1,'a':{'b':2,'c':3},'x.y':4}}");
    ToolResult first = ofUser("'remove':['public_metadata.a.b','public_metadata.x.y']");
    assertThat(metadata()).hasToString("{\"a.b\":1,\"a\":{\"c\":3}}");
    assertThat(first.notes())
        .containsExactly(
            "public_metadata.a.b was read as b in a. The key that is called \"a.b\" stays; to remove"
                + " it: public_metadata[\"a.b\"].");
    ofUser("'remove':['public_metadata.a.b','public_metadata.x.y']");
    assertThat(clerk.changes()).as("the second time").isEmpty();
    ofUser("'remove':['public_metadata[\\\"a.b\\\"]']");
    assertThat(metadata()).hasToString("{\"a\":{\"c\":3}}");
  }

  private JsonNode metadata() {
    return clerk.sandbox().ok("GET /users/" + ada).path("public_metadata");
  }

  @Test
  void replacingWithEmptyObjectClearsMetadata() {
    ofUser("'mode':'replace','public_metadata':{}");
    JsonNode user = clerk.sandbox().ok("GET /users/" + ada);
    assertThat(user.path("public_metadata")).isEmpty();
    assertThat(user.path("private_metadata")).as("not given, not lost").hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"merge, PATCH", "replace, PUT"})
  void organizationMetadataIsChanged(String mode, String method) {
    ToolResult result = ofOrganization("'public_metadata':{'plan':'pro'},'mode':'" + mode + "'");
    assertThat(result.json())
        .isEqualTo(
            ("{'organization_id':'%s','changed':"
                    + "[{'field':'public_metadata.plan','before':'free','after':'pro'}]}")
                .formatted(acme)
                .replace('\'', '"'));
    assertThat(clerk.changes()).containsExactly(method + " /organizations/" + acme + "/metadata");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'user_id':'user_1'} | there is nothing to set",
        "{'public_metadata':{'a':1}} | or organization_id must be given",
        "{'user_id':'user_1','organization_id':'org_1','remove':['public_metadata.a']} | and not both",
        "{'user_id':'user_1','mode':'replace','public_metadata':{},'remove':['public_metadata.a']} | cannot be combined",
        "{'user_id':'USER','remove':['plan']} | must name keys below",
        "{'user_id':'USER','remove':['public_metadata']} | must name keys below",
        "{'user_id':'USER','public_metadata':{'limits':1},'remove':['public_metadata.limits.gb']} | which the new metadata sets",
        "{'user_id':'USER','public_metadata':{'plan':'pro'},'remove':['public_metadata.plan']} | which the new metadata sets",
        "{'user_id':'USER','public_metadata':{'new':{'x':1}},'remove':['public_metadata.new.x']} | which the new metadata sets",
        "{'user_id':'USER','public_metadata':{'a.b':1},'remove':['public_metadata.a.b']} | which the new metadata sets",
        "{'organization_id':'ORG','unsafe_metadata':{'a':1}} | only users have",
        "{'organization_id':'ORG','remove':['unsafe_metadata.a']} | must name keys below"
      })
  void invalidArgumentsAreRefused(String arguments, String problem) {
    ToolResult result = clerk.call(TOOL, arguments.replace("USER", ada).replace("ORG", acme));
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("invalid_arguments", problem);
    assertThat(clerk.changes()).isEmpty();
  }

  /** The limit applies to the merged metadata, not to the given part. */
  @ParameterizedTest
  @CsvSource({"a, 8125, false", "a, 8126, true", "ä, 4062, false", "ä, 4063, true"})
  void sizeIsCheckedBeforeSending(String letter, int letters, boolean tooLarge) {
    String text = letter.repeat(letters);
    ToolResult result = ofUser("'public_metadata':{'text':'" + text + "'}");
    assertThat(result.isError()).as(result.json()).isEqualTo(tooLarge);
    if (tooLarge) {
      assertThat(result.json()).contains("public_metadata", "8192 (8 KB)").contains("81", "bytes");
      assertThat(clerk.changes()).isEmpty();
    } else {
      assertThat(ToolCaller.json(result).at("/changed/0/after").asText())
          .endsWith("(%s characters)".formatted(letters));
      assertThat(result.json()).hasSizeLessThan(1000);
    }
  }

  @ParameterizedTest
  @CsvSource({"422, form_param_invalid", "429, too_many_requests"})
  void clerksErrorIsReportedAndNothingIsChanged(int status, String code) {
    clerk.refuse("PATCH ", status, code);
    ToolResult result = ofUser("'public_metadata':{'plan':'pro'},'private_metadata':{'b':1}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains(code).doesNotContain("\"changed\"");
    assertThat(List.copyOf(clerk.changes())).as("one request for all").isNotEmpty();
  }

  @Test
  void cancellationEndsTheCall() {
    assertThatThrownBy(
            () ->
                clerk.callAndCancel(
                    TOOL,
                    "{'user_id':'%s','public_metadata':{'plan':'pro'}}".formatted(ada),
                    "GET /users/"))
        .isInstanceOf(CancellationException.class);
    assertThat(clerk.changes()).isEmpty();
  }

  private ToolResult ofUser(String arguments) {
    return clerk.call(TOOL, "{'user_id':'%s',%s}".formatted(ada, arguments));
  }

  private ToolResult ofOrganization(String arguments) {
    return clerk.call(TOOL, "{'organization_id':'%s',%s}".formatted(acme, arguments));
  }
}
