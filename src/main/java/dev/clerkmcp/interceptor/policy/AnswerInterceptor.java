package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.impact.VisibleTargets;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.Secret;
import java.util.ArrayList;
import java.util.List;

/**
 * Reduces the answer of a change to IDs if a rule of the policy keeps tools from reading what was
 * changed: any harmless change would show it.
 */
public final class AnswerInterceptor implements RequestInterceptor {
  /** The fields of an answer that tell only what it is about. */
  private static final List<String> ID_FIELDS = List.of("object", "id", "deleted", "success");

  private final VisibleTargets targets;

  public AnswerInterceptor(VisibleTargets targets) {
    this.targets = targets;
  }

  /**
   * Looks for the rule before the change, which may end what the rule goes by, and after which no
   * failed lookup may hide that the change was made.
   */
  @Override
  public JsonNode intercept(Chain chain) {
    ClerkRequest request = chain.request();
    String rule =
        request.effect().readOnly() || request.context().isPlanning()
            ? null
            : targets.findRuleAboutAnswer(request);
    JsonNode answer = chain.proceed();
    if (rule == null) {
      return answer;
    }
    request
        .context()
        .invocation()
        .note(
            "The answer has only IDs: %s of the policy keeps tools from reading the rest."
                .formatted(rule));
    List<String> kept = new ArrayList<>(ID_FIELDS);
    Secret secret = request.secret();
    if (secret != null) { // Clerk shows it only once
      kept.addAll(List.of(secret.value()));
    }
    return only(kept, answer);
  }

  private static JsonNode only(List<String> fields, JsonNode answer) {
    if (answer.isArray()) {
      ArrayNode reduced = Json.array();
      answer.forEach(item -> reduced.add(only(fields, item)));
      return reduced;
    }
    return answer instanceof ObjectNode object ? object.deepCopy().retain(fields) : answer;
  }
}
