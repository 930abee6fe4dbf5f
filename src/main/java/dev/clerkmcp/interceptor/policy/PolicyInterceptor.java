package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.interceptor.risk.RiskAssessor;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Applies the policy to tools and requests. Messages name the rule, but never its conditions. */
public final class PolicyInterceptor implements ToolInterceptor, RequestInterceptor {
  private final Policy policy;
  private final Function<ClerkRequest, List<Subject>> subjects;
  private final Function<ClerkRequest, ? extends Set<Risk>> risks;
  private final OrganizationNames organizations;

  /**
   * Prepares to apply a policy.
   *
   * @param targets looks up what a request touches
   * @param risks assesses what harm a request can do
   */
  public PolicyInterceptor(Policy policy, TargetCache targets, RiskAssessor risks) {
    this(
        policy,
        new SubjectFinder(targets)::of,
        risks::inCall,
        new OrganizationNames(policy.organizations(), targets));
  }

  /** Prepares to apply a policy with other lookups. */
  PolicyInterceptor(
      Policy policy,
      Function<ClerkRequest, List<Subject>> subjects,
      Function<ClerkRequest, ? extends Set<Risk>> risks,
      OrganizationNames organizations) {
    this.policy = policy;
    this.subjects = subjects;
    this.risks = risks;
    this.organizations = organizations;
  }

