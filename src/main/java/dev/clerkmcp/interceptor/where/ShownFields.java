package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolCallContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names of this server's that a call wants to see in rows, such as {@code providers}. */
record ShownFields(RowFields fields, List<FieldName> names) {
  ShownFields {
    names = List.copyOf(names);
  }

  private static final class Holder {
    private @Nullable ShownFields shown;
  }

  /** Those of a call; null if it wants none. */
  static @Nullable ShownFields find(ToolCallContext context) {
    return context.attribute(Holder.class, Holder::new).shown;
  }

  void keepWith(ToolCallContext context) {
    context.attribute(Holder.class, Holder::new).shown = this;
  }

  /** The rows with the values. */
  ArrayNode addTo(ArrayNode rows) {
    ArrayNode with = Json.array();
    for (JsonNode row : rows) {
      with.add(row.isObject() ? fields.withComputed(row, names) : row);
    }
    return with;
  }
}
