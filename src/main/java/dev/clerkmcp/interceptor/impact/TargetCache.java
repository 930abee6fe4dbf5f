package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.interceptor.redact.SecretRedactor;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.ToolCallContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what requests affect, with secrets masked. A tool call reads each object once, even if
 * several requests affect it, until the call changes something.
 */
public final class TargetCache {
  private final TargetReader targets;
  private final Map<Endpoint, Secret> secrets;
  private final BiFunction<ClerkRequest, Set<Endpoint>, @Nullable String> hiddenBy;

  /**
   * Creates a resolver.
   *
   * @param readEndpoints the endpoints that only read, with the secret fields of their answers
   */
  public TargetCache(Map<Endpoint, @Nullable Secret> readEndpoints) {
    this.targets = new TargetReader(readEndpoints.keySet());
    this.secrets = new HashMap<>();
    this.hiddenBy = (request, reads) -> null;
    readEndpoints.forEach(
        (endpoint, secret) -> {
          if (secret != null) {
            secrets.put(endpoint, secret);
          }
        });
  }

  private TargetCache(
      TargetCache all, BiFunction<ClerkRequest, Set<Endpoint>, @Nullable String> hiddenBy) {
    this.targets = all.targets;
    this.secrets = all.secrets;
    this.hiddenBy = hiddenBy;
  }

  /**
   * The same cache for plans, which may not show everything that is looked up.
   *
   * @param hiddenBy names the rule by which what a request affects is not shown, given the
   *     endpoints that read it, as in {@code rule 2 (owners)}; null if it may be shown
   */
  public TargetCache hiding(BiFunction<ClerkRequest, Set<Endpoint>, @Nullable String> hiddenBy) {
    return new TargetCache(this, hiddenBy);
  }

  /**
   * What an operation affects.
   *
   * @throws ClerkException if it cannot be read, other than because the object does not exist
   */
  public RequestTarget of(ClerkRequest operation) {
    RequestTarget target =
        operation.attribute(
            RequestTarget.class,
            () ->
                targets.of(
                    operation.facts(),
                    operation.arguments(),
                    (endpoint, arguments) -> {
                      reads(operation).add(endpoint);
                      return read(operation, endpoint, arguments);
                    }));
    String rule = hiddenBy(operation);
    if (rule == null) {
      return target;
    }
    String path = RequestPreview.of(operation.endpoint(), operation.shownArguments()).path();
    return RequestTarget.hidden(
        "%s, which %s of the policy does not let tools read".formatted(path, rule));
  }

  private @Nullable String hiddenBy(ClerkRequest operation) {
    return hiddenBy.apply(operation, reads(operation));
  }

  /** The endpoints by which was read what an operation affects. */
  private static Set<Endpoint> reads(ClerkRequest operation) {
    return operation.attribute(Reads.class, () -> new Reads(new HashSet<>())).endpoints();
  }

  private record Reads(Set<Endpoint> endpoints) {}

  /**
   * Whether there is an organization with an ID or slug.
   *
   * @throws ClerkException if that cannot be read
   */
  public boolean hasOrganization(ClerkRequest operation, String idOrSlug) {
    return targets.hasOrganization(
        idOrSlug, (endpoint, arguments) -> read(operation, endpoint, arguments));
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
    if (hiddenBy(operation) != null) {
      return List.of();
    }
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
