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
    return context.tool().listing() && context.options().selects();
  }

  @Override
  public JsonNode intercept(Chain chain) {
    ToolCallContext context = chain.context();
    CallOptions options = context.options();
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

    ClerkFilters filters = new ClerkFilters(context);
    fields.forEach(named -> filters.include(named.field().root(), columns));
    List<Condition> own = new ArrayList<>();
    List<Condition> givenToClerk = new ArrayList<>();
    for (Condition condition : conditions) {
      (filters.take(condition) ? givenToClerk : own).add(condition);
    }
    if (!conditions.isEmpty() || !groupings.isEmpty()) {
      filters.widen();
    }
    new Selection(
            context,
            own,
            givenToClerk,
            groupings,
            new RowFields(columns, memberships),
            safety,
            peopleHidden)
        .keepWith(context);
    return chain.proceed();
  }
}
