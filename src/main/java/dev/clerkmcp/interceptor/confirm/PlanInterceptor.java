package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.UploadDigest;
import dev.clerkmcp.interceptor.impact.Foresight;
import dev.clerkmcp.interceptor.impact.VisibleTargets;
import dev.clerkmcp.interceptor.policy.PolicyInterceptor;
import dev.clerkmcp.interceptor.redact.SecretInterceptor;
import dev.clerkmcp.interceptor.risk.RiskAssessor;
import dev.clerkmcp.interceptor.undo.StoredValueInterceptor;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolCallContext.Approval;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Plans a tool before it runs: a dry run returns the plan, and a person confirms the plan if that
 * is needed. Composed tools that change something are always planned first, so that an interceptor
 * which refuses one of their requests stops all of them.
 */
public final class PlanInterceptor implements ToolInterceptor, RequestInterceptor {
  private final boolean dryRunOnly;
  private final VisibleTargets targets;
  private final Foresight foresight;
  private final RiskAssessor risks;
  private final PolicyInterceptor policy;
  private final Confirmation confirmation;
  private final Function<List<ClerkRequest>, List<String>> losses;
  private final SecretInterceptor secrets;
  private final Renames renames;

  /**
   * Prepares to plan.
   *
   * @param dryRunOnly whether every call is a dry run
   * @param targets looks up what plans may show
   * @param losses what requests would lose for good, in sentences
   * @param secrets tells where credentials go
   * @param renames tells which objects have a new name
   */
  public PlanInterceptor(
      boolean dryRunOnly,
      VisibleTargets targets,
      RiskAssessor risks,
      PolicyInterceptor policy,
      Confirmation confirmation,
      Function<List<ClerkRequest>, List<String>> losses,
      SecretInterceptor secrets,
      Renames renames) {
    this.dryRunOnly = dryRunOnly;
    this.targets = targets;
    this.foresight = new Foresight(targets);
    this.risks = risks;
    this.policy = policy;
    this.confirmation = confirmation;
    this.losses = losses;
    this.secrets = secrets;
    this.renames = renames;
  }

