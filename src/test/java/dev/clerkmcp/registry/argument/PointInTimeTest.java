package dev.clerkmcp.registry.argument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the accepted forms of times, and that ambiguous ones are refused. */
final class PointInTimeTest {
  private static final Instant NOW = Instant.parse("2026-11-21T14:00:00.750Z");

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T14:00:00Z,          2026-11-21T14:00:00Z",
    "2026-11-21t14:00:00z,          2026-11-21T14:00:00Z",
    "2026-11-21T14:00Z,             2026-11-21T14:00:00Z",
    "2026-11-21 14:00:00Z,          2026-11-21T14:00:00Z",
    "2026-11-21T14:00:00+05:30,     2026-11-21T08:30:00Z",
    "2012-10-20T07:15:20.902Z,      2012-10-20T07:15:20.902Z",
    "2012-10-20T07:15:20.902999Z,   2012-10-20T07:15:20.902Z",
    "2024-02-29T23:59:59-01:00,     2024-03-01T00:59:59Z",
    "1970-01-01T00:00:00Z,          1970-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z,   9999-12-31T23:59:59.999Z",
  })
  void completeTimeIsExact(String text, Instant expected) {
    assertThat(PointInTime.read(text, false, NOW))
        .isEqualTo(new PointInTime(expected, PointInTime.Basis.EXACT));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-21,              2026-11-21T00:00:00Z",
    "' 2026-11-21 ',          2026-11-21T00:00:00Z",
    "2026-11-21T14:30,        2026-11-21T14:30:00Z",
    "2026-11-21 14:30:05.123, 2026-11-21T14:30:05.123Z",
  })
  void missingTimeIsMidnightAndMissingZoneIsUtc(String text, Instant expected) {
    assertThat(PointInTime.read(text, true, NOW))
        .isEqualTo(new PointInTime(expected, PointInTime.Basis.UTC));
  }

  @ParameterizedTest
  @CsvSource({
    "90d,           2026-08-23T14:00:00Z",
    "90D,           2026-08-23T14:00:00Z",
    "90 days ago,   2026-08-23T14:00:00Z",
    "-90d,          2026-08-23T14:00:00Z",
    "3w,            2026-10-31T14:00:00Z",
    "1 week,        2026-11-14T14:00:00Z",
    "2h,            2026-11-21T12:00:00Z",
    "15m,           2026-11-21T13:45:00Z",
    "15 min,        2026-11-21T13:45:00Z",
    "30s,           2026-11-21T13:59:30Z",
    "0d,            2026-11-21T14:00:00Z",
    "in 7d,         2026-11-28T14:00:00Z",
    "In 7 days,     2026-11-28T14:00:00Z",
    "+7d,           2026-11-28T14:00:00Z",
  })
  void spanCountsFromNow(String text, Instant expected) {
    assertThat(PointInTime.read(text, false, NOW))
        .isEqualTo(new PointInTime(expected, PointInTime.Basis.NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"in 7d", "+7d", "in 1 week"})
  void explicitFutureSpanIsAcceptedForFutureTimes(String text) {
    assertThat(PointInTime.read(text, true, NOW).utc()).isEqualTo("2026-11-28T14:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7d", "-7d", "7d ago"})
  void ambiguousSpanIsRefusedForFutureTimes(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PointInTime.read(text, true, NOW))
        .withMessage("must be in the future; for a span from now on write 'in 7d'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3M", "3mo", "3 months", "1y", "2 years ago", "in 1 month"})
  void spanWithoutFixedLengthIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PointInTime.read(text, false, NOW))
        .withMessageContaining("months or years")
        .withMessageContaining("90d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "yesterday",
        "2026",
        "2026-00",
        "2026-02-30",
        "2026-13-01",
        "2026-11-21T25:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T14:00:00+19:00",
        "2026-11-21T14:00:00Z[Europe/Berlin]",
        "21.11.2026",
        "11/21/2026",
        "in 7d ago",
        "+7d ago",
        "90",
        "90x",
        "d",
        "1.5d",
        "9999999999d",
        "P90D",
        "{\"a\":1}",
      })
  void otherTextIsRefusedWithTheAcceptedForms(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PointInTime.read(text, false, NOW))
        .withMessage(
            "must be a time: a date (2026-11-21), a month (2026-11), a date-time"
                + " (2026-11-21T14:00:00Z), epoch milliseconds (1795269600000) or a span back from now (90d) in s, m, h, d or w");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1969-12-31",
        "-2026-11-21",
        "0000-01-01",
        "12026-11-21",
        "+12026-11-21T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "999999999w",
        "in 999999999w",
      })
  void timeOutsideClerksRangeIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PointInTime.read(text, false, NOW))
        .withMessage("must lie in the years 1970 to 9999");
  }

  @ParameterizedTest
  @CsvSource({
    "1795269600000,     2026-11-21T14:00:00Z",
    "1795269600000.0,   2026-11-21T14:00:00Z",
    "17952696e5,        2026-11-21T14:00:00Z",
    "100000000000,      1973-03-03T09:46:40Z",
    "253402300799999,   9999-12-31T23:59:59.999Z",
  })
  void numberIsEpochMilliseconds(BigDecimal number, Instant expected) {
    assertThat(PointInTime.ofMillis(number, false))
        .isEqualTo(new PointInTime(expected, PointInTime.Basis.EXACT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1795269600       | must be in epoch milliseconds, not seconds: 1795269600000",
        "2026             | is too small a number for epoch milliseconds; a date is written 2026-11-21",
        "20261121         | is too small a number for epoch milliseconds; a date is written 2026-11-21",
        "0                | is too small a number for epoch milliseconds; a date is written 2026-11-21",
        "-1               | must lie in the years 1970 to 9999",
        "253402300800000  | must lie in the years 1970 to 9999",
        "1795269600000000 | must lie in the years 1970 to 9999",
        "1e999999999      | must lie in the years 1970 to 9999",
      })
  void implausibleNumberIsRefused(BigDecimal number, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PointInTime.ofMillis(number, false))
        .withMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"false, span back from now (90d)", "true, span from now on (in 7d)"})
  void fractionOfMillisecondIsRefused(boolean ahead, String form) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PointInTime.ofMillis(new BigDecimal("1795269600000.5"), ahead))
        .withMessageContaining(form);
  }
}
