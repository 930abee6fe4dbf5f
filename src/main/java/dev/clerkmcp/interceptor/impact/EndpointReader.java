package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects and lists from Clerk by path, as far as an endpoint is declared.
 *
 * @param endpoints the declared GET endpoints, by path
 */
record EndpointReader(Map<String, Endpoint> endpoints, TargetReader.Reader reader) {
  static final String USER = "/users/{user_id}";
  static final String USERS = "/users";
  static final String ORGANIZATION = "/organizations/{organization_id}";
  static final String INSTANCE = "/instance";

  /** Whether there is an endpoint that reads a path. */
  boolean canRead(String path) {
    return endpoints.containsKey(path);
  }

  /**
   * The object at a path, whose variables are taken from {@code given}; null if it does not exist.
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
   * Clerk's response at a path; null if the status is 404.
   *
   * @throws ClerkException if Clerk refuses for another reason
   */
  @Nullable JsonNode find(String path, ObjectNode arguments) {
    Endpoint endpoint = endpoint(path);
    for (String variable : endpoint.variables()) {
      String value = arguments.path(variable).asText();
      // No object has such an ID, and the client refuses to send it.
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

  /** The rows of a list; none if it was not found. */
  static JsonNode rows(@Nullable JsonNode answer) {
    return answer == null ? Json.array() : ListPage.rowsOf(answer);
  }

  private Endpoint endpoint(String path) {
    Endpoint endpoint = endpoints.get(path);
    if (endpoint == null) {
      throw new IllegalStateException("No tool declares GET " + path);
    }
    return endpoint;
  }
}
