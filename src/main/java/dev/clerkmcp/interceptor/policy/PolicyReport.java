package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.interceptor.policy.Policy.Decision;
import dev.clerkmcp.interceptor.policy.Policy.Judgement;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers a call with what the policy would decide about it, by which rule, and about which people.
 * It sends the requests that only read, up to the first that the policy denies, and no other.
 */
public final class PolicyReport implements ToolInterceptor, RequestInterceptor {
  private final PolicyInterceptor policy;
  private final BiPredicate<ToolCallContext, List<ClerkRequest>> asks;

  /**
   * Prepares to report.
   *
   * @param asks whether a person is asked about requests if no rule demands it
   */
  public PolicyReport(
      PolicyInterceptor policy, BiPredicate<ToolCallContext, List<ClerkRequest>> asks) {
    this.policy = policy;
    this.asks = asks;
  }

  /**
   * The requests of a call, each with the decisions about what it touches.
   *
   * @param tools the decisions about the tools that it calls, as wholes
   */
  private record Seen(
      List<ClerkRequest> requests, List<List<Judgement>> judgements, List<Decision> tools) {
    Seen() {
      this(
          Collections.synchronizedList(new ArrayList<>()),
          Collections.synchronizedList(new ArrayList<>()),
          Collections.synchronizedList(new ArrayList<>()));
    }
  }

  /** Ends the plan at a read that the policy denies. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("The policy denies this request.", null, false, false);
    }
  }

  @Override
  public boolean concerns(ToolCallContext context) {
    return !context.delegates();
  }

  @Override
  public JsonNode intercept(ToolInterceptor.Chain chain) {
    ToolCallContext context = chain.context();
    if (!context.tool().isDiscovery()) {
      seen(context).tools().add(policy.decideWhole(context.tool()));
    }
    if (context.isPart()) {
      return chain.proceed(); // reported with the whole call
    }
    try {
      return report(context, context.plan(chain::proceed));
    } catch (Stopped e) {
      return report(context, List.of()); // without what would follow the denied request
    }
  }

  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    Seen seen = seen(request.context());
    List<Judgement> judgement = policy.judge(request);
    boolean reads = request.effect().readOnly();
    boolean refused = PolicyInterceptor.isRefusal(Judgement.strictest(judgement));
    synchronized (seen) {
      if (!reads || refused || !request.context().tool().isComposed()) {
        seen.requests().add(request);
        seen.judgements().add(judgement);
      }
    }
    if (reads && refused) {
      throw new Stopped();
    }
    return chain.proceed();
  }

  private static Seen seen(ToolCallContext context) {
    return context.whole().attribute(Seen.class, Seen::new);
  }

  private ObjectNode report(ToolCallContext context, List<ClerkRequest> changes) {
    Seen seen = seen(context);
    ArrayNode rows = Json.array();
    Set<Risk> risks = EnumSet.noneOf(Risk.class);
    @Nullable Decision all = null;
    for (int i = 0; i < seen.requests().size(); i++) {
      ClerkRequest request = seen.requests().get(i);
      Decision decision = Judgement.strictest(seen.judgements().get(i));
      if (request.effect().readOnly() && decision.action() == Rule.Action.CONFIRM) {
        // A read cannot be confirmed, so such a rule refuses it.
        decision = new Decision(Rule.Action.DENY, decision.rule(), decision.targetUnknown());
      }
      all = all == null ? decision : all.and(decision);
      risks.addAll(policy.risks(request));
      rows.add(row(request, decision, seen.judgements().get(i)));
    }
    for (Decision tool : seen.tools()) {
      all = all == null ? tool : tool.rule() == null ? all : all.and(tool);
    }
    Decision decision = all == null ? policy.decideWhole(context.tool()) : all;
    ObjectNode report = Json.object().put("tool", context.tool().name());
    boolean asked =
        decision.action().compareTo(Rule.Action.CONFIRM) < 0
            && !changes.isEmpty()
            && asks.test(context, changes);
    if (asked) {
      report.put("decision", Rule.Action.CONFIRM.word()).put("by", Setting.CONFIRM.variable());
    } else {
      put(report, decision, risks);
    }
    report.set("requests", rows);
    return report;
  }

  private ObjectNode row(ClerkRequest request, Decision decision, List<Judgement> judgements) {
    RequestPreview preview = RequestPreview.of(request.endpoint(), request.shownArguments());
    ObjectNode row =
        Json.object()
            .put("request", preview.method() + " " + preview.path())
            .put("effect", request.effect().word());
    Set<Risk> risks = policy.risks(request);
    risks.forEach(risk -> row.withArray("risks").add(risk.word()));
    put(row, decision, risks);
    for (Judgement each : judgements) {
      if (each.subject() != null) {
        ObjectNode touched = each.subject().toJson();
        put(touched, each.decision(), risks);
        row.withArray("touched").add(touched);
      }
    }
    return row;
  }

  /**
   * Adds a decision to a row.
   *
   * @param risks of which it says whether a rule lifts the question
   */
  private static void put(ObjectNode row, Decision decision, Set<Risk> risks) {
    row.put("decision", decision.action().word());
    if (decision.rule() != null) {
      row.put("by", decision.rule());
    }
    if (decision.targetUnknown()) {
      row.put("why", "the affected users or organizations cannot be determined");
    }
    if (decision.action().compareTo(Rule.Action.CONFIRM) < 0) {
      decision
          .liftedBy()
          .forEach(
              (risk, rule) -> {
                if (risks.contains(risk)) {
                  row.withArray("no_question")
                      .addObject()
                      .put("about", risk.word())
                      .put("by", rule);
                }
              });
    }
  }
}
