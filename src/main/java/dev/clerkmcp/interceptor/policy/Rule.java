package dev.clerkmcp.interceptor.policy;

import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.OperationFacts.Risk;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule of the policy: which requests it matches, and what it decides about them.
 *
 * @param title the name of the rule in messages
 * @param tools the names of the tools that it matches; all if empty
 * @param effects the effects that it matches; if empty, all effects of the named tools or, without
 *     named tools, all effects but read
 * @param risks of which a request must have one; any request matches if empty
 */
record Rule(
    String title,
    Action action,
    Set<String> tools,
    Set<Effect> effects,
    Set<Risk> risks,
    TargetConditions conditions) {
  Rule {
    tools = Set.copyOf(tools);
    effects = Set.copyOf(effects);
    risks = Set.copyOf(risks);
  }

  /** The decision of a rule, from mild to strict. */
  enum Action {
    /** Do it; later rules are skipped. */
    ALLOW,
    /** Ask no question because of the rule's risks; later rules still decide. */
    PROCEED,
    /** Do it after a person has confirmed it. */
    CONFIRM,
    /** Do not do it. */
    DENY;

    /** Its word in the policy's file. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether tool and effect match; risks and the conditions on the target are ignored. */
  boolean matches(Set<String> names, Effect effect) {
    if (!tools.isEmpty() && Collections.disjoint(tools, names)) {
      return false;
    }
    if (!effects.isEmpty()) {
      return effects.contains(effect);
    }
    return !tools.isEmpty() || !effect.readOnly();
  }

  /** Whether it confirms or denies. Reading cannot be confirmed, so it then forbids reading. */
  boolean isStrict() {
    return action.compareTo(Action.CONFIRM) >= 0;
  }

  boolean hasTargetConditions() {
    return !conditions.isEmpty();
  }

  /** Whether it takes more than a tool and its effect to say whether the rule matches. */
  boolean isConditional() {
    return hasTargetConditions() || !risks.isEmpty();
  }

  /** The decision of the rule if its conditions hold. */
  Policy.Decision decision() {
    return new Policy.Decision(action, title, false);
  }

  /**
   * The decision about one of the people that a request touches; null if the conditions do not
   * hold. If too little is known, a rule that confirms or denies matches.
   */
  Policy.@Nullable Decision findDecision(Subject subject) {
    if (!conditions.canBeEvaluated(subject)) {
      return isStrict() ? new Policy.Decision(action, title, true) : null;
    }
    boolean hold = isStrict() ? conditions.holdForAny(subject) : conditions.holdForAll(subject);
    return hold ? decision() : null;
  }
}
