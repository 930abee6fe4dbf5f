package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.where.Condition.Judgement;
import dev.clerkmcp.interceptor.where.FieldSafety.NamedField;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.QuotedText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one call selects from a list by its conditions, or counts, page by page. Of the
 * rows it keeps where they stand in Clerk's list, so that another call can go on after any of them.
 */
public final class Selection {
  private static final String CURSOR = "starting_after";
  private static final String OFFSET = "offset";
  private static final String ORGANIZATIONS = "organization_id";
  private static final int MOST_SIMILAR = 3;
  private static final int MOST_FIELDS = 6;

  private final ToolCallContext context;
  private final List<Test> tests = new ArrayList<>();
  private final List<Condition> givenToClerk;
  private final RowFields fields;
  private final FieldSafety safety;
  private final boolean peopleHidden;
  private final @Nullable GroupCounts groups;
  private final List<Position> positions = new ArrayList<>();
  private ListPage page = new ListPage(Json.array(), null, null);
  private long most = Long.MAX_VALUE;
  private long lookedAt;
  private long matching;
  private long hidden;
  private boolean byCursor;
  private boolean fromStart;
  private boolean checked;
  private boolean masked;
  private @Nullable Long stoppedAt;
  private String kind = "row";

  /** Where a row stands in Clerk's list. */
  private record Position(long offset, String id) {}

  /**
   * A condition or a group, and what it said of the rows.
   *
   * @param condition null for a group
   * @param grouping null for a condition
   */
  private record Test(
      NamedField named,
      @Nullable Condition condition,
      @Nullable Grouping grouping,
      ConditionStats stats) {
    static Test of(Condition condition) {
      FieldName field = condition.field();
      return new Test(
          new NamedField(CallOptions.WHERE, field),
          condition,
          null,
          new ConditionStats(field, condition));
    }

    static Test of(Grouping grouping) {
      FieldName field = grouping.field();
      return new Test(
          new NamedField(CallOptions.BY, field), null, grouping, new ConditionStats(field, null));
    }

    /** Whether a row passes; every row passes a group. */
    boolean passes(JsonNode row, JsonNode value) {
      Judgement judgement = condition == null ? judge(value) : condition.judge(value);
      stats.add(row, value, judgement);
      return condition == null || condition.holds(judgement);
    }

    private Judgement judge(JsonNode value) {
      if (Condition.isNothing(value)) {
        return Judgement.ABSENT;
      }
      return grouping != null && grouping.isOfOtherKind(value)
          ? Judgement.INCOMPARABLE
          : Judgement.YES;
    }
  }

  /**
   * Prepares a selection.
   *
   * @param conditions those to test here
   * @param givenToClerk those that Clerk tests exactly
   * @param peopleHidden whether a policy may hide some of the rows
   */
  Selection(
      ToolCallContext context,
      List<Condition> conditions,
      List<Condition> givenToClerk,
      List<Grouping> groupings,
      RowFields fields,
      FieldSafety safety,
      boolean peopleHidden) {
    this.context = context;
    this.givenToClerk = List.copyOf(givenToClerk);
    this.fields = fields;
    this.safety = safety;
    this.peopleHidden = peopleHidden;
    this.groups = groupings.isEmpty() ? null : new GroupCounts(groupings);
    conditions.forEach(one -> tests.add(Test.of(one)));
    groupings.forEach(one -> tests.add(Test.of(one)));
    this.fromStart = !context.arguments().has(OFFSET) && !context.arguments().has(CURSOR);
  }

  /** The selection of a call; null if the call selects and counts nothing. */
  public static @Nullable Selection find(ToolCallContext context) {
    return context.options().selects()
        ? context.attribute(Holder.class, Holder::new).selection
        : null;
  }

  void keepWith(ToolCallContext call) {
    call.attribute(Holder.class, Holder::new).selection = this;
  }

  private static final class Holder {
    private @Nullable Selection selection;
  }

  /** Sets how many matching rows are wanted at most. */
  public void limit(long rows) {
    most = rows;
  }

  /** Whether Clerk's own total is the number of all matching rows, from the first on. */
  public boolean isCountedByClerk() {
    return tests.isEmpty() && !peopleHidden && fromStart;
  }

  /** Whether another page is wanted. */
  public boolean wantsMore() {
    return stoppedAt == null && matching < most;
  }

  /** The page that was read last, as Clerk answered it. */
  public ListPage page() {
    return page;
  }

