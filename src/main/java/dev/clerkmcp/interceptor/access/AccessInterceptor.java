package dev.clerkmcp.interceptor.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;

/** Refuses tools that the configuration disables, and requests of composed tools that are one. */
public final class AccessInterceptor implements ToolInterceptor, RequestInterceptor {
  @Override
  public JsonNode intercept(ToolInterceptor.Chain chain) {
    ToolCallContext context = chain.context();
    context.checkEnabled(context.tool().name());
    return chain.proceed();
  }

  /** A composed tool may read with disabled tools, but not on another instance than its own. */
  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    ClerkRequest request = chain.request();
    boolean checked = !request.effect().readOnly() || request.context().isCrossInstance();
    String tool = request.tool();
    if (tool != null && checked) {
      request.context().checkEnabled(tool);
    }
    return chain.proceed();
  }
}
