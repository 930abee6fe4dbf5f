package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.model.MembershipIndex;
import dev.clerkmcp.interceptor.where.FieldSafety.NamedField;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads the conditions and groups of a call, and gives Clerk those that it has filters for. It
 * stands before the interceptors that resolve references and roles, which then resolve those as
 * well.
 */
public final class WhereInterceptor implements ToolInterceptor {
  private final RowColumns columns;
  private final Supplier<MembershipIndex> memberships;
  private final FieldSafety safety;
  private final boolean peopleHidden;

  /**
   * Prepares to read conditions.
   *
   * @param memberships reads the memberships of all organizations as a part of the current call
   * @param peopleHidden whether a policy may hide users and organizations from tools
   */
  public WhereInterceptor(
      RowColumns columns,
      Supplier<MembershipIndex> memberships,
      FieldSafety safety,
      boolean peopleHidden) {
    this.columns = columns;
    this.memberships = memberships;
    this.safety = safety;
    this.peopleHidden = peopleHidden;
  }

  @Override
  public boolean concerns(ToolCallContext context) {
    return context.tool().listing()
        && (context.options().selects() || !shownFields(context).isEmpty());
  }

  /** The names of this server's that the caller wants to see. */
  private static List<FieldName> shownFields(ToolCallContext context) {
    return context.options().fields().stream()
        .filter(field -> !field.isBlank())
        .map(FieldName::of)
        .filter(RowFields::isShownIfAsked)
        .toList();
  }

  @Override
  public JsonNode intercept(Chain chain) {
    ToolCallContext context = chain.context();
    CallOptions options = context.options();
    List<FieldName> shown = shownFields(context);
    RowFields rowFields = new RowFields(columns, memberships);
    ClerkFilters filters = new ClerkFilters(context);
    shown.forEach(field -> filters.include(field.root(), columns));
    if (!shown.isEmpty()) {
      new ShownFields(rowFields, shown).keepWith(context);
    }
    if (!options.selects()) {
      return chain.proceed();
    }
    JsonNode where = options.where();
    List<Condition> conditions =
        where == null
            ? List.of()
            : ConditionParser.parse(where, context.instance().clock().instant());
    List<Grouping> groupings =
        options.by().stream().flatMap(Grouping::split).map(Grouping::parse).toList();
    List<NamedField> fields = new ArrayList<>();
    conditions.forEach(one -> fields.add(new NamedField(CallOptions.WHERE, one.field())));
    groupings.forEach(one -> fields.add(new NamedField(CallOptions.BY, one.field())));
    safety.check(fields, options.includePrivate());

    fields.forEach(named -> filters.include(named.field().root(), columns));
    List<Condition> own = new ArrayList<>();
    List<Condition> givenToClerk = new ArrayList<>();
    for (Condition condition : conditions) {
      (filters.take(condition) ? givenToClerk : own).add(condition);
    }
    if (!conditions.isEmpty() || !groupings.isEmpty()) {
      filters.widen();
    }
    new Selection(context, own, givenToClerk, groupings, rowFields, safety, peopleHidden)
        .keepWith(context);
    return chain.proceed();
  }
}
