package dev.clerkmcp.sandbox.handlers.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Filters and sorts the rows of a list by the parameters that the contract declares for it.
 *
 * <ul>
 *   <li>{@code query} finds ids, and parts of the searched fields; {@code name_query} parts of one;
 *   <li>{@code created_at_before}, {@code _after} and {@code _since} compare times;
 *   <li>{@code order_by} sorts, with + or - before the field;
 *   <li>every other parameter names a value that a row must have.
 * </ul>
 */
public final class ListQuery {
  /** They do not select rows. */
  private static final Set<String> OTHER =
      Set.of("limit", "offset", "paginated", "starting_after", "order_by");

  private static final Pattern INCLUDE = Pattern.compile("include_.*");
  private static final Pattern PERIOD = Pattern.compile("(.+)_(before|after|since)");
  private static final String NEWEST_FIRST = "-created_at";

  private static final Comparator<JsonNode> ASCENDING =
      (a, b) ->
          a.isNumber() && b.isNumber()
              ? Long.compare(a.asLong(), b.asLong())
              : lower(a.asText()).compareTo(lower(b.asText()));

  private final ApiRequest request;
  private final Rows rows;

  /** What a list knows of its rows. */
  public interface Rows {
    /**
     * The values of a row by which lists are filtered and searched.
     *
     * @param name of a query parameter or of a field
     */
    default Stream<JsonNode> values(ObjectNode row, String name) {
      return Stream.of(row.path(name));
    }

    /** The value of a row by which a list is sorted; a missing node sorts last. */
    default JsonNode sortKey(ObjectNode row, String field) {
      return row.path(field);
    }

    /** The fields that the parameter {@code query} searches; the id is always found. */
    default List<String> searched() {
      return List.of("name", "key");
    }

    /** Whether a parameter selects rows by their values. */
    default boolean selects(String parameter) {
      return true;
    }

    /** The parameters whose values may begin with a sign: + includes, - excludes. */
    default Set<String> signed(ApiOperation operation) {
      return operation.signed();
    }
  }

  public ListQuery(ApiRequest request, Rows rows) {
    this.request = request;
    this.rows = rows;
  }

  /**
   * The matching rows, sorted: the newest first if the request gives no order.
   *
   * @throws ApiError with status 422 for a field that the list cannot be sorted by
   */
  public List<ObjectNode> select(Stream<ObjectNode> all) {
    String order = order();
    boolean descending = order.startsWith("-");
    String field = field(order);
    Comparator<Keyed> byKey =
        Comparator.comparing(Keyed::key, descending ? ASCENDING.reversed() : ASCENDING);
    Comparator<Keyed> byId = Comparator.comparing(keyed -> keyed.row().path("id").asText());
    // The key of each row is read once, not for each comparison.
    return matching(all)
        .map(row -> new Keyed(key(row, field), row))
        .sorted(
            Comparator.comparing((Keyed keyed) -> keyed.key().isNull())
                .thenComparing(byKey)
                .thenComparing(descending ? byId.reversed() : byId))
        .map(Keyed::row)
        .toList();
  }

  private JsonNode key(ObjectNode row, String field) {
    JsonNode key = rows.sortKey(row, field);
    return key.isMissingNode() ? NullNode.getInstance() : key;
  }

  /** The matching rows, not sorted. */
  public Stream<ObjectNode> matching(Stream<ObjectNode> all) {
    List<Predicate<ObjectNode>> filters = new ArrayList<>();
    for (Map.Entry<String, JsonNode> parameter : request.query().properties()) {
      String name = parameter.getKey();
      if (!OTHER.contains(name) && !INCLUDE.matcher(name).matches() && rows.selects(name)) {
        filters.add(filter(name, parameter.getValue()));
      }
    }
    return all.filter(row -> filters.stream().allMatch(filter -> filter.test(row)));
  }

  private Predicate<ObjectNode> filter(String name, JsonNode value) {
    if (name.equals("query")) {
      return search(value.asText(), rows.searched(), true);
    }
    if (name.endsWith("_query")) {
      String field = name.substring(0, name.length() - "_query".length());
      return search(value.asText(), List.of(field), false);
    }
    Matcher period = PERIOD.matcher(name);
    if (period.matches()) {
      return period(period.group(1), period.group(2), value.asLong());
    }
    boolean signed = rows.signed(request.operation()).contains(name);
    Set<String> included = new HashSet<>();
    Set<String> excluded = new HashSet<>();
    for (String wanted : request.parameters(name)) {
      if (signed && wanted.startsWith("-")) {
        excluded.add(wanted.substring(1));
      } else {
        // A plus that was not URL-encoded arrives as a space.
        boolean plus = signed && (wanted.startsWith("+") || wanted.startsWith(" "));
        included.add(plus ? wanted.substring(1) : signed ? wanted : lower(wanted));
      }
    }
    return row -> {
      List<String> own =
          rows.values(row, name)
              .filter(given -> !given.isNull()) // which is not the word "null"
              .map(given -> signed ? given.asText() : lower(given.asText()))
              .toList();
      return (included.isEmpty() || own.stream().anyMatch(included::contains))
          && own.stream().noneMatch(excluded::contains);
    };
  }

  private Predicate<ObjectNode> search(String query, List<String> fields, boolean ids) {
    String id = query.strip();
    String part = lower(id);
    return row ->
        (ids && row.path("id").asText().equals(id))
            || fields.stream()
                .flatMap(field -> rows.values(row, field))
                .anyMatch(value -> !value.isNull() && lower(value.asText()).contains(part));
  }

  private Predicate<ObjectNode> period(String field, String side, long time) {
    return row ->
        rows.values(row, field)
            .filter(JsonNode::isNumber)
            .mapToLong(JsonNode::asLong)
            .anyMatch(
                own ->
                    switch (side) {
                      case "before" -> own < time;
                      case "after" -> own > time;
                      default -> own >= time;
                    });
  }

  /** The field that the list is sorted by. */
  public String orderField() {
    return field(order());
  }

  private String order() {
    String given = request.parameter("order_by");
    if (given == null) {
      JsonNode declared = request.operation().query().at("/properties/order_by/default");
      return declared.asText(NEWEST_FIRST);
    }
    List<String> fields = request.operation().orders();
    if (!fields.contains(field(given.strip()))) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "order_by",
          "order_by takes one of %s, after + or -.",
          String.join(", ", fields));
    }
    return given.strip();
  }

  private static String field(String order) {
    return order.startsWith("-") || order.startsWith("+") ? order.substring(1) : order;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** A row with the value by which it is sorted; null sorts last. */
  private record Keyed(JsonNode key, ObjectNode row) {}
}
