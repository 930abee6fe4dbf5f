package dev.clerkmcp.interceptor.policy;

import dev.clerkmcp.interceptor.impact.Target;
import dev.clerkmcp.registry.Effect;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the policy is asked about an operation.
 *
 * @param tools the tool's name and, within a composed one, that of the tool around it
 * @param effect what the operation does to the instance
 * @param target finds out what it touches; may throw {@link dev.clerkmcp.clerk.ClerkException}, and
 *     is called once at most, only if a rule depends on it
 */
record PolicyRequest(Set<String> tools, Effect effect, Supplier<Target> target) {
  PolicyRequest {
    tools = Set.copyOf(tools);
  }
}
