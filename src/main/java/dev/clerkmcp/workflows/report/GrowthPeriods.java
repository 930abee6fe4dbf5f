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

/** A stretch of time cut along the calendar in UTC. */
final class GrowthPeriods {
  static final int MOST = 100;

  private static final int DEFAULT = 12;

  private final List<Period> periods = new ArrayList<>();
  private final Instant end;

  /**
   * Cuts it.
   *
   * @param from null for twelve periods back from the end
   * @param to null for now, after which nothing can have happened
   * @throws InvalidArgumentsException if that is nothing, or more than {@link #MOST} periods
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
    if (count > MOST) {
      throw InvalidArgumentsException.of(
          "interval",
          "gives %s periods, and at most %s can be counted; choose a longer interval, or a later from"
              .formatted(count, MOST));
    }
    for (int i = 0; i < count; i++) {
      LocalDate day = first.plus(i, interval.unit());
      Instant begin = midnight(day);
      Instant next = midnight(day.plus(1, interval.unit()));
      boolean whole = !begin.isBefore(start) && !next.isAfter(end);
      // Up to now means all there is: Clerk's clock may be ahead of this computer's.
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

  /** Where a moment falls, or -1 if into no period. */
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
   * One of them.
   *
   * @param day its first day in the calendar
   * @param end the first moment after it
   * @param partial whether it is cut short
   */
  record Period(LocalDate day, Instant start, Instant end, boolean partial) {}
}
