package dev.clerkmcp.interceptor.policy;

import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.interceptor.impact.VisibleTargets.ReadRules;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.OperationFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the policy that keep tools from reading: an endpoint counts as the tool that reads
 * it.
 */
public final class PolicyReadRules implements ReadRules {
  private final PolicyInterceptor policy;
  private final Map<Endpoint, String> readers = new HashMap<>();
  private final boolean exist;

  /**
   * Prepares to apply the rules.
   *
   * @param readEndpoints the endpoints that only read, with the tools that answer with it
   */
  public PolicyReadRules(
      PolicyInterceptor policy, Map<Endpoint, OperationFacts.Reading> readEndpoints) {
    this.policy = policy;
    readEndpoints.forEach(
        (endpoint, declared) -> {
          if (declared.tool() != null) {
            readers.put(endpoint, declared.tool());
          }
        });
    this.exist = policy.mayForbidReading(readers.values());
  }

  @Override
  public boolean exist() {
    return exist;
  }

  @Override
  public @Nullable String findRule(ClerkRequest request, Collection<Endpoint> reads) {
    return findRule(reads, () -> policy.subjectsOf(request));
  }

  @Override
  public @Nullable String findRule(RequestTarget known, Collection<Endpoint> reads) {
    return findRule(reads, () -> subjects(known));
  }

  @Override
  public @Nullable String findRule(RequestTarget known, String tool) {
    return policy.ruleAgainstReading(tool, () -> subjects(known));
  }

  private static List<Subject> subjects(RequestTarget known) {
    List<Subject> people = new ArrayList<>();
    known.users().forEach(user -> people.add(Subject.of(user, List.of())));
    known.addresses().forEach(address -> people.add(Subject.of(address)));
    List<Subject> subjects = new ArrayList<>(Subject.each(people, known.organizations()));
    if (known.unclear()) {
      subjects.add(Subject.UNKNOWN);
    }
    return subjects;
  }

  private @Nullable String findRule(Collection<Endpoint> reads, Supplier<List<Subject>> subjects) {
    for (Endpoint read : reads) {
      String rule = policy.ruleAgainstReading(readers.get(read), subjects);
      if (rule != null) {
        return rule;
      }
    }
    return null;
  }
}
