package dev.clerkmcp.clerk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Describes an operation of Clerk's API, so that a request can be made from arguments.
 *
 * @param segments of the path, in which {@code {user_id}} is a variable
 * @param fixedQuery query parameters that are always the same
 * @param payload how the arguments that are not in the path are sent
 * @param repeatable whether a retry is safe when the outcome is unknown
 */
public record Endpoint(
    String method,
    List<String> segments,
    Map<String, String> fixedQuery,
    Payload payload,
    boolean repeatable) {

  private static final Pattern ROUTE =
      Pattern.compile(
          "(GET|POST|PUT|PATCH|DELETE) ((?:/(?:[a-z0-9_]+|\\{[a-z0-9_]+}))+)(?:\\?([a-z_]+=[^&=]+(?:&[a-z_]+=[^&=]+)*))?");

  private static final Pattern NOT_IN_IDS = Pattern.compile("[/\\\\?#%\\p{Cntrl}]");

  /** How the arguments that are not in the path are sent. */
  public sealed interface Payload {
    /**
     * The arguments are sent in the query. A list is sent as a repeated key, or joined by commas if
     * its argument is in {@code joined}.
     */
    record Query(Set<String> joined) implements Payload {
      public Query {
        joined = Set.copyOf(joined);
      }
    }

    /** The arguments are not sent: the request has no body. */
    record Empty() implements Payload {}

    /** The arguments are sent as the properties of a JSON object. */
    record JsonObject() implements Payload {}

    /** The value of one argument is sent as the whole JSON body; three operations take an array. */
    record JsonValue(String argument) implements Payload {}

    /** The arguments are sent as the fields of a form; one of them is the path of an image file. */
    record Form(String imageArgument) implements Payload {}
  }

  public Endpoint {
    segments = List.copyOf(segments);
    fixedQuery = Collections.unmodifiableSortedMap(new TreeMap<>(fixedQuery));
  }

  /**
   * Parses {@code "PATCH /users/{user_id}"} or {@code "GET /invitations?paginated=true"}. Arguments
   * are sent in the query of a GET or DELETE, else in a JSON body; a POST is not repeatable.
   *
   * @throws IllegalArgumentException if the route is not of that form
   */
  public static Endpoint parse(String route) {
    Matcher matcher = ROUTE.matcher(route);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "Route '" + route + "' is not of the form METHOD /path/{variable}");
    }
    String method = matcher.group(1);
    boolean query = method.equals("GET") || method.equals("DELETE");
    return new Endpoint(
        method,
        Arrays.asList(matcher.group(2).substring(1).split("/", -1)),
        matcher.group(3) == null ? Map.of() : fixedQuery(matcher.group(3)),
        query ? new Payload.Query(Set.of()) : new Payload.JsonObject(),
        !method.equals("POST"));
  }

  /** The same operation with {@code payload} replaced. */
  public Endpoint withPayload(Payload other) {
    return new Endpoint(method, segments, fixedQuery, other, repeatable);
  }

  /** The same operation with {@code repeatable} replaced. */
  public Endpoint withRepeatable(boolean safe) {
    return new Endpoint(method, segments, fixedQuery, payload, safe);
  }

  /** The operation as Clerk writes it, without the fixed query: {@code PATCH /users/{user_id}}. */
  public String route() {
    return method + " " + path();
  }

  /** The path as Clerk writes it: {@code /users/{user_id}}. */
  public String path() {
    return "/" + String.join("/", segments);
  }

  /** The names of the variables in the path, in order. */
  public List<String> variables() {
    List<String> names = new ArrayList<>();
    for (String segment : segments) {
      if (isVariable(segment)) {
        names.add(variable(segment));
      }
    }
    return names;
  }

  /**
   * The first variable of the path whose argument cannot be an ID: a proxy may read its characters
   * as another path, however they are escaped. Null if there is none.
   */
  public @Nullable String findForgedId(ObjectNode arguments) {
    for (String variable : variables()) {
      if (NOT_IN_IDS.matcher(arguments.path(variable).asText()).find()) {
        return variable;
      }
    }
    return null;
  }

  static boolean isVariable(String segment) {
    return segment.startsWith("{");
  }

  static String variable(String segment) {
    return segment.substring(1, segment.length() - 1);
  }

  private static Map<String, String> fixedQuery(String query) {
    Map<String, String> result = new TreeMap<>();
    for (String pair : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      result.put(parts[0], parts[1]);
    }
    return result;
  }
}
