package dev.clerkmcp.interceptor.policy;

import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks once per instance, when rules first depend on organizations, that the organizations which
 * the policy names exist: a rule about a misspelt one would silently never match.
 */
final class OrganizationNames {
  private static final Logger log = LoggerFactory.getLogger(OrganizationNames.class);

  private final Map<String, String> rules;
  private final TargetCache targets;
  private final Set<String> checked = ConcurrentHashMap.newKeySet();

  /**
   * Prepares to check.
   *
   * @param rules the names, each with the rule that has it
   */
  OrganizationNames(Map<String, String> rules, TargetCache targets) {
    this.rules = rules;
    this.targets = targets;
  }

  /** Looks up the organizations on the instance of a request, if that was not done yet. */
  void check(ClerkRequest request) {
    String instance = request.context().instance().name();
    if (rules.isEmpty() || !checked.add(instance)) {
      return;
    }
    try {
      rules.forEach((name, rule) -> check(request, instance, name, rule));
    } catch (ClerkException e) {
      checked.remove(instance); // the next request tries again
    }
  }

  private void check(ClerkRequest request, String instance, String name, String rule) {
    if (targets.hasOrganization(request, name)) {
      return;
    }
    String sentence =
        "%s of the policy names the organization %s, which does not exist on %s: it protects nothing there."
            .formatted(rule, QuotedText.name(name), instance);
    String sent = Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    log.warn("{}", sent);
    told(request.context()).sentences().add(sent);
  }

  /** Adds a note for each organization that a request of the call found missing. */
  void tell(ToolCallContext context) {
    if (!rules.isEmpty()) {
      told(context).sentences().forEach(context.invocation()::note);
    }
  }

  private static Missing told(ToolCallContext context) {
    return context.attribute(Missing.class, () -> new Missing(new CopyOnWriteArrayList<>()));
  }

  private record Missing(List<String> sentences) {}
}
