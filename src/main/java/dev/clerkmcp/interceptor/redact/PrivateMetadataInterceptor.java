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
  private static final JsonNode HIDDEN = TextNode.valueOf("hidden; include_private: true shows it");

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

  /** The value with all private metadata in it hidden; the value itself if it has none. */
  public static JsonNode hidden(JsonNode value) {
    return value.findValue(FIELD) == null ? value : hiddenIn(value);
  }

  private static JsonNode hiddenIn(JsonNode value) {
    if (value.isArray()) {
      ArrayNode items = Json.array();
      value.forEach(item -> items.add(hiddenIn(item)));
      return items;
    }
    if (!value.isObject()) {
      return value;
    }
    ObjectNode fields = Json.object();
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      boolean hides =
          field.getKey().equals(FIELD)
              && field.getValue().isContainerNode()
              && !field.getValue().isEmpty();
      fields.set(field.getKey(), hides ? HIDDEN : hiddenIn(field.getValue()));
    }
    return fields;
  }
}
