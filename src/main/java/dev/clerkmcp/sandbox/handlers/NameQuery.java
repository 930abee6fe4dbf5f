package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The query of a list: a whole id, or a part of a name in any case. */
final class NameQuery {
  private NameQuery() {}

  /** Whether a row is what a call asks for, by its id or one of the fields. */
  static Predicate<ObjectNode> of(ApiRequest call, List<String> fields) {
    String query = call.parameter("query");
    if (query == null) {
      return row -> true;
    }
    String id = query.strip();
    String part = id.toLowerCase(Locale.ROOT);
    return row ->
        row.path("id").asText().equals(id)
            || fields.stream()
                .anyMatch(
                    field -> row.path(field).asText().toLowerCase(Locale.ROOT).contains(part));
  }
}
