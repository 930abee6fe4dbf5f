package dev.clerkmcp.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * The way in which Clerk merges metadata: at every depth, null removes a key, and a list takes the
 * place of a list.
 */
public final class DeepMerge {
  private DeepMerge() {}

  /** What there is after merging; neither value is changed. */
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
