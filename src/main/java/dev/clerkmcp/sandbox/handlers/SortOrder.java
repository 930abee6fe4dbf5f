package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The order of a list, as {@code order_by} says: a field, after {@code -} descending. Rows without
 * a value come last; ids decide between equals.
 */
final class SortOrder {
  private final String field;
  private final boolean descending;

  private SortOrder(String field, boolean descending) {
    this.field = field;
    this.descending = descending;
  }

  /**
   * Reads the parameter of a call.
   *
   * @param fields what may be ordered by
   * @throws ApiError with status 422 for another field
   */
  static SortOrder of(ApiRequest call, String otherwise, List<String> fields) {
    String given = call.parameter("order_by");
    String text = given == null ? otherwise : given.strip();
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

  String field() {
    return field;
  }

  /** Rows by their own fields of the same names. */
  Comparator<ObjectNode> comparator() {
    return comparator(row -> row.path(field));
  }

  /** Rows by a value that is read from them. */
  Comparator<ObjectNode> comparator(Function<ObjectNode, JsonNode> value) {
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
