package dev.clerkmcp.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the estimate with counts of the real vocabularies for fixed texts; {@code
 * src/test/clients/tokens.mjs} does so for the answers of the jar.
 */
final class TokenEstimateTest {
  private static final Path COUNTS = Path.of("src/test/resources/dev/clerkmcp/token-counts.tsv");

  /** A text with its tokens in o200k and in Claude's public vocabulary. */
  record Count(String what, int tokens, int claude, String text) {
    static Count parse(String line) {
      String[] parts = line.split("\t", 4);
      return new Count(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), parts[3]);
    }

    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Count> counts() throws IOException {
    return Files.readAllLines(COUNTS).stream()
        .filter(line -> !line.startsWith("#"))
        .map(Count::parse);
  }

  @ParameterizedTest
  @MethodSource("counts")
  void estimateIsCloseToTheRealCount(Count count) {
    assertThat(TokenEstimate.of(count.text()))
        .isCloseTo(count.tokens(), Percentage.withPercentage(10));
  }

  @ParameterizedTest
  @MethodSource("counts")
  void chargedTokensBoundThoseOfClaude(Count count) {
    assertThat(TokenEstimate.charged(count.text()))
        .isGreaterThanOrEqualTo(TokenEstimate.of(count.text()))
        .isGreaterThanOrEqualTo((long) (count.claude() / 1.2 / 1.1));
  }

  @Test
  void sumOfEstimatesIsCloserStill() throws IOException {
    long tokens = counts().mapToLong(Count::tokens).sum();
    long estimated = counts().mapToLong(count -> TokenEstimate.of(count.text())).sum();
    assertThat(estimated).isCloseTo(tokens, Percentage.withPercentage(5));
  }

  /** A text within a list costs about what it costs alone, so that a list can be cut by rows. */
  @ParameterizedTest
  @MethodSource("counts")
  void partsCostAboutTheWhole(Count count) {
    String twice = "[%s,%s]".formatted(count.text(), count.text());
    long once = TokenEstimate.charged(count.text());
    assertThat(TokenEstimate.charged(twice)).isCloseTo(2 * once, within(3L));
  }

  @ParameterizedTest
  @CsvSource({"'', 0", "a, 1", "{}, 1", "1234567, 3", "' ', 1", "hello world, 2", "'\ud83d', 2"})
  void shortTextsHaveTheirCounts(String text, long tokens) {
    assertThat(TokenEstimate.of(text)).isBetween(tokens, tokens + 1);
  }
}
