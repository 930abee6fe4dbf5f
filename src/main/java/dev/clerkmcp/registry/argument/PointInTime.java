package dev.clerkmcp.registry.argument;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses a point in time: a date, a date with a time of day, epoch milliseconds, or a span of time
 * relative to now. An ambiguous text is an error.
 *
 * @param utc the time in milliseconds, Clerk's precision
 */
public record PointInTime(Instant utc, Basis basis) {
  /** The last time that RFC 3339 can express. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  /**
   * Smaller numbers are seconds, years or dates without hyphens; as milliseconds they would be
   * before March 1973.
   */
  private static final BigDecimal LEAST_MILLIS = BigDecimal.valueOf(100_000_000_000L);

  private static final Pattern SECONDS = Pattern.compile("\\d{10}");

  private static final Pattern SPAN =
      Pattern.compile("(in |\\+|-)?(\\d{1,9}) ?([a-z]+?)( ago)?", Pattern.CASE_INSENSITIVE);

  /** A year of more digits than a date can have. */
  private static final Pattern FAR_YEAR = Pattern.compile("[+-]?\\d{5,}-\\d\\d-\\d\\d.*");

  private static final Pattern MONTH = Pattern.compile("\\d{4}-(0[1-9]|1[0-2])");

  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffsetId()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  /** The parts of the time that the text has, and the default for the others. */
  public enum Basis {
    /** It has all parts. */
    EXACT,
    /** The time of day or the offset is missing: the default is midnight, UTC. */
    UTC,
    /** It is a span, which counts from now. */
    NOW
  }

  /**
   * Parses epoch milliseconds.
   *
   * @param ahead whether the time must be in the future, for the error message
   * @throws IllegalArgumentException with a message that completes a sentence about the argument
   */
  public static PointInTime ofMillis(BigDecimal number, boolean ahead) {
    if (number.signum() < 0 || number.compareTo(BigDecimal.valueOf(LAST.toEpochMilli())) > 0) {
      throw outOfRange();
    }
    if (number.stripTrailingZeros().scale() > 0) {
      throw unreadable(ahead);
    }
    long millis = number.longValue();
    if (SECONDS.matcher(Long.toString(millis)).matches()) {
      throw new IllegalArgumentException(
          "must be in epoch milliseconds, not seconds: %s000".formatted(millis));
    }
    if (number.compareTo(LEAST_MILLIS) < 0) {
      throw new IllegalArgumentException(
          "is too small a number for epoch milliseconds; a date is written 2026-11-21");
    }
    return new PointInTime(Instant.ofEpochMilli(millis), Basis.EXACT);
  }

  /**
   * Parses a text.
   *
   * @param ahead whether the time must be in the future, so that a span cannot count back
   * @throws IllegalArgumentException with a message that completes a sentence about the argument
   */
  public static PointInTime read(String text, boolean ahead, Instant now) {
    String stripped = text.strip();
    Matcher span = SPAN.matcher(stripped);
    if (span.matches()) {
      return ofSpan(span, ahead, now);
    }
    if (FAR_YEAR.matcher(stripped).matches()) {
      throw outOfRange();
    }
    if (MONTH.matcher(stripped).matches()) {
      return read(stripped + "-01", ahead, now);
    }
    try {
      return ofDate(
          DATE.parseBest(
              stripped.replaceFirst("^(\\d{4}-\\d\\d-\\d\\d) ", "$1T"),
              OffsetDateTime::from,
              LocalDateTime::from,
              LocalDate::from));
    } catch (DateTimeException e) {
      throw unreadable(ahead);
    }
  }

  private static PointInTime ofDate(TemporalAccessor parsed) {
    if (parsed instanceof OffsetDateTime exact) {
      return within(exact.toInstant(), Basis.EXACT);
    }
    LocalDateTime time =
        parsed instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) parsed;
    return within(time.toInstant(ZoneOffset.UTC), Basis.UTC);
  }

  private static PointInTime ofSpan(Matcher span, boolean ahead, Instant now) {
    String before = span.group(1);
    boolean saysAhead = before != null && !before.equals("-");
    boolean saysBack = span.group(4) != null || "-".equals(before);
    Duration unit = unit(span.group(3), ahead);
    if (saysAhead && saysBack) {
      throw unreadable(ahead);
    }
    if (ahead && !saysAhead) {
      throw new IllegalArgumentException(
          "must be in the future; for a span from now on write 'in %s%s'"
              .formatted(span.group(2), span.group(3)));
    }
    Duration length = unit.multipliedBy(Long.parseLong(span.group(2)));
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    return within(saysAhead ? second.plus(length) : second.minus(length), Basis.NOW);
  }

  private static Duration unit(String word, boolean ahead) {
    if (word.equals("M")) {
      throw notFixed();
    }
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "s", "second", "seconds" -> Duration.ofSeconds(1);
      case "m", "min", "minute", "minutes" -> Duration.ofMinutes(1);
      case "h", "hour", "hours" -> Duration.ofHours(1);
      case "d", "day", "days" -> Duration.ofDays(1);
      case "w", "week", "weeks" -> Duration.ofDays(7);
      case "mo", "month", "months", "y", "year", "years" -> throw notFixed();
      default -> throw unreadable(ahead);
    };
  }

  private static IllegalArgumentException notFixed() {
    return new IllegalArgumentException(
        "cannot be a span of months or years, which differ in length; write it in days (90d), or a"
            + " date (2026-11-21)");
  }

  private static PointInTime within(Instant time, Basis basis) {
    Instant kept = time.truncatedTo(ChronoUnit.MILLIS);
    if (kept.isBefore(Instant.EPOCH) || kept.isAfter(LAST)) {
      throw outOfRange();
    }
    return new PointInTime(kept, basis);
  }

  private static IllegalArgumentException outOfRange() {
    return new IllegalArgumentException("must lie in the years 1970 to 9999");
  }

  private static IllegalArgumentException unreadable(boolean ahead) {
    return new IllegalArgumentException(
        "must be a time: a date (2026-11-21), a month (2026-11), a date-time (2026-11-21T14:00:00Z), epoch milliseconds"
            + " (1795269600000) or a span "
            + (ahead ? "from now on (in 7d)" : "back from now (90d)")
            + " in s, m, h, d or w");
  }
}
