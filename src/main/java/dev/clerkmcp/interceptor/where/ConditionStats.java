package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.interceptor.where.Condition.Judgement;
import dev.clerkmcp.interceptor.where.Condition.Operator;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what a condition, or a group, said of the rows of a list, so that the answer can tell
 * why none matched: a key that no row has, a value that no row has, a value of another kind.
 */
final class ConditionStats {
  private static final int MOST_NAMES = 100;
  private static final int MOST_VALUES = 20;
  private static final int MOST_SHOWN = 8;
  private static final int MAX_LENGTH = 60;

  private final FieldName field;
  private final @Nullable Condition condition;
  private final Map<Judgement, Long> rows = new EnumMap<>(Judgement.class);
  private final Set<String> siblings = new TreeSet<>();
  private final Set<String> values = new TreeSet<>();

  /**
   * Prepares to remember.
   *
   * @param condition null for a group
   */
  ConditionStats(FieldName field, @Nullable Condition condition) {
    this.field = field;
    this.condition = condition;
  }

  /** Adds a row. */
  void add(JsonNode row, JsonNode value, Judgement judgement) {
    rows.merge(judgement, 1L, Long::sum);
    if (judgement == Judgement.ABSENT) {
      if (siblings.size() < MOST_NAMES && count(Judgement.ABSENT) == all()) {
        siblings.addAll(field.siblings(row));
        siblings.remove(field.last());
      }
    } else if (judgement == Judgement.NO && values.size() < MOST_VALUES) {
      for (JsonNode item : value.isArray() ? value : List.of(value)) {
        if (item.isValueNode()) {
          String text = condition == null ? item.asText() : condition.shown(item);
          values.add(QuotedText.shortened(text, MAX_LENGTH));
        }
      }
    }
  }

  private long count(Judgement judgement) {
    return rows.getOrDefault(judgement, 0L);
  }

  private long all() {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * A sentence about what the caller would not expect; null if there is nothing to say.
   *
   * @param kind what a row is, such as {@code user}
   */
  @Nullable String sentence(String kind) {
    long absent = count(Judgement.ABSENT);
    if (all() == 0) {
      return null;
    }
    if (absent == all()) {
      return "No %s has %s%s.".formatted(kind, QuotedText.plain(field.toString()), there());
    }
    long incomparable = count(Judgement.INCOMPARABLE);
    if (condition == null) {
      return incomparable > 0 && count(Judgement.YES) == 0
          ? "No %s has a time in %s.".formatted(kind, QuotedText.plain(field.toString()))
          : null;
    }
    String text = QuotedText.plain(condition.text());
    if (incomparable > 0) {
      return "In %s of %s %ss, %s is of another kind than the value, so that they %s %s."
          .formatted(incomparable, all(), kind, field, matching(), text);
    }
    if (count(Judgement.YES) == 0 && condition.operator() == Operator.EQUALS) {
      List<String> known = values.stream().limit(MOST_SHOWN).map(QuotedText::plain).toList();
      String more = values.size() > MOST_SHOWN ? ", ..." : "";
      String there = known.isEmpty() ? "" : "; there are " + String.join(", ", known) + more;
      return condition.negated()
          ? "Every %s matches %s%s.".formatted(kind, text, there)
          : "No %s is found by %s%s.".formatted(kind, text, there);
    }
    return absent > 0 && (condition.operator().orders() || condition.negated())
        ? "%s of %s %ss have no %s, so that they %s %s."
            .formatted(absent, all(), kind, field, matching(), text)
        : null;
  }

  /** What rows do that cannot be compared with the value. */
  private String matching() {
    return condition != null && condition.negated() ? "match" : "do not match";
  }

  /** Names of what there is beside a key that no row has. */
  private String there() {
    if (!field.isPath() || siblings.isEmpty()) {
      return "";
    }
    List<String> near =
        siblings.size() <= MOST_SHOWN
            ? List.copyOf(siblings)
            : NameSuggestions.of(field.last(), siblings, MOST_SHOWN);
    return "; there %s %s"
        .formatted(
            near.size() == 1 ? "is" : "are",
            String.join(", ", near.stream().map(QuotedText::plain).toList()));
  }
}
