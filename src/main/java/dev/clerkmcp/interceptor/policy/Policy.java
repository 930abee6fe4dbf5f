package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.interceptor.impact.Target;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.ToolIndexEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The rules by which a person allows, denies or wants to confirm what tools do. The first that
 * matches decides; what none matches is allowed.
 */
public final class Policy {
  private static final Policy NONE = new Policy(List.of());

  private final List<Rule> rules;

  private Policy(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Nothing is denied or to be confirmed. */
  public static Policy none() {
    return NONE;
  }

  /**
   * Reads a policy from its file.
   *
   * @param catalog the tools that there are, for the check of misspelt ones
   * @throws IOException if the file cannot be read
   * @throws InvalidPolicy for the first mistake in it
   */
  public static Policy parse(Path file, Collection<ToolIndexEntry> catalog)
      throws IOException, InvalidPolicy {
    JsonNode policy = PolicyFile.read(file);
    return new Policy(new RuleReader(catalog).rules(policy));
  }

  /** Whether a rule asks for confirmations. */
  boolean asksForConfirmation() {
    return rules.stream().anyMatch(rule -> rule.decision() == Decision.CONFIRM);
  }

  /** Whether a rule depends on what is touched, so that this may have to be looked up. */
  boolean asksAboutTargets() {
    return rules.stream().anyMatch(Rule::asksAboutTargets);
  }

  /**
   * Judges an operation. If it cannot be found out what is touched, a rule about that matches
   * unless it allows.
   */
  PolicyDecision decide(PolicyRequest question) {
    Target target = null;
    for (Rule rule : rules) {
      if (!rule.isAbout(question.tools(), question.effect())) {
        continue;
      }
      if (!rule.asksAboutTargets()) {
        return rule.verdict();
      }
      if (target == null) {
        target = target(question);
      }
      PolicyDecision verdict = rule.findVerdict(target);
      if (verdict != null) {
        return verdict;
      }
    }
    return PolicyDecision.NONE;
  }

  private static Target target(PolicyRequest question) {
    try {
      return question.target().get();
    } catch (ClerkException e) {
      return Target.unknown();
    }
  }

  /**
   * Judges a tool as a whole, before anything is known of what it touches. Rules about that do not
   * count, but where one of them may turn out milder, it is left to the tool's operations.
   */
  PolicyDecision decideWhole(String tool, Effect effect) {
    Decision mildest = Decision.DENY;
    for (Rule rule : rules) {
      if (!rule.isAbout(Set.of(tool), effect)) {
        continue;
      }
      if (!rule.asksAboutTargets()) {
        return rule.decision().compareTo(mildest) <= 0 ? rule.verdict() : PolicyDecision.NONE;
      }
      if (rule.decision().compareTo(mildest) < 0) {
        mildest = rule.decision();
      }
    }
    return PolicyDecision.NONE;
  }

  /** Which of the file's parts cannot be used, and what to write instead; no full sentence. */
  public static final class InvalidPolicy extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidPolicy(String part, String remedy) {
      this(part + "; " + remedy);
    }

    InvalidPolicy(String message) {
      super(message);
    }
  }
}
