package dev.clerkmcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IsoTimeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999Z",
        "2000-02-29T00:00:00.5Z",
        "2026-06-01T09:08:07.123456789Z",
        "2026-12-31T23:59:00Z",
        "0001-01-01T01:00:00Z",
        "-0044-03-15T12:00:00Z",
        "9999-12-31T23:59:59Z",
        "+10000-01-01T00:00:00Z",
      })
  void timeIsWrittenAsJavaDoes(String text) {
    Instant time = Instant.parse(text);
    assertThat(IsoTime.of(time)).isEqualTo(time.truncatedTo(ChronoUnit.SECONDS).toString());
  }
}