  /** Denies a composed tool as a whole, so that it does not stop half-way. */
  @Override
  public JsonNode intercept(ToolInterceptor.Chain chain) {
    ToolDefinition tool = chain.context().tool();
    Policy.Decision decision = decideWhole(tool);
    if (decision.action() == Rule.Action.DENY) {
      throw denied(tool.name(), decision);
    }
    try {
      return chain.proceed();
    } finally { // after the plan, which drops the notes that are added while it is made
      organizations.tell(chain.context());
    }
  }

  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    ToolCallContext context = request.context();
    Policy.Decision decision = decide(request);
    return switch (decision.action()) {
      case ALLOW, PROCEED -> chain.proceed();
      case DENY -> throw denied(name(request), decision);
      case CONFIRM -> {
        if (request.effect().readOnly()) {
          throw unreadable(name(request), decision);
        }
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

  /** The risks of a request, as rules compare them. */
  Set<Risk> risks(ClerkRequest request) {
    return Set.copyOf(risks.apply(request));
  }

  /** The risks of a request about which the policy says that no question is asked. */
  public Set<Risk> lifted(ClerkRequest request) {
    return decide(request).lifted();
  }

  /** Whether a rule may keep one of these tools, or an endpoint without a tool, from reading. */
  boolean mayForbidReading(Collection<String> readers) {
    return policy.mayForbidReading(readers);
  }

  /**
   * The rule by which a person keeps a tool from reading; null if there is none. Reading cannot be
   * confirmed, so a rule that demands it keeps tools from reading too.
   *
   * @param reader null for an endpoint without a tool of its own
   * @param subjects what it would read; may throw {@link ClerkException}
   */
  @Nullable String ruleAgainstReading(@Nullable String reader, Supplier<List<Subject>> subjects) {
    Set<String> names = reader == null ? Set.of() : Set.of(reader);
    Policy.Decision decision =
        policy.decide(new Policy.Request(names, Effect.READ, () -> Set.of(), subjects));
    return isRefusal(decision) ? decision.rule() : null;
  }

  /** Whether a decision about reading refuses it: reading cannot be confirmed. */
  static boolean isRefusal(Policy.Decision aboutReading) {
    return aboutReading.action().compareTo(Rule.Action.CONFIRM) >= 0;
  }

  private Policy.Decision decide(ClerkRequest request) {
    return Policy.Judgement.strictest(judge(request));
  }

  /** The decisions about a request, by itself and as part of the tool that makes it. */
  List<Policy.Judgement> judge(ClerkRequest request) {
    ToolDefinition tool = request.context().tool();
    Set<String> own = new TreeSet<>();
    if (request.tool() != null) {
      own.add(request.tool());
    }
    Set<String> all = new TreeSet<>(own);
    all.add(tool.name());
    List<Policy.Judgement> judged = policy.judge(request(request, all, request.effect()));
    if (request.effect().readOnly()) {
      // A tool that changes something is confirmed because of its changes. Its reads need that only
      // if a rule would demand it for the same read without the tool.
      return tool.effect().readOnly() ? judged : withoutConfirmationOf(judged, request, own);
    }
    Policy.Decision whole = decideWhole(tool);
    if (whole.action() != Rule.Action.CONFIRM) {
      return judged;
    }
    List<Policy.Judgement> confirmed = new ArrayList<>();
    for (Policy.Judgement each : judged) {
      boolean milder = each.decision().action().compareTo(Rule.Action.CONFIRM) < 0;
      confirmed.add(milder ? new Policy.Judgement(each.subject(), whole) : each);
    }
    return confirmed;
  }

  private List<Policy.Judgement> withoutConfirmationOf(
      List<Policy.Judgement> judged, ClerkRequest request, Set<String> own) {
    List<Policy.Judgement> alone = policy.judge(request(request, own, request.effect()));
    List<Policy.Judgement> left = new ArrayList<>();
    for (Policy.Judgement each : judged) {
      boolean onlyForChanges =
          each.decision().action() == Rule.Action.CONFIRM && !alone.contains(each);
      left.add(onlyForChanges ? new Policy.Judgement(each.subject(), Policy.Decision.NONE) : each);
    }
    return left;
  }

  private Policy.Request request(ClerkRequest request, Set<String> tools, Effect effect) {
    return new Policy.Request(tools, effect, () -> risks.apply(request), () -> subjectsOf(request));
  }

  /**
   * What a request touches.
   *
   * @throws ClerkException if it cannot be read
   */
  List<Subject> subjectsOf(ClerkRequest request) {
    return request
        .attribute(
            Subjects.class,
            () -> {
              organizations.check(request);
              return new Subjects(subjects.apply(request));
            })
        .all();
  }

  /** What a request touches. */
  private record Subjects(List<Subject> all) {}

  /** The decision about a composed tool before its requests are known; none for other tools. */
  Policy.Decision decideWhole(ToolDefinition tool) {
    return tool.isComposed()
        ? policy.decideWhole(tool.name(), tool.effect())
        : Policy.Decision.NONE;
  }

  private static String name(ClerkRequest request) {
    String tool = request.tool();
    return tool == null ? request.context().tool().name() : tool;
  }

  /** The refusal of a tool by a rule. */
  static RefusedException denied(String tool, Policy.Decision decision) {
    return new RefusedException(
            "denied_by_policy",
            "%s is denied by %s of the policy%s.".formatted(tool, decision.rule(), why(decision)),
            "Only a person can change that, in the file that " + Setting.POLICY + " names.")
        .byRule(decision.rule());
  }

  private static RefusedException unconfirmed(String tool, Policy.Decision decision) {
    return new RefusedException(
            "confirmation_needed",
            "%s needs a person's confirmation by %s of the policy%s, and none was given."
                .formatted(tool, decision.rule(), why(decision)),
            "Only a person can confirm it, or change that in the file that "
                + Setting.POLICY
                + " names.")
        .byRule(decision.rule());
  }

  private static RefusedException unreadable(String tool, Policy.Decision decision) {
    return new RefusedException(
            "confirmation_needed",
            "%s needs a person's confirmation by %s of the policy%s, and reading cannot be confirmed."
                .formatted(tool, decision.rule(), why(decision)),
            "Only a person can change that, in the file that "
                + Setting.POLICY
                + " names: a rule whose effects do not include read lets tools read.")
        .byRule(decision.rule());
  }

  private static String why(Policy.Decision decision) {
    return decision.targetUnknown()
        ? ", since the affected users or organizations cannot be determined"
        : "";
  }
}
