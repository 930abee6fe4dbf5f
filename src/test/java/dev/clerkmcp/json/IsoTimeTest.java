package dev.clerkmcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IsoTimeTest {
  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z,1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z,1969-12-31T23:59:59Z",
    "2000-02-29T00:00:00.5Z,2000-02-29T00:00:00Z",
    "2026-06-01T09:08:07.123456789Z,2026-06-01T09:08:07Z",
    "9999-12-31T23:59:59Z,9999-12-31T23:59:59Z",
  })
  void timeIsTruncatedToSeconds(String exact, String told) {
    assertThat(IsoTime.of(Instant.parse(exact))).isEqualTo(told);
  }
}
