package dev.clerkmcp.interceptor.policy;

import dev.clerkmcp.interceptor.impact.Target;
import dev.clerkmcp.registry.Effect;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule of the policy: what it is about, and what it decides.
 *
 * @param title what messages call it
 * @param tools the names of the tools that it is about; all if empty
 * @param effects the effects that it is about; if empty, those of the tools that it names, or
 *     everything that changes something
 */
record Rule(
    String title,
    Decision decision,
    Set<String> tools,
    Set<Effect> effects,
    TargetConditions conditions) {
  Rule {
    tools = Set.copyOf(tools);
    effects = Set.copyOf(effects);
  }

  /** Whether it is about such operations, whatever they touch. */
  boolean isAbout(Set<String> names, Effect effect) {
    if (!tools.isEmpty() && Collections.disjoint(tools, names)) {
      return false;
    }
    if (!effects.isEmpty()) {
      return effects.contains(effect);
    }
    return !tools.isEmpty() || !effect.readOnly();
  }

  boolean asksAboutTargets() {
    return !conditions.isEmpty();
  }

  /** What it decides whatever is touched. */
  PolicyDecision verdict() {
    return new PolicyDecision(decision, title, false);
  }

  /**
   * What it decides of a target; null if its conditions do not hold. Where nobody can tell, one
   * that keeps something back does so.
   */
  @Nullable PolicyDecision findVerdict(Target target) {
    boolean allows = decision == Decision.ALLOW;
    if (!conditions.canBeTold(target)) {
      return allows ? null : new PolicyDecision(decision, title, true);
    }
    boolean hold = allows ? conditions.holdForAll(target) : conditions.holdForAny(target);
    return hold ? verdict() : null;
  }
}
