package dev.clerkmcp.interceptor.limit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.interceptor.limit.Limits.Kind;
import dev.clerkmcp.interceptor.risk.RiskAssessor;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolCallContext.Approval;
import dev.clerkmcp.registry.ToolInterceptor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what exceeds the limits of an hour. It counts what this process does on live keys, by
 * person or object; a call that a person approved does not count, because the question shows how
 * much it does. A call that was planned is refused as a whole, before its first change.
 */
public final class LimitInterceptor implements ToolInterceptor, RequestInterceptor {
  private static final Duration WINDOW = Duration.ofHours(1);

  /** The risks of a request that lets people or programs in, or lets them do more. */
  private static final Set<Risk> OPENING =
      Set.of(Risk.CREDENTIAL, Risk.IDENTITY, Risk.PRIVILEGE, Risk.FEDERATION);

  private final Limits limits;
  private final RiskAssessor risks;
  private final Map<Kind, Deque<Done>> done = new EnumMap<>(Kind.class);

  /** Prepares to count. */
  public LimitInterceptor(Limits limits, RiskAssessor risks) {
    this.limits = limits;
    this.risks = risks;
    limits.most().keySet().forEach(kind -> done.put(kind, new ArrayDeque<>()));
  }

  /** What was done at one time. */
  private record Done(Instant at, int count) {}

  /** What the plan of a call does in all. */
  private record Planned(Map<Kind, Integer> counts) {
    Planned() {
      this(new EnumMap<>(Kind.class));
    }
  }

  /** A part of a call is counted with the whole call. */
  @Override
  public boolean concerns(ToolCallContext context) {
    return !context.isPart() && !context.delegates();
  }

  @Override
  public JsonNode intercept(ToolInterceptor.Chain chain) {
    ToolCallContext context = chain.context();
    Planned planned = context.whole().attribute(Planned.class, Planned::new);
    synchronized (planned) {
      if (context.isPlanning()) {
        planned.counts().clear();
      } else if (isLimited(context)) {
        check(context, planned.counts());
      }
    }
    return chain.proceed();
  }

  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    ToolCallContext context = request.context();
    if (request.effect().readOnly() || !isLimited(context)) {
      return chain.proceed();
    }
    Map<Kind, Integer> counts = counts(request);
    if (context.isPlanning()) {
      Planned planned = context.whole().attribute(Planned.class, Planned::new);
      synchronized (planned) {
        counts.forEach((kind, count) -> planned.counts().merge(kind, count, Integer::sum));
      }
      return chain.proceed();
    }
    Instant now = take(context, counts);
    try {
      return chain.proceed();
    } catch (ClerkException e) {
      if (!e.outcomeUnknown()) {
        giveBack(now, counts); // Clerk refused, so nothing was done
      }
      throw e;
    } catch (RefusedException e) {
      giveBack(now, counts);
      throw e;
    }
  }

  private static boolean isLimited(ToolCallContext context) {
    Approval approval = context.approval();
    boolean byPerson = approval != null && approval.by() == Approval.By.PERSON;
    return context.instance().live() && !byPerson;
  }

  /** What a request does, for each kind that is limited. */
  private Map<Kind, Integer> counts(ClerkRequest request) {
    List<JsonNode> entries = request.facts().entries(request.arguments());
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    for (Kind kind : limits.most().keySet()) {
      int count =
          switch (kind) {
            case EMAILS -> (int) entries.stream().filter(request.facts()::sendsMessage).count();
            case CHANGED -> request.effect() == Effect.REVEAL ? 0 : entries.size();
            case REMOVED -> request.effect().destructive() ? entries.size() : 0;
            case GRANTED -> grants(request) ? entries.size() : 0;
          };
      if (count > 0) {
        counts.put(kind, count);
      }
    }
    return counts;
  }

  private boolean grants(ClerkRequest request) {
    return !request.facts().takesAway() && !Collections.disjoint(risks.of(request), OPENING);
  }

  /** Counts what is about to be done. */
  private synchronized Instant take(ToolCallContext context, Map<Kind, Integer> counts) {
    check(context, counts);
    Instant now = context.instance().clock().instant();
    counts.forEach((kind, count) -> of(kind).add(new Done(now, count)));
    return now;
  }

  private synchronized void giveBack(Instant at, Map<Kind, Integer> counts) {
    counts.forEach((kind, count) -> of(kind).removeLastOccurrence(new Done(at, count)));
  }

  /**
   * Checks that so much may be done now.
   *
   * @throws RefusedException if it exceeds a limit
   */
  private synchronized void check(ToolCallContext context, Map<Kind, Integer> counts) {
    Instant now = context.instance().clock().instant();
    counts.forEach(
        (kind, count) -> {
          Deque<Done> before = of(kind);
          before.removeIf(old -> !old.at().plus(WINDOW).isAfter(now));
          int used = before.stream().mapToInt(Done::count).sum();
          if (used + count > most(kind)) {
            throw refusal(context, kind, count, used);
          }
        });
  }

  private RefusedException refusal(ToolCallContext context, Kind kind, int count, int used) {
    int most = most(kind);
    String message =
        "%s would %s. Without a person's approval %s allowed in an hour (%s=%s in %s), of which %s used. Nothing of it was done."
            .formatted(
                context.tool().name(),
                kind.text(count),
                are(most),
                kind.word(),
                most,
                Setting.LIMITS,
                are(used));
    Instant free = freeAt(kind, count);
    String when =
        free == null
            ? most == 0 ? "" : "At most %s fit into an hour. ".formatted(most)
            : "%s possible now, all %s from %s on. ".formatted(are(most - used), count, free);
    return new RefusedException(
        "limit_reached",
        message,
        when
            + "A person can raise the limit with %s=%s, or lift it with %s=none there, and restart the server."
                .formatted(
                    Setting.LIMITS,
                    limits.raised(kind, Math.max(used + count, 2 * most)),
                    kind.word()));
  }

  private static String are(int count) {
    return count == 1 ? "1 is" : count + " are";
  }

  /** When so much can be done; null if it never can at once. */
  private @Nullable Instant freeAt(Kind kind, int count) {
    int free = most(kind) - of(kind).stream().mapToInt(Done::count).sum();
    for (Done next : of(kind)) {
      free += next.count();
      if (free >= count) {
        return next.at().plus(WINDOW);
      }
    }
    return null;
  }

  private Deque<Done> of(Kind kind) {
    return done.computeIfAbsent(kind, unused -> new ArrayDeque<>());
  }

  private int most(Kind kind) {
    return limits.most().getOrDefault(kind, Integer.MAX_VALUE);
  }
}
