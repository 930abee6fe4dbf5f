package dev.clerkmcp.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that JSON is read exactly, and that invalid UTF-8 spoils only itself. */
final class JsonTest {
  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1.50,\"b\":[null,true]}", "\"\u20ac\ud83d\ude00\"", "-1e400"})
  void bytesAreReadLikeText(String json) throws Exception {
    JsonNode read = Json.readOrNull(json.getBytes(StandardCharsets.UTF_8));
    assertThat(read).isEqualTo(Json.read(json)).hasToString(Json.read(json).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \r\n\t", "null"})
  void emptyInputIsNull(String json) throws Exception {
    assertThat(Json.readOrNull(json.getBytes(StandardCharsets.UTF_8)).isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xC3, 0xE2, 0xF0, 0xFF})
  void invalidByteIsReplaced(int broken) throws Exception {
    byte[] json = "{\"a\":\"x?\",\"b\":2}".getBytes(StandardCharsets.UTF_8);
    json[7] = (byte) broken;
    JsonNode read = Json.readOrNull(json);
    assertThat(read.path("a").asText()).isEqualTo("x\ufffd");
    assertThat(read.path("b").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{} {}", "<html>", "{\"a\":01}"})
  void anythingButOneValueIsRejected(String json) {
    assertThatThrownBy(() -> Json.readOrNull(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(JsonProcessingException.class);
  }
}
