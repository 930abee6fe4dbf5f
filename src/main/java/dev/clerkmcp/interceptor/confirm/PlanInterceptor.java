package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.impact.TargetResolver;
import dev.clerkmcp.interceptor.policy.PolicyInterceptor;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.List;
import java.util.function.Supplier;

/**
 * Knows what a tool will do before it does it: answers a dry run with that, and lets a person
 * confirm it where that is needed. A tool of several requests is always gone through first, so that
 * a rail which stops one of them stops all.
 */
public final class PlanInterceptor implements ToolInterceptor {
  private final boolean always;
  private final TargetResolver lookup;
  private final PolicyInterceptor policy;
  private final Confirmation confirmation;

  /**
   * Prepares to plan.
   *
   * @param always whether every call is a dry run
   */
  public PlanInterceptor(
      boolean always, TargetResolver lookup, PolicyInterceptor policy, Confirmation confirmation) {
    this.always = always;
    this.lookup = lookup;
    this.policy = policy;
    this.confirmation = confirmation;
  }

  @Override
  public JsonNode tool(ToolCallContext run, Supplier<JsonNode> next) {
    if (run.tool().isDoor() || run.tool().effect().readOnly()) {
      return next.get();
    }
    if (always || run.options().dryRun()) {
      return dryRun(run, run.rehearse(next));
    }
    boolean composed = run.tool().endpoint() == null;
    boolean needed = confirmation.isNeeded(run);
    if (needed || composed || policy.asksForConfirmation()) {
      List<ClerkRequest> operations = run.rehearse(next);
      if (needed || operations.stream().anyMatch(this::needsConfirmation)) {
        confirm(run, operations, next);
      }
      lookup.forget(run); // what is found out from now on is what it was just before
    }
    return next.get();
  }

  /** What was agreed to must still be what happens, however long the person took. */
  private void confirm(
      ToolCallContext run, List<ClerkRequest> operations, Supplier<JsonNode> next) {
    Plan plan = Plan.of(run, operations, lookup);
    String by = confirmation.obtain(run, plan);
    if (run.invocation().caller().canAsk()) {
      lookup.forget(run);
      Plan now = Plan.of(run, run.rehearse(next), lookup);
      if (!now.digest().equals(plan.digest())) {
        throw confirmation.changedMeanwhile(now);
      }
    }
    run.approve(by, operations);
  }

  private ObjectNode dryRun(ToolCallContext run, List<ClerkRequest> operations) {
    ObjectNode answer = Json.object().put("dry_run", true).put("sent", "nothing");
    answer.setAll(Plan.asFarAsKnown(run, operations, lookup).toJson());
    if (confirmation.isNeeded(run) || operations.stream().anyMatch(this::needsConfirmation)) {
      answer.put("confirmation", "A real call asks a person first.");
    }
    return answer;
  }

  private boolean needsConfirmation(ClerkRequest operation) {
    return confirmation.isNeeded(operation) || policy.needsConfirmation(operation);
  }
}
