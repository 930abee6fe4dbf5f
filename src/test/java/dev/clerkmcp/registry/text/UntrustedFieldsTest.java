package dev.clerkmcp.registry.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.clerkmcp.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that answers mark what people outside wrote, and nothing that this server wrote. */
final class UntrustedFieldsTest {
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

  @Test
  void pathHasNoHiddenCharacters() throws JsonProcessingException {
    assertThat(UntrustedFields.mark(Json.read("{\"a\u202E\":{\"first_name\":\"A\"}}")).toString())
        .contains("a\\u202e.first_name");
  }
}
