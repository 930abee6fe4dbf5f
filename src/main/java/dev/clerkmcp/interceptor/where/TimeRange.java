package dev.clerkmcp.interceptor.where;

import dev.clerkmcp.registry.argument.PointInTime;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * The time that a value of a condition stands for: an instant, or a whole second, minute, day,
 * month or year in UTC.
 *
 * @param start its first millisecond since 1970
 * @param end the first millisecond after it
 * @param relative whether it counts from now, as {@code 30d ago} does
 */
record TimeRange(long start, long end, boolean relative) {
  private static final Pattern YEAR = Pattern.compile("\\d{4}");
  private static final Pattern MONTH = Pattern.compile("\\d{4}-\\d\\d");
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
  private static final Pattern MINUTE = Pattern.compile(".*[T ]\\d\\d:\\d\\d(?:[Zz+-].*)?");
  private static final Pattern SECOND = Pattern.compile(".*[T ]\\d\\d:\\d\\d:\\d\\d(?:[Zz+-].*)?");
  private static final Pattern MILLIS = Pattern.compile("\\d{9,15}");

  /**
   * Reads a year, a month, a date, a date-time, milliseconds since 1970, or a span back from now.
   *
   * @throws IllegalArgumentException with a message that completes a sentence about the value
   */
  static TimeRange of(String written, Instant now) {
    String text = written.strip();
    try {
      if (YEAR.matcher(text).matches()) {
        Year year = Year.parse(text);
        return days(year.atDay(1), year.plusYears(1).atDay(1));
      }
      if (MONTH.matcher(text).matches()) {
        YearMonth month = YearMonth.parse(text);
        return days(month.atDay(1), month.plusMonths(1).atDay(1));
      }
      if (DAY.matcher(text).matches()) {
        LocalDate day = LocalDate.parse(text);
        return days(day, day.plusDays(1));
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("is no date that exists", e);
    }
    PointInTime time =
        MILLIS.matcher(text).matches()
            ? PointInTime.ofMillis(new BigDecimal(text), false)
            : PointInTime.read(text, false, now);
    long millis = time.utc().toEpochMilli();
    return new TimeRange(millis, millis + length(text), time.basis() == PointInTime.Basis.NOW);
  }

  /** The milliseconds of a date-time, which answers show without those of the second. */
  private static long length(String text) {
    if (SECOND.matcher(text).matches()) {
      return 1_000;
    }
    return MINUTE.matcher(text).matches() ? 60_000 : 1;
  }

  private static TimeRange days(LocalDate first, LocalDate after) {
    return new TimeRange(millis(first), millis(after), false);
  }

  private static long millis(LocalDate day) {
    return day.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  /** Less than zero for a time before it, zero within it, more than zero after it. */
  int compare(long millis) {
    return millis < start ? -1 : millis < end ? 0 : 1;
  }
}