  /**
   * Refuses a request that needs a confirmation if the call has none: what the tool read while it
   * ran differs from what it read for the plan, which had no such request. After a change, forgets
   * what was looked up, because a change may have side effects on any object.
   */
  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    ToolCallContext context = request.context();
    if (request.effect().readOnly() || context.isPlanning()) {
      return chain.proceed();
    }
    if (context.approval() == null && isHarmful(context, List.of(request))) {
      throw confirmation.neverAsked(request);
    }
    checkUpload(request);
    try {
      return chain.proceed();
    } finally {
      targets.forget(context);
    }
  }

  /** Refuses to send a file whose content is not the one that was confirmed. */
  private void checkUpload(ClerkRequest request) {
    ToolCallContext context = request.context();
    UploadDigest upload = context.approval() == null ? null : UploadDigest.ofSent(request);
    if (upload != null
        && !context.whole().attribute(Approved.class, Approved::new).uploads().contains(upload)) {
      throw confirmation.changedUpload(upload);
    }
  }

  /** The files that a person confirmed. */
  private record Approved(Set<UploadDigest> uploads) {
    Approved() {
      this(ConcurrentHashMap.newKeySet());
    }
  }

  @Override
  public boolean concerns(ToolCallContext context) {
    return !context.tool().effect().readOnly() && !context.delegates();
  }

  @Override
  public JsonNode intercept(ToolInterceptor.Chain chain) {
    ToolCallContext context = chain.context();
    if (context.isPart()) {
      checkOptions(context.options());
      checkIndependent(context);
      return chain.proceed(); // planned with the whole call
    }
    if (dryRunOnly || context.options().dryRun()) {
      return dryRun(context, planAnew(chain));
    }
    if (confirmation.isOn(context) || context.tool().isComposed() || policy.asksForConfirmation()) {
      List<ClerkRequest> requests = planAnew(chain);
      if (needsConfirmation(context, requests)) {
        confirm(chain, requests);
      }
      targets.forget(context); // later lookups read the state right before the change
    }
    return chain.proceed();
  }

  /** The requests of a call. Its parts are compared with each other, not with an earlier plan's. */
  private static List<ClerkRequest> planAnew(ToolInterceptor.Chain chain) {
    ToolCallContext context = chain.context();
    Composed composed = context.attribute(Composed.class, Composed::new);
    composed.calls().clear();
    composed.objects().clear();
    return context.plan(chain::proceed);
  }

  /**
   * The parts of a call that the others must not change.
   *
   * @param calls the composed tools, each with an object that it is called for
   * @param objects what the parts so far are called for: IDs, and the names of tools
   */
  private record Composed(Set<List<String>> calls, Set<String> objects) {
    Composed() {
      this(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
    }
  }

  /**
   * Refuses to plan a call whose requests depend on what an earlier one changes, so that they would
   * be others than those in the plan: a second call of a composed tool for the same object, and one
   * that adds entries to a value of an object that an earlier one is called for.
   */
  private static void checkIndependent(ToolCallContext context) {
    if (!context.isPlanning()) {
      return;
    }
    Composed composed = context.whole().attribute(Composed.class, Composed::new);
    checkStored(context, composed.objects());
    if (!context.tool().isComposed()) {
      return;
    }
    Set<List<String>> calls = composed.calls();
    for (Map.Entry<String, JsonNode> argument : context.arguments().properties()) {
      boolean isId = argument.getKey().endsWith("_id") && argument.getValue().isTextual();
      if (isId && !calls.add(List.of(context.tool().name(), argument.getValue().asText()))) {
        throw InvalidArgumentsException.of(
            argument.getKey(),
            "is also that of an earlier call of %s; join the two, or make this one afterwards"
                .formatted(context.tool().name()));
      }
    }
  }

  private static void checkStored(ToolCallContext context, Set<String> earlier) {
    StoredValueInterceptor.completed(context)
        .forEach(
            (object, argument) -> {
              if (earlier.contains(object)) {
                throw InvalidArgumentsException.of(
                    argument,
                    "depends on what an earlier call does with %s; join the two, or make this one afterwards"
                        .formatted(QuotedText.plain(object)));
              }
            });
    earlier.add(context.tool().name());
    for (Map.Entry<String, JsonNode> argument : context.arguments().properties()) {
      if (argument.getKey().endsWith("_id")) {
        earlier.add(argument.getValue().asText());
      }
    }
  }

  private static void checkOptions(CallOptions options) {
    if (options.dryRun() || options.confirmation() != null) {
      throw InvalidArgumentsException.of(
          options.dryRun() ? "dry_run" : "confirmation",
          "concerns all calls together; give it beside them");
    }
  }

  /**
   * Asks for a confirmation. If the state changed while the person decided, the confirmation does
   * not count.
   */
  private void confirm(ToolInterceptor.Chain chain, List<ClerkRequest> requests) {
    ToolCallContext context = chain.context();
    warnOf(context, requests);
    Set<String> rules = new LinkedHashSet<>();
    requests.stream().map(policy::confirmingRule).filter(Objects::nonNull).forEach(rules::add);
    CallPlan plan =
        withForesight(CallPlan.of(context, requests, targets, risks), requests)
            .demandedBy(
                reasonsToAsk(context, requests, rules),
                rules.isEmpty() ? null : String.join(", ", rules));
    Approval approval = confirmation.obtain(context, plan);
    if (context.invocation().caller().canAsk()) {
      targets.forget(context);
      CallPlan now = CallPlan.of(context, planAnew(chain), targets, risks);
      if (!now.digest().equals(plan.digest())) {
        throw confirmation.changedMeanwhile(now);
      }
    }
    context.whole().attribute(Approved.class, Approved::new).uploads().addAll(plan.uploads());
    context.approve(approval, requests);
  }

  private CallPlan withForesight(CallPlan plan, List<ClerkRequest> requests) {
    return plan.withForesight(
        () -> {
          Set<String> sentences = renames.of(plan);
          sentences.addAll(foresight.of(requests));
          return sentences;
        });
  }

  /** Why a person is asked: because of what the requests can do, and of rules that demand it. */
  private Set<String> reasonsToAsk(
      ToolCallContext context, List<ClerkRequest> requests, Set<String> rules) {
    Set<String> reasons = new LinkedHashSet<>();
    if (isHarmful(context, requests)) {
      reasons.addAll(risks.reasonsToAsk(requests, policy::lifted));
    }
    rules.forEach(rule -> reasons.add(rule + " of the policy demands it"));
    return reasons;
  }

  /**
   * Warns of what would be lost for good, and says where credentials go. A call that only creates
   * something loses nothing.
   */
  private void warnOf(ToolCallContext context, List<ClerkRequest> requests) {
    if (!requests.stream().allMatch(request -> request.effect() == Effect.CREATE)) {
      losses.apply(requests).forEach(context::warn);
    }
    String destination =
        secrets.destination(
            requests.stream().filter(r -> risks.of(r).contains(Risk.CREDENTIAL)).toList());
    if (destination != null) {
      context.warn(destination);
    }
  }

  private JsonNode dryRun(ToolCallContext context, List<ClerkRequest> requests) {
    warnOf(context, requests);
    ObjectNode answer = Json.object().put("dry_run", true).put("sent", "nothing");
    answer.setAll(
        withForesight(CallPlan.asFarAsKnown(context, requests, targets, risks), requests).toJson());
    if (needsConfirmation(context, requests)) {
      answer.put("confirmation", "A real call asks a person first.");
    }
    return answer;
  }

  private boolean needsConfirmation(ToolCallContext context, List<ClerkRequest> requests) {
    return isHarmful(context, requests) || requests.stream().anyMatch(policy::needsConfirmation);
  }

  /** Whether requests need a question because of what they can do, unless the policy lifts it. */
  public boolean isHarmful(ToolCallContext context, List<ClerkRequest> requests) {
    return confirmation.isOn(context) && risks.needsQuestion(requests, policy::lifted);
  }
}
