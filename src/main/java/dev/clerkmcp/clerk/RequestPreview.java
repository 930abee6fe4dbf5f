package dev.clerkmcp.clerk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.json.Json;
import java.util.List;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Shows a request as it would be sent, for dry runs and plans; it has no key.
 *
 * @param path with its variables filled in and escaped; a placeholder for an ID stays readable
 * @param body the JSON or the fields of a form; missing where there is none
 */
public record RequestPreview(String method, String path, ObjectNode query, JsonNode body) {
  /** A placeholder in an escaped path. */
  private static final Pattern ESCAPED_PLACEHOLDER =
      Pattern.compile("%7Bid%20of%20the%20new%20([a-z0-9%]{1,60}?)%7D");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{id of the new [a-z0-9 ]{1,60}}");

  private static final HttpUrl NOWHERE = HttpUrl.get("https://clerk.invalid");

  /** The request that an endpoint and its arguments would make. */
  public static RequestPreview of(Endpoint endpoint, ObjectNode arguments) {
    Request request = new RequestFactory(NOWHERE).request(endpoint, arguments, null).build();
    HttpUrl url = request.url();
    ObjectNode query = Json.object();
    for (String name : url.queryParameterNames()) {
      query.put(name, String.join(",", url.queryParameterValues(name).stream().toList()));
    }
    ObjectNode rest = arguments.deepCopy();
    rest.remove(endpoint.variables());
    return new RequestPreview(
        endpoint.method(), readable(url.encodedPath()), query, body(endpoint, rest));
  }

  /**
   * Stands in a plan for the ID of the object that a request would create: {@code {id of the new
   * organization}}.
   */
  public static String placeholder(Endpoint creating) {
    List<String> segments = creating.segments();
    String last = segments.get(segments.size() - 1);
    String kind = last.equals("bulk") ? segments.get(segments.size() - 2) : last;
    return "{id of the new %s}"
        .formatted(kind.replaceFirst("(?<=ss)es$|(?<!s)s$", "").replace('_', ' '));
  }

  /** Whether a text stands for the ID of an object that does not exist yet. */
  public static boolean isPlaceholder(String id) {
    return PLACEHOLDER.matcher(id).matches();
  }

  private static String readable(String path) {
    return ESCAPED_PLACEHOLDER
        .matcher(path)
        .replaceAll(found -> "{id of the new %s}".formatted(found.group(1).replace("%20", " ")));
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
