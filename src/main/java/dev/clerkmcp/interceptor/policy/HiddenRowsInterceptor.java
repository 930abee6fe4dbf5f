package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.impact.VisibleTargets;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.Set;

/**
 * Replaces by null the users and organizations of a list that the policy keeps tools from reading,
 * if the call selects or counts rows: a number of hidden people would tell what nobody may read. A
 * row keeps its place, from which another call goes on.
 */
public final class HiddenRowsInterceptor implements ToolInterceptor {
  private static final Set<String> KINDS = Set.of("user", "organization");

  private final VisibleTargets targets;

  public HiddenRowsInterceptor(VisibleTargets targets) {
    this.targets = targets;
  }

  @Override
  public boolean concerns(ToolCallContext context) {
    return context.options().selects();
  }

  @Override
  public JsonNode intercept(Chain chain) {
    JsonNode answer = chain.proceed();
    if (!(answer.path("data") instanceof ArrayNode rows)) {
      return answer;
    }
    ObjectNode visible = Json.object().setAll((ObjectNode) answer);
    ArrayNode shown = visible.putArray("data");
    for (JsonNode row : rows) {
      boolean judged = KINDS.contains(row.path("object").asText());
      shown.add(judged && !targets.shows(row) ? NullNode.getInstance() : row);
    }
    return visible;
  }
}
