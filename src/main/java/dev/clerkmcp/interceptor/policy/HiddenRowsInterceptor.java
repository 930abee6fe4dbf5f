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
 * Replaces users and organizations that the policy keeps tools from reading by null, in lists of
 * which a call selects or counts rows: the numbers would tell about hidden people. The other rows
 * keep their places, so that another call can go on after any of them. Rows of other kinds, such as
 * memberships, stay.
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
