package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be read, and the way to read it.
 *
 * @param endpoints the declared GET endpoints, by path
 */
record EndpointReader(Map<String, Endpoint> endpoints, Reader reader) {
  static final String USER = "/users/{user_id}";
  static final String ORGANIZATION = "/organizations/{organization_id}";
  static final String INSTANCE = "/instance";

  /** Whether there is an endpoint that reads a path. */
  boolean can(String path) {
    return endpoints.containsKey(path);
  }

  /**
   * The one object at a path, its variables taken from what is given; null if Clerk knows none.
   *
   * @throws ClerkException if Clerk refuses for another reason
   */
  @Nullable JsonNode findObject(String path, JsonNode given) {
    ObjectNode arguments = Json.object();
    endpoint(path).variables().forEach(name -> arguments.set(name, given.path(name)));
    if (path.equals(ORGANIZATION)) {
      arguments.put("include_members_count", true);
    }
    return find(path, arguments);
  }

  /**
   * What Clerk answers at a path; null if it knows nothing there.
   *
   * @throws ClerkException if Clerk refuses for another reason
   */
  @Nullable JsonNode find(String path, ObjectNode arguments) {
    Endpoint endpoint = endpoint(path);
    for (String variable : endpoint.variables()) {
      String value = arguments.path(variable).asText();
      // No object is named like this, and the client refuses to send it.
      if (value.isEmpty() || value.equals(".") || value.equals("..")) {
        return null;
      }
    }
    try {
      return reader.read(endpoint, arguments);
    } catch (ClerkException e) {
      if (e.status() == 404) {
        return null;
      }
      throw e;
    }
  }

  /** The rows of a list, in whichever form Clerk answers it. */
  static JsonNode rows(@Nullable JsonNode answer) {
    if (answer == null) {
      return Json.array();
    }
    return answer.isArray() ? answer : answer.path("data");
  }

  private Endpoint endpoint(String path) {
    Endpoint endpoint = endpoints.get(path);
    if (endpoint == null) {
      throw new IllegalStateException("No tool declares GET " + path);
    }
    return endpoint;
  }
}
