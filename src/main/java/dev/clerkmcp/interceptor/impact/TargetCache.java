package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.redact.SecretRedactor;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.ToolCallContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what requests affect, with secrets masked. A tool call reads each object once, even if
 * several requests affect it, until the call changes something.
 */
public final class TargetCache {
  private final TargetReader targets;
  private final Map<Endpoint, Secret> secrets;

  /**
   * Creates an empty cache.
   *
   * @param readEndpoints the endpoints that only read
   */
  public TargetCache(Map<Endpoint, OperationFacts.Reading> readEndpoints) {
    this.targets = new TargetReader(readEndpoints.keySet());
    this.secrets = new HashMap<>();
    readEndpoints.forEach(
        (endpoint, declared) -> {
          if (declared.secret() != null) {
            secrets.put(endpoint, declared.secret());
          }
        });
  }

  /**
   * What a request affects.
   *
   * @throws ClerkException if it cannot be read, other than because the object does not exist
   */
  public RequestTarget of(ClerkRequest request) {
    return request.attribute(
        RequestTarget.class,
        () ->
            targets.of(
                request.facts(),
                request.arguments(),
                (endpoint, arguments) -> {
                  reads(request).add(endpoint);
                  return read(request, endpoint, arguments);
                }));
  }

  /** The endpoints by which was read what a request affects. */
  Set<Endpoint> reads(ClerkRequest request) {
    return request.attribute(Reads.class, () -> new Reads(new HashSet<>())).endpoints();
  }

  private record Reads(Set<Endpoint> endpoints) {}

  /**
   * Whether there is an organization with an ID or slug.
   *
   * @throws ClerkException if that cannot be read
   */
  public boolean hasOrganization(ClerkRequest request, String idOrSlug) {
    return targets.hasOrganization(
        idOrSlug, (endpoint, arguments) -> read(request, endpoint, arguments));
  }

  /**
   * The first rows of a list; empty if no endpoint reads it.
   *
   * @throws ClerkException if it cannot be read
   */
  public JsonNode rows(ClerkRequest request, String path, ObjectNode query) {
    return targets.rows(path, query, (endpoint, arguments) -> read(request, endpoint, arguments));
  }

  /** How many active sessions a user has; empty if that cannot be read now. */
  public OptionalLong activeSessions(ClerkRequest request, String userId) {
    ObjectNode query = LossAnalyzer.activeSessions(userId);
    return LossAnalyzer.total(findIfReadable(request, LossAnalyzer.SESSIONS, query));
  }

  /** The endpoint that reads a path; null if there is none. */
  @Nullable Endpoint findEndpoint(String path) {
    return targets.findEndpoint(path);
  }

  /**
   * The endpoint that reads the object which an operation creates, changes or belongs to; null if
   * there is none.
   */
  @Nullable Endpoint findReader(Endpoint operation) {
    return targets.findReader(operation);
  }

  /**
   * Clerk's answer at a path; null if no endpoint reads it, or it cannot be read now. It may add to
   * what is told of a change, and must not decide whether the change is made.
   */
  public @Nullable JsonNode findIfReadable(
      ClerkRequest request, String path, ObjectNode arguments) {
    try {
      return targets.find(path, arguments, (endpoint, query) -> read(request, endpoint, query));
    } catch (ClerkException e) {
      return null;
    }
  }

  /**
   * What is lost with a request, in sentences.
   *
   * @param earlier the requests that are made before it
   */
  List<String> losses(ClerkRequest request, RequestTarget target, List<ClerkRequest> earlier) {
    return targets.losses(
        request.facts(),
        request.arguments(),
        target,
        earlier,
        (endpoint, arguments) -> read(request, endpoint, arguments));
  }

  /** Clears the cache of a call, so that the current state is read again. */
  public void forget(ToolCallContext context) {
    known(context).answers().clear();
  }

  private static Known known(ToolCallContext context) {
    return context.whole().attribute(Known.class, () -> new Known(new ConcurrentHashMap<>()));
  }

  /** Clerk's answers, by request. */
  private record Known(Map<Request, JsonNode> answers) {}

  /** A request that reads. */
  private record Request(Endpoint endpoint, ObjectNode arguments) {}

  private JsonNode read(ClerkRequest request, Endpoint endpoint, ObjectNode arguments) {
    Map<Request, JsonNode> known = known(request.context()).answers();
    Request reading = new Request(endpoint, arguments.deepCopy());
    JsonNode answer = known.get(reading);
    if (answer == null) {
      Secret secret = secrets.get(endpoint);
      List<String> declared = secret == null ? List.of() : List.of(secret.value());
      JsonNode read = request.context().read(endpoint, arguments);
      answer = SecretRedactor.ofAll(declared).mask(read);
      known.put(reading, answer);
    }
    return answer;
  }
}
