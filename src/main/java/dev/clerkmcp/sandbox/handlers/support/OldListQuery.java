package dev.clerkmcp.sandbox.handlers.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads the query parameters that many lists have in common: search, filters and order. */
public final class OldListQuery {
  private OldListQuery() {}

  /**
   * Keeps the rows whose id equals the parameter {@code query}, or one of whose fields contains it,
   * ignoring case. Without that parameter every row is kept.
   */
  public static Predicate<ObjectNode> search(ApiRequest request, String... fields) {
    String query = request.parameter("query");
    if (query == null) {
      return row -> true;
    }
    String id = query.strip();
    String part = id.toLowerCase(Locale.ROOT);
    return row ->
        row.path("id").asText().equals(id)
            || List.of(fields).stream()
                .anyMatch(
                    field -> row.path(field).asText().toLowerCase(Locale.ROOT).contains(part));
  }

  /** Rows by their time of creation, the newest first unless {@code order_by} reverses it. */
  public static Comparator<ObjectNode> byCreation(ApiRequest request) {
    return order(request, "-created_at", List.of("created_at")).comparator();
  }

  /**
   * Reads the parameter {@code order_by}.
   *
   * @param defaultOrder the order without that parameter, such as {@code -created_at}
   * @param fields the fields that rows can be ordered by
   * @throws ApiError with status 422 for another field
   */
  public static SortOrder order(ApiRequest request, String defaultOrder, List<String> fields) {
    String given = request.parameter("order_by");
    String text = given == null ? defaultOrder : given.strip();
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String field = signed ? text.substring(1) : text;
    if (!fields.contains(field)) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "order_by",
          "order_by takes one of %s, after + or -.".formatted(String.join(", ", fields)));
    }
    return new SortOrder(field, text.startsWith("-"));
  }

  /** Reads a filter whose values have signs: {@code user_1}, {@code +user_1}, {@code -user_2}. */
  public static SignedFilter signed(List<String> values) {
    Set<String> included = new HashSet<>();
    Set<String> excluded = new HashSet<>();
    for (String value : values) {
      if (value.startsWith("-")) {
        excluded.add(value.substring(1));
      } else {
        // A plus that was not URL-encoded arrives as a space.
        included.add(value.startsWith("+") ? value.substring(1) : value.strip());
      }
    }
    return new SignedFilter(included, excluded);
  }

  /** Reads a filter in whose values signs are ordinary characters; rows' values are lower case. */
  public static SignedFilter unsigned(List<String> values) {
    Set<String> included = new HashSet<>();
    values.forEach(value -> included.add(value.toLowerCase(Locale.ROOT)));
    return new SignedFilter(included, Set.of());
  }

  /**
   * The order of a list. Rows without a value come last; ids decide between equal values.
   *
   * @param field the name by which the request orders the rows
   */
  public record SortOrder(String field, boolean descending) {
    /** Compares rows by their own field of this name. */
    public Comparator<ObjectNode> comparator() {
      return comparator(row -> row.path(field));
    }

    /** Compares rows by a value that is derived from them. */
    public Comparator<ObjectNode> comparator(Function<ObjectNode, JsonNode> value) {
      Comparator<ObjectNode> byValue =
          (a, b) -> {
            JsonNode first = value.apply(a);
            JsonNode second = value.apply(b);
            boolean noFirst = first.isNull() || first.isMissingNode();
            boolean noSecond = second.isNull() || second.isMissingNode();
            if (noFirst || noSecond) {
              return Boolean.compare(noFirst, noSecond);
            }
            int order =
                first.isNumber() && second.isNumber()
                    ? Long.compare(first.asLong(), second.asLong())
                    : first
                        .asText()
                        .toLowerCase(Locale.ROOT)
                        .compareTo(second.asText().toLowerCase(Locale.ROOT));
            return descending ? -order : order;
          };
      Comparator<ObjectNode> byId = Comparator.comparing(row -> row.path("id").asText());
      return byValue.thenComparing(descending ? byId.reversed() : byId);
    }
  }

  /**
   * A filter with values to include and values to exclude.
   *
   * @param included empty if every value is included
   */
  public record SignedFilter(Set<String> included, Set<String> excluded) {
    /** Whether a row with this value is kept. */
    public boolean keeps(String value) {
      return keepsAny(List.of(value));
    }

    /** Whether a row with these values is kept. */
    public boolean keepsAny(Collection<String> values) {
      return (included.isEmpty() || values.stream().anyMatch(included::contains))
          && values.stream().noneMatch(excluded::contains);
    }
  }
}
