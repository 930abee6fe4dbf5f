package dev.clerkmcp.interceptor.policy;

import org.jspecify.annotations.Nullable;

/**
 * What the policy answers.
 *
 * @param rule the rule that decided, {@code rule 2 (owners are untouchable)}; null if none did
 * @param blind whether it decided only because nobody could tell what is touched
 */
record PolicyDecision(Decision decision, @Nullable String rule, boolean blind) {
  /** No rule is about it. */
  static final PolicyDecision NONE = new PolicyDecision(Decision.ALLOW, null, false);
}
