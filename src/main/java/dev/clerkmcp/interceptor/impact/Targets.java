package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds out what an operation touches, before it is sent. */
public final class Targets {
  /** What they take away is somebody's, and Clerk has no reading that tells whose. */
  private static final Set<String> ANONYMOUS =
      Set.of(
          "/actor_tokens/{actor_token_id}/revoke",
          "/admin_portal_link_tokens/{admin_portal_link_token_id}/revoke",
          "/agents/tasks/{agent_task_id}/revoke",
          "/oauth_applications/{oauth_application_id}/revoke_token",
          "/sign_in_tokens/{sign_in_token_id}/revoke");

  private final Map<String, Endpoint> readings;

  /** Finds out as much as these endpoints, of which each is a GET, let it. */
  public Targets(Collection<Endpoint> readings) {
    Map<String, Endpoint> byPath = new HashMap<>();
    readings.forEach(endpoint -> byPath.put(endpoint.path(), endpoint));
    this.readings = Map.copyOf(byPath);
  }

  /**
   * What an operation touches.
   *
   * @throws dev.clerkmcp.clerk.ClerkException if Clerk does not answer; that it knows no such
   *     object is an answer
   */
  public Target of(Endpoint endpoint, ObjectNode arguments, Reader reader) {
    EndpointReader asked = new EndpointReader(readings, reader);
    ResolvedObject found = ResolvedObject.by(endpoint, arguments, asked);
    AffectedEntities touched = new AffectedEntities(arguments, found, asked);
    return new Target(
        found.state(),
        found.missing(),
        touched.users(),
        touched.organizations(),
        touched.addresses(),
        touched.unclear() || ANONYMOUS.contains(endpoint.path()),
        TargetNames.isWholeInstance(endpoint)
            ? TargetNames.wholeInstance(environment(found, asked))
            : new TargetNames(endpoint, arguments, found, touched).text());
  }

  /**
   * What goes with what an operation takes away, in sentences for a person; empty if nothing does.
   */
  public List<String> losses(
      Endpoint endpoint, ObjectNode arguments, Target target, Reader reader) {
    return new ImpactAnalyzer(arguments, target, new EndpointReader(readings, reader)).of(endpoint);
  }

  private static String environment(ResolvedObject found, EndpointReader readings) {
    JsonNode instance = found.state();
    if (!found.path().equals(EndpointReader.INSTANCE) && readings.can(EndpointReader.INSTANCE)) {
      instance = readings.findObject(EndpointReader.INSTANCE, Json.object());
    }
    return instance == null ? "" : instance.path("environment_type").asText("");
  }
}
