package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.interceptor.where.RowColumns;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.View;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Shows each of Clerk's objects by the view of its kind. An object without a view loses only fields
 * without a value and noise: the fields {@code object} and those of images.
 */
public final class ViewRegistry implements RowColumns {
  private final Map<String, ObjectRenderer> byKind = new HashMap<>();

  public ViewRegistry(Collection<View> views) {
    for (View view : views) {
      if (byKind.put(view.of(), new ObjectRenderer(view)) != null) {
        throw new IllegalStateException("Two views show " + view.of());
      }
    }
  }

  @Override
  public @Nullable JsonNode find(JsonNode row, String name) {
    ObjectRenderer view = find(row);
    return view == null ? null : view.find(name, row);
  }

  @Override
  public Set<String> names(JsonNode row) {
    ObjectRenderer view = find(row);
    return view == null ? Set.of() : view.selectable();
  }

  @Override
  public Set<String> sources(JsonNode row, String name) {
    ObjectRenderer view = find(row);
    return view == null ? Set.of() : view.sources(name);
  }

  @Override
  public Set<String> sources(String name) {
    Set<String> sources = new TreeSet<>();
    byKind.values().forEach(view -> sources.addAll(view.sources(name)));
    return sources;
  }

  /** Shows an object that is the whole answer. */
  JsonNode alone(JsonNode object) {
    return shown(object, true, Json.object(), false);
  }

  /**
   * Shows an object as a row of a list.
   *
   * @param given the arguments of the call; a row does not repeat them
   * @param brief whether it may show days instead of times, as its view declares
   */
  JsonNode row(JsonNode object, ObjectNode given, boolean brief) {
    return shown(object, false, given, brief);
  }

  /** The view of an object; null if its kind has none. */
  @Nullable ObjectRenderer find(JsonNode object) {
    // A deleted object has only its ID; a view would claim that it has no password and so on.
    return object.path("deleted").asBoolean() ? null : byKind.get(object.path("object").asText());
  }

  private JsonNode shown(JsonNode value, boolean alone, ObjectNode given, boolean brief) {
    if (value instanceof ArrayNode list) {
      ArrayNode shown = Json.array();
      list.forEach(item -> shown.add(shown(item, false, given, brief)));
      return shown;
    }
    if (!(value instanceof ObjectNode object)) {
      return value;
    }
    ObjectRenderer view = find(object);
    return view == null ? tidy(object) : view.show(object, alone, given, brief, this::field);
  }

  private ObjectNode tidy(ObjectNode object) {
    ObjectNode tidy = Json.object();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      if (!FieldCatalog.isNoise(name) && !ObjectRenderer.isNothing(field.getValue())) {
        tidy.set(name, field(name, field.getValue()));
      }
    }
    return tidy;
  }

  private JsonNode field(String field, JsonNode value) {
    if (!value.isContainerNode()) {
      return TimeFields.shown(field, value);
    }
    return FieldCatalog.isVerbatim(field) ? value : shown(value, false, Json.object(), false);
  }
}
