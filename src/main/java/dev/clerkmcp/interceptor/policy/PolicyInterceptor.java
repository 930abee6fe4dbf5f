package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.interceptor.impact.Target;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps tools to the policy, on every way to them. What it tells names the rule, never whom the
 * rule is about.
 */
public final class PolicyInterceptor implements ToolInterceptor {
  private final Policy policy;
  private final Function<ClerkRequest, Target> targets;

  /**
   * Guards by a policy.
   *
   * @param targets finds out what an operation touches
   */
  public PolicyInterceptor(Policy policy, Function<ClerkRequest, Target> targets) {
    this.policy = policy;
    this.targets = targets;
  }

  /** What is not a single operation is denied as a whole, rather than half way through. */
  @Override
  public JsonNode tool(ToolCallContext run, Supplier<JsonNode> next) {
    PolicyDecision verdict = ofWhole(run.tool());
    if (verdict.decision() == Decision.DENY) {
      throw denied(run.tool().name(), verdict);
    }
    return next.get();
  }

  @Override
  public JsonNode operation(ClerkRequest operation, Supplier<JsonNode> next) {
    PolicyDecision verdict = verdict(operation);
    return switch (verdict.decision()) {
      case ALLOW -> next.get();
      case DENY -> throw denied(name(operation), verdict);
      case CONFIRM -> {
        if (!operation.run().isRehearsed() && operation.run().approval() == null) {
          throw unconfirmed(name(operation), verdict);
        }
        yield next.get();
      }
    };
  }

  /** Whether the policy has a rule that asks for confirmations. */
  public boolean asksForConfirmation() {
    return policy.asksForConfirmation();
  }

  /** Whether the policy lets an operation be sent only once a person has confirmed it. */
  public boolean needsConfirmation(ClerkRequest operation) {
    return verdict(operation).decision() == Decision.CONFIRM;
  }

  /** What the policy says of an operation, by itself and as a part of the tool that runs it. */
  private PolicyDecision verdict(ClerkRequest operation) {
    ToolDefinition tool = operation.run().tool();
    Set<String> own = new TreeSet<>();
    if (operation.tool() != null) {
      own.add(operation.tool());
    }
    Set<String> all = new TreeSet<>(own);
    all.add(tool.name());
    PolicyDecision verdict = decide(operation, all);
    if (operation.effect().readOnly()) {
      // A tool that changes something is confirmed for its changes. What it reads needs that only
      // by a rule that would be about reading it without that tool, too.
      boolean onlyForChanges =
          verdict.decision() == Decision.CONFIRM
              && !tool.effect().readOnly()
              && !decide(operation, own).equals(verdict);
      return onlyForChanges ? PolicyDecision.NONE : verdict;
    }
    PolicyDecision whole = ofWhole(tool);
    return verdict.decision() == Decision.ALLOW && whole.decision() == Decision.CONFIRM
        ? whole
        : verdict;
  }

  private PolicyDecision decide(ClerkRequest operation, Set<String> tools) {
    return policy.decide(
        new PolicyRequest(
            tools,
            operation.effect(),
            () -> operation.finding(Target.class, () -> targets.apply(operation))));
  }

  /** What the policy says of a tool before its operations are known; nothing if it is one. */
  private PolicyDecision ofWhole(ToolDefinition tool) {
    boolean single = tool.endpoint() != null || tool.isDoor();
    return single ? PolicyDecision.NONE : policy.decideWhole(tool.name(), tool.effect());
  }

  private static String name(ClerkRequest operation) {
    String tool = operation.tool();
    return tool == null ? operation.run().tool().name() : tool;
  }

  private static RefusedException denied(String tool, PolicyDecision verdict) {
    return new RefusedException(
        "denied_by_policy",
        "%s is denied by %s of the policy%s.".formatted(tool, verdict.rule(), why(verdict)),
        "Only a person can change that, in the file that " + Setting.POLICY + " names.");
  }

  private static RefusedException unconfirmed(String tool, PolicyDecision verdict) {
    return new RefusedException(
        "confirmation_needed",
        "%s needs a person's confirmation by %s of the policy%s, and nobody has given it."
            .formatted(tool, verdict.rule(), why(verdict)),
        "Only a person can confirm it, or change that in the file that "
            + Setting.POLICY
            + " names.");
  }

  private static String why(PolicyDecision verdict) {
    return verdict.blind() ? ", since it cannot be found out whom it touches" : "";
  }
}
