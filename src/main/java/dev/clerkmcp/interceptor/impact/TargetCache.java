package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.redact.SecretRedactor;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.ToolCallContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what requests affect, with secrets masked. A tool call reads each object once, even if
 * several requests affect it, until the call changes something.
 */
public final class TargetCache {
  private final TargetReader targets;
  private final Map<Endpoint, Secret> secrets = new HashMap<>();

  /**
   * Creates a resolver.
   *
   * @param readEndpoints all GET endpoints, with the secret fields of their answers
   */
  public TargetCache(Map<Endpoint, @Nullable Secret> readEndpoints) {
    this.targets = new TargetReader(readEndpoints.keySet());
    readEndpoints.forEach(
        (endpoint, secret) -> {
          if (secret != null) {
            secrets.put(endpoint, secret);
          }
        });
  }

  /**
   * What an operation affects.
   *
   * @throws ClerkException if it cannot be read, other than because the object does not exist
   */
  public RequestTarget of(ClerkRequest operation) {
    return operation.attribute(
        RequestTarget.class,
        () ->
            targets.of(
                operation.facts(),
                operation.arguments(),
                (endpoint, arguments) -> read(operation, endpoint, arguments)));
  }

  /**
   * The first rows of a list; empty if no endpoint reads it.
   *
   * @throws ClerkException if it cannot be read
   */
  public JsonNode rows(ClerkRequest operation, String path, ObjectNode query) {
    return targets.rows(path, query, (endpoint, arguments) -> read(operation, endpoint, arguments));
  }

  /**
   * Clerk's answer at a path; null if no endpoint reads it, or it cannot be read now. Nothing
   * depends on it but a warning.
   */
  @Nullable JsonNode findForWarning(ClerkRequest operation, String path, ObjectNode arguments) {
    try {
      return targets.find(path, arguments, (endpoint, query) -> read(operation, endpoint, query));
    } catch (ClerkException e) {
      return null;
    }
  }

  /** What is lost with an operation, in sentences. */
  public List<String> losses(ClerkRequest operation, RequestTarget target) {
    return targets.losses(
        operation.facts(),
        operation.arguments(),
        target,
        (endpoint, arguments) -> read(operation, endpoint, arguments));
  }

  /** Clears the cache of a call, so that the current state is read again. */
  public void forget(ToolCallContext context) {
    known(context).answers().clear();
  }

  private static Known known(ToolCallContext context) {
    return context.attribute(Known.class, () -> new Known(new ConcurrentHashMap<>()));
  }

  /** Clerk's answers, by request. */
  private record Known(Map<Request, JsonNode> answers) {}

  /** A request that reads. */
  private record Request(Endpoint endpoint, ObjectNode arguments) {}

  private JsonNode read(ClerkRequest operation, Endpoint endpoint, ObjectNode arguments) {
    Map<Request, JsonNode> known = known(operation.context()).answers();
    Request request = new Request(endpoint, arguments.deepCopy());
    JsonNode answer = known.get(request);
    if (answer == null) {
      Secret secret = secrets.get(endpoint);
      List<String> declared = secret == null ? List.of() : List.of(secret.value());
      JsonNode read = operation.context().read(endpoint, arguments);
      answer = SecretRedactor.ofAll(declared).mask(read);
      known.put(request, answer);
    }
    return answer;
  }
}
