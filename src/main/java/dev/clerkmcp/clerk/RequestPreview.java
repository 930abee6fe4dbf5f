package dev.clerkmcp.clerk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.json.Json;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Shows a request as it would be sent, for dry runs and plans; it has no key.
 *
 * @param path with its variables filled in and escaped
 * @param body the JSON or the fields of a form; missing where there is none
 */
public record RequestPreview(String method, String path, ObjectNode query, JsonNode body) {
  private static final HttpUrl NOWHERE = HttpUrl.get("https://clerk.invalid");

  /** The request that an endpoint and its arguments would make. */
  public static RequestPreview of(Endpoint endpoint, ObjectNode arguments) {
    Request request = new RequestFactory(NOWHERE).request(endpoint, arguments).build();
    HttpUrl url = request.url();
    ObjectNode query = Json.object();
    for (String name : url.queryParameterNames()) {
      query.put(name, String.join(",", url.queryParameterValues(name).stream().toList()));
    }
    ObjectNode rest = arguments.deepCopy();
    rest.remove(endpoint.variables());
    return new RequestPreview(endpoint.method(), url.encodedPath(), query, body(endpoint, rest));
  }

  private static JsonNode body(Endpoint endpoint, ObjectNode rest) {
    Payload payload = endpoint.payload();
    if (payload instanceof Payload.JsonValue value) {
      return rest.path(value.argument());
    }
    boolean none = payload instanceof Payload.Query || payload instanceof Payload.Empty;
    return none ? MissingNode.getInstance() : rest;
  }
}
