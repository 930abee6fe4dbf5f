package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.Map;

/** Hides private metadata unless the caller asks for it, because Clerk sends it in most answers. */
public final class PrivateMetadataInterceptor implements ToolInterceptor {
  private static final String FIELD = "private_metadata";

  /** Takes the place of hidden metadata. */
  public static final JsonNode HIDDEN = TextNode.valueOf("hidden; include_private: true shows it");

  @Override
  public JsonNode intercept(Chain chain) {
    if (chain.context().options().includePrivate()) {
      return chain.proceed();
    }
    try {
      return hidden(chain.proceed());
    } catch (PartialFailureException e) {
      throw e.withDone(PrivateMetadataInterceptor::hidden);
    }
  }

  /**
   * The value with all private metadata in it hidden. Parts without private metadata are not
   * copied, since most rows of a long list have none.
   */
  public static JsonNode hidden(JsonNode value) {
    if (value instanceof ArrayNode list) {
      return hidden(list);
    }
    return value instanceof ObjectNode object ? hidden(object) : value;
  }

  private static JsonNode hidden(ArrayNode list) {
    ArrayNode copy = null;
    for (int i = 0; i < list.size(); i++) {
      JsonNode item = hidden(list.get(i));
      if (!item.equals(list.get(i))) {
        copy = copy == null ? Json.array().addAll(list) : copy;
        copy.set(i, item);
      }
    }
    return copy == null ? list : copy;
  }

  private static JsonNode hidden(ObjectNode object) {
    ObjectNode copy = null;
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode value = field.getValue();
      boolean hides = isHidden(field.getKey(), value) && !RecordReference.is(value);
      JsonNode shown = hides ? HIDDEN : hidden(value);
      if (!shown.equals(value)) {
        copy = copy == null ? Json.object().setAll(object) : copy;
        copy.set(field.getKey(), shown);
      }
    }
    return copy == null ? object : copy;
  }

  /** Whether a field has private metadata that is not shown. */
  public static boolean isHidden(String field, JsonNode value) {
    return field.equals(FIELD) && value.isContainerNode() && !value.isEmpty();
  }
}
