package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Applies the policy to tools and requests. Messages name the rule, but never its conditions. */
public final class PolicyInterceptor implements ToolInterceptor, RequestInterceptor {
  private final Policy policy;
  private final Function<ClerkRequest, RequestTarget> targets;

  /**
   * Prepares to apply a policy.
   *
   * @param targets looks up what a request touches
   */
  public PolicyInterceptor(Policy policy, Function<ClerkRequest, RequestTarget> targets) {
    this.policy = policy;
    this.targets = targets;
  }

  /** Denies a composed tool as a whole, so that it does not stop half-way. */
  @Override
  public JsonNode intercept(ToolInterceptor.Chain chain) {
    ToolDefinition tool = chain.context().tool();
    Policy.Decision decision = decideWhole(tool);
    if (decision.action() == Rule.Action.DENY) {
      throw denied(tool.name(), decision);
    }
    return chain.proceed();
  }

  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    ToolCallContext context = request.context();
    Policy.Decision decision = decide(request);
    return switch (decision.action()) {
      case ALLOW -> chain.proceed();
      case DENY -> throw denied(name(request), decision);
      case CONFIRM -> {
        if (!context.isPlanning() && context.approval() == null) {
          throw unconfirmed(name(request), decision);
        }
        yield chain.proceed();
      }
    };
  }

  /** Whether the policy has a rule that asks for confirmations. */
  public boolean asksForConfirmation() {
    return policy.asksForConfirmation();
  }

  /** Whether the policy demands that a person confirms a request. */
  public boolean needsConfirmation(ClerkRequest request) {
    return confirmingRule(request) != null;
  }

  /** The rule that demands it, such as {@code rule 2 (admins)}; null if none does. */
  public @Nullable String confirmingRule(ClerkRequest request) {
    Policy.Decision decision = decide(request);
    return decision.action() == Rule.Action.CONFIRM ? decision.rule() : null;
  }

  /** The decision about a request, by itself and as part of the tool that makes it. */
  private Policy.Decision decide(ClerkRequest request) {
    ToolDefinition tool = request.context().tool();
    Set<String> own = new TreeSet<>();
    if (request.tool() != null) {
      own.add(request.tool());
    }
    Set<String> all = new TreeSet<>(own);
    all.add(tool.name());
    Policy.Decision decision = decide(request, all);
    if (request.effect().readOnly()) {
      // A tool that changes something is confirmed because of its changes. Its reads need that only
      // if a rule would demand it for the same read without the tool.
      boolean onlyForChanges =
          decision.action() == Rule.Action.CONFIRM
              && !tool.effect().readOnly()
              && !decide(request, own).equals(decision);
      return onlyForChanges ? Policy.Decision.NONE : decision;
    }
    Policy.Decision whole = decideWhole(tool);
    return decision.action() == Rule.Action.ALLOW && whole.action() == Rule.Action.CONFIRM
        ? whole
        : decision;
  }

  private Policy.Decision decide(ClerkRequest request, Set<String> tools) {
    return policy.decide(
        new Policy.Request(
            tools,
            request.effect(),
            () -> request.attribute(RequestTarget.class, () -> targets.apply(request))));
  }

  /** The decision about a composed tool before its requests are known; none for other tools. */
  private Policy.Decision decideWhole(ToolDefinition tool) {
    return tool.isComposed()
        ? policy.decideWhole(tool.name(), tool.effect())
        : Policy.Decision.NONE;
  }

  private static String name(ClerkRequest request) {
    String tool = request.tool();
    return tool == null ? request.context().tool().name() : tool;
  }

  private static RefusedException denied(String tool, Policy.Decision decision) {
    return new RefusedException(
        "denied_by_policy",
        "%s is denied by %s of the policy%s.".formatted(tool, decision.rule(), why(decision)),
        "Only a person can change that, in the file that " + Setting.POLICY + " names.");
  }

  private static RefusedException unconfirmed(String tool, Policy.Decision decision) {
    return new RefusedException(
        "confirmation_needed",
        "%s needs a person's confirmation by %s of the policy%s, and none was given."
            .formatted(tool, decision.rule(), why(decision)),
        "Only a person can confirm it, or change that in the file that "
            + Setting.POLICY
            + " names.");
  }

  private static String why(Policy.Decision decision) {
    return decision.targetUnknown()
        ? ", since the affected users or organizations cannot be determined"
        : "";
  }
}
