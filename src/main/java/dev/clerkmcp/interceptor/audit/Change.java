package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A recorded request that changed something.
 *
 * @param tool the tool that was called; it may be composed of several requests
 * @param arguments the arguments of the request by name, those in its path included
 * @param before the state before the request: an object, or a list of several; null if unknown
 * @param answer Clerk's answer; null if unknown
 */
public record Change(
    String tool,
    Endpoint endpoint,
    ObjectNode arguments,
    @Nullable JsonNode before,
    @Nullable JsonNode answer) {

  /** The state of the changed object before the request; null if unknown. */
  public @Nullable ObjectNode findObjectBefore() {
    return before instanceof ObjectNode object && !object.isEmpty() ? object : null;
  }

  /** The arguments that are not in the path. */
  public ObjectNode body() {
    ObjectNode body = Json.object();
    List<String> variables = endpoint.variables();
    for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
      if (!variables.contains(argument.getKey())) {
        body.set(argument.getKey(), argument.getValue());
      }
    }
    return body;
  }

  /** The arguments in the path. An object that was named by its key is named by its ID. */
  public ObjectNode address() {
    ObjectNode address = Json.object();
    for (String variable : endpoint.variables()) {
      JsonNode value = arguments.path(variable);
      boolean isKey = before != null && before.has("id") && value.equals(before.get("key"));
      address.set(variable, before != null && isKey ? before.get("id") : value);
    }
    return address;
  }

  /** The last segment of the path. */
  public String lastSegment() {
    return endpoint.segments().get(endpoint.segments().size() - 1);
  }
}
