package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that was sent and succeeded.
 *
 * @param tool the tool that was called; it may be composed of several requests
 * @param arguments what the request sent, by name, with what its path needs
 * @param before what it touched, just before: the object, or a list where it was about several;
 *     null if that is not known
 * @param answer what Clerk answered; null if that is not known
 */
public record Change(
    String tool,
    Endpoint endpoint,
    ObjectNode arguments,
    @Nullable JsonNode before,
    @Nullable JsonNode answer) {

  /** The one object that it touched, as it was; null if that is not known. */
  public @Nullable ObjectNode findObjectBefore() {
    return before instanceof ObjectNode object && !object.isEmpty() ? object : null;
  }

  /** What was sent beside the path. */
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

  /** The arguments that name the object; by its ID where its key may have been changed. */
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
