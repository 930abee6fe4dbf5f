package dev.clerkmcp.workflows.report;

import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.workflows.report.GrowthReport.GrowthInterval;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Splits a time span into calendar periods in UTC. */
final class GrowthPeriods {
  static final int MAX_PERIODS = 100;

  private static final int DEFAULT = 12;

  private final List<Period> periods = new ArrayList<>();
  private final Instant end;

  /**
   * Splits a time span.
   *
   * @param from the start; null for twelve periods before the end
   * @param to the end; null, or a time in the future, for now
   * @throws InvalidArgumentsException if the span is empty or has more than {@link #MAX_PERIODS}
   *     periods
   */
  GrowthPeriods(
      @Nullable Instant from, @Nullable Instant to, GrowthInterval interval, Instant now) {
    end = to == null || to.isAfter(now) ? now : to;
    LocalDate last = interval.first(day(end.minusMillis(1)));
    Instant start = from == null ? midnight(last.minus(DEFAULT - 1, interval.unit())) : from;
    if (!start.isBefore(end)) {
      throw InvalidArgumentsException.of(
          "from", "must lie before the end, which is " + end.truncatedTo(ChronoUnit.SECONDS));
    }
    LocalDate first = interval.first(day(start));
    long count = interval.unit().between(first, last) + 1;
    if (count > MAX_PERIODS) {
      throw InvalidArgumentsException.of(
          "interval",
          "gives %s periods, and at most %s can be counted; choose a longer interval, or a later from"
              .formatted(count, MAX_PERIODS));
    }
    for (int i = 0; i < count; i++) {
      LocalDate day = first.plus(i, interval.unit());
      Instant begin = midnight(day);
      Instant next = midnight(day.plus(1, interval.unit()));
      boolean whole = !begin.isBefore(start) && !next.isAfter(end);
      // A period that ends now is not cut: Clerk's clock may be ahead of this computer's.
      boolean cut = next.isAfter(end) && end.isBefore(now);
      periods.add(new Period(day, later(begin, start), cut ? end : next, !whole));
    }
  }

  List<Period> all() {
    return List.copyOf(periods);
  }

  Instant start() {
    return periods.get(0).start();
  }

  Instant end() {
    return end;
  }

  /** The index of the period in which a time lies, or -1 if it lies in none. */
  int find(long millis) {
    for (int i = 0; i < periods.size(); i++) {
      if (millis >= periods.get(i).start().toEpochMilli()
          && millis < periods.get(i).end().toEpochMilli()) {
        return i;
      }
    }
    return -1;
  }

  private static LocalDate day(Instant moment) {
    return moment.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  private static Instant midnight(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /**
   * One period.
   *
   * @param day its first calendar day
   * @param end the first moment after the period
   * @param partial whether the time span covers only a part of it
   */
  record Period(LocalDate day, Instant start, Instant end, boolean partial) {}
}
