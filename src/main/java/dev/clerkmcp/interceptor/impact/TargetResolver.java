package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.redact.SecretRedactor;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what operations affect, without secrets, and caches it for the call: each object is read
 * once until the call changes something.
 */
public final class TargetResolver implements ToolInterceptor {
  private final Targets targets;
  private final Map<Endpoint, Secret> secrets = new HashMap<>();

  /**
   * Prepares for the tools there are.
   *
   * @param readings all GET endpoints, with the secret fields of their answers
   */
  public TargetResolver(Map<Endpoint, @Nullable Secret> readings) {
    this.targets = new Targets(readings.keySet());
    readings.forEach(
        (endpoint, secret) -> {
          if (secret != null) {
            secrets.put(endpoint, secret);
          }
        });
  }

  /**
   * What an operation affects.
   *
   * @throws ClerkException if it cannot be read, other than because there is no such object
   */
  public Target of(ClerkRequest operation) {
    return operation.finding(
        Target.class,
        () ->
            targets.of(
                operation.facts(),
                operation.arguments(),
                (endpoint, arguments) -> read(operation, endpoint, arguments)));
  }

  /** What is lost with an operation, in sentences. */
  public List<String> losses(ClerkRequest operation, Target target) {
    return targets.losses(
        operation.facts(),
        operation.arguments(),
        target,
        (endpoint, arguments) -> read(operation, endpoint, arguments));
  }

  /** Clears the cache after a change, which may have side effects on any object. */
  @Override
  public JsonNode operation(ClerkRequest operation, Supplier<JsonNode> next) {
    if (operation.effect().readOnly() || operation.run().isRehearsed()) {
      return next.get();
    }
    try {
      return next.get();
    } finally {
      forget(operation.run());
    }
  }

  /** Clears the cache of a call, so that the current state is read again. */
  public void forget(ToolCallContext run) {
    known(run).answers().clear();
  }

  private static Known known(ToolCallContext run) {
    return run.finding(Known.class, () -> new Known(new ConcurrentHashMap<>()));
  }

  /** Clerk's answers, by request. */
  private record Known(Map<Request, JsonNode> answers) {}

  /** A request that reads. */
  private record Request(Endpoint endpoint, ObjectNode arguments) {}

  private JsonNode read(ClerkRequest operation, Endpoint endpoint, ObjectNode arguments) {
    Map<Request, JsonNode> known = known(operation.run()).answers();
    Request request = new Request(endpoint, arguments.deepCopy());
    JsonNode answer = known.get(request);
    if (answer == null) {
      answer = ask(operation, endpoint, arguments);
      known.put(request, answer);
    }
    return answer;
  }

  private JsonNode ask(ClerkRequest operation, Endpoint endpoint, ObjectNode arguments) {
    Secret secret = secrets.get(endpoint);
    List<String> declared = secret == null ? List.of() : List.of(secret.value());
    return SecretRedactor.ofAll(declared).mask(operation.read(endpoint, arguments));
  }
}
