package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.registry.argument.PointInTime;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A condition on the rows of a list.
 *
 * @param text as the caller wrote it, or in the same form
 * @param negated whether it holds for the rows that it would not hold for otherwise
 * @param operands what the value is compared with: one of them must fit
 */
record Condition(
    String text, FieldName field, boolean negated, Operator operator, List<Operand> operands) {
  private static final Set<String> ROLES = Set.of("role", "roles", "organization_role");

  /** Times below are in seconds, as in a few of Clerk's objects. */
  private static final long FIRST_MILLIS = 100_000_000_000L;

  Condition {
    operands = List.copyOf(operands);
  }

  /** How a value is compared. */
  enum Operator {
    /** There is a value, and it is not false or zero. */
    PRESENT,
    EQUALS,
    CONTAINS,
    LESS,
    AT_MOST,
    MORE,
    AT_LEAST;

    /** Whether it compares by order. */
    boolean orders() {
      return compareTo(LESS) >= 0;
    }

    private boolean accepts(int order) {
      return switch (this) {
        case LESS -> order < 0;
        case AT_MOST -> order <= 0;
        case MORE -> order > 0;
        case AT_LEAST -> order >= 0;
        default -> order == 0;
      };
    }
  }

  /** What a condition without its negation says of a value. */
  enum Judgement {
    YES,
    NO,
    /** There is no value. */
    ABSENT,
    /** The value is of another kind, such as a text that would have to be less than 5. */
    INCOMPARABLE
  }

  /** Whether a row with this judgement meets the condition. */
  boolean holds(Judgement judgement) {
    return (judgement == Judgement.YES) != negated;
  }

  /** Judges the value that a row has in the field. */
  Judgement judge(JsonNode value) {
    boolean counted =
        operator.orders()
            || (operator == Operator.EQUALS
                && operands.stream().anyMatch(operand -> operand.number() != null));
    if (counted && value.isContainerNode() && !hasScalars(value)) {
      return compared(LongNode.valueOf(value.size()));
    }
    if (isNothing(value)) {
      boolean wanted = operator == Operator.EQUALS && operands.stream().anyMatch(Operand::isNull);
      return wanted ? Judgement.YES : Judgement.ABSENT;
    }
    if (operator == Operator.PRESENT) {
      boolean no = (value.isBoolean() || value.isNumber()) && !value.asBoolean();
      return no ? Judgement.NO : Judgement.YES;
    }
    if (!value.isArray()) {
      return compared(value);
    }
    Judgement best = Judgement.INCOMPARABLE;
    for (JsonNode item : value) {
      Judgement judgement = isNothing(item) ? Judgement.ABSENT : compared(item);
      best = judgement.compareTo(best) < 0 ? judgement : best;
    }
    return best;
  }

  /** Whether a text is looked for, or a value that no list could have as many of. */
  boolean comparesTexts() {
    return operator == Operator.CONTAINS
        || (operator == Operator.EQUALS
            && operands.stream()
                .allMatch(operand -> operand.number() == null && !operand.isNull()));
  }

  static boolean isNothing(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isTextual() && value.textValue().isEmpty());
  }

  private static boolean hasScalars(JsonNode value) {
    return value.isArray() && value.valueStream().anyMatch(item -> !item.isContainerNode());
  }

  private Judgement compared(JsonNode value) {
    Judgement best = Judgement.INCOMPARABLE;
    for (Operand operand : operands) {
      Judgement judgement = compared(value, operand);
      best = judgement.compareTo(best) < 0 ? judgement : best;
    }
    return best;
  }

  private Judgement compared(JsonNode value, Operand operand) {
    if (value.isContainerNode()) {
      return Judgement.INCOMPARABLE;
    }
    if (operator == Operator.CONTAINS) {
      return of(lower(shown(value)).contains(lower(operand.text())));
    }
    if (value.isBoolean()) {
      return operand.flag() == null || operator.orders()
          ? Judgement.INCOMPARABLE
          : of(operand.flag() == value.booleanValue());
    }
    if (value.isNumber()) {
      return ordered(value, operand);
    }
    return value.isTextual() ? ordered(value.textValue(), operand) : Judgement.INCOMPARABLE;
  }

  /** The value as answers show it. */
  String shown(JsonNode value) {
    return value.isNumber() && field.isTime()
        ? IsoTime.of(Instant.ofEpochMilli(millis(value.asLong())))
        : value.asText();
  }

  private static long millis(long written) {
    return written < FIRST_MILLIS ? written * 1000 : written;
  }

  private Judgement ordered(JsonNode number, Operand operand) {
    TimeRange time = operand.time();
    if (time != null && (field.isTime() || operand.number() == null)) {
      return of(operator.accepts(time.compare(millis(number.asLong()))));
    }
    return operand.number() == null
        ? Judgement.INCOMPARABLE
        : of(operator.accepts(number.decimalValue().compareTo(operand.number())));
  }

  private Judgement ordered(String text, Operand operand) {
    BigDecimal number = operator.orders() ? Operand.number(text) : null;
    if (number != null && operand.number() != null) {
      return of(operator.accepts(number.compareTo(operand.number())));
    }
    if (operator == Operator.EQUALS) {
      boolean same =
          ROLES.contains(field.last())
              ? OrganizationRole.of(lower(text)).equals(OrganizationRole.of(lower(operand.text())))
              : lower(text).equals(lower(operand.text()));
      if (same || operand.time() == null) {
        return of(same);
      }
    }
    TimeRange time = operand.time();
    if (time == null) {
      return Judgement.INCOMPARABLE;
    }
    try {
      PointInTime written = PointInTime.read(text, false, Instant.EPOCH);
      return written.basis() == PointInTime.Basis.NOW
          ? Judgement.INCOMPARABLE
          : of(operator.accepts(time.compare(written.utc().toEpochMilli())));
    } catch (IllegalArgumentException e) {
      return operator == Operator.EQUALS ? Judgement.NO : Judgement.INCOMPARABLE;
    }
  }

  private static Judgement of(boolean yes) {
    return yes ? Judgement.YES : Judgement.NO;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
