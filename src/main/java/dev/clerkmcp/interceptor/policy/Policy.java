package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.json.TextFile;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.ToolIndexEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a person allows, denies or wants to confirm what tools do. The first matching
 * rule decides; what no rule matches is allowed.
 */
public final class Policy {
  private static final int MAX_FILE_BYTES = 1 << 20;

  private static final Policy NONE = new Policy(List.of());

  private final List<Rule> rules;

  private Policy(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** A policy that allows everything. */
  public static Policy none() {
    return NONE;
  }

  /**
   * Reads a policy from its file.
   *
   * @param catalog the tools that exist, to detect misspelt names
   * @throws IOException if the file cannot be read
   * @throws TextFile.UnusableFileException if the file is larger than 1 MiB, or is not UTF-8 or
   *     JSON
   * @throws InvalidPolicy for the first mistake in it
   */
  public static Policy parse(Path file, Collection<ToolIndexEntry> catalog)
      throws IOException, TextFile.UnusableFileException, InvalidPolicy {
    JsonNode policy = TextFile.json(TextFile.readTrusted(file, MAX_FILE_BYTES));
    return new Policy(new RuleReader(catalog).rules(policy));
  }

  /**
   * A request to Clerk that the policy is to decide about.
   *
   * @param tools the tool that the request is, and the tool whose call makes it
   * @param effect the effect of the request on the instance
   * @param target what the request touches; may throw {@link ClerkException}, and is called at most
   *     once, and only if a rule depends on it
   */
  record Request(Set<String> tools, Effect effect, Supplier<RequestTarget> target) {
    Request {
      tools = Set.copyOf(tools);
    }
  }

  /**
   * The decision of a policy.
   *
   * @param rule the rule that decided, such as {@code rule 2 (owners are untouchable)}; null if
   *     none did
   * @param targetUnknown whether the rule decided only because the target could not be determined
   */
  record Decision(Rule.Action action, @Nullable String rule, boolean targetUnknown) {
    /** The decision if no rule matches. */
    static final Decision NONE = new Decision(Rule.Action.ALLOW, null, false);
  }

  /** Whether a rule asks for confirmations. */
  boolean asksForConfirmation() {
    return rules.stream().anyMatch(rule -> rule.action() == Rule.Action.CONFIRM);
  }

  /**
   * Decides about a request. If its target cannot be determined, a rule about targets matches
   * unless it allows.
   */
  Decision decide(Request request) {
    RequestTarget target = null;
    for (Rule rule : rules) {
      if (!rule.matches(request.tools(), request.effect())) {
        continue;
      }
      if (!rule.hasTargetConditions()) {
        return rule.decision();
      }
      if (target == null) {
        target = target(request);
      }
      Decision decision = rule.findDecision(target);
      if (decision != null) {
        return decision;
      }
    }
    return Decision.NONE;
  }

  private static RequestTarget target(Request request) {
    try {
      return request.target().get();
    } catch (ClerkException e) {
      return RequestTarget.unknown();
    }
  }

  /**
   * Decides about a composed tool before its requests are known. Rules about targets are skipped,
   * but if a skipped rule is milder than the rule that matches, the decision is left to the
   * requests.
   */
  Decision decideWhole(String tool, Effect effect) {
    Rule.Action mildest = Rule.Action.DENY;
    for (Rule rule : rules) {
      if (!rule.matches(Set.of(tool), effect)) {
        continue;
      }
      if (!rule.hasTargetConditions()) {
        return rule.action().compareTo(mildest) <= 0 ? rule.decision() : Decision.NONE;
      }
      if (rule.action().compareTo(mildest) < 0) {
        mildest = rule.action();
      }
    }
    return Decision.NONE;
  }

  /**
   * The policy's file has a mistake. The message names the part and says what to write instead; it
   * is not a full sentence.
   */
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
