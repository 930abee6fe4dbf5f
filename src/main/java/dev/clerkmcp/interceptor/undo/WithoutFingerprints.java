package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.text.Fingerprint;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leaves out of what was kept the fingerprints, which stand for secrets and must not be sent. */
final class WithoutFingerprints {
  private WithoutFingerprints() {}

  /** What may be sent of a value; null if nothing may. Says what is lost with the rest. */
  static @Nullable JsonNode of(String path, JsonNode kept, Restoration.Draft draft) {
    if (Fingerprint.is(kept) || (kept.isArray() && holdsFingerprint(kept))) {
      draft.lose("%s was a secret, and only its fingerprint was kept.".formatted(path));
      return null;
    }
    if (!kept.isObject()) {
      return kept;
    }
    ObjectNode rest = Json.object();
    for (Map.Entry<String, JsonNode> entry : kept.properties()) {
      JsonNode value = of(path + "." + entry.getKey(), entry.getValue(), draft);
      if (value != null) {
        rest.set(entry.getKey(), value);
      }
    }
    return rest;
  }

  private static boolean holdsFingerprint(JsonNode node) {
    return Fingerprint.is(node)
        || node.valueStream().anyMatch(WithoutFingerprints::holdsFingerprint);
  }
}
