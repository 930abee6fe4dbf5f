package dev.clerkmcp.workflows.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.workflows.support.Rows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads the configuration of an instance, and reports what could not be read.
 *
 * @param found what was read, by area
 * @param missing a row that says why, by area that could not be read
 */
record InstanceSnapshot(Map<String, ObjectNode> found, Map<String, ObjectNode> missing) {
  InstanceSnapshot {
    found = Map.copyOf(found);
    missing = Map.copyOf(missing);
  }

  /**
   * Reads the areas of an instance.
   *
   * @throws PartialFailureException if no area can be read
   * @throws RefusedException if the tool is switched off for that instance
   */
  static InstanceSnapshot read(String instance, List<Area> areas) {
    return Invocation.current().at(instance, () -> readHere(instance, areas));
  }

  private static InstanceSnapshot readHere(String instance, List<Area> areas) {
    Invocation invocation = Invocation.current();
    invocation.checkCancelled();
    invocation.doing("Reading " + instance);
    Map<Area, Supplier<ObjectNode>> parts = new LinkedHashMap<>();
    areas.forEach(area -> parts.put(area, invocation.fork(area.read())));
    Map<String, ObjectNode> found = new LinkedHashMap<>();
    Map<String, ObjectNode> missing = new LinkedHashMap<>();
    PartialFailureException failure = null;
    for (Map.Entry<Area, Supplier<ObjectNode>> part : parts.entrySet()) {
      String area = part.getKey().name();
      try {
        found.put(area, part.getValue().get());
      } catch (ClerkException e) {
        missing.put(area, row(area, instance, e));
        failure = new PartialFailureException(unreadable(instance), Json.object(), e);
      } catch (RefusedException e) {
        missing.put(area, row(area, instance, e.code(), String.valueOf(e.getMessage())));
        failure = new PartialFailureException(unreadable(instance), Json.object(), e);
      }
    }
    invocation.checkCancelled();
    if (found.isEmpty() && failure != null) {
      throw failure;
    }
    return new InstanceSnapshot(found, missing);
  }

  private static String unreadable(String instance) {
    return "Nothing could be read of the instance %s.".formatted(instance);
  }

  private static ObjectNode row(String area, String instance, ClerkException e) {
    ObjectNode row = row(area, instance, e.code(), String.valueOf(e.getMessage()));
    Rows.addWait(row, e);
    return row;
  }

  private static ObjectNode row(String area, String instance, String code, String message) {
    return Json.object()
        .put("what", area)
        .put("instance", instance)
        .put("code", code)
        .put("message", message);
  }

  /**
   * A part of the configuration that can be compared between instances. Its contents have names
   * that are the same in every instance, such as keys instead of IDs.
   *
   * @param name its name in answers
   * @param listed whether it is a list of objects; otherwise it is one object
   * @param read reads it: the objects of the list by key, or the fields of the object
   */
  record Area(String name, boolean listed, Supplier<ObjectNode> read) {
    /** Marks an item that exists and has no fields to compare. */
    static final TextNode PRESENT = TextNode.valueOf("(present)");

    /** Fields that differ between any two instances, or are not configuration. */
    private static final Set<String> ITS_OWN =
        Set.of("created_at", "id", "object", "updated_at", "workspace_id");

    /** One object: its fields, except those that differ anyway. */
    static Area settings(String name, Supplier<JsonNode> read) {
      return new Area(
          name,
          false,
          () -> {
            ObjectNode fields = Json.object();
            for (Map.Entry<String, JsonNode> field : read.get().properties()) {
              if (!ITS_OWN.contains(field.getKey())) {
                set(fields, field.getKey(), plain(field.getValue()));
              }
            }
            return fields;
          });
    }

    /**
     * A list of objects.
     *
     * @param key the field that identifies an object in every instance
     * @param fields the fields that are compared
     */
    static Area list(
        String name, String key, List<String> fields, Function<PageRequest, ListPage> list) {
      return new Area(
          name,
          true,
          () -> {
            ObjectNode things = Json.object();
            for (JsonNode row : Pages.all(list)) {
              ObjectNode thing = Json.object();
              for (String field : fields) {
                boolean claims = field.equals("claims"); // order and form of claims have a meaning
                set(thing, field, claims ? row.path(field) : plain(row.path(field)));
              }
              things.set(row.path(key).asText(), thing);
            }
            return things;
          });
    }

    /** The length of a list. Its rows are data, not configuration. */
    static Area count(String name, Supplier<ListPage> list) {
      return new Area(name, false, () -> Json.object().put("count", list.get().total()));
    }

    private static void set(ObjectNode fields, String name, JsonNode value) {
      if (!value.isNull() && !value.isMissingNode()) {
        fields.set(name, value);
      }
    }

    /**
     * Replaces an object by its key, and a list by the set of its items, so that order does not
     * count.
     */
    private static JsonNode plain(JsonNode value) {
      if (value.isObject() && value.path("key").isTextual()) {
        return value.get("key");
      }
      if (!value.isArray()) {
        return value;
      }
      ObjectNode held = Json.object();
      value.forEach(item -> held.set(plain(item).asText(), PRESENT));
      return held;
    }
  }
}