  /**
   * Looks at the rows of a page, until enough match.
   *
   * @return those that match; none if they are only counted
   */
  ArrayNode take(ListPage read) {
    page = read;
    long offset = context.arguments().path(OFFSET).asLong();
    byCursor = context.arguments().has(CURSOR) || (read.next() != null && read.next().has(CURSOR));
    ArrayNode taken = Json.array();
    List<JsonNode> rows = read.rows();
    for (int i = 0; i < rows.size(); i++) {
      JsonNode row = rows.get(i);
      if (!row.isObject()) {
        hidden++;
        continue;
      }
      if (!checked) {
        check(row, rows);
        checked = true;
      }
      lookedAt++;
      if (!matches(row)) {
        continue;
      }
      matching++;
      if (context.options().counts()) {
        if (groups != null) {
          groups.add(field -> fields.in(row, field));
        }
        continue;
      }
      taken.add(
          fields.withComputed(row, tests.stream().map(test -> test.named().field()).toList()));
      if (context.options().export() != null) {
        positions.clear(); // a file goes on only after its last row, and may have any number
      }
      positions.add(new Position(offset + i, row.path("id").asText("")));
      if (matching >= most) {
        stoppedAt = rows.size() - i - 1L;
        break;
      }
    }
    return taken;
  }

  /** Every test sees every row, so that each can tell what it saw. */
  private boolean matches(JsonNode row) {
    boolean matches = true;
    for (Test test : tests) {
      JsonNode value = fields.in(row, test.named().field());
      masked |= safety.maskPeople() && test.named().field().isCustom() && isMasked(value);
      checkComparable(test, value);
      matches &= test.passes(row, value);
    }
    return matches;
  }

  /**
   * Refuses to compare objects of Clerk's with a text: the condition would hold for none, and its
   * negation for all. In metadata, where users may write an object in place of a text, one of them
   * must not make the call fail.
   */
  private static void checkComparable(Test test, JsonNode value) {
    Condition condition = test.condition();
    if (condition != null
        && !condition.field().isCustom()
        && condition.comparesTexts()
        && hasObjects(value)) {
      JsonNode item = value.isArray() ? value.path(0) : value;
      throw InvalidArgumentsException.of(
          CallOptions.WHERE,
          "%s compares an object with a text; name a field of it: %s"
              .formatted(
                  QuotedText.plain(condition.text()),
                  item.propertyStream()
                      .filter(field -> field.getValue().isTextual())
                      .filter(field -> !field.getKey().matches("object|(.+_)?id"))
                      .limit(MOST_FIELDS)
                      .map(field -> "%s.%s".formatted(condition.field(), field.getKey()))
                      .collect(Collectors.joining(", "))));
    }
  }

  private static boolean hasObjects(JsonNode value) {
    return (value.isObject() && !value.isEmpty())
        || (value.isArray() && value.valueStream().anyMatch(JsonNode::isObject));
  }

  private static boolean isMasked(JsonNode value) {
    return value.isArray()
        ? value.valueStream().anyMatch(Selection::isMasked)
        : value.asText("").contains("***");
  }

  /** Checks that rows have all fields, and that the fields may be compared. */
  private void check(JsonNode first, List<JsonNode> rows) {
    String object = first.path("object").asText("");
    kind = object.isEmpty() ? kind : object.replaceFirst("^organization_", "").replace('_', ' ');
    for (Test test : tests) {
      NamedField named = test.named();
      if (rows.stream().noneMatch(row -> row.isObject() && fields.has(row, named.field()))) {
        throw unknown(named, first, rows);
      }
      safety.check(named, first, fields.sources(first, named.field()));
    }
  }

  private InvalidArgumentsException unknown(NamedField named, JsonNode first, List<JsonNode> rows) {
    String name = named.field().root();
    Set<String> shown = fields.ownNames(first);
    Set<String> known = new TreeSet<>(shown);
    first.fieldNames().forEachRemaining(known::add);
    Set<String> inMetadata = new TreeSet<>();
    for (JsonNode row : rows) {
      for (Map.Entry<String, JsonNode> field : row.properties()) {
        if (field.getKey().endsWith("metadata") && field.getValue().has(name)) {
          inMetadata.add(field.getKey() + "." + name);
        }
      }
    }
    List<String> nearest =
        inMetadata.isEmpty()
            ? NameSuggestions.similar(name, known, MOST_SIMILAR)
            : List.copyOf(inMetadata);
    String hint = NameSuggestions.hint(nearest);
    if (context.tool().argumentNames().contains(name)) {
      hint = "; %s is an argument beside %s%s".formatted(name, named.argument(), hint);
    } else if (kind.equals("membership") && RowFields.isWordOfUsers(name)) {
      hint = "; clerk_users_list compares it, with organization or role = admin beside it";
    } else if (isProvider(name, rows)) {
      hint = "; write providers = " + withoutPrefix(name);
    } else if (inMetadata.isEmpty()) {
      hint += "; there are " + String.join(", ", shown);
    }
    return InvalidArgumentsException.of(
        named.argument(),
        "names %s, which no %s has%s".formatted(QuotedText.plain(name), kind, hint));
  }

