package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.Map;

/**
 * Replaces references to users and organizations, such as email addresses and slugs, by their IDs,
 * so that the following interceptors and the tool see IDs only. An ID is not looked up.
 */
public final class ReferenceInterceptor implements ToolInterceptor {
  @Override
  public JsonNode intercept(Chain chain) {
    References references = new References(chain.context());
    ObjectNode arguments = chain.context().arguments().deepCopy();
    for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
      references.resolve(argument.getKey(), argument.getValue());
    }
    return chain.proceed();
  }
}
