package dev.clerkmcp.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Clerk answered comes as it is, and no broken byte takes the rest with it. */
final class JsonTest {
  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1.50,\"b\":[null,true]}", "\"\u20ac\ud83d\ude00\"", "-1e400"})
  void bytesAreReadAsTextIs(String json) throws Exception {
    JsonNode read = Json.readOrNull(json.getBytes(StandardCharsets.UTF_8));
    assertThat(read).isEqualTo(Json.read(json)).hasToString(Json.read(json).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \r\n\t", "null"})
  void nothingIsNull(String json) throws Exception {
    assertThat(Json.readOrNull(json.getBytes(StandardCharsets.UTF_8)).isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xC3, 0xE2, 0xF0, 0xFF})
  void byteThatIsNoUtf8IsReplacedAlone(int broken) throws Exception {
    byte[] json = "{\"a\":\"x?\",\"b\":2}".getBytes(StandardCharsets.UTF_8);
    json[7] = (byte) broken;
    JsonNode read = Json.readOrNull(json);
    assertThat(read.path("a").asText()).isEqualTo("x\ufffd");
    assertThat(read.path("b").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{} {}", "<html>", "{\"a\":01}"})
  void whatIsNotOneValueIsRefused(String json) {
    assertThatThrownBy(() -> Json.readOrNull(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(JsonProcessingException.class);
  }
}
