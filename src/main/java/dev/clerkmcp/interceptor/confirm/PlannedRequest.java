package dev.clerkmcp.interceptor.confirm;

import dev.clerkmcp.interceptor.impact.Target;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Effect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that a tool would send, and what is known of what it touches.
 *
 * @param target null if it could not be read
 * @param losses what else is lost with it, in sentences
 * @param unknown why it could not be read, or null if it could
 */
record PlannedRequest(
    ClerkRequest operation,
    @Nullable Target target,
    List<String> losses,
    @Nullable String unknown) {
  PlannedRequest {
    losses = List.copyOf(losses);
  }

  /** What requests of one kind have in common: {@code DELETE /users/{user_id}}. */
  String route() {
    return operation.endpoint().method() + " " + operation.endpoint().path();
  }

  boolean isMissing() {
    return target != null && target.missing();
  }

  boolean isFinal() {
    Effect effect = operation.effect();
    return effect == Effect.IRREVERSIBLE || effect == Effect.IRREVERSIBLE_EACH_TIME;
  }
}
