package dev.clerkmcp.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.guard.secret.AnswerMask;
import dev.clerkmcp.guard.target.Target;
import dev.clerkmcp.guard.target.Targets;
import dev.clerkmcp.registry.Operation;
import dev.clerkmcp.registry.Secret;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks up what operations touch, each once however many guards ask, and no secret with it. */
final class Lookup {
  private final Targets targets;
  private final Map<Endpoint, Secret> secrets = new HashMap<>();

  /**
   * Prepares for the tools there are.
   *
   * @param readings all endpoints that read, with what is secret in their answers
   */
  Lookup(Map<Endpoint, @Nullable Secret> readings) {
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
  Target of(Operation operation) {
    return operation.finding(
        Target.class,
        () ->
            targets.of(
                operation.endpoint(),
                operation.arguments(),
                (endpoint, arguments) -> read(operation, endpoint, arguments)));
  }

  /** What else is lost with it, in sentences. */
  List<String> losses(Operation operation, Target target) {
    return targets.losses(
        operation.endpoint(),
        operation.arguments(),
        target,
        (endpoint, arguments) -> read(operation, endpoint, arguments));
  }

  private JsonNode read(Operation operation, Endpoint endpoint, ObjectNode arguments) {
    Secret secret = secrets.get(endpoint);
    List<String> declared = secret == null ? List.of() : List.of(secret.value());
    return AnswerMask.ofAll(declared).mask(operation.read(endpoint, arguments));
  }
}
