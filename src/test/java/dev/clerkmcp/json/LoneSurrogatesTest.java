package dev.clerkmcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LoneSurrogatesTest {
  @ParameterizedTest
  @CsvSource({
    "a\uD83Db, a\\ud83db",
    "\uDE00, \\ude00",
    "\uD83D\uD83D\uDE00\uD83D, \\ud83d\uD83D\uDE00\\ud83d",
  })
  void loneSurrogateIsEscapedInJson(String text, String escaped) throws JsonProcessingException {
    assertThat(LoneSurrogates.escaped(text)).isEqualTo(escaped);
    JsonNode json = Json.array().add(text);
    assertThat(Json.read(LoneSurrogates.escaped(json.toString()))).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource({"''", "Zo\u00EB", "a\uD83D\uDE00b"})
  void otherTextIsUnchanged(String text) {
    assertThat(LoneSurrogates.escaped(text)).isSameAs(text);
  }
}
