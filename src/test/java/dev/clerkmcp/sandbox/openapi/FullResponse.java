package dev.clerkmcp.sandbox.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Creates responses with every field that Clerk documents, one item in each list, and no null. */
public final class FullResponse {
  private final ApiContract contract;
  private final JsonNode anything;

  /**
   * Creates the responses of a contract.
   *
   * @param anything the value of objects of any content, such as metadata
   */
  public FullResponse(ApiContract contract, JsonNode anything) {
    this.contract = contract;
    this.anything = anything;
  }

  /** The response to a successful request; null if the operation has none. */
  public JsonNode of(ApiOperation operation) {
    JsonNode schema = operation.answer();
    JsonNode value = schema == null ? null : value(schema, "", Set.of());
    return value == null ? NullNode.getInstance() : value;
  }

  /** Null for a schema that contains itself, and for one that is always null. */
  private @Nullable JsonNode value(JsonNode reference, String name, Set<String> around) {
    Set<String> within = new TreeSet<>(around);
    if (reference.has("$ref") && !within.add(reference.path("$ref").asText())) {
      return null;
    }
    JsonNode schema = contract.resolve(reference);
    if (schema.has("enum")) {
      return schema.path("enum").path(0);
    }
    JsonNode one = null;
    ObjectNode all = Json.object();
    for (String composed : List.of("allOf", "anyOf", "oneOf")) {
      for (JsonNode part : schema.path(composed)) {
        JsonNode value = value(part, name, within);
        one = one == null ? value : one;
        if (value instanceof ObjectNode object) {
          all.setAll(object);
        }
      }
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      JsonNode value = value(property.getValue(), property.getKey(), within);
      if (value != null) {
        all.set(property.getKey(), value);
      }
    }
    if (!all.isEmpty()) {
      return all;
    }
    return one == null ? plain(schema, name, within) : one;
  }

  private @Nullable JsonNode plain(JsonNode schema, String name, Set<String> within) {
    String types = schema.path("type").toString();
    if (types.contains("array")) {
      JsonNode item = value(schema.path("items"), name, within);
      return item == null ? Json.array() : Json.array().add(item);
    }
    if (types.contains("object")) {
      return anything.deepCopy();
    }
    if (types.contains("integer") || types.contains("number")) {
      return IntNode.valueOf(1);
    }
    if (types.contains("boolean")) {
      return BooleanNode.TRUE;
    }
    if (types.contains("string")) {
      return TextNode.valueOf(name.equals("email_address") ? "ada@example.com" : name + "_1");
    }
    return null;
  }
}
