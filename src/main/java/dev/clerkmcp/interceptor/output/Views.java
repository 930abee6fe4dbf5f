package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.View;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All views, by the kind of object that they show; what has none is shown without its noise. */
public final class Views {
  private final Map<String, ObjectView> byKind = new HashMap<>();

  public Views(Collection<View> views) {
    for (View view : views) {
      if (byKind.put(view.of(), new ObjectView(view)) != null) {
        throw new IllegalStateException("Two views show " + view.of());
      }
    }
  }

  /** One of Clerk's objects, shown alone. */
  JsonNode alone(JsonNode object, Set<String> leftOut) {
    return shown(object, true, Json.object(), "", leftOut);
  }

  /**
   * One of Clerk's objects, shown as a row of a list.
   *
   * @param given the arguments that the list was asked for with; they are not repeated in each row
   */
  JsonNode row(JsonNode object, ObjectNode given, Set<String> leftOut) {
    return shown(object, false, given, "", leftOut);
  }

  /** The view of an object; null if there is none. */
  @Nullable ObjectView find(JsonNode object) {
    // What was deleted has no more than its ID, and a view would say what it has not.
    return object.path("deleted").asBoolean() ? null : byKind.get(object.path("object").asText());
  }

  private JsonNode shown(
      JsonNode value, boolean alone, ObjectNode given, String path, Set<String> leftOut) {
    if (value instanceof ArrayNode list) {
      ArrayNode shown = Json.array();
      list.forEach(item -> shown.add(shown(item, false, given, path, leftOut)));
      return shown;
    }
    if (!(value instanceof ObjectNode object)) {
      return value;
    }
    ObjectView view = find(object);
    return view == null
        ? tidy(object, path, leftOut)
        : view.show(
            object, alone, given, path, (f, v, p, n) -> field(f, v, p, n, leftOut), leftOut);
  }

  private ObjectNode tidy(ObjectNode object, String path, Set<String> leftOut) {
    ObjectNode tidy = Json.object();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      if (!FieldCatalog.isNoise(name) && !ObjectView.isNothing(field.getValue())) {
        tidy.set(name, field(name, field.getValue(), path, name, leftOut));
      }
    }
    return tidy;
  }

  private JsonNode field(
      String field, JsonNode value, String path, String name, Set<String> leftOut) {
    if (!value.isContainerNode()) {
      return Times.shown(field, value);
    }
    return FieldCatalog.isVerbatim(field)
        ? value
        : shown(value, false, Json.object(), path + name + ".", leftOut);
  }
}
