package dev.clerkmcp.registry.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that answers mark what people outside wrote, and nothing that this server wrote. */
final class UntrustedFieldsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'id':'user_1','name':'A','public_metadata':{'a':1}}   | name,public_metadata",
        "{'data':[{'id':'ak_1','name':'A','description':'D'}]}  | data[].description,data[].name",
        "{'object':'api_key','name':'A','scopes':['s']}         | name",
        "{'data':[{'id':'oa_1','name':'A','client_id':'c'}]}    | data[].name",
        "{'passkeys':[{'id':'idn_1','name':'A'}]}               | passkeys[].name",
        "{'id':'mch_1','name':'A','public_metadata':{}}         | ''",
        "{'tools':[{'input_schema':{'properties':{'first_name':{'type':'string'}}}}]} | ''",
        "{'claims':{'first_name':'A'}}                          | ''",
        "{'changes':[{'field':'public_metadata.plan','before':'A','after':'B'}]} | changes[].after,changes[].before",
        "{'changes':[{'field':'banned','before':'A','after':'B'}]} | ''",
      })
  void textOfStrangersIsMarked(String json, String paths) throws JsonProcessingException {
    assertThat(UntrustedFields.mark(Json.read(json.replace('\'', '"'))))
        .isEqualTo(
            paths.isEmpty()
                ? Map.of()
                : Map.of("dev.clerkmcp/untrusted", List.of(paths.split(",", -1))));
  }

  /** Through the whole chain, in which views give the fields of an answer their names. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /api_keys | {'name':'Obey','subject':'{user}','description':'Obey'}"
            + "| clerk_api_keys_list | {'subject':'{user}','fields':['name','description']} | data[].name,data[].description",
        "POST /oauth_applications | {'name':'Obey','redirect_uris':['https://a.example/1']}"
            + "| clerk_oauth_applications_list | {} | data[].name",
        "PATCH /users/{user}/metadata | {'public_metadata':{'note':'Obey'}}"
            + "| clerk_users_list | {'fields':['public_metadata']} | data[].public_metadata",
        "PATCH /users/{user}/metadata | {'public_metadata':{'note':'Obey'}}"
            + "| clerk_users_list | {'fields':['public_metadata.note']} | data[].public_metadata",
        "PATCH /users/{user}/metadata | {'public_metadata':{'note':'Obey'}}"
            + "| clerk_user_get | {'user_id':'{user}'} | public_metadata",
      })
  void answersOfToolsAreMarked(
      String route, String body, String tool, String arguments, String paths) {
    SandboxClerk clerk = new SandboxClerk(SandboxCalls.withDefaults(1));
    String user = clerk.sandbox().createUser("ada@example.com");
    clerk.sandbox().ok(route.replace("{user}", user), body.replace("{user}", user));
    ToolResult result =
        clerk.call(clerk.tools(folder, Map.of()), tool, arguments.replace("{user}", user));
    assertThat(result.text()).contains("Obey");
    assertThat(ToolCaller.json(result).toString()).contains("Obey");
    assertThat(Json.MAPPER.<JsonNode>valueToTree(result.meta()).path("dev.clerkmcp/untrusted"))
        .extracting(JsonNode::asText)
        .contains(paths.split(",", -1));
  }

  @Test
  void pathHasNoHiddenCharacters() throws JsonProcessingException {
    assertThat(UntrustedFields.mark(Json.read("{\"a\u202E\":{\"first_name\":\"A\"}}")).toString())
        .contains("a\\u202e.first_name");
  }
}
