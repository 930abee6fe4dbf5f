package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.ToolResult;
import java.util.Map;
import java.util.function.Supplier;

/** Hides private metadata unless the caller asks for it, because Clerk sends it in most answers. */
public final class PrivateMetadataInterceptor implements ToolInterceptor {
  private static final String FIELD = "private_metadata";
  private static final JsonNode HIDDEN = TextNode.valueOf("hidden; include_private: true shows it");

  @Override
  public JsonNode tool(ToolCallContext run, Supplier<JsonNode> next) {
    JsonNode result = next.get();
    // A tool that was called through another one has passed here, with its own options.
    return run.tool().isDoor() || run.options().includePrivate() ? result : hidden(result);
  }

  /** The partial result of a composed tool that failed does not pass {@link #tool}. */
  @Override
  public ToolResult result(ToolResult result) {
    return result.with(
        PartialResult.in(result, PrivateMetadataInterceptor::hidden), result.notes());
  }

  private static JsonNode hidden(JsonNode value) {
    if (value.isArray()) {
      ArrayNode items = Json.array();
      value.forEach(item -> items.add(hidden(item)));
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
      fields.set(field.getKey(), hides ? HIDDEN : hidden(field.getValue()));
    }
    return fields;
  }
}
