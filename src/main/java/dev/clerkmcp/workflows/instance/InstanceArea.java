package dev.clerkmcp.workflows.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.argument.PageRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Something of an instance that can be held against the same of another: what it is made of, by
 * names that do not depend on the instance.
 *
 * @param name what answers call it
 * @param listed whether it is a list of things rather than one thing with fields
 * @param read reads it; an object for each thing of a list, or the fields
 */
record InstanceArea(String name, boolean listed, Supplier<ObjectNode> read) {
  /** Stands for what is there and has nothing more to compare. */
  static final TextNode PRESENT = TextNode.valueOf("(present)");

  /** What is never the same in two instances, or says nothing about how they are set up. */
  private static final Set<String> ITS_OWN =
      Set.of("created_at", "id", "object", "updated_at", "workspace_id");

  /** Settings: every field that is not the instance's own. */
  static InstanceArea settings(String name, Supplier<JsonNode> read) {
    return new InstanceArea(
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
  static InstanceArea list(
      String name, String key, List<String> fields, Function<PageRequest, ListPage> list) {
    return new InstanceArea(
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
  static InstanceArea count(String name, Supplier<ListPage> list) {
    return new InstanceArea(
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
