package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.interceptor.where.Condition.Operator;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gives conditions to Clerk where Clerk has a filter for them, so that fewer rows are read; and
 * asks Clerk for values that it sends only on request.
 */
final class ClerkFilters {
  private static final String BEFORE = "_before";
  private static final String AFTER = "_after";
  private static final String INCLUDE = "include_";
  private static final String ALL = "all";
  private static final String EVERY = "Rows of every %s were looked at, which where may narrow.";

  /** Values that Clerk sends with another one that is asked for. */
  private static final Map<String, String> COMES_WITH =
      Map.of("pending_invitations_count", "members_count", "seats_left", "members_count");

  private final ToolCallContext context;

  ClerkFilters(ToolCallContext context) {
    this.context = context;
  }

  /**
   * Sets the arguments for a condition as far as Clerk has them and the caller gave none.
   *
   * @return whether Clerk then answers exactly the rows that meet the condition
   */
  boolean take(Condition condition) {
    FieldName field = condition.field();
    if (field.isPath()) {
      return false;
    }
    if (field.isTime() && !condition.negated()) {
      narrow(field.root(), condition);
    }
    Argument argument = context.tool().arguments().find(field.root());
    JsonNode value = argument == null ? null : value(argument, condition);
    if (argument == null || value == null || context.arguments().has(argument.name())) {
      return false;
    }
    context.set(argument.name(), value);
    return true;
  }

  /**
   * Asks for the values that a field needs and the tool has an argument {@code include_...} for.
   */
  void include(String field, RowColumns columns) {
    Set<String> needed = new TreeSet<>(columns.sources(field));
    needed.add(COMES_WITH.getOrDefault(field, field));
    for (String source : needed) {
      if (context.tool().arguments().find(INCLUDE + source) != null) {
        context.set(INCLUDE + source, BooleanNode.TRUE);
      }
    }
  }

  /**
   * Asks for all rows where the list leaves some of them out unless an argument says otherwise, as
   * that of invitations leaves out revoked ones.
   */
  void widen() {
    for (Argument argument : context.tool().arguments().all()) {
      if (argument.type() instanceof ArgumentType.Choice choice
          && choice.words().contains(ALL)
          && !context.arguments().has(argument.name())) {
        context.set(argument.name(), TextNode.valueOf(ALL));
        context.noteForGood(EVERY.formatted(argument.name()));
      }
    }
  }

  private static @Nullable JsonNode value(Argument argument, Condition condition) {
    if (argument.isOption()) {
      return null;
    }
    if (argument.type() instanceof ArgumentType.Flag) {
      return flag(condition);
    }
    boolean equals = condition.operator() == Operator.EQUALS && !condition.negated();
    List<Operand> operands = condition.operands();
    if (!equals || operands.stream().anyMatch(ClerkFilters::isSpecial)) {
      return null;
    }
    if (argument.type() instanceof ArgumentType.Items list
        && list.item() instanceof ArgumentType.Text
        && operands.size() <= list.max()) {
      ArrayNode values = Json.array();
      operands.forEach(operand -> values.add(operand.text()));
      return values;
    }
    if (argument.type() instanceof ArgumentType.Choice choice && operands.size() == 1) {
      String word = operands.get(0).text();
      return choice.words().contains(word) ? TextNode.valueOf(word) : null;
    }
    return null;
  }

  /** Whether Clerk reads a value differently: it has no word for null, and a sign excludes. */
  private static boolean isSpecial(Operand operand) {
    return operand.isNull() || operand.text().matches("[+-].*|");
  }

  private static @Nullable JsonNode flag(Condition condition) {
    if (condition.operator() == Operator.PRESENT) {
      return BooleanNode.valueOf(!condition.negated());
    }
    Boolean flag = condition.operands().get(0).flag();
    return condition.operator() != Operator.EQUALS
            || condition.operands().size() > 1
            || flag == null
        ? null
        : BooleanNode.valueOf(flag != condition.negated());
  }

  /**
   * Narrows the list to a time. Whether Clerk's filters include the moment itself is not
   * documented, so they are set one millisecond wider.
   */
  private void narrow(String field, Condition condition) {
    if (condition.operands().size() != 1 || condition.operands().get(0).time() == null) {
      return;
    }
    TimeRange time = condition.operands().get(0).time();
    switch (condition.operator()) {
      case LESS -> limit(field + BEFORE, time.start() + 1);
      case AT_MOST -> limit(field + BEFORE, time.end() + 1);
      case MORE -> limit(field + AFTER, time.end() - 1);
      case AT_LEAST -> limit(field + AFTER, time.start() - 1);
      case EQUALS -> {
        limit(field + AFTER, time.start() - 1);
        limit(field + BEFORE, time.end() + 1);
      }
      default -> {}
    }
  }

  private void limit(String name, long millis) {
    if (context.tool().arguments().find(name) != null && !context.arguments().has(name)) {
      context.set(name, LongNode.valueOf(Math.max(0, millis)));
    }
  }
}
