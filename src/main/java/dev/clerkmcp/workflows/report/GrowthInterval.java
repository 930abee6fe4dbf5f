package dev.clerkmcp.workflows.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/** The periods of the calendar by which growth is counted; a week begins on Monday. */
public enum GrowthInterval {
  @JsonProperty("day")
  DAY(ChronoUnit.DAYS),
  @JsonProperty("week")
  WEEK(ChronoUnit.WEEKS),
  @JsonProperty("month")
  MONTH(ChronoUnit.MONTHS);

  private final ChronoUnit unit;

  GrowthInterval(ChronoUnit unit) {
    this.unit = unit;
  }

  ChronoUnit unit() {
    return unit;
  }

  /** The first day of the period in which a day lies. */
  LocalDate first(LocalDate day) {
    return switch (this) {
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
    };
  }
}