  /** Whether a row has an account of a provider, such as {@code google}. */
  private boolean isProvider(String name, List<JsonNode> rows) {
    FieldName providers = FieldName.of("providers");
    return rows.stream()
        .filter(JsonNode::isObject)
        .flatMap(row -> fields.in(row, providers).valueStream())
        .anyMatch(provider -> provider.asText().equals(withoutPrefix(name)));
  }

  private static String withoutPrefix(String provider) {
    return provider.replaceFirst("^oauth_", "");
  }

  /** The arguments that go on after some of the selected rows, at least one. */
  public ObjectNode after(int rows) {
    Position last = positions.get(rows - 1);
    return byCursor
        ? Json.object().put(CURSOR, last.id())
        : Json.object().put(OFFSET, last.offset() + 1);
  }

  /**
   * The answer with rows.
   *
   * @param last the answer with the page that was read last
   */
  public ObjectNode answer(ObjectNode last, ArrayNode rows) {
    ObjectNode answer = Json.object();
    answer.set("data", rows);
    ObjectNode next = last.path("next") instanceof ObjectNode object ? object : null;
    boolean more = next != null || (stoppedAt != null && stoppedAt > 0);
    if (stoppedAt != null && more) {
      next = after(positions.size());
    }
    if (!more && fromStart) {
      answer.put("total_count", matching);
    }
    answer.put("looked_at", lookedAt);
    answer.put("has_more", more);
    if (next != null) {
      answer.set("next", next);
    }
    if (stoppedAt != null && more) {
      note(
          "Reading stopped with %s matching %s after %s; next goes on, count: true counts all."
              .formatted(matching, matching == 1 ? "row" : "rows", lookedAt(page.totalCount())));
    }
    tell();
    return answer;
  }

  private String lookedAt(@Nullable Long total) {
    return total == null || !fromStart
        ? "%s %ss".formatted(lookedAt, kind)
        : "%s of %s %ss".formatted(lookedAt, total, kind);
  }

  /**
   * The answer with numbers.
   *
   * @param mostGroups how many groups are shown
   */
  public ObjectNode numbers(int mostGroups) {
    ObjectNode answer = Json.object().put("count", matching);
    if (groups != null) {
      groups.addTo(answer, mostGroups);
    }
    answer.put("looked_at", lookedAt);
    tell();
    return answer;
  }

  /** The answer with a number that Clerk told. */
  public ObjectNode number(long counted) {
    if (counted == 0) {
      tell();
    }
    return Json.object().put("count", counted);
  }

  /** Adds what the numbers alone do not tell. */
  private void tell() {
    if (lookedAt == 0 && hidden == 0) {
      // Conditions on times narrow the list as well.
      List<String> given =
          Stream.concat(
                  givenToClerk.stream(),
                  tests.stream()
                      .flatMap(test -> Stream.ofNullable(test.condition()))
                      .filter(condition -> condition.field().isTime()))
              .map(Condition::text)
              .toList();
      String with = given.isEmpty() ? "" : " with " + QuotedText.plain(String.join(", ", given));
      note("Clerk answered no rows%s, so that nothing was compared.".formatted(with));
    }
    for (Test test : tests) {
      Condition condition = test.condition();
      for (Operand operand : condition == null ? List.<Operand>of() : condition.operands()) {
        TimeRange time = operand.time();
        if (time != null && time.relative() && test.named().field().isTime()) {
          note(
              "%s: %s was read as %s."
                  .formatted(
                      test.named().field(), operand.text(), Instant.ofEpochMilli(time.start())));
        }
      }
    }
    for (Test test : tests) {
      String sentence = test.stats().sentence(kind);
      if (sentence != null) {
        note(sentence);
      }
    }
    if (masked) {
      note("Personal data in metadata is masked, and compared as it is shown.");
    }
    if (kind.equals("user")
        && context.arguments().has(ORGANIZATIONS)
        && tests.stream().anyMatch(test -> RowFields.isRole(test.named().field()))) {
      note(
          "A role in any organization counts; for that in one, give organization in place of"
              + " organization_id.");
    }
    if (hidden > 0) {
      note("Left out: what the policy keeps tools from reading.");
    }
  }

  private void note(String sentence) {
    context.invocation().note(sentence);
  }
}
