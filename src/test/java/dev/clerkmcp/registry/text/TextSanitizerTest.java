package dev.clerkmcp.registry.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that hidden characters in names become visible. */
final class TextSanitizerTest {
  @ParameterizedTest
  @CsvSource({
    "a\u202Eb, a\\u202eb",
    "a\u2066b\u2069, a\\u2066b\\u2069",
    "a\u200Bb, a\\u200bb",
    "a\u200Db, a\\u200db",
    "a\uFEFFb, a\\ufeffb",
    "a\u00ADb, a\\u00adb",
    "a\u2028b, a\\u2028b",
    "a\u0085b, a\\u0085b",
    "a\uDB40\uDC41b, a\\udb40\\udc41b",
    "a\uDB40\uDD00b, a\\udb40\\udd00b",
    "a\uFE00b, a\\ufe00b",
    "a\u3164b, a\\u3164b",
    "a\uE000b, a\\ue000b",
    // joiners where they could hide: alone, in a row, at an end, between other letters
    "\u0645\u200C, \u0645\\u200c",
    "\u200C\u0645, \\u200c\u0645",
    "\u0645\u200C\u200D\u0645, \u0645\\u200c\\u200d\u0645",
    "a\u200C\u0645, a\\u200c\u0645",
    "\uD83D\uDE00\u200C\uD83D\uDE00, \uD83D\uDE00\\u200c\uD83D\uDE00",
    "\uD83D\uDE00\u200Db, \uD83D\uDE00\\u200db",
    "a\u034Fb, a\\u034fb",
    "a\u180Bb, a\\u180bb",
    "a\uFFA0b, a\\uffa0b",
    "a\u2800b, a\\u2800b",
    "a\uFFFCb, a\\ufffcb",
    "a\uD81B\uDFE4b, a\\ud81b\\udfe4b",
    "a\uD834\uDD59b, a\\ud834\\udd59b",
    "a\u2065b, a\\u2065b",
  })
  void hiddenCharacterIsEscaped(String text, String shown) throws JsonProcessingException {
    String json = TextNode.valueOf(text).toString();
    String visible = TextSanitizer.inJson(json);
    assertThat(Json.read(visible)).isEqualTo(TextNode.valueOf(shown));
  }

  @ParameterizedTest
  @CsvSource({
    "a\u001B]0;x\u0007b, a\\u001b]0;x\\u0007b",
    "a\u0000\b\fb, a\\u0000\\u0008\\u000cb",
    "a\u007Fb, a\\u007fb",
    "a\u009Bb, a\\u009bb",
    "a\uD800b, a\\ud800b",
  })
  void controlCharacterIsEscapedInJsonAndInText(String text, String shown)
      throws JsonProcessingException {
    String visible = TextSanitizer.inJson(TextNode.valueOf(text).toString());
    assertThat(Json.read(visible)).isEqualTo(TextNode.valueOf(shown));
    assertThat(TextSanitizer.of(text)).isEqualTo(shown);
  }

  @Test
  void jsonKeyIsEscaped() {
    String json = Json.object().put("a\u001B[2J\u202E", 1).toString();
    assertThat(TextSanitizer.inJson(json)).isEqualTo("{\"a\\\\u001b[2J\\\\u202e\":1}");
  }

  @Test
  void lineBreaksAndTabsAreKept() {
    String text = "a\n\tb \\u001b \\\\";
    String json = TextNode.valueOf(text + "\r").toString();
    assertThat(TextSanitizer.inJson(json)).isSameAs(json);
    assertThat(TextSanitizer.of(text)).isSameAs(text);
  }

  @ParameterizedTest
  @CsvSource({
    "a\u202Eb\u200Bc, abc",
    "' a\n\tb\u2028c\u00A0 ', a  b c",
    "a\u0000b\u001B[1m\u007Fc, ab[1mc",
    "a\uDB40\uDC41b\uD83D\uDE00, ab\uD83D\uDE00",
    "\u0644\u064A\u0644\u0649, \u0644\u064A\u0644\u0649",
  })
  void hiddenCharacterIsRemovedFromPlainText(String text, String stripped) {
    assertThat(TextSanitizer.stripped(text)).isEqualTo(stripped);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain \\n \"quoted\"",
        "Zo\u00EB",
        "\u9AD8\u6A4B \u7F8E\u54B2",
        "\u0644\u064A\u0644\u0649",
        "\u2764\uFE0F \uD83D\uDE00",
        // Persian, Hindi and Sinhala words
        "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",
        "\u0915\u094D\u200D\u0937",
        "\u0DC1\u0DCA\u200D\u0DBB\u0DD3",
        // emoji: a programmer, an astronaut with a skin tone, a heart on fire, a family
        "\uD83D\uDC69\u200D\uD83D\uDCBB",
        "\uD83E\uDDD1\uD83C\uDFFD\u200D\uD83D\uDE80",
        "\u2764\uFE0F\u200D\uD83D\uDD25",
        "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67"
      })
  void visibleTextIsUnchanged(String text) {
    String json = TextNode.valueOf(text).toString();
    assertThat(TextSanitizer.inJson(json)).isSameAs(json);
  }
}
