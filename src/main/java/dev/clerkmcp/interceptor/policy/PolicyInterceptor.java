package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.interceptor.risk.RiskAssessor;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Applies the policy to tools and requests. Messages name the rule, but never its conditions. */
public final class PolicyInterceptor implements ToolInterceptor, RequestInterceptor {
  /** The fields of an answer that tell only what it is about. */
  private static final List<String> ID_FIELDS = List.of("object", "id", "deleted", "success");

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
    } finally { // here, because a plan drops the notes that are added while it is made
      organizations.tell(chain.context());
    }
  }

  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    ToolCallContext context = request.context();
    Policy.Decision decision = decide(request);
    return switch (decision.action()) {
      case ALLOW, PROCEED -> readable(chain);
      case DENY -> throw denied(name(request), decision);
      case CONFIRM -> {
        if (request.effect().readOnly()) {
          throw unreadable(name(request), decision);
        }
        if (!context.isPlanning() && context.approval() == null) {
          throw unconfirmed(name(request), decision);
        }
        yield readable(chain);
      }
    };
  }

  /**
   * Sends a request. The answer of a change has only IDs if a rule keeps tools from reading what is
   * changed. The rule is looked for before the change, which may end what the rule goes by, and
   * after which no failed lookup may hide that the change was made.
   */
  private JsonNode readable(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    String rule =
        request.effect().readOnly() || request.context().isPlanning()
            ? null
            : ruleAgainstReading(request, null);
    JsonNode answer = chain.proceed();
    if (rule == null) {
      return answer;
    }
    request
        .context()
        .invocation()
        .note(
            "The answer has only IDs: %s of the policy is about reading the rest.".formatted(rule));
    return idsOf(answer);
  }

  private static JsonNode idsOf(JsonNode answer) {
    if (answer.isArray()) {
      ArrayNode ids = Json.array();
      answer.forEach(item -> ids.add(idsOf(item)));
      return ids;
    }
    return answer instanceof ObjectNode object ? object.deepCopy().retain(ID_FIELDS) : answer;
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

  /**
   * The rule by which a person keeps a tool from reading what a request touches; null if there is
   * none. Reading cannot be confirmed, so a rule that demands it keeps tools from reading too.
   *
   * @param reader the tool that reads it; null for an endpoint without a tool of its own
   */
  @Nullable String ruleAgainstReading(ClerkRequest request, @Nullable String reader) {
    return ruleAgainst(request(request, names(reader), Effect.READ));
  }

  /**
   * Whether a rule keeps a tool from reading a user or an organization.
   *
   * @param reader the tool that reads it; null for an endpoint without a tool of its own
   */
  boolean hides(JsonNode userOrOrganization, @Nullable String reader) {
    List<Subject> found = List.of(Subject.found(userOrOrganization));
    return ruleAgainst(new Policy.Request(names(reader), Effect.READ, () -> Set.of(), () -> found))
        != null;
  }

  private @Nullable String ruleAgainst(Policy.Request reading) {
    Policy.Decision decision = policy.decide(reading);
    return isRefusal(decision) ? decision.rule() : null;
  }

  /** Whether a decision about reading refuses it: reading cannot be confirmed. */
  static boolean isRefusal(Policy.Decision aboutReading) {
    return aboutReading.action().compareTo(Rule.Action.CONFIRM) >= 0;
  }

  private static Set<String> names(@Nullable String tool) {
    return tool == null ? Set.of() : Set.of(tool);
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
    return new Policy.Request(
        tools, effect, () -> risks.apply(request), () -> subjectsOf(request).all());
  }

  private Subjects subjectsOf(ClerkRequest request) {
    return request.attribute(
        Subjects.class,
        () -> {
          organizations.check(request);
          return new Subjects(subjects.apply(request));
        });
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

  private static RefusedException unreadable(String tool, Policy.Decision decision) {
    return new RefusedException(
        "confirmation_needed",
        "%s needs a person's confirmation by %s of the policy%s, and reading cannot be confirmed."
            .formatted(tool, decision.rule(), why(decision)),
        "Only a person can change that, in the file that "
            + Setting.POLICY
            + " names: a rule whose effects do not include read lets tools read.");
  }

  private static String why(Policy.Decision decision) {
    return decision.targetUnknown()
        ? ", since the affected users or organizations cannot be determined"
        : "";
  }
}
