package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.redact.SecretRedactor;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.ToolCallContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what requests touch, with secrets masked. Each object is read once in a tool call,
 * however many requests touch it, until the call changes something.
 */
public final class TargetResolver implements RequestInterceptor {
  private final Targets targets;
  private final Map<Endpoint, Secret> secrets = new HashMap<>();

  /**
   * Prepares for the tools there are.
   *
   * @param readings all endpoints that read, with what is secret in their answers
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
   * What an operation touches.
   *
   * @throws ClerkException if it cannot be read, other than because there is no such object
   */
  public Target of(ClerkRequest operation) {
    return operation.attribute(
        Target.class,
        () ->
            targets.of(
                operation.endpoint(),
                operation.arguments(),
                (endpoint, arguments) -> read(operation, endpoint, arguments)));
  }

  /** What else is lost with it, in sentences. */
  public List<String> losses(ClerkRequest operation, Target target) {
    return targets.losses(
        operation.endpoint(),
        operation.arguments(),
        target,
        (endpoint, arguments) -> read(operation, endpoint, arguments));
  }

  /** Forgets what was read after every change, since a change can have side effects. */
  @Override
  public JsonNode intercept(Chain chain) {
    ClerkRequest request = chain.request();
    if (request.effect().readOnly() || request.context().isPlanning()) {
      return chain.proceed();
    }
    try {
      return chain.proceed();
    } finally {
      forget(request.context());
    }
  }

  /** Has a run read anew what it touches, since time has passed or is about to count. */
  public void forget(ToolCallContext run) {
    known(run).answers().clear();
  }

  private static Known known(ToolCallContext run) {
    return run.attribute(Known.class, () -> new Known(new ConcurrentHashMap<>()));
  }

  /** What a run has read, by the request. */
  private record Known(Map<Request, JsonNode> answers) {}

  /** What is asked of Clerk. */
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
