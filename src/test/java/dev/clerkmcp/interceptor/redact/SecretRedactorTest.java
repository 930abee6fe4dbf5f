package dev.clerkmcp.interceptor.redact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretRedactorTest {
  private static final String SECRET = "a-secret-of-good-length-0123456789";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "client_secret",
        "secret_key",
        "api_key",
        "token",
        "token_secret",
        "access_token",
        "refresh_token",
        "id_token",
        "jwt",
        "password",
        "password_digest",
        "totp_secret",
        "signing_key",
        "svix_url",
        "accessToken",
      })
  void fieldNamedLikeCredentialIsMaskedAtEveryDepth(String name) throws Exception {
    JsonNode answer = read("{'a':[{'b':{'NAME':'SECRET'}}]}".replace("NAME", name));
    JsonNode masked = SecretRedactor.ofAll(List.of()).mask(answer);
    assertThat(masked.at("/a/0/b/" + name).asText()).matches("\\.\\.\\.[0-9a-f]{4}");
    assertThat(answer.toString()).contains(SECRET);
  }

  @Test
  void answerWithoutCredentialsIsNotCopied() throws Exception {
    JsonNode answer = read("{'id':'user_1','list':[{'a':1},'x',[]],'public_metadata':{'a':{}}}");
    assertThat(SecretRedactor.ofAll(List.of("list[].token")).mask(answer)).isSameAs(answer);
  }

  @Test
  void fieldsAroundCredentialKeepTheirOrder() throws Exception {
    assertThat(mask("{'a':1,'list':['x',{'b':2,'token':'SECRET','c':3},'y'],'d':4}"))
        .matches(
            "\\{\"a\":1,\"list\":\\[\"x\",\\{\"b\":2,\"token\":\"[^\"]*\",\"c\":3},\"y\"],\"d\":4}");
  }

  @Test
  void namesBeyondTheCacheAreMasked() throws Exception {
    for (int i = 0; i < 5000; i++) {
      assertThat(mask("{'name_%s':'x'}".formatted(i)))
          .isEqualTo("{\"name_%s\":\"x\"}".formatted(i));
    }
    assertThat(mask("{'Access-To_Ken':'SECRET','sk_live_0123456789abcdef':1}"))
        .doesNotContain(SECRET, "0123456789abcdef");
  }

  @Test
  void listOfCodesIsMaskedAsOneValue() throws Exception {
    assertThat(mask("{'backup_codes':['abcd1234','efgh5678']}")).matches(".*:\"\\.\\.\\..{4}\".*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'token_type':'oauth_token','totp_enabled':true,'password_enabled':true}",
        "{'publishable_key':'pk_test_Y2xlcmsuZXhhbXBsZS5jb20k','id':'ak_1','key':'org:admin'}",
        "{'token':null,'secret':'','backup_codes':[],'password':{'enabled':true},'jwt':1.50}",
        "{'public_metadata':{'token':'blue','nested':{'password':'none'}}}",
        "{'claims':{'token':'{{user.id}}'}}",
        "{'code':'form_param_invalid','url':'https://example.com'}",
      })
  void otherFieldsAreUnchanged(String answer) throws Exception {
    assertThat(mask(answer)).isEqualTo(read(answer).toString());
  }

  @Test
  void credentialInMetadataIsMaskedByItsForm() throws Exception {
    assertThat(mask("{'private_metadata':{'note':'use sk_live_abcdefghijklmnopqrstuvwxyz now'}}"))
        .contains("use sk_...", " now")
        .doesNotContain("abcdef");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[].of.url", "data[].of.url"})
  void declaredFieldIsMaskedAndExtractedInBothFormsOfList(String path) throws Exception {
    for (String rows : new String[] {"ROWS", "{'data':ROWS,'total_count':2}"}) {
      SecretRedactor mask = SecretRedactor.ofDeclared(List.of(path));
      JsonNode masked =
          mask.mask(
              read(
                  rows.replace(
                      "ROWS", "[{'id':'a','of':{'url':'SECRET'}},{'id':'b','of':{'url':null}}]")));
      assertThat(masked.toString()).doesNotContain(SECRET);
      assertThat(mask.found()).hasSize(1);
      assertThat(mask.found().get(0).path()).endsWith("[0].of.url");
      assertThat(mask.found().get(0).owner()).isEqualTo("a");
      assertThat(mask.found().get(0).value().asText()).isEqualTo(SECRET);
    }
  }

  @Test
  void ofDeclaredMasksOnlyDeclaredFields() throws Exception {
    JsonNode masked =
        SecretRedactor.ofDeclared(List.of("secret"))
            .mask(read("{'secret':'SECRET','token':'SECRET'}"));
    assertThat(masked.path("secret").asText()).startsWith("...");
    assertThat(masked.path("token").asText()).isEqualTo(SECRET);
  }

  @Test
  void maskingTwiceEqualsMaskingOnce() throws Exception {
    String once = mask("{'token':'SECRET','a':'?ticket=SECRET','password':'short'}");
    assertThat(SecretRedactor.ofAll(List.of()).mask(Json.read(once))).hasToString(once);
  }

  private static String mask(String json) throws JsonProcessingException {
    return SecretRedactor.ofAll(List.of()).mask(read(json)).toString();
  }

  private static JsonNode read(String json) throws JsonProcessingException {
    return Json.read(json.replace('\'', '"').replace("SECRET", SECRET));
  }
}
