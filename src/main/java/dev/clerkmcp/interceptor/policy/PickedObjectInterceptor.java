package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.interceptor.impact.VisibleTargets;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;

/**
 * Refuses to show an object that a tool picked out of a list, if the policy keeps the tool from
 * reading it. Clerk has no endpoint for the object, so that no request of the tool names it.
 */
public final class PickedObjectInterceptor implements ToolInterceptor {
  private final VisibleTargets targets;

  public PickedObjectInterceptor(VisibleTargets targets) {
    this.targets = targets;
  }

  @Override
  public boolean concerns(ToolCallContext context) {
    return context.tool().isComposed() && context.tool().effect().readOnly();
  }

  @Override
  public JsonNode intercept(Chain chain) {
    JsonNode answer = chain.proceed();
    String tool = chain.context().tool().name();
    String rule =
        answer.path("object").isTextual() ? targets.findRuleAboutDomains(answer, tool) : null;
    if (rule != null) {
      throw PolicyInterceptor.denied(tool, new Policy.Decision(Rule.Action.DENY, rule, false));
    }
    return answer;
  }
}
