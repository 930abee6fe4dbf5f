package dev.clerkmcp.interceptor.where;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value that a condition compares with, in every meaning that its text can have: which one counts
 * depends on the value of the row.
 *
 * @param isNull whether it stands for no value
 */
record Operand(
    String text,
    boolean isNull,
    @Nullable BigDecimal number,
    @Nullable Boolean flag,
    @Nullable TimeRange time) {
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,40}(?:\\.\\d{1,18})?");
  private static final Set<String> NULLS = Set.of("null", "none", "nil", "empty", "undefined");

  /**
   * Reads a value.
   *
   * @param quoted whether it was in quotation marks, so that {@code "null"} is a word
   */
  static Operand of(String text, boolean quoted, Instant now) {
    TimeRange time = null;
    try {
      time = TimeRange.of(text, now);
    } catch (IllegalArgumentException e) {
      // it is no time, and need not be one
    }
    String word = text.toLowerCase(Locale.ROOT);
    return new Operand(text, !quoted && NULLS.contains(word), number(text), flag(word), time);
  }

  static @Nullable BigDecimal number(String text) {
    return NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
  }

  private static @Nullable Boolean flag(String word) {
    return switch (word) {
      case "true", "yes", "1" -> true;
      case "false", "no", "0" -> false;
      default -> null;
    };
  }
}
