package dev.clerkmcp.sandbox.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operation of Clerk's API.
 *
 * @param route method and path template: {@code POST /users/{user_id}/ban}
 * @param query the schema of the query parameters, an object
 * @param joinedByCommas the query parameters that take several values in one, joined by commas
 * @param signed the query parameters whose values may begin with a sign: + includes, - excludes
 * @param orders the fields that the rows of a list can be sorted by
 * @param body the schema of the JSON body, or of the parts of the form; null without a body
 * @param form whether the body is multipart/form-data
 * @param status the HTTP status of success
 * @param answer the schema of the response body; null if the response has none
 */
public record ApiOperation(
    String route,
    JsonNode query,
    Set<String> joinedByCommas,
    Set<String> signed,
    List<String> orders,
    @Nullable JsonNode body,
    boolean form,
    int status,
    @Nullable JsonNode answer,
    boolean deprecated) {

  /** GET, POST, PUT, PATCH or DELETE. */
  public String method() {
    return route.substring(0, route.indexOf(' '));
  }

  /** The path template. */
  public String template() {
    return route.substring(route.indexOf(' ') + 1);
  }

  /** The segments of the path template; those in braces are variables. */
  public List<String> segments() {
    return segments(template());
  }

  /** Whether the operation changes nothing. */
  public boolean reads() {
    return method().equals("GET");
  }

  /** The values of the path variables if the path matches this operation, else null. */
  @Nullable Map<String, String> variablesOf(List<String> path) {
    List<String> segments = segments();
    if (path.size() != segments.size()) {
      return null;
    }
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < path.size(); i++) {
      String segment = segments.get(i);
      if (isVariable(segment)) {
        variables.put(segment.substring(1, segment.length() - 1), path.get(i));
      } else if (!segment.equals(path.get(i))) {
        return null;
      }
    }
    return variables;
  }

  /** The names of the variables in a path template, in their order. */
  public static List<String> variables(String template) {
    return segments(template).stream()
        .filter(ApiOperation::isVariable)
        .map(segment -> segment.substring(1, segment.length() - 1))
        .toList();
  }

  static boolean isVariable(String segment) {
    return segment.startsWith("{");
  }

  private static List<String> segments(String path) {
    List<String> segments = List.of(path.split("/", -1));
    return segments.subList(1, segments.size());
  }
}
