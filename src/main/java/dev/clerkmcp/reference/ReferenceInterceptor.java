package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Lets callers name users and organizations as people do: what comes after it, tools and guards
 * alike, gets their IDs. It looks nobody up who is given by ID, and guesses nobody.
 */
public final class ReferenceInterceptor implements ToolInterceptor {
  @Override
  public JsonNode tool(ToolCallContext run, Supplier<JsonNode> next) {
    if (!run.tool().isDoor()) {
      References references = new References(run);
      ObjectNode given = run.arguments().deepCopy();
      for (Map.Entry<String, JsonNode> argument : given.properties()) {
        references.resolve(argument.getKey(), argument.getValue());
      }
    }
    return next.get();
  }
}
