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
import dev.clerkmcp.workflows.support.ErrorRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What could be read of an instance, and why the rest could not.
 *
 * @param found contents by the names of areas
 * @param missing what is told of the other areas, by their names
 */
record InstanceSnapshot(Map<String, ObjectNode> found, Map<String, ObjectNode> missing) {
  InstanceSnapshot {
    found = Map.copyOf(found);
    missing = Map.copyOf(missing);
  }

  /**
   * Reads the areas of an instance.
   *
   * @throws PartialFailureException if not one of them can be read
   * @throws RefusedException if the tool at work is switched off there
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
    ErrorRow.addWait(row, e);
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
   * Something of an instance that can be held against the same of another: what it is made of, by
   * names that do not depend on the instance.
   *
   * @param name what answers call it
   * @param listed whether it is a list of things rather than one thing with fields
   * @param read reads it; an object for each thing of a list, or the fields
   */
  record Area(String name, boolean listed, Supplier<ObjectNode> read) {
    /** Stands for what is there and has nothing more to compare. */
    static final TextNode PRESENT = TextNode.valueOf("(present)");

    /** What is never the same in two instances, or says nothing about how they are set up. */
    private static final Set<String> ITS_OWN =
        Set.of("created_at", "id", "object", "updated_at", "workspace_id");

    /** Settings: every field that is not the instance's own. */
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
     * A list of things.
     *
     * @param key the field that tells things apart
     * @param fields what of each is compared
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
                boolean claims = field.equals("claims"); // of which order and form are the meaning
                set(thing, field, claims ? row.path(field) : plain(row.path(field)));
              }
              things.set(row.path(key).asText(), thing);
            }
            return things;
          });
    }

    /** How long a list is, and no more: who stands on it is no matter of set-up. */
    static Area count(String name, Supplier<ListPage> list) {
      return new Area(
          name,
          false,
          () -> {
            ListPage page = list.get();
            Long total = page.totalCount();
            return Json.object().put("count", total == null ? page.data().size() : total);
          });
    }

    private static void set(ObjectNode fields, String name, JsonNode value) {
      if (!value.isNull() && !value.isMissingNode()) {
        fields.set(name, value);
      }
    }

    /** Roles and permissions by their keys, and lists as what they hold, in whatever order. */
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
