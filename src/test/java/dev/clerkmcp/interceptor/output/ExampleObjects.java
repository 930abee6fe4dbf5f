package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.openapi.ObjectTemplates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Objects of every kind that Clerk documents, with a different value in each field. */
final class ExampleObjects {
  private ExampleObjects() {}

  /** All objects, and the users of a new sandbox, which have more varied fields. */
  static List<ObjectNode> all() {
    List<ObjectNode> all = new ArrayList<>();
    ApiContract contract = SandboxCalls.CONTRACT;
    ObjectTemplates blank = new ObjectTemplates(contract);
    for (Map.Entry<String, JsonNode> schema : contract.schemas().properties()) {
      if (blank.of(schema.getValue()) instanceof ObjectNode object && object.has("object")) {
        filled(object, "");
        for (JsonNode kind : kinds(schema.getValue(), object)) {
          all.add(object.deepCopy().set("object", kind));
        }
      }
    }
    SandboxCalls sandbox = SandboxCalls.seeded(1, 30);
    JsonNode users = sandbox.ok("GET /users?limit=30");
    users.forEach(user -> all.add((ObjectNode) user));
    String key =
        "{\"name\":\"pipeline\",\"subject\":\"%s\"}".formatted(users.get(0).path("id").asText());
    all.add((ObjectNode) sandbox.ok("POST /api_keys", key));
    return all;
  }

  /** One schema may stand for several kinds, such as the accounts of several providers. */
  private static JsonNode kinds(JsonNode schema, ObjectNode object) {
    JsonNode words = schema.at("/properties/object/enum");
    return words.isEmpty() ? Json.array().add(object.path("object")) : words;
  }

  private static void filled(JsonNode value, String path) {
    if (value instanceof ArrayNode list) {
      list.forEach(item -> filled(item, path));
    }
    if (value instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
        String name = path + "." + field.getKey();
        boolean empty = field.getValue().isNull() || field.getValue().asText("x").isEmpty();
        if (empty && !field.getKey().equals("object")) {
          object.set(field.getKey(), TextNode.valueOf("value of" + name));
        } else {
          filled(field.getValue(), name);
        }
      }
    }
  }
}
