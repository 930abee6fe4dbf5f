package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Lazy;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.TextFile;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.ToolIndexEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a person allows, denies or wants to confirm what tools do. The first matching
 * rule decides about each user, address and organization that a request touches, and the strictest
 * of these decisions about the request; what no rule matches is allowed.
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
   * A request to Clerk that the policy is to decide about. The suppliers may send requests, and are
   * called at most once, and only if a rule depends on them.
   *
   * @param tools the tool that the request is, and the tool whose call makes it
   * @param effect the effect of the request on the instance
   * @param risks the risks of the request
   * @param subjects what the request touches; may throw {@link ClerkException}
   */
  record Request(
      Set<String> tools,
      Effect effect,
      Supplier<? extends Set<Risk>> risks,
      Supplier<List<Subject>> subjects) {
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
   * @param liftedBy the risks about which no question is asked, each with the first rule that says
   *     so
   */
  record Decision(
      Rule.Action action,
      @Nullable String rule,
      boolean targetUnknown,
      SortedMap<Risk, String> liftedBy) {
    /** The decision if no rule matches. */
    static final Decision NONE = new Decision(Rule.Action.ALLOW, null, false);

    Decision {
      liftedBy = Collections.unmodifiableSortedMap(new TreeMap<>(liftedBy));
    }

    Decision(Rule.Action action, @Nullable String rule, boolean targetUnknown) {
      this(action, rule, targetUnknown, new TreeMap<>());
    }

    /** The risks about which no question is asked. */
    Set<Risk> lifted() {
      return liftedBy.keySet();
    }

    /** The same, with the risks of a rule lifted too. */
    Decision lifting(Rule rule) {
      SortedMap<Risk, String> all = new TreeMap<>(liftedBy);
      rule.risks().forEach(risk -> all.putIfAbsent(risk, rule.title()));
      return new Decision(
          Rule.Action.PROCEED, this.rule == null ? rule.title() : this.rule, false, all);
    }

    /** The same, with the risks lifted that earlier rules lifted. */
    Decision after(Decision earlier) {
      return new Decision(action, rule, targetUnknown, earlier.liftedBy);
    }

    /** The stricter of two decisions; a question is lifted only if both lift it. */
    Decision and(Decision other) {
      boolean otherIsStricter = other.action.compareTo(action) > 0;
      Decision stricter = otherIsStricter ? other : this;
      SortedMap<Risk, String> both = new TreeMap<>(liftedBy);
      both.keySet().retainAll(other.lifted());
      if (stricter.action == Rule.Action.PROCEED && both.isEmpty()) {
        stricter = otherIsStricter ? this : other;
      }
      return new Decision(stricter.action, stricter.rule, stricter.targetUnknown, both);
    }
  }

  /**
   * The decision about one of the people, addresses and organizations that a request touches.
   *
   * @param subject null if no rule depends on what the request touches
   */
  record Judgement(@Nullable Subject subject, Decision decision) {
    /** The strictest of the decisions; none if there are none. */
    static Decision strictest(List<Judgement> all) {
      return all.stream().map(Judgement::decision).reduce(Decision::and).orElse(Decision.NONE);
    }
  }

  /** Whether a rule asks for confirmations. */
  boolean asksForConfirmation() {
    return rules.stream().anyMatch(rule -> rule.action() == Rule.Action.CONFIRM);
  }

  /** Whether a rule may keep one of these tools, or a tool that no rule names, from reading. */
  boolean mayForbidReading(Collection<String> readers) {
    Set<String> names = Set.copyOf(readers);
    return rules.stream()
        .anyMatch(
            rule -> rule.isStrict() && rule.risks().isEmpty() && rule.matches(names, Effect.READ));
  }

  /** The organizations that rules name, each with the first rule that does. */
  Map<String, String> organizations() {
    Map<String, String> organizations = new TreeMap<>();
    for (Rule rule : rules) {
      rule.conditions()
          .organizations()
          .forEach(organization -> organizations.putIfAbsent(organization, rule.title()));
    }
    return organizations;
  }

  /** Decides about a request: the strictest of the decisions about all that it touches. */
  Decision decide(Request request) {
    return Judgement.strictest(judge(request));
  }

  /**
   * Decides about all that a request touches, one by one: the first matching rule decides. If
   * people or organizations cannot be determined, a rule about them matches unless it allows.
   */
  List<Judgement> judge(Request request) {
    List<Judgement> judged = new ArrayList<>();
    List<Judgement> open = List.of(new Judgement(null, Decision.NONE));
    Supplier<Set<Risk>> risks = new Lazy<>(() -> Set.copyOf(request.risks().get()));
    for (Rule rule : rules) {
      boolean matches =
          !open.isEmpty()
              && rule.matches(request.tools(), request.effect())
              && (rule.risks().isEmpty() || !Collections.disjoint(rule.risks(), risks.get()));
      if (!matches) {
        continue;
      }
      if (rule.hasTargetConditions() && open.get(0).subject() == null) {
        Decision soFar = open.get(0).decision();
        open = subjects(request).stream().map(found -> new Judgement(found, soFar)).toList();
      }
      List<Judgement> undecided = new ArrayList<>();
      for (Judgement next : open) {
        Subject subject = next.subject();
        Decision decision =
            subject != null && rule.hasTargetConditions()
                ? rule.findDecision(subject)
                : rule.decision();
        if (decision == null) {
          undecided.add(next);
        } else if (rule.action() == Rule.Action.PROCEED) {
          undecided.add(new Judgement(subject, next.decision().lifting(rule)));
        } else {
          judged.add(new Judgement(subject, decision.after(next.decision())));
        }
      }
      open = undecided;
    }
    judged.addAll(open);
    return judged;
  }

  private static List<Subject> subjects(Request request) {
    try {
      return request.subjects().get();
    } catch (ClerkException e) {
      return List.of(Subject.UNKNOWN);
    }
  }

  /**
   * Decides about a composed tool before its requests are known. Rules about targets or risks are
   * skipped, but if a skipped rule is milder than the rule that matches, the decision is left to
   * the requests.
   */
  Decision decideWhole(String tool, Effect effect) {
    Rule.Action mildest = Rule.Action.DENY;
    for (Rule rule : rules) {
      if (rule.action() == Rule.Action.PROCEED || !rule.matches(Set.of(tool), effect)) {
        continue;
      }
      if (!rule.isConditional()) {
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
