package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes back what was merged into metadata. */
final class UndoMerge {
  private UndoMerge() {}

  /** What to merge so that all that {@code given} touched is again as it was before it. */
  static ObjectNode back(JsonNode before, JsonNode given) {
    ObjectNode back = Json.object();
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      JsonNode restored = findBack(before.get(entry.getKey()), entry.getValue());
      if (restored != null) {
        back.set(entry.getKey(), restored);
      }
    }
    return back;
  }

  /** The value to merge at one key; null if the key needs none. */
  private static @Nullable JsonNode findBack(@Nullable JsonNode before, JsonNode given) {
    if (before == null) {
      return given.isNull() ? null : NullNode.getInstance();
    }
    if (before.isObject() && given.isObject()) {
      ObjectNode inner = back(before, given);
      return inner.isEmpty() ? null : inner;
    }
    return JsonDiff.same(before, given) ? null : before;
  }
}
