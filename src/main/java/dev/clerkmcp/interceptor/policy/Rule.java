package dev.clerkmcp.interceptor.policy;

import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.registry.Effect;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule of the policy: which requests it matches, and whether it allows, confirms or denies them.
 *
 * @param title the name of the rule in messages
 * @param tools the names of the tools that it matches; all if empty
 * @param effects the effects that it matches; if empty, all effects of the named tools or, without
 *     named tools, all effects but read
 */
record Rule(
    String title,
    Action action,
    Set<String> tools,
    Set<Effect> effects,
    TargetConditions conditions) {
  Rule {
    tools = Set.copyOf(tools);
    effects = Set.copyOf(effects);
  }

  /** The decision of a rule, from mild to strict. */
  enum Action {
    /** Proceed; later rules are skipped. */
    ALLOW,
    /** Proceed after a person has confirmed it. */
    CONFIRM,
    /** Do not proceed. */
    DENY
  }

  /** Whether tool and effect match; the conditions on the target are ignored. */
  boolean matches(Set<String> names, Effect effect) {
    if (!tools.isEmpty() && Collections.disjoint(tools, names)) {
      return false;
    }
    if (!effects.isEmpty()) {
      return effects.contains(effect);
    }
    return !tools.isEmpty() || !effect.readOnly();
  }

  boolean hasTargetConditions() {
    return !conditions.isEmpty();
  }

  /** The decision of the rule if its conditions hold. */
  Policy.Decision decision() {
    return new Policy.Decision(action, title, false);
  }

  /**
   * The decision about a target; null if the conditions do not hold. If too little is known of the
   * target, a rule that confirms or denies matches.
   */
  Policy.@Nullable Decision findDecision(RequestTarget target) {
    boolean allows = action == Action.ALLOW;
    if (!conditions.canBeEvaluated(target)) {
      return allows ? null : new Policy.Decision(action, title, true);
    }
    boolean hold = allows ? conditions.holdForAll(target) : conditions.holdForAny(target);
    return hold ? decision() : null;
  }
}
