package dev.clerkmcp.registry.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuotedTextTest {
  /** The inputs and results are written with Java's escapes, so that they can be read here. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "admin | \"admin\"",
        "two  words | \"two  words\"",
        "\u200bad\u200cmin | \"\\u200bad\\u200cmin\"",
        "a\u202eb\u00a0c | \"a\\u202eb\\u00a0c\"",
        "x\udb40\udc61min | \"x\\udb40\\udc61min\"",
        "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645 | \"\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645\"",
        "say \"yes\" \u201cnow\u201d | \"say 'yes' 'now'\"",
      })
  void wholeTextShowsWhatIsHidden(String text, String shown) {
    assertThat(QuotedText.whole(text)).isEqualTo(shown);
    assertThat(QuotedText.whole(text + "\n- role"))
        .isEqualTo(shown.substring(0, shown.length() - 1) + "\\n- role\"");
  }
}
