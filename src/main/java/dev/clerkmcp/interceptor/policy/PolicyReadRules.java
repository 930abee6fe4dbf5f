package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.impact.VisibleTargets.ReadRules;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the policy that keep tools from reading: an endpoint counts as the tool that reads.
 */
public final class PolicyReadRules implements ReadRules {
  private final PolicyInterceptor policy;
  private final Map<Endpoint, String> readers = new HashMap<>();

  /**
   * Prepares to apply the rules.
   *
   * @param tools all tools, to find those that read
   */
  public PolicyReadRules(PolicyInterceptor policy, Collection<ToolDefinition> tools) {
    this.policy = policy;
    for (ToolDefinition tool : tools) {
      if (tool.endpoint() != null && tool.effect().readOnly()) {
        readers.put(tool.endpoint(), tool.name());
      }
    }
  }

  @Override
  public @Nullable String findRule(ClerkRequest request, Collection<Endpoint> reads) {
    for (Endpoint read : reads) {
      String rule = policy.ruleAgainstReading(request, readers.get(read));
      if (rule != null) {
        return rule;
      }
    }
    return null;
  }

  @Override
  public boolean hides(Endpoint read, JsonNode userOrOrganization) {
    return policy.hides(userOrOrganization, readers.get(read));
  }
}
