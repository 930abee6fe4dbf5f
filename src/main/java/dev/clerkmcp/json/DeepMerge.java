package dev.clerkmcp.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Merges metadata as Clerk does: at every depth, null removes a key, objects are merged, and any
 * other value replaces the former one.
 */
public final class DeepMerge {
  private DeepMerge() {}

  /** The merged object; neither value is changed. */
  public static ObjectNode of(JsonNode before, JsonNode given) {
    ObjectNode merged = before instanceof ObjectNode object ? object.deepCopy() : Json.object();
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      if (value.isNull()) {
        merged.remove(key);
      } else {
        merged.set(key, value.isObject() ? of(merged.path(key), value) : value);
      }
    }
    return merged;
  }
}
