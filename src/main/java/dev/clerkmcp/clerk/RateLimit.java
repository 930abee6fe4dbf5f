package dev.clerkmcp.clerk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;

/**
 * One of Clerk's rate limits: at most {@code limit} requests of certain operations in any period of
 * the given length.
 *
 * @param words completes the sentence "Clerk allows ..."
 * @param perObject whether the limit applies to each user, organization or membership separately;
 *     else it applies to the instance
 * @param operations which operations count, by route
 * @see <a href="https://clerk.com/docs/guides/how-clerk-works/system-limits">Clerk's limits</a>
 */
record RateLimit(
    String words, int limit, Duration length, boolean perObject, Predicate<String> operations) {

  /** All rate limits of an instance that accepts the given number of requests in ten seconds. */
  static List<RateLimit> ofInstance(int requests) {
    return List.of(
        new RateLimit(
            requests + " requests in 10 s from an instance",
            requests,
            Duration.ofSeconds(10),
            false,
            operation -> !operation.equals("GET /jwks")), // Clerk does not limit it
        hourly(100, "invitations", "POST /invitations"),
        hourly(25, "bulk invitations", "POST /invitations/bulk"),
        hourly(
            250, "organization invitations", "POST /organizations/{organization_id}/invitations"),
        hourly(
            50,
            "bulk organization invitations",
            "POST /organizations/{organization_id}/invitations/bulk"),
        updates("a user", "/users/{user_id}"),
        updates("an organization", "/organizations/{organization_id}"),
        updates("a membership", "/organizations/{organization_id}/memberships/{user_id}"));
  }

  /** Whether the operation counts towards this limit. */
  boolean covers(Endpoint endpoint) {
    return operations.test(endpoint.route());
  }

  /** The IDs of the object that the limit applies to; empty for the instance. */
  String object(Endpoint endpoint, ObjectNode arguments) {
    StringJoiner object = new StringJoiner("/");
    if (perObject) {
      endpoint.variables().forEach(variable -> object.add(arguments.path(variable).asText()));
    }
    return object.toString();
  }

  private static RateLimit hourly(int limit, String what, String operation) {
    return new RateLimit(
        limit + " " + what + " an hour from an instance",
        limit,
        Duration.ofHours(1),
        false,
        operation::equals);
  }

  /** Updates of an object's fields and of its metadata count together. */
  private static RateLimit updates(String object, String path) {
    Set<String> operations =
        Set.of("PATCH " + path, "PATCH " + path + "/metadata", "PUT " + path + "/metadata");
    return new RateLimit(
        "10 updates of " + object + " in 10 s",
        10,
        Duration.ofSeconds(10),
        true,
        operations::contains);
  }
}
