package dev.clerkmcp.interceptor.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;

/**
 * Refuses tools that the configuration disables, and requests of composed tools for which the
 * single tool is disabled.
 */
public final class AccessInterceptor implements ToolInterceptor, RequestInterceptor {
  @Override
  public JsonNode intercept(ToolInterceptor.Chain chain) {
    ToolCallContext context = chain.context();
    context.checkEnabled(context.tool().name());
    return chain.proceed();
  }

  /**
   * Checks a request of a composed tool. A read-only request passes even if its own tool is
   * disabled, unless it reads from another instance than that of the call.
   */
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
